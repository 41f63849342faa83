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

    public double Seconds(int rows, int settings) => ((FixedSeconds + (rows * SecondsPerRow)) * settings / Settings) + JudgingSeconds;

    public double Megabytes(int rows) => rows * BytesPerRow * Byte;

    /// <summary>The most rows, up to so many, that stay within time and memory.</summary>
    internal int RowsWithin(int rows, int settings, double seconds, double megabytes)
    {
        var inTime = SecondsPerRow <= 0 ? rows : (((seconds - JudgingSeconds) * Settings / settings) - FixedSeconds) / SecondsPerRow;
        var inMemory = BytesPerRow <= 0 ? rows : megabytes / Byte / BytesPerRow;
        return (int)Math.Clamp(Math.Min(inTime, inMemory), 0, rows);
    }
}

/// <summary>How one family is to be trained.</summary>
/// <param name="Rows">Training rows that it gets; 0 when it is left out.</param>
/// <param name="Settings">How many settings it tries.</param>
/// <param name="AllSettings">How many it could try.</param>
/// <param name="Seconds">Estimate; 0 when it is left out.</param>
/// <param name="Megabytes">Estimate; 0 when it is left out.</param>
public sealed record PlannedFamily(string Family, int Rows, int Settings, int AllSettings, double Seconds, double Megabytes)
{
    public bool IsLeftOut => Rows == 0;
}

/// <param name="Rows">Training rows that there are.</param>
/// <param name="OtherSeconds">For reading the windows and measuring at the end.</param>
/// <param name="OtherMegabytes">For the rows themselves.</param>
/// <param name="Fits">False when even the cheapest family on few rows takes more than the budget; then all are left out.</param>
public sealed record TrainingPlan(ImmutableArray<PlannedFamily> Families, int Rows, double OtherSeconds, double OtherMegabytes, ComputeBudget Budget, bool Fits)
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

    /// <summary>A family learns little from fewer rows than this.</summary>
    public const int LeastRows = 500;

    /// <summary>Share of the rows and whether all settings are tried, dearest first.</summary>
    private static readonly (double Share, bool All)[] Ways = [(1, true), (1, false), (0.75, false), (0.5, false), (0.35, false), (0.25, false)];

    /// <param name="costs">Of the families wanted.</param>
    /// <param name="rows">Training rows that there are.</param>
    public static TrainingPlan Choose(ImmutableArray<FamilyCost> costs, int rows, double otherSeconds, double otherMegabytes, ComputeBudget budget)
    {
        ArgumentNullException.ThrowIfNull(budget);
        var kept = costs;
        while (true)
        {
            foreach (var (share, all) in Ways)
            {
                var plan = new TrainingPlan([.. costs.Select(cost => Fit(cost, share, all))], rows, otherSeconds, otherMegabytes, budget, Fits: true);
                if (plan.Seconds <= budget.Seconds * SafeShare && plan.Megabytes <= budget.Megabytes && plan.Families.Any(family => !family.IsLeftOut)) return plan;
            }

            if (kept.Length <= 1) return new TrainingPlan([.. costs.Select(LeftOut)], rows, otherSeconds, otherMegabytes, budget, Fits: false);
            kept = kept.Remove(kept.MaxBy(cost => cost.Seconds(rows, 1))!);
        }

        PlannedFamily Fit(FamilyCost cost, double share, bool all)
        {
            if (!kept.Contains(cost)) return LeftOut(cost);
            var longest = kept.Length > 1 ? LongestFamily : Math.Min(LongestFamily, (budget.Seconds * SafeShare) - otherSeconds);
            var settings = all && cost.Seconds(rows, cost.Settings) <= longest ? cost.Settings : 1;
            var most = cost.RowsWithin((int)(rows * share), settings, longest, budget.Megabytes - otherMegabytes);
            return most < Math.Min(rows, LeastRows) ? LeftOut(cost) : new PlannedFamily(cost.Family, most, settings, cost.Settings, cost.Seconds(most, settings), cost.Megabytes(most));
        }
    }

    private static PlannedFamily LeftOut(FamilyCost cost) => new(cost.Family, 0, 0, cost.Settings, 0, 0);
}
