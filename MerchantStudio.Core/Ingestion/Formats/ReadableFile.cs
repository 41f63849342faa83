using System.Collections.Immutable;

namespace MerchantStudio.Core.Ingestion.Formats;

/// <summary>A staged file as the delimited text that everything after staging reads: itself, or what a converter wrote once.</summary>
/// <param name="Path">UTF-8 CSV where it was converted.</param>
/// <param name="Numbered">The first field of each record is its position in the original: sheet row, line or record number. See <see cref="TableWriter"/>.</param>
internal sealed record ReadableFile(string Path, FileFormat Format, bool Numbered)
{
    /// <summary>Exact where a converter counted them.</summary>
    public long? Records { get; init; }

    /// <summary>The original names its columns, so that the first record is always the header.</summary>
    public bool NamesColumns { get; init; }

    /// <summary>Sheets, tables, lists or members to choose from, in the original's order; empty when there is one only.</summary>
    public ImmutableArray<string> Parts { get; init; } = [];

    /// <summary>The one that was read; null when there is nothing to choose.</summary>
    public string? Part { get; init; }

    /// <summary>Fields that come up only after the columns were settled and are left out; at most 20 names.</summary>
    public ImmutableArray<string> LateFields { get; init; } = [];

    /// <summary>Records that have such fields, and the position of the first.</summary>
    public long LateRecords { get; init; }

    public long FirstLate { get; init; }

    public static ReadableFile Plain(string path) => new(path, FileFormat.Csv, Numbered: false);
}
