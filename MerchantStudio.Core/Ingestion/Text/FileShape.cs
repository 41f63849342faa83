using System.Collections.Immutable;
using MerchantStudio.Core.Ingestion.Formats;

namespace MerchantStudio.Core.Ingestion.Text;

/// <summary>How a file is written, found by looking at its beginning.</summary>
/// <param name="Compressed">Whether it came as gzip.</param>
/// <param name="Columns">Names from the header line, or "Column 1", "Column 2" without one.</param>
public sealed record FileShape(TextEncoding Encoding, char Delimiter, bool HasHeader, bool Compressed, ImmutableArray<string> Columns)
{
    /// <summary>What the file was before it was read as text with a delimiter.</summary>
    public FileFormat Format { get; init; }

    /// <summary>Sheets, tables, lists or members of the file to choose from; empty when there is one only.</summary>
    public ImmutableArray<string> Parts { get; init; } = [];

    /// <summary>The part that is read; null when there is nothing to choose.</summary>
    public string? Part { get; init; }

    /// <summary>The format names its columns, so that there is always a header.</summary>
    public bool NamesColumns { get; init; }

    /// <summary>Fields that come up late in a JSON file and are left out; at most 20 names.</summary>
    public ImmutableArray<string> LateFields { get; init; } = [];
}

/// <summary>What somebody decided about a file; null leaves it to detection.</summary>
public sealed record FileReading(TextEncoding? Encoding = null, char? Delimiter = null, bool? HasHeader = null)
{
    public const int MostFeatureColumns = 10_000;
    public const int MostColumns = 2_000;

    /// <summary>Sheet, table, list or archive member to read; the largest when null.</summary>
    public string? Part { get; init; }

    /// <summary>2,000 for events and the like; feature tables may have 10,000.</summary>
    public int MaxColumns { get; init; } = MostColumns;

    /// <summary>A compressed file may unpack to this many bytes.</summary>
    public long MaxUnpackedBytes { get; init; } = 20L * 1024 * 1024 * 1024;

    /// <summary>A compressed file may unpack to this many times its size.</summary>
    public int MaxUnpackRatio { get; init; } = 100;
}
