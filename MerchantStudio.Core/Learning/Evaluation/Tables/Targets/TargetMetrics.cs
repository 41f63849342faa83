using System.Collections.Immutable;
using MerchantStudio.Core.Learning.Trees;

namespace MerchantStudio.Core.Learning.Evaluation.Tables.Targets;

/// <summary>Figures of answers beside the truth.</summary>
internal static class TargetMetrics
{
    private const int Cut = 10;
    private const double Least = 1e-7;   // of a chance, before its logarithm

    /// <param name="answers">Row after row: a probability for each class, else one number.</param>
    public static ImmutableArray<TargetMetric> Of(TreesObjective target, float[] answers, TreesTable rows) => target switch
    {
        TreesObjective.Softmax => Classes(answers, rows.Y),
        TreesObjective.Poisson => [new("poisson deviance", Deviance(answers, rows.Y)), .. Numbers(answers, rows.Y)],
        TreesObjective.Ranking => [new("ndcg@10", Ndcg(answers, rows, Cut)), new("ndcg@5", Ndcg(answers, rows, Cut / 2))],
        _ => Numbers(answers, rows.Y),
    };

    /// <summary>What settings are chosen by: the lower, the better.</summary>
    public static double Loss(TreesObjective target, float[] answers, TreesTable rows) => target switch
    {
        TreesObjective.Softmax => LogLoss(answers, rows.Y),
        TreesObjective.Poisson => Deviance(answers, rows.Y),
        TreesObjective.Ranking => 1 - Ndcg(answers, rows, Cut),
        _ => SquaredError(answers, rows.Y),
    };

    private static ImmutableArray<TargetMetric> Classes(float[] answers, float[] y)
    {
        var classes = answers.Length / y.Length;
        var (told, right, there) = (new int[classes], new int[classes], new int[classes]);
        for (var row = 0; row < y.Length; row++)
        {
            var chances = answers.AsSpan(row * classes, classes);
            var best = 0;
            for (var k = 1; k < classes; k++) best = chances[k] > chances[best] ? k : best;
            told[best]++;
            there[(int)y[row]]++;
            if (best == (int)y[row]) right[best]++;
        }

        int[] met = [.. Enumerable.Range(0, classes).Where(k => there[k] > 0)];
        return
        [
            new("accuracy", (double)right.Sum() / y.Length), new("mean recall", met.Average(k => (double)right[k] / there[k])),
            new("macro f1", met.Average(k => 2.0 * right[k] / (told[k] + there[k]))), new("log-loss", LogLoss(answers, y)),
        ];
    }

    private static ImmutableArray<TargetMetric> Numbers(float[] answers, float[] y)
    {
        var mean = y.Average(value => (double)value);
        return
        [
            new("rmse", Math.Sqrt(SquaredError(answers, y))), new("mae", answers.Zip(y, (answer, truth) => Math.Abs((double)answer - truth)).Average()),
            new("r2", 1 - (SquaredError(answers, y) / y.Average(value => (value - mean) * (value - mean)))),
        ];
    }

    private static double LogLoss(float[] answers, float[] y)
    {
        var classes = answers.Length / y.Length;
        return y.Select((truth, row) => -Math.Log(Math.Max(answers[(row * classes) + (int)truth], Least))).Average();
    }

    private static double SquaredError(float[] answers, float[] y) => answers.Zip(y, (answer, truth) => ((double)answer - truth) * ((double)answer - truth)).Average();

    private static double Deviance(float[] answers, float[] y) => answers.Zip(y, (answer, truth) =>
    {
        var mean = Math.Max(answer, Least);
        return 2 * ((truth > 0 ? truth * Math.Log(truth / mean) : 0) - (truth - mean));
    }).Average();

    /// <summary>Normalized discounted cumulative gain, gain 2^grade − 1, log2 discount; the mean over queries that have any gain. Rows of equal answers stay in their order.</summary>
    /// <remarks>Jarvelin and Kekalainen, Cumulated gain-based evaluation of IR techniques, TOIS 20(4), 2002; the gain as in Burges and others, ICML 2005.</remarks>
    internal static double Ndcg(float[] answers, TreesTable rows, int cut)
    {
        var figures = new List<double>();
        var from = 0;
        foreach (var size in rows.QuerySizes!)
        {
            var grades = rows.Y.AsSpan(from, size).ToArray();
            var best = Gain(grades.OrderDescending());
            if (best > 0) figures.Add(Gain(grades.Zip(answers.AsSpan(from, size).ToArray()).OrderByDescending(pair => pair.Second).Select(pair => pair.First)) / best);
            from += size;
        }

        return figures.Count == 0 ? double.NaN : figures.Average();

        double Gain(IEnumerable<float> ordered) => ordered.Take(cut).Select((grade, place) => (Math.Pow(2, grade) - 1) / Math.Log2(place + 2)).Sum();
    }
}
