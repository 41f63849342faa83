using System.Collections.Immutable;

namespace MerchantStudio.Core.Promotions.Pricing;

/// <summary>Exact arithmetic of whole minor units.</summary>
internal static class Spread
{
    /// <summary>Divides <paramref name="total"/> in proportion to the weights by largest remainder, earlier lines first among equals. No part exceeds its weight while the total does not exceed their sum.</summary>
    public static ImmutableArray<long> Over(ImmutableArray<long> weights, long total)
    {
        var sum = weights.Aggregate(Int128.Zero, (before, weight) => before + weight);
        if (sum <= 0 || total <= 0) return [.. weights.Select(_ => 0L)];
        var parts = new long[weights.Length];
        var remainders = new Int128[weights.Length];
        var left = total;
        for (var index = 0; index < parts.Length; index++)
        {
            var (part, remainder) = Int128.DivRem((Int128)total * weights[index], sum);
            parts[index] = (long)part;
            remainders[index] = remainder;
            left -= parts[index];
        }

        foreach (var index in Enumerable.Range(0, parts.Length).OrderByDescending(index => remainders[index]).ThenBy(index => index).Take((int)left)) parts[index]++;
        return [.. parts];
    }

    /// <summary>The fraction rounded half away from zero; neither part negative.</summary>
    public static long Rounded(Int128 numerator, Int128 denominator) => (long)(((2 * numerator) + denominator) / (2 * denominator));
}
