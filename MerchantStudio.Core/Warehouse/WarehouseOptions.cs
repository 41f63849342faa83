using System.Globalization;

namespace MerchantStudio.Core.Warehouse;

/// <summary>Bound from "Studio".</summary>
public sealed class WarehouseOptions
{
    /// <summary>No open workspace's engine gets less than this.</summary>
    public const long LeastBytes = 256L << 20;

    private const long MostByDefault = 1536L << 20;

    /// <summary>What all open workspaces may use together: "2GB", "1500MB". Default: the lesser of 1.5 GB and a quarter of the machine's memory.</summary>
    public string? MemoryLimit { get; set; }

    /// <summary>Threads of each workspace's engine; 0 for one a core.</summary>
    public int Threads { get; set; }

    /// <summary>An engine that nobody used for so long is closed; the next call opens it again.</summary>
    public int IdleMinutes { get; set; } = 10;

    /// <summary>So much of a file must be dead for it to be compacted after a run of the pipeline, in the next pause, and no longer wait until nobody uses the shop.</summary>
    public int CompactFromMegabytes { get; set; } = 256;

    internal long CompactFromBytes => (long)CompactFromMegabytes << 20;

    internal int ThreadCount => Threads > 0 ? Threads : Environment.ProcessorCount;

    /// <summary>What <see cref="MemoryLimit"/> comes to.</summary>
    /// <exception cref="FormatException">It cannot be read.</exception>
    public long MemoryBytes => MemoryLimit is null
        ? Math.Max(LeastBytes, Math.Min(MostByDefault, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4))
        : Math.Max(LeastBytes, Parse(MemoryLimit) ?? throw new FormatException($"Studio:MemoryLimit is '{MemoryLimit}'; write it like '2GB' or '1500MB'."));

    internal static long? Parse(string text)
    {
        var trimmed = text.Trim();
        var unit = trimmed.Length < 3 ? 0 : trimmed[^2..].ToUpperInvariant() switch { "GB" => 1L << 30, "MB" => 1L << 20, _ => 0 };
        return unit > 0 && double.TryParse(trimmed[..^2], NumberStyles.AllowDecimalPoint | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var count)
            ? (long)(count * unit)
            : null;
    }
}
