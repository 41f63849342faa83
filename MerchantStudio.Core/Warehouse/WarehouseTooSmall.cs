using System.Globalization;
using System.Text.RegularExpressions;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Warehouse;

/// <summary>A statement needs more memory than the shop's engine may use.</summary>
/// <param name="Needed">MB: what it held when it asked for more, and what it asked for.</param>
/// <param name="Allowed">MB.</param>
/// <param name="Setting">MB for the studio as a whole, of which one shop gets half.</param>
public sealed partial record WarehouseTooSmall(long Needed, long Allowed, long Setting)
    : Problem("data.memory", "This needs about {0} MB of memory or more, and {1} MB are what this shop's data may use now. Nothing was changed. Set Studio:MemoryLimit to {2}MB or more and start the studio again, or keep less in this shop.", Needed, Allowed, Setting)
{
    /// <returns>Null when the engine does not say how much it was.</returns>
    internal static WarehouseTooSmall? Of(string message)
    {
        if (Sizes().Match(message) is not { Success: true } found) return null;
        var (block, used, allowed) = (Bytes(found, "block"), Bytes(found, "used"), Bytes(found, "allowed"));
        var needed = Math.Max(block + used, allowed) / (1 << 20) + 1;
        return new WarehouseTooSmall((long)needed, (long)(allowed / (1 << 20)), (long)(2 * needed));
    }

    private static double Bytes(Match found, string name) =>
        double.Parse(found.Groups[name].ValueSpan, CultureInfo.InvariantCulture) * found.Groups[name + "unit"].Value switch { "KiB" => 1L << 10, "MiB" => 1L << 20, "GiB" => 1L << 30, "TiB" => 1L << 40, _ => 1 };

    [GeneratedRegex(@"size (?<block>[\d.]+) (?<blockunit>\w+) \((?<used>[\d.]+) (?<usedunit>\w+)/(?<allowed>[\d.]+) (?<allowedunit>\w+) used\)")]
    private static partial Regex Sizes();
}
