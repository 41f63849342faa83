using System.Collections.Immutable;

namespace MerchantStudio.Core.Experiments;

/// <summary>How an experiment is read; settled before it begins.</summary>
/// <param name="PlannedPeople">In one arm and the holdout together, from <see cref="PowerPlan"/>.</param>
/// <param name="LookOnce">
/// False: the verdict may be read on any day (<see cref="AlwaysValid"/>). True: it comes once, when the planned number is reached, from the narrower plain interval, and is too early before.
/// </param>
/// <param name="CutPercentile">Of buyers' revenue, <see cref="Winsor"/>.</param>
/// <param name="LeastPeople">In each arm.</param>
/// <param name="LeastBuyers">In each arm: below it sums of skewed amounts are not yet normal.</param>
/// <param name="LeastDays">Since the first assignment.</param>
public sealed record ReadingRule(
    long PlannedPeople, bool LookOnce = false, double Level = Estimate.UsualLevel, double CutPercentile = Winsor.UsualPercentile, long LeastPeople = 100, long LeastBuyers = 20, double LeastDays = 7);

/// <summary>One arm by itself.</summary>
/// <param name="Sums">Also what was counted exactly.</param>
/// <param name="Conversion">Share of people with an order.</param>
/// <param name="Revenue">Per person, cut, minor units.</param>
/// <param name="Profit">Per person, cut, minor units.</param>
/// <param name="OrderValue">Revenue per order, minor units.</param>
public sealed record ArmReport(int Arm, ArmSums Sums, Estimate Conversion, Estimate Revenue, Estimate Profit, Estimate OrderValue);

/// <summary>What a campaign earned more than doing nothing, over all its treated people, in minor units.</summary>
/// <param name="CountedMarginMinor">Their margin less as many holdout people's, as counted.</param>
/// <param name="CountedDiscountMinor">The same of discounts.</param>
/// <param name="CountedSendCostMinor">The same of send costs.</param>
/// <param name="EstimateMinor">Of the profit with the few largest amounts cut and the time before taken out; the interval belongs to it.</param>
/// <param name="LowMinor">Least value when nothing bounds it.</param>
public sealed record IncrementalProfit(long CountedMarginMinor, long CountedDiscountMinor, long CountedSendCostMinor, long EstimateMinor, long LowMinor, long HighMinor)
{
    public long CountedMinor => CountedMarginMinor - CountedDiscountMinor - CountedSendCostMinor;
}

/// <summary>One treated arm against the holdout; per assigned person, amounts in minor units. Plain intervals are for one look, those at any look for as many as one likes.</summary>
/// <param name="RelativeConversion">0.1 for a tenth more.</param>
/// <param name="PlainRevenue">Cut, without the time before taken out.</param>
/// <param name="UncutProfit">Nothing cut, nothing taken out.</param>
public sealed record ArmComparison(
    int Arm,
    Estimate Conversion,
    Estimate ConversionAtAnyLook,
    Estimate RelativeConversion,
    CupedEstimate Revenue,
    Estimate RevenueAtAnyLook,
    Estimate PlainRevenue,
    Estimate OrderValue,
    CupedEstimate Profit,
    Estimate ProfitAtAnyLook,
    Estimate UncutProfit,
    IncrementalProfit Incremental,
    Verdict Verdict);

/// <summary>What an experiment says.</summary>
/// <param name="Arms">The arms in their order, then the holdout.</param>
/// <param name="Comparisons">One a treated arm; empty while an arm or the holdout has less than two people.</param>
public sealed record ExperimentReport(ImmutableArray<ArmReport> Arms, ImmutableArray<ArmComparison> Comparisons, SampleRatioCheck Split)
{
    /// <summary>Each arm but the first against the first, read as against the holdout; empty with one arm.</summary>
    public ImmutableArray<ArmComparison> AgainstFirst { get; init; } = [];

    /// <summary>From one row a person.</summary>
    public static ExperimentReport Of(ReadOnlySpan<PersonOutcome> people, ExperimentSplit split, ReadingRule rule, DateTimeOffset asOf)
    {
        ArgumentNullException.ThrowIfNull(split);
        ArgumentNullException.ThrowIfNull(rule);
        var limit = Winsor.LimitOf(people, rule.CutPercentile);
        var arms = new ArmAccumulator[split.Arms.Length + 1];
        for (var arm = 0; arm < arms.Length; arm++) arms[arm] = new ArmAccumulator(limit);
        foreach (ref readonly var person in people) arms[person.Arm == ExperimentSplit.HoldoutArm ? ^1 : person.Arm].Add(in person);
        return OfSums([.. arms.Select(arm => arm.ToSums())], split, rule, asOf);
    }

    /// <param name="sums">The arms in their order, then the holdout.</param>
    public static ExperimentReport OfSums(ImmutableArray<ArmSums> sums, ExperimentSplit split, ReadingRule rule, DateTimeOffset asOf)
    {
        ArgumentNullException.ThrowIfNull(split);
        ArgumentNullException.ThrowIfNull(rule);
        if (sums.Length != split.Arms.Length + 1) throw new ArgumentException($"{split.Arms.Length} arms and a holdout need as many sums, not {sums.Length}.", nameof(sums));
        var ratio = SampleRatio.Check(sums.Select(arm => arm.People).ToArray(), split.ExpectedShares().AsSpan());
        var arms = sums.Select((arm, i) => ArmOf(i == split.Arms.Length ? ExperimentSplit.HoldoutArm : i, arm, rule.Level));
        var started = sums.Min(arm => arm.FirstAssigned);
        var days = started is { } first ? (asOf - first).TotalDays : 0;
        var comparisons = sums.Any(arm => arm.People < 2) ? [] : sums[..^1].Select((arm, i) => ReadArm.Of(i, arm, sums[^1], sums.Length - 1, rule, ratio, days));
        return new ExperimentReport([.. arms], [.. comparisons], ratio) { AgainstFirst = comparisons.Any() ? AgainstFirstOf(sums, split, rule, ratio, days) : [] };
    }

    private static ImmutableArray<ArmComparison> AgainstFirstOf(ImmutableArray<ArmSums> sums, ExperimentSplit split, ReadingRule rule, SampleRatioCheck ratio, double days)
    {
        var (first, holdout) = (split.ShareOf(0), split.ShareOf(ExperimentSplit.HoldoutArm));
        return [.. sums[1..^1].Select((arm, i) =>
        {
            // As many of the people as were planned for the arm and the holdout, by what the split gives to both.
            var share = split.ShareOf(i + 1);
            var planned = (long)Math.Round(rule.PlannedPeople * ((share + first) / (double)Math.Max(1, share + holdout)));
            return ReadArm.Of(i + 1, arm, sums[0], sums.Length - 2, rule with { PlannedPeople = Math.Max(2, planned) }, ratio, days);
        })];
    }

    private static ArmReport ArmOf(int arm, ArmSums sums, double level) =>
        new(arm, sums, Compare.Share(sums.Converted, sums.People, level), Compare.Mean(sums.Revenue.OfY, level), Compare.Mean(sums.Profit.OfY, level), Compare.Ratio(sums.OrderValue, level));
}
