using System.Collections.Immutable;

namespace MerchantStudio.Core.Learning.Planning;

/// <summary>What a training may take.</summary>
/// <param name="Seconds">From the start to the last figure.</param>
/// <param name="Megabytes">Beyond what the program holds already.</param>
public sealed record ComputeBudget(double Seconds, double Megabytes);

/// <summary>What it costs to fit one family, measured on few rows.</summary>
/// <param name="Settings">How many settings the measured work tried.</param>
/// <param name="FixedSeconds">That do not depend on the rows.</param>
/// <param name="JudgingSeconds">For measuring the fitted model, whatever it was fitted on.</param>
public sealed record FamilyCost(string Family, int Settings, double FixedSeconds, double SecondsPerRow, double BytesPerRow, double JudgingSeconds = 0)
{
    private const double Byte = 1.0 / (1 << 20);

    /// <summary>For fitting and measuring.</summary>
    public double Seconds(int rows, int settings) => FittingSeconds(rows, settings) + JudgingSeconds;

    public double Megabytes(int rows) => rows * BytesPerRow * Byte;

    internal double FittingSeconds(double rows, int settings) => (FixedSeconds + (rows * SecondsPerRow)) * settings / Settings;

    /// <summary>For learning once more from a part of the rows, to see what the rows left out gave up; 0 where none are.</summary>
    internal double LookBackSeconds(int rows, int allRows, int settings) => rows < allRows ? FittingSeconds(RowsGivenUp.Share * rows, settings) : 0;

    /// <summary>The most rows, up to so many, that stay within time and memory; fewer than there are have to leave time to see what that gave up.</summary>
    internal int RowsWithin(int rows, int allRows, int settings, double seconds, double megabytes)
    {
        var inMemory = BytesPerRow <= 0 ? rows : megabytes / Byte / BytesPerRow;
        if (rows == allRows && inMemory >= rows && Seconds(rows, settings) <= seconds) return rows;
        var inTime = SecondsPerRow <= 0 ? rows : (((seconds - JudgingSeconds) * Settings / settings) - (2 * FixedSeconds)) / (SecondsPerRow * (1 + RowsGivenUp.Share));
        return (int)Math.Clamp(Math.Min(inTime, inMemory), 0, rows);
    }
}

/// <summary>How one family is to be trained.</summary>
/// <param name="Rows">Training rows that it gets; 0 when it is left out.</param>
/// <param name="Settings">How many settings it tries.</param>
/// <param name="AllSettings">How many it could try.</param>
/// <param name="Seconds">Estimate of all that it takes; 0 when it is left out.</param>
/// <param name="Megabytes">Estimate; 0 when it is left out.</param>
/// <param name="JudgingSeconds">Of the estimate: for measuring it at the end.</param>
/// <param name="LookBackSeconds">Of the estimate: for learning once more from a part of its rows; 0 where it gets all.</param>
public sealed record PlannedFamily(string Family, int Rows, int Settings, int AllSettings, double Seconds, double Megabytes, double JudgingSeconds = 0, double LookBackSeconds = 0)
{
    public bool IsLeftOut => Rows == 0;

    /// <summary>What looking back takes of what fitting takes; more than the rows' share where much of it does not depend on the rows.</summary>
    internal double LookBackShare => LookBackSeconds > 0 && FittingSeconds > 0 ? Math.Clamp(LookBackSeconds / FittingSeconds, RowsGivenUp.Share, 1) : RowsGivenUp.Share;

    /// <summary>Of the estimate: what is left for fitting.</summary>
    internal double FittingSeconds => Math.Max(0, Seconds - JudgingSeconds - LookBackSeconds);
}

/// <param name="Rows">Training rows that there are.</param>
/// <param name="OtherSeconds">For reading the rows at the start and for what closes the training.</param>
/// <param name="OtherMegabytes">For the rows themselves.</param>
/// <param name="Fits">False when even the cheapest family on few rows takes more than the budget; then all are left out.</param>
/// <param name="ClosingSeconds">Of <paramref name="OtherSeconds"/>: for what comes behind all families.</param>
public sealed record TrainingPlan(ImmutableArray<PlannedFamily> Families, int Rows, double OtherSeconds, double OtherMegabytes, ComputeBudget Budget, bool Fits, double ClosingSeconds = 0)
{
    public double Seconds => OtherSeconds + Families.Sum(family => family.Seconds);

    /// <summary>Families are fitted one after the other, so the largest decides.</summary>
    public double Megabytes => OtherMegabytes + (Families.IsEmpty ? 0 : Families.Max(family => family.Megabytes));
}

/// <summary>Chooses families, rows and settings for a budget. What it gives up, in this order: settings, rows, and then the family that takes longest.</summary>
public static class TrainingPlanner
{
    /// <summary>No family takes longer than this, because one that was cut off begins anew at the next start.</summary>
    public const double LongestFamily = 50;

    /// <summary>Of the budget; the rest is for estimates that were too low.</summary>
    public const double SafeShare = 0.8;

    /// <summary>Of the budget, less what judging and looking back will take: then a family that is being fitted is stopped and no further one is begun.</summary>
    public const double FittingShare = 0.9;

    /// <summary>A family learns little from fewer rows than this.</summary>
    public const int LeastRows = 500;

    /// <summary>Share of the rows and whether all settings are tried, dearest first.</summary>
    private static readonly (double Share, bool All)[] Ways = [(1, true), (1, false), (0.75, false), (0.5, false), (0.35, false), (0.25, false)];

    /// <param name="costs">Of the families wanted.</param>
    /// <param name="rows">Training rows that there are.</param>
    /// <param name="otherSeconds">For reading the rows at the start and for what closes the training.</param>
    /// <param name="closingSeconds">Of those: for what comes behind all families.</param>
    public static TrainingPlan Choose(ImmutableArray<FamilyCost> costs, int rows, double otherSeconds, double otherMegabytes, ComputeBudget budget, double closingSeconds = 0)
    {
        ArgumentNullException.ThrowIfNull(budget);
        var kept = costs;
        while (true)
        {
            foreach (var (share, all) in Ways)
            {
                var plan = new TrainingPlan([.. costs.Select(cost => Fit(cost, share, all))], rows, otherSeconds, otherMegabytes, budget, Fits: true, closingSeconds);
                if (plan.Seconds <= budget.Seconds * SafeShare && plan.Megabytes <= budget.Megabytes && plan.Families.Any(family => !family.IsLeftOut)) return plan;
            }

            if (kept.Length <= 1) return new TrainingPlan([.. costs.Select(LeftOut)], rows, otherSeconds, otherMegabytes, budget, Fits: false, closingSeconds);
            kept = kept.Remove(kept.MaxBy(cost => cost.Seconds(rows, 1))!);
        }

        PlannedFamily Fit(FamilyCost cost, double share, bool all)
        {
            if (!kept.Contains(cost)) return LeftOut(cost);
            var longest = kept.Length > 1 ? LongestFamily : Math.Min(LongestFamily, (budget.Seconds * SafeShare) - otherSeconds);
            var settings = all && cost.Seconds(rows, cost.Settings) <= longest ? cost.Settings : 1;
            var most = cost.RowsWithin((int)(rows * share), rows, settings, longest, budget.Megabytes - otherMegabytes);
            return most < Math.Min(rows, LeastRows) ? LeftOut(cost) : Planned(cost, most, settings);
        }

        PlannedFamily Planned(FamilyCost cost, int most, int settings)
        {
            var lookBack = cost.LookBackSeconds(most, rows, settings);
            return new PlannedFamily(cost.Family, most, settings, cost.Settings, cost.Seconds(most, settings) + lookBack, cost.Megabytes(most), cost.JudgingSeconds, lookBack);
        }
    }

    private static PlannedFamily LeftOut(FamilyCost cost) => new(cost.Family, 0, 0, cost.Settings, 0, 0);
}
