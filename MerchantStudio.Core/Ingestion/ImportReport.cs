using System.Collections.Immutable;
using System.Text.Json;
using MerchantStudio.Core.AppState;

namespace MerchantStudio.Core.Ingestion;

/// <summary>What an import did, or a dry run would do. <c>Read = Accepted + Rejected + Duplicates + Updated + Unchanged</c>.</summary>
/// <param name="Accepted">New rows.</param>
/// <param name="Duplicates">Rows left out because their key, or their file, is already here.</param>
/// <param name="Updated">Products and customers that were here and changed.</param>
/// <param name="Unchanged">Products and customers that were here just so.</param>
/// <param name="Identical">Accepted rows that repeat another row of the file in every column; kept, because two scans of one article are two sales.</param>
/// <param name="Reasons">Rejected rows by reason, the most frequent first.</param>
/// <param name="Notes">What the merchant should know of accepted rows.</param>
/// <param name="Events">Accepted events by type, the most frequent first; empty for other kinds.</param>
public sealed record ImportReport(
    DatasetKind Kind,
    long Read,
    long Accepted,
    long Rejected,
    long Duplicates,
    long Updated,
    long Unchanged,
    long Identical,
    DateTimeOffset? FirstAt,
    DateTimeOffset? LastAt,
    long Shoppers,
    double Seconds,
    ImmutableArray<RejectReason> Reasons,
    ImmutableArray<ImportNote> Notes,
    ImmutableArray<EventCount> Events)
{
    internal static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web);

    /// <summary>Set when nothing was done because this very file had been imported before.</summary>
    public int? SameAsImport { get; init; }

    /// <summary>Different orders in the file; 0 for other kinds.</summary>
    public long Orders { get; init; }

    /// <summary>The number of the feature table that took the rows; null for other kinds.</summary>
    public int? FeatureTable { get; init; }

    /// <summary>The file's words for what became of an order that are none of ours, explained in the mapping or not; the most frequent first.</summary>
    public ImmutableArray<StateCount> States { get; init; } = [];

    /// <summary>How well this kind's ids meet those of other kinds, with these rows in.</summary>
    public ImmutableArray<JoinRate> Joins { get; init; } = [];

    /// <summary>Reads a report back from <see cref="ImportRecord.ReportJson"/>.</summary>
    public static ImportReport? FromJson(string? json) => json is null ? null : JsonSerializer.Deserialize<ImportReport>(json, Json);
}

/// <summary>Why rows were set aside, with the first of them.</summary>
/// <param name="Code">"unknown_event", "not_a_number": key of the translated reason.</param>
public sealed record RejectReason(string Code, string Column, string ExampleValue, long ExampleLine, string Sentence, long Rows);

/// <param name="Code">"negative_price", "no_shopper", "future": key of the translated note.</param>
public sealed record ImportNote(string Code, long Rows, long FirstLine);

/// <param name="Word">As the file has it.</param>
public sealed record StateCount(string Word, long Rows);

public sealed record EventCount(string Type, long Rows);
