namespace MerchantStudio.Core.Experiments;

/// <summary>One assigned person and what came after the assignment, also when nothing came. Amounts are minor units of one currency.</summary>
/// <param name="Arm">Index of the arm; <see cref="ExperimentSplit.HoldoutArm"/> for the holdout.</param>
/// <param name="Orders">Paid orders.</param>
/// <param name="RevenueMinor">What was paid for goods: after discounts, before shipping and tax.</param>
/// <param name="MarginMinor">What the goods earned at their price before the discount: that price less what they cost.</param>
/// <param name="DiscountMinor">Taken off by offers; 0 or more. Profit is margin less discount less send cost, so the margin must not have it taken off already.</param>
/// <param name="SendCostMinor">Of the messages sent; 0 or more, and not always whole.</param>
/// <param name="RevenueBeforeMinor">Revenue of the same person in a period of fixed length before the assignment; null when there was no such time, as for a new shopper.</param>
public readonly record struct PersonOutcome(int Arm, int Orders, long RevenueMinor, long MarginMinor, long DiscountMinor, decimal SendCostMinor, long? RevenueBeforeMinor, DateTimeOffset AssignedAt);

/// <summary>Cuts amounts of a few people, which otherwise hide what the others do.</summary>
/// <remarks>Winsorised means: Dixon, Simplified estimation from censored normal samples, Annals of Mathematical Statistics 31, 1960. The limit is drawn from all arms together, so that it favours none.</remarks>
public static class Winsor
{
    /// <summary>0.995 of those who bought: five in a thousand buyers are cut.</summary>
    public const double UsualPercentile = 0.995;

    /// <param name="percentile">Above 0 to 1 for no limit.</param>
    /// <returns>The revenue above which it is cut, in minor units (between two amounts by a straight line, as numpy's and DuckDB's quantile_cont do); infinite without any buyer.</returns>
    public static double LimitOf(ReadOnlySpan<PersonOutcome> people, double percentile = UsualPercentile)
    {
        if (percentile is not (> 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(percentile), percentile, "A percentile lies above 0 and at most at 1.");
        var spent = new List<double>();
        foreach (var person in people)
        {
            if (person.RevenueMinor > 0) spent.Add(person.RevenueMinor);
        }

        return percentile == 1 ? double.PositiveInfinity : LimitOf(spent, percentile);
    }

    internal static double LimitOf(List<double> spent, double percentile)
    {
        if (spent.Count == 0) return double.PositiveInfinity;
        spent.Sort();
        var at = percentile * (spent.Count - 1);
        var below = (int)at;
        return below + 1 == spent.Count ? spent[below] : spent[below] + ((at - below) * (spent[below + 1] - spent[below]));
    }
}
