namespace MerchantStudio.Core.Learning.Evaluation;

/// <summary>The best rule that needs one column only: "at least this much", "at most this much" or "is this category".</summary>
/// <param name="Column">Index of the column.</param>
/// <param name="AtLeast">True for values at or above the cut, false for values at or below it; for a category, values equal to it.</param>
/// <param name="Category">Name of the category; null for a number.</param>
public sealed record RuleOfThumb(int Column, string Name, bool AtLeast, double Cut, string? Category)
{
    private const int MostCuts = 64;

    /// <summary>Finds the rule with the best F1 on these rows, which must be training rows; the first column wins a tie.</summary>
    /// <returns>Null when no column varies or no row is positive.</returns>
    public static RuleOfThumb? Find(FeatureMatrix x, ReadOnlySpan<float> y)
    {
        ArgumentNullException.ThrowIfNull(x);
        RuleOfThumb? best = null;
        var bestF1 = 0.0;
        foreach (var rule in Candidates(x))
        {
            var f1 = BinaryMetrics.ConfusionAt(rule.Decide(x), y, 0.5).F1;
            if (f1 <= bestF1) continue;
            best = rule;
            bestF1 = f1;
        }

        return best;
    }

    /// <returns>1 for rows that the rule calls, else 0; missing values are never called.</returns>
    public float[] Decide(FeatureMatrix x)
    {
        ArgumentNullException.ThrowIfNull(x);
        var values = x.Column(Column);
        var decisions = new float[values.Length];
        for (var row = 0; row < decisions.Length; row++)
        {
            var called = Category is not null ? values[row] == Cut : AtLeast ? values[row] >= Cut : values[row] <= Cut;
            decisions[row] = called ? 1 : 0;
        }

        return decisions;
    }

    /// <returns>Scores that order rows by the rule's column in its direction, for ranking metrics; missing values come last.</returns>
    public float[] Rank(FeatureMatrix x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (Category is not null) return Decide(x);
        var ranks = x.Column(Column).ToArray();
        for (var row = 0; row < ranks.Length; row++) ranks[row] = float.IsNaN(ranks[row]) ? float.NegativeInfinity : AtLeast ? ranks[row] : -ranks[row];
        return ranks;
    }

    /// <summary>The rule's figures on test rows. As probabilities it gives the training rates of those it calls and does not call; its ranking is that of the column.</summary>
    public BinaryReport Judge(FeatureMatrix x, ReadOnlySpan<float> y, FeatureMatrix testX, ReadOnlySpan<float> testY, int seed)
    {
        var sums = new double[2];
        var rows = new int[2];
        var training = Decide(x);
        for (var row = 0; row < training.Length; row++)
        {
            sums[(int)training[row]] += y[row];
            rows[(int)training[row]]++;
        }

        var called = (float)(sums[1] / Math.Max(1, rows[1]));
        var others = (float)(sums[0] / Math.Max(1, rows[0]));
        float[] probabilities = [.. Decide(testX).Select(decision => decision > 0.5f ? called : others)];
        var ranks = Rank(testX);
        return BinaryReport.Of("rule of thumb", probabilities, testY, called, seed) with
        {
            Auroc = BinaryMetrics.Auroc(ranks, testY),
            AurocInterval = BinaryReport.Bootstrap(ranks, testY, BinaryMetrics.Auroc, 200, 0.9, seed),
            AveragePrecision = BinaryMetrics.AveragePrecision(ranks, testY),
        };
    }

    private static IEnumerable<RuleOfThumb> Candidates(FeatureMatrix x)
    {
        for (var column = 0; column < x.Columns.Length; column++)
        {
            var name = x.Columns[column].Name;
            if (x.Columns[column].IsCategorical)
            {
                for (var code = 0; code < x.Columns[column].Categories.Length; code++) yield return new RuleOfThumb(column, name, true, code, x.Columns[column].Categories[code]);
                continue;
            }

            foreach (var cut in Cuts(x.Column(column)))
            {
                yield return new RuleOfThumb(column, name, true, cut, null);
                yield return new RuleOfThumb(column, name, false, cut, null);
            }
        }
    }

    private static float[] Cuts(ReadOnlySpan<float> values)
    {
        var present = values.ToArray().Where(value => !float.IsNaN(value)).Distinct().Order().ToArray();
        if (present.Length < 2) return [];
        return present.Length <= MostCuts ? present : [.. Enumerable.Range(0, MostCuts).Select(i => present[(int)((long)i * (present.Length - 1) / (MostCuts - 1))])];
    }
}
