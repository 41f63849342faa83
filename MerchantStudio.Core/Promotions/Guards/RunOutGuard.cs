using MerchantStudio.Core.Promotions.Replay;

namespace MerchantStudio.Core.Promotions.Guards;

/// <summary>When budget and uses would be gone at the pace of the replay.</summary>
internal static class RunOutGuard
{
    private const int LongestDays = 3650;

    public static RunOutFinding? Check(RuleDraft draft, ReplayResult replay, DateOnly today)
    {
        if (draft.BudgetMinor is null && draft.TotalUses is null) return null;
        var first = draft.StartsOn is { } start && start > today ? start : today;
        var likely = Days(replay.Stop.DailyCostMinor, replay.Stop.DailyUses);
        var earliest = Days(replay.Stop.DailyCostSpan.High, replay.Stop.DailyUsesSpan.High);
        var latest = Days(replay.Stop.DailyCostSpan.Low, replay.Stop.DailyUsesSpan.Low);
        var on = Day(likely);
        var early = on is not null && (draft.EndsOn is null || on < draft.EndsOn);
        return new RunOutFinding(early && draft.EndsOn is not null ? FindingWeight.Warns : FindingWeight.Fine, early ? on : null, Day(earliest), Day(latest), draft.EndsOn);

        double Days(double cost, double uses) => Math.Min(draft.BudgetMinor is { } budget && cost > 0 ? budget / cost : double.PositiveInfinity, draft.TotalUses is { } most && uses > 0 ? most / uses : double.PositiveInfinity);

        DateOnly? Day(double days) => days <= LongestDays ? first.AddDays((int)Math.Floor(days)) : null;
    }
}
