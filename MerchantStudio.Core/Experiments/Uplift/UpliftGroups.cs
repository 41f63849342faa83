using System.Collections.Immutable;

namespace MerchantStudio.Core.Experiments.Uplift;

/// <summary>A tenth of the people, by predicted uplift.</summary>
/// <param name="Decile">1 has the highest predictions.</param>
/// <param name="Predicted">Mean of the predictions.</param>
/// <param name="Actual">Treated minus holdout among them, with its interval.</param>
public sealed record UpliftDecile(int Decile, int Treated, int Holdout, double Predicted, Estimate Actual);

/// <summary>What an offer does to a person.</summary>
public enum UpliftGroup
{
    /// <summary>The offer makes them buy.</summary>
    Persuadable,

    /// <summary>They buy anyway: an offer only costs.</summary>
    SureThing,

    /// <summary>They do not buy either way.</summary>
    LostCause,

    /// <summary>The offer puts them off.</summary>
    DoNotDisturb,
}

/// <summary>Where the groups part. These are predictions of single people: the groups' shares say more than any one person's place.</summary>
/// <param name="LeastUplift">From it on the offer is worth its cost: persuadable. Its negative: do not disturb.</param>
/// <param name="SureFrom">Of the others, who is at least this likely to buy without the offer is a sure thing.</param>
public sealed record UpliftGroupRule(double LeastUplift, double SureFrom)
{
    /// <param name="holdoutRate">Share of the holdout that bought: who is likelier than the average counts as sure.</param>
    /// <param name="costOfOffer">Of one person who gets it, in money: what is sent and, for those who buy, taken off.</param>
    /// <param name="margin">Of one purchase, in the same money.</param>
    public static UpliftGroupRule Of(double holdoutRate, double costOfOffer, double margin) => new(costOfOffer / margin, holdoutRate);

    public UpliftGroup Of(double without, double uplift) =>
        uplift >= LeastUplift && uplift > 0 ? UpliftGroup.Persuadable
        : uplift < 0 && uplift <= -LeastUplift ? UpliftGroup.DoNotDisturb
        : without >= SureFrom ? UpliftGroup.SureThing
        : UpliftGroup.LostCause;
}

/// <summary>One group, by what really came of its people.</summary>
/// <param name="ActualWithout">Mean outcome of its holdout people.</param>
/// <param name="Actual">Treated minus holdout among them.</param>
public sealed record UpliftGroupReport(UpliftGroup Group, int People, double PredictedUplift, Estimate ActualWithout, Estimate Actual);

/// <summary>Sets predictions beside what came, on people whom the models have not seen.</summary>
public static class UpliftReading
{
    private const int Tenths = 10;

    public static ImmutableArray<UpliftDecile> Deciles(float[] uplift, bool[] treated, float[] y)
    {
        ArgumentNullException.ThrowIfNull(uplift);
        var order = Enumerable.Range(0, uplift.Length).OrderByDescending(row => uplift[row]).ToArray();
        return [.. Enumerable.Range(0, Tenths).Select(tenth =>
        {
            var rows = order[(int)((long)order.Length * tenth / Tenths)..(int)((long)order.Length * (tenth + 1) / Tenths)];
            var (t, h) = SumsOf(rows, treated, y);
            return new UpliftDecile(tenth + 1, (int)t.People, (int)h.People, rows.Length == 0 ? double.NaN : rows.Average(row => (double)uplift[row]), Compare.Means(t, h));
        })];
    }

    /// <returns>All four groups, also those without people.</returns>
    public static ImmutableArray<UpliftGroupReport> Groups(UpliftScores scores, UpliftGroupRule rule, bool[] treated, float[] y)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(rule);
        var groups = Enumerable.Range(0, y.Length).ToLookup(row => rule.Of(scores.Without[row], scores.Uplift[row]));
        return [.. Enum.GetValues<UpliftGroup>().Select(group =>
        {
            var rows = groups[group].ToArray();
            var (t, h) = SumsOf(rows, treated, y);
            return new UpliftGroupReport(group, rows.Length, rows.Length == 0 ? double.NaN : rows.Average(row => (double)scores.Uplift[row]), Compare.Mean(h), Compare.Means(t, h));
        })];
    }

    private static (Sums Treated, Sums Holdout) SumsOf(int[] rows, bool[] treated, float[] y)
    {
        Sums t = default, h = default;
        foreach (var row in rows)
        {
            if (treated[row]) t = t.Add(y[row]);
            else h = h.Add(y[row]);
        }

        return (t, h);
    }
}
