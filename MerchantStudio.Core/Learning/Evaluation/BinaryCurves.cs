using System.Collections.Immutable;

namespace MerchantStudio.Core.Learning.Evaluation;

/// <summary>Of the rows at or above <paramref name="Threshold"/>: share that did, and share of all that did.</summary>
public sealed record PrecisionRecallPoint(double Threshold, double Precision, double Recall);

/// <param name="Decile">1 is the tenth with the highest scores.</param>
/// <param name="Lift">Its rate over the rate of all rows.</param>
/// <param name="CumulativeLift">The same for this and all higher deciles together.</param>
public sealed record LiftDecile(int Decile, int Rows, int Positives, double Rate, double Lift, double CumulativeLift);

/// <param name="Predicted">Mean probability in the bin.</param>
/// <param name="Observed">Share that did.</param>
/// <param name="Low">Lower end of the 90 % Wilson interval of the share.</param>
/// <param name="High">Upper end.</param>
public sealed record CalibrationBin(int Rows, double Predicted, double Observed, double Low, double High);

public sealed record HistogramBar(double From, double To, int Positives, int Negatives);

/// <summary>What the pages draw about a model's scores.</summary>
public static class BinaryCurves
{
    /// <summary>Standard normal quantile of a 90 % interval.</summary>
    public const double Z90 = 1.6448536269514722;

    /// <summary>Precision and recall at falling thresholds, at most <paramref name="most"/> of them.</summary>
    public static ImmutableArray<PrecisionRecallPoint> PrecisionRecall(ReadOnlySpan<float> scores, ReadOnlySpan<float> labels, int most = 200)
    {
        var order = BinaryMetrics.Ascending(scores);
        var all = new List<PrecisionRecallPoint>();
        double positives = 0, hits = 0;
        foreach (var label in labels) positives += label > 0.5f ? 1 : 0;
        if (positives == 0) return [];
        for (var i = order.Length - 1; i >= 0; i--)
        {
            if (labels[order[i]] > 0.5f) hits++;
            if (i > 0 && scores[order[i - 1]] == scores[order[i]]) continue;
            all.Add(new PrecisionRecallPoint(scores[order[i]], hits / (order.Length - i), hits / positives));
        }

        if (all.Count <= most) return [.. all];
        return [.. Enumerable.Range(0, most).Select(i => all[(int)((long)i * (all.Count - 1) / (most - 1))])];
    }

    /// <summary>Ten groups of equal size by falling score; equal scores are cut in row order.</summary>
    public static ImmutableArray<LiftDecile> Lift(ReadOnlySpan<float> scores, ReadOnlySpan<float> labels)
    {
        var order = BinaryMetrics.Ascending(scores);
        Array.Reverse(order);
        var rate = labels.Length == 0 ? 0 : Mean(labels);
        var deciles = ImmutableArray.CreateBuilder<LiftDecile>(10);
        var (rowsSoFar, positivesSoFar) = (0, 0);
        for (var decile = 0; decile < 10; decile++)
        {
            var from = (int)((long)order.Length * decile / 10);
            var to = (int)((long)order.Length * (decile + 1) / 10);
            if (to == from) continue;
            var positives = 0;
            for (var i = from; i < to; i++) positives += labels[order[i]] > 0.5f ? 1 : 0;
            rowsSoFar += to - from;
            positivesSoFar += positives;
            var own = (double)positives / (to - from);
            deciles.Add(new LiftDecile(decile + 1, to - from, positives, own, own / rate, (double)positivesSoFar / rowsSoFar / rate));
        }

        return deciles.ToImmutable();
    }

    /// <summary>Up to <paramref name="bins"/> groups of equal size by rising probability.</summary>
    public static ImmutableArray<CalibrationBin> Calibration(ReadOnlySpan<float> probabilities, ReadOnlySpan<float> labels, int bins = 10)
    {
        var order = BinaryMetrics.Ascending(probabilities);
        var result = ImmutableArray.CreateBuilder<CalibrationBin>(bins);
        for (var bin = 0; bin < bins; bin++)
        {
            var from = (int)((long)order.Length * bin / bins);
            var to = (int)((long)order.Length * (bin + 1) / bins);
            if (to == from) continue;
            double predicted = 0;
            var positives = 0;
            for (var i = from; i < to; i++)
            {
                predicted += probabilities[order[i]];
                positives += labels[order[i]] > 0.5f ? 1 : 0;
            }

            var (low, high) = Wilson(positives, to - from, Z90);
            result.Add(new CalibrationBin(to - from, predicted / (to - from), (double)positives / (to - from), low, high));
        }

        return result.ToImmutable();
    }

    /// <summary>Mean distance of predicted and observed share, each bin by its rows; 0 without rows.</summary>
    public static double CalibrationError(ImmutableArray<CalibrationBin> bins) => bins.Sum(bin => bin.Rows * Math.Abs(bin.Predicted - bin.Observed)) / Math.Max(1, bins.Sum(bin => bin.Rows));

    /// <summary>How many rows of each class fall into each of <paramref name="bars"/> equal stretches of 0 to <paramref name="upTo"/>; higher scores count in the last.</summary>
    public static ImmutableArray<HistogramBar> Histogram(ReadOnlySpan<float> probabilities, ReadOnlySpan<float> labels, int bars = 20, double upTo = 1)
    {
        var positives = new int[bars];
        var negatives = new int[bars];
        for (var row = 0; row < labels.Length; row++)
        {
            var bar = Math.Clamp((int)(probabilities[row] / upTo * bars), 0, bars - 1);
            if (labels[row] > 0.5f) positives[bar]++;
            else negatives[bar]++;
        }

        return [.. Enumerable.Range(0, bars).Select(i => new HistogramBar(upTo * i / bars, upTo * (i + 1) / bars, positives[i], negatives[i]))];
    }

    /// <summary>Interval of a share that keeps its promise also for few rows and shares near 0 and 1.</summary>
    /// <remarks>Wilson, Probable inference, the law of succession, and statistical inference, JASA 22, 1927.</remarks>
    public static (double Low, double High) Wilson(int positives, int rows, double z)
    {
        if (rows == 0) return (0, 1);
        var p = (double)positives / rows;
        var divisor = 1 + (z * z / rows);
        var centre = (p + (z * z / (2 * rows))) / divisor;
        var half = z / divisor * Math.Sqrt((p * (1 - p) / rows) + (z * z / (4.0 * rows * rows)));
        return (Math.Max(0, centre - half), Math.Min(1, centre + half));
    }

    internal static double Mean(ReadOnlySpan<float> values)
    {
        var total = 0.0;
        foreach (var value in values) total += value;
        return total / values.Length;
    }
}
