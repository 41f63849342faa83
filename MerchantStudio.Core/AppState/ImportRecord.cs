using MerchantStudio.Core.Shop;

namespace MerchantStudio.Core.AppState;

public enum DatasetKind
{
    Events,
    Reviews,
    Products,
    Customers,

    /// <summary>Order lines and whole orders; they become purchases and refunds among the events.</summary>
    Orders,

    /// <summary>What shoppers or staff said about the studio's own suggestions: liked, dismissed, overruled.</summary>
    Feedback,
    AdSpend,

    /// <summary>A table for learning: any columns, one of them the label. Each such table is a data set of its own.</summary>
    Features,
}

/// <summary>A named body of rows of one kind; imports add to it.</summary>
public sealed class Dataset
{
    public required Guid Id { get; init; }
    public required WorkspaceId WorkspaceId { get; init; }
    public required DatasetKind Kind { get; init; }
    public required string Name { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
}

public enum ImportState
{
    /// <summary>Uploaded and waiting for its columns to be confirmed.</summary>
    Staged,
    Running,
    Complete,
    Failed,
    Cancelled,

    /// <summary>The process ended in the middle; nothing of it remains.</summary>
    Interrupted,
    Undone,
}

/// <summary>One file's way into a dataset. <c>Read = Accepted + Rejected + Duplicates + Updated + Unchanged</c> once it is complete.</summary>
public sealed class ImportRecord
{
    public required Guid Id { get; init; }

    /// <summary>Small number that warehouse rows carry as import_id; unique in the workspace.</summary>
    public required int Number { get; init; }
    public required WorkspaceId WorkspaceId { get; init; }
    public Guid? DatasetId { get; set; }
    public required DatasetKind Kind { get; set; }
    public required string FileName { get; init; }
    public required long FileBytes { get; init; }
    public string? FileSha256 { get; set; }

    /// <summary>Name of the recognised preset; null when columns were mapped by hand.</summary>
    public string? Preset { get; set; }
    public string? MappingJson { get; set; }

    /// <summary>Mode and switches that the import was started with, as JSON.</summary>
    public string? ChoicesJson { get; set; }
    public ImportState State { get; set; }
    public long Read { get; set; }
    public long Accepted { get; set; }
    public long Rejected { get; set; }
    public long Duplicates { get; set; }

    /// <summary>Products and customers that were here and changed.</summary>
    public long Updated { get; set; }

    /// <summary>Products and customers that were here just so.</summary>
    public long Unchanged { get; set; }

    /// <summary>Reasons, notes and counts as JSON, once it is complete.</summary>
    public string? ReportJson { get; set; }

    /// <summary>The job that carries it out.</summary>
    public Guid? JobId { get; set; }
    public DateTimeOffset? FirstAt { get; set; }
    public DateTimeOffset? LastAt { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? StartedAt { get; set; }
    public DateTimeOffset? FinishedAt { get; set; }
    public required string RequestedBy { get; init; }
    public string? ProblemCode { get; set; }
    public string? ProblemMessage { get; set; }
}

/// <summary>A column mapping that is offered again for a file with the same header.</summary>
public sealed class SavedMapping
{
    public required Guid Id { get; init; }
    public required WorkspaceId WorkspaceId { get; init; }
    public required DatasetKind Kind { get; init; }

    /// <summary>SHA-256 of the normalised header line.</summary>
    public required string HeaderHash { get; init; }
    public required string MappingJson { get; set; }
    public required DateTimeOffset SavedAt { get; set; }
}

/// <summary>The outcome of the quality checks at one moment.</summary>
public sealed class QualityRecord
{
    public required Guid Id { get; init; }
    public required WorkspaceId WorkspaceId { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>0 to 100.</summary>
    public required int Score { get; init; }
    public required bool Failed { get; init; }
    public required string ChecksJson { get; init; }

    /// <summary>Why somebody let training go on all the same.</summary>
    public string? OverrideReason { get; set; }
    public string? OverriddenBy { get; set; }
}
