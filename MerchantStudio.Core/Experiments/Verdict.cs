using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Experiments;

public enum VerdictKind
{
    /// <summary>"The arms do not have the people that the split promised (p below 0.001). Nothing below can be trusted until the cause is found."</summary>
    BrokenSplit,

    /// <summary>"It is too early to say: …" with what is missing (<see cref="Verdict.Missing"/>).</summary>
    TooEarly,

    /// <summary>"The campaign paid: it earned about X more than doing nothing, between A and B." The interval of the profit lies above 0.</summary>
    Paid,

    /// <summary>"The campaign lost money: about X, between A and B." The interval of the profit lies below 0; <see cref="Verdict.SoldMore"/> says whether it sold more all the same.</summary>
    DidNotPay,

    /// <summary>"After all planned people no difference shows. It may still lie anywhere between A and B." No proof that there is none.</summary>
    NoDifference,
}

/// <summary>What stands in the way of a verdict.</summary>
[Flags]
public enum StillMissing
{
    Nothing = 0,

    /// <summary>An arm has fewer people than figures can be read from.</summary>
    People = 1,

    /// <summary>An arm has fewer buyers than that.</summary>
    Buyers = 2,

    /// <summary>It has run for less than a week: weekdays differ.</summary>
    Days = 4,

    /// <summary>No difference stands out yet and the planned number is not reached.</summary>
    PlannedPeople = 8,
}

/// <summary>What may be said about one arm, with the figures that it rests on.</summary>
/// <param name="Profit">Per assigned person in minor units: the interval that decided, at a level that holds for all arms together.</param>
/// <param name="People">In this arm and the holdout.</param>
/// <param name="SoldMore">The interval of revenue lies above 0.</param>
public sealed record Verdict(VerdictKind Kind, StillMissing Missing, Estimate? Profit, bool SoldMore, long People, long PlannedPeople, double DaysRun, double SplitPValue);

/// <summary>Someone decided otherwise than the figures say. Kept for good, beside the verdict as it was.</summary>
public sealed record VerdictOverride(Verdict Was, VerdictKind DecidedAs, string Reason, string By, DateTimeOffset At)
{
    private const int LeastReason = 5;

    /// <returns>A problem without a reason, or when nothing would change.</returns>
    public static Outcome<VerdictOverride> Of(Verdict verdict, VerdictKind decidedAs, string reason, string by, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        ArgumentException.ThrowIfNullOrEmpty(by);
        if (verdict.Kind == decidedAs) return ExperimentProblems.OverrideChangesNothing();
        var said = reason?.Trim() ?? "";
        return said.Length < LeastReason ? ExperimentProblems.OverrideWithoutReason(LeastReason) : new VerdictOverride(verdict, decidedAs, said, by, at);
    }
}
