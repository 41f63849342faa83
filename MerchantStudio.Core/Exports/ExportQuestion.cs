using System.Collections.Immutable;

namespace MerchantStudio.Core.Exports;

/// <summary>Row sets that can leave the studio.</summary>
public enum ExportWhat
{
    Rejects,
    Segments,
    Scores,
    Features,
    Reviews,
    Events,
    Orders,
    Products,

    /// <summary>Without names, e-mail addresses and phone numbers: those stay protected.</summary>
    Customers,
    Feedback,
    AdSpend,
    FeatureTable,
}

public enum ExportFormat
{
    Csv,
    Json,
    Parquet,
}

/// <param name="Import">Number of an import; only for rejects, null for all.</param>
/// <param name="Segment">An RFM group's key; only for segments, null for all.</param>
/// <param name="From">First day in the store's zone; only for reviews.</param>
/// <param name="To">Last day in the store's zone; only for reviews.</param>
/// <param name="Table">Number of a feature table; only for those.</param>
public sealed record ExportQuestion(ExportWhat What, int? Import = null, string? Segment = null, DateOnly? From = null, DateOnly? To = null, int? Table = null);

/// <summary>What a column holds.</summary>
public enum CellKind
{
    Text,
    Whole,
    Number,
    Instant,
}

/// <param name="Sql">A constant expression.</param>
/// <param name="Decimals">Digits after the point of a number.</param>
internal sealed record ExportColumn(string Name, string Sql, CellKind Kind, int Decimals = 0);

/// <param name="Tables">Tables that must be there; derived ones are absent before the first run.</param>
internal sealed record ExportSource(string From, ImmutableArray<string> Tables, ImmutableArray<ExportColumn> Columns);
