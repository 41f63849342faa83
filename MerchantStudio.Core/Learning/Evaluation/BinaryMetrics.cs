namespace MerchantStudio.Core.Learning.Evaluation;

/// <summary>How good probabilities are against what happened. Each metric takes one score and one label (1 or 0) a row.</summary>
public static class BinaryMetrics
{
    private const double Least = 1e-7;

    /// <summary>Area under the ROC curve: the chance that a random positive scores above a random negative, ties counting half.</summary>
    /// <returns>0 to 1; NaN unless both classes are present.</returns>
    public static double Auroc(ReadOnlySpan<float> scores, ReadOnlySpan<float> labels)
    {
        var order = Ascending(scores);
        double positives = 0, rankSum = 0;
        for (var start = 0; start < order.Length;)
        {
            var end = start;
            while (end < order.Length && scores[order[end]] == scores[order[start]]) end++;
            var rank = (start + 1 + end) / 2.0;
            for (var i = start; i < end; i++)
            {
                if (labels[order[i]] <= 0.5f) continue;
                positives++;
                rankSum += rank;
            }

            start = end;
        }

        var negatives = order.Length - positives;
        return positives == 0 || negatives == 0 ? double.NaN : (rankSum - (positives * (positives + 1) / 2)) / (positives * negatives);
    }

    /// <summary>Average precision: area under the precision-recall curve as a sum of steps, ties taken together.</summary>
    /// <returns>0 to 1; NaN without a positive. The share of positives is what chance reaches.</returns>
    public static double AveragePrecision(ReadOnlySpan<float> scores, ReadOnlySpan<float> labels)
    {
        var order = Ascending(scores);
        double positives = 0;
        foreach (var label in labels) positives += label > 0.5f ? 1 : 0;
        if (positives == 0) return double.NaN;
        double area = 0, hits = 0, seen = 0;
        for (var end = order.Length; end > 0;)
        {
            var start = end;
            var before = hits;
            while (start > 0 && scores[order[start - 1]] == scores[order[end - 1]])
            {
                start--;
                if (labels[order[start]] > 0.5f) hits++;
            }

            seen += end - start;
            area += (hits - before) / positives * (hits / seen);
            end = start;
        }

        return area;
    }

    /// <summary>Mean negative log-likelihood; probabilities are held within 1e-7 of 0 and 1.</summary>
    public static double LogLoss(ReadOnlySpan<float> probabilities, ReadOnlySpan<float> labels)
    {
        var total = 0.0;
        for (var row = 0; row < labels.Length; row++)
        {
            var p = Math.Clamp(probabilities[row], Least, 1 - Least);
            total -= labels[row] > 0.5f ? Math.Log(p) : Math.Log(1 - p);
        }

        return labels.Length == 0 ? double.NaN : total / labels.Length;
    }

    internal static double LogLossOfLogOdds(ReadOnlySpan<double> logOdds, ReadOnlySpan<float> labels)
    {
        var total = 0.0;
        for (var row = 0; row < labels.Length; row++)
        {
            var z = logOdds[row];
            total += Math.Max(z, 0) - (z * labels[row]) + Math.Log(1 + Math.Exp(-Math.Abs(z)));
        }

        return labels.Length == 0 ? double.NaN : total / labels.Length;
    }

    /// <summary>Mean squared difference between probability and label, 0 at best.</summary>
    public static double Brier(ReadOnlySpan<float> probabilities, ReadOnlySpan<float> labels)
    {
        var total = 0.0;
        for (var row = 0; row < labels.Length; row++) total += Math.Pow(probabilities[row] - labels[row], 2);
        return labels.Length == 0 ? double.NaN : total / labels.Length;
    }

    /// <summary>Counts when every row at or above the threshold is called positive.</summary>
    public static Confusion ConfusionAt(ReadOnlySpan<float> scores, ReadOnlySpan<float> labels, double threshold)
    {
        int truePositives = 0, falsePositives = 0, falseNegatives = 0, trueNegatives = 0;
        for (var row = 0; row < labels.Length; row++)
        {
            var called = scores[row] >= threshold;
            if (labels[row] > 0.5f) _ = called ? truePositives++ : falseNegatives++;
            else _ = called ? falsePositives++ : trueNegatives++;
        }

        return new Confusion(threshold, truePositives, falsePositives, falseNegatives, trueNegatives);
    }

    /// <summary>Row numbers by rising score, equal scores by row.</summary>
    internal static int[] Ascending(ReadOnlySpan<float> scores)
    {
        var order = new int[scores.Length];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        var keys = scores.ToArray();
        Array.Sort(order, (a, b) => keys[a] != keys[b] ? keys[a].CompareTo(keys[b]) : a.CompareTo(b));
        return order;
    }
}

/// <summary>Counts of a yes-or-no decision against what happened.</summary>
public sealed record Confusion(double Threshold, int TruePositives, int FalsePositives, int FalseNegatives, int TrueNegatives)
{
    /// <summary>Of those called, the share that did; NaN when none was called.</summary>
    public double Precision => (double)TruePositives / (TruePositives + FalsePositives);

    /// <summary>Of those that did, the share that was called; NaN when none did.</summary>
    public double Recall => (double)TruePositives / (TruePositives + FalseNegatives);

    /// <summary>2TP / (2TP + FP + FN); 0 when nothing was found.</summary>
    public double F1 => 2 * TruePositives + FalsePositives + FalseNegatives == 0 ? 0 : 2.0 * TruePositives / ((2 * TruePositives) + FalsePositives + FalseNegatives);

    public double Accuracy => (double)(TruePositives + TrueNegatives) / (TruePositives + FalsePositives + FalseNegatives + TrueNegatives);
}
