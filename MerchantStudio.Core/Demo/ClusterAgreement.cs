using System.Collections.Immutable;

namespace MerchantStudio.Core.Demo;

/// <summary>How far two ways of grouping the same shoppers agree.</summary>
internal static class ClusterAgreement
{
    /// <summary>Adjusted Rand index: 1 for the same groups under any names, about 0 for groups thrown by dice.</summary>
    /// <remarks>Hubert and Arabie, Comparing partitions, Journal of Classification 2, 1985.</remarks>
    public static double AdjustedRand(IReadOnlyList<(string Found, string True)> pairs)
    {
        double both = pairs.GroupBy(pair => pair).Sum(group => Pairs(group.Count()));
        double found = pairs.GroupBy(pair => pair.Found, StringComparer.Ordinal).Sum(group => Pairs(group.Count()));
        double truth = pairs.GroupBy(pair => pair.True, StringComparer.Ordinal).Sum(group => Pairs(group.Count()));
        var all = Pairs(pairs.Count);
        if (all == 0) return double.NaN;
        var expected = found * truth / all;
        var most = (found + truth) / 2;
        return most == expected ? 1 : (both - expected) / (most - expected);
    }

    /// <summary>Each found group with the true one that most of it belongs to.</summary>
    public static ImmutableArray<GroupMatch> Matches(IReadOnlyList<(string Found, string True)> pairs) =>
    [
        .. pairs.GroupBy(pair => pair.Found, StringComparer.Ordinal).Select(group =>
        {
            var best = group.GroupBy(pair => pair.True, StringComparer.Ordinal).OrderByDescending(kind => kind.Count()).ThenBy(kind => kind.Key, StringComparer.Ordinal).First();
            return new GroupMatch(group.Key, best.Key, group.Count(), best.Count());
        }).OrderByDescending(match => match.Shoppers).ThenBy(match => match.Found, StringComparer.Ordinal),
    ];

    private static double Pairs(int count) => count * (count - 1.0) / 2;
}

/// <param name="Agreeing">Shoppers of the found group whose true kind is <paramref name="Kind"/>.</param>
public sealed record GroupMatch(string Found, string Kind, int Shoppers, int Agreeing);
