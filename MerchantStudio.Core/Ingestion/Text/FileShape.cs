using System.Collections.Immutable;

namespace MerchantStudio.Core.Ingestion.Text;

/// <summary>How a file is written, found by looking at its beginning.</summary>
/// <param name="Compressed">Whether it came as gzip.</param>
/// <param name="Columns">Names from the header line, or "Column 1", "Column 2" without one.</param>
public sealed record FileShape(TextEncoding Encoding, char Delimiter, bool HasHeader, bool Compressed, ImmutableArray<string> Columns);

/// <summary>What somebody decided about a file; null leaves it to detection.</summary>
public sealed record FileReading(TextEncoding? Encoding = null, char? Delimiter = null, bool? HasHeader = null)
{
    public const int MostFeatureColumns = 10_000;

    /// <summary>2,000 for events and the like; feature tables may have 10,000.</summary>
    public int MaxColumns { get; init; } = 2_000;

    /// <summary>A compressed file may unpack to this many bytes.</summary>
    public long MaxUnpackedBytes { get; init; } = 20L * 1024 * 1024 * 1024;

    /// <summary>A compressed file may unpack to this many times its size.</summary>
    public int MaxUnpackRatio { get; init; } = 100;
}
