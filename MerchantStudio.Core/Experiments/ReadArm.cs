namespace MerchantStudio.Core.Experiments;

/// <summary>Reads one arm against the holdout and says what may be said.</summary>
internal static class ReadArm
{
    public static ArmComparison Of(int arm, ArmSums treated, ArmSums holdout, int treatedArms, ReadingRule rule, SampleRatioCheck split, double days)
    {
        var level = rule.Level;
        var conversion = Compare.Shares(treated.Converted, treated.People, holdout.Converted, holdout.People, level);
        var revenue = Cuped.Means(treated.Revenue, holdout.Revenue, level);
        var profit = Cuped.Means(treated.Profit, holdout.Profit, level);
        return new ArmComparison(
            arm,
            conversion,
            AtAnyLook(conversion),
            Compare.Relative(Sums.OfShare(treated.Converted, treated.People), Sums.OfShare(holdout.Converted, holdout.People), level),
            revenue,
            AtAnyLook(revenue.Difference),
            Compare.Means(treated.Revenue.OfY, holdout.Revenue.OfY, level),
            Compare.Ratios(treated.OrderValue, holdout.OrderValue, level),
            profit,
            AtAnyLook(profit.Difference),
            Compare.Means(treated.UncutProfit, holdout.UncutProfit, level),
            IncrementalOf(treated, holdout, profit.Difference),
            VerdictOf(treated, holdout, treatedArms, rule, split, days));

        Estimate AtAnyLook(Estimate once) => AlwaysValid.Of(once, treated.People + holdout.People, rule.PlannedPeople);
    }

    private static IncrementalProfit IncrementalOf(ArmSums treated, ArmSums holdout, Estimate profit)
    {
        return new IncrementalProfit(
            More(treated.MarginMinor, holdout.MarginMinor),
            More(treated.DiscountMinor, holdout.DiscountMinor),
            More(treated.SendCostMinor, holdout.SendCostMinor),
            Minor(profit.Value * treated.People),
            Minor(profit.Interval.Low * treated.People),
            Minor(profit.Interval.High * treated.People));

        // As whole numbers: what as many people of the holdout would have had is the one figure that is rounded.
        long More(long ofTreated, long ofHoldout) => ofTreated - (long)decimal.Round((decimal)ofHoldout * treated.People / holdout.People, 0, MidpointRounding.AwayFromZero);
    }

    /// <summary>Infinite ends become the largest and smallest amounts that there are.</summary>
    private static long Minor(double amount) => amount >= long.MaxValue ? long.MaxValue : amount <= long.MinValue ? long.MinValue : (long)Math.Round(amount, MidpointRounding.AwayFromZero);

    private static Verdict VerdictOf(ArmSums treated, ArmSums holdout, int treatedArms, ReadingRule rule, SampleRatioCheck split, double days)
    {
        // Of several arms none may be called good by chance more often than one would be (Bonferroni).
        var level = 1 - ((1 - rule.Level) / treatedArms);
        var people = treated.People + holdout.People;
        var (profit, revenue) = (Decisive(Cuped.Means(treated.Profit, holdout.Profit, level)), Decisive(Cuped.Means(treated.Revenue, holdout.Revenue, level)));
        var reached = people >= rule.PlannedPeople;
        var missing = MissingOf(treated, holdout, rule, days);
        if (rule.LookOnce && !reached) missing |= StillMissing.PlannedPeople;
        var kind = split.IsBroken ? VerdictKind.BrokenSplit
            : missing != StillMissing.Nothing ? VerdictKind.TooEarly
            : profit.IsAboveZero ? VerdictKind.Paid
            : profit.IsBelowZero ? VerdictKind.DidNotPay
            : reached ? VerdictKind.NoDifference
            : VerdictKind.TooEarly;
        if (kind == VerdictKind.TooEarly && missing == StillMissing.Nothing) missing = StillMissing.PlannedPeople;
        return new Verdict(kind, missing, profit, revenue.IsAboveZero, people, rule.PlannedPeople, days, split.PValue);

        Estimate Decisive(CupedEstimate estimate) => rule.LookOnce ? estimate.Difference : AlwaysValid.Of(estimate.Difference, people, rule.PlannedPeople);
    }

    private static StillMissing MissingOf(ArmSums treated, ArmSums holdout, ReadingRule rule, double days)
    {
        var missing = StillMissing.Nothing;
        if (Math.Min(treated.People, holdout.People) < rule.LeastPeople) missing |= StillMissing.People;
        if (Math.Min(treated.Converted, holdout.Converted) < rule.LeastBuyers) missing |= StillMissing.Buyers;
        if (days < rule.LeastDays) missing |= StillMissing.Days;
        return missing;
    }
}
