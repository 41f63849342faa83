namespace MerchantStudio.Core.Learning.Evaluation;

public sealed record Interval(double Low, double High);

/// <summary>The figures of one model on rows it has not seen.</summary>
/// <param name="Threshold">Where F1 and accuracy are taken: the threshold with the best F1 on the validation rows.</param>
public sealed record BinaryReport(
    string Model, int Rows, int Positives, double Auroc, Interval AurocInterval, double AveragePrecision, double LogLoss, double Brier,
    double Threshold, double Accuracy, double Precision, double Recall, double F1)
{
    private const int Resamples = 200;

    public static BinaryReport Of(string model, ReadOnlySpan<float> scores, ReadOnlySpan<float> labels, double threshold, int seed)
    {
        var confusion = BinaryMetrics.ConfusionAt(scores, labels, threshold);
        return new BinaryReport(
            model, labels.Length, confusion.TruePositives + confusion.FalseNegatives,
            BinaryMetrics.Auroc(scores, labels), Bootstrap(scores, labels, BinaryMetrics.Auroc, Resamples, 0.9, seed),
            BinaryMetrics.AveragePrecision(scores, labels), BinaryMetrics.LogLoss(scores, labels), BinaryMetrics.Brier(scores, labels),
            threshold, confusion.Accuracy, Zero(confusion.Precision), Zero(confusion.Recall), confusion.F1);
    }

    /// <summary>Always answers with the training rate; its ranking is worth nothing and its decision is the larger class.</summary>
    public static BinaryReport Majority(double trainingRate, ReadOnlySpan<float> labels)
    {
        var scores = new float[labels.Length];
        Array.Fill(scores, (float)trainingRate);
        var confusion = BinaryMetrics.ConfusionAt(scores, labels, 0.5);
        return new BinaryReport(
            "majority", labels.Length, confusion.TruePositives + confusion.FalseNegatives, 0.5, new Interval(0.5, 0.5),
            BinaryMetrics.AveragePrecision(scores, labels), BinaryMetrics.LogLoss(scores, labels), BinaryMetrics.Brier(scores, labels),
            0.5, confusion.Accuracy, Zero(confusion.Precision), Zero(confusion.Recall), confusion.F1);
    }

    /// <summary>The threshold with the best F1 on these rows; 0.5 when none is better than calling nobody.</summary>
    public static double BestThreshold(ReadOnlySpan<float> scores, ReadOnlySpan<float> labels)
    {
        var order = BinaryMetrics.Ascending(scores);
        var positives = 0;
        foreach (var label in labels) positives += label > 0.5f ? 1 : 0;
        var (best, at) = (0.0, 0.5);
        var hits = 0;
        for (var i = order.Length - 1; i >= 0; i--)
        {
            if (labels[order[i]] > 0.5f) hits++;
            if (i > 0 && scores[order[i - 1]] == scores[order[i]]) continue;
            var f1 = 2.0 * hits / (order.Length - i + positives);
            if (f1 > best) (best, at) = (f1, scores[order[i]]);
        }

        return at;
    }

    public delegate double Metric(ReadOnlySpan<float> scores, ReadOnlySpan<float> labels);

    /// <summary>Percentile interval of a metric over rows drawn with replacement.</summary>
    /// <param name="level">0.9 for a 90 % interval.</param>
    public static Interval Bootstrap(ReadOnlySpan<float> scores, ReadOnlySpan<float> labels, Metric metric, int resamples, double level, int seed)
    {
        ArgumentNullException.ThrowIfNull(metric);
        var random = new SeededRandom((ulong)seed);
        var values = new List<double>(resamples);
        var s = new float[scores.Length];
        var l = new float[scores.Length];
        for (var round = 0; round < resamples; round++)
        {
            for (var i = 0; i < s.Length; i++)
            {
                var row = random.NextInt(s.Length);
                s[i] = scores[row];
                l[i] = labels[row];
            }

            var value = metric(s, l);
            if (!double.IsNaN(value)) values.Add(value);
        }

        if (values.Count == 0) return new Interval(double.NaN, double.NaN);
        values.Sort();
        return new Interval(Quantile(values, (1 - level) / 2), Quantile(values, (1 + level) / 2));
    }

    internal static double Quantile(IReadOnlyList<double> sorted, double share)
    {
        var at = share * (sorted.Count - 1);
        var below = (int)at;
        var above = Math.Min(below + 1, sorted.Count - 1);
        return sorted[below] + ((at - below) * (sorted[above] - sorted[below]));
    }

    private static double Zero(double value) => double.IsNaN(value) ? 0 : value;
}
