namespace MerchantStudio.Core.Learning.Evaluation;

/// <summary>Turns a model's scores into probabilities that hold what they say. Fitted on validation rows.</summary>
public abstract record Calibrator
{
    /// <summary>"platt", "isotonic".</summary>
    public abstract string Method { get; }

    public abstract double Apply(double probability);

    public float[] Apply(ReadOnlySpan<float> probabilities)
    {
        var result = new float[probabilities.Length];
        for (var i = 0; i < result.Length; i++) result[i] = (float)Apply(probabilities[i]);
        return result;
    }
}

/// <summary>Straight line on the log-odds: sigmoid(Slope · logit(p) + Shift). Right for few rows.</summary>
public sealed record PlattCalibrator(double Slope, double Shift) : Calibrator
{
    public override string Method => "platt";

    public override double Apply(double probability) =>
        BinaryModels.Sigmoid((Slope * Calibration.SafeLogit(probability)) + Shift);
}

/// <summary>Rising steps with straight lines between them.</summary>
/// <param name="Scores">Rising scores at the middle of each step.</param>
/// <param name="Rates">The rate of each, never falling.</param>
public sealed record IsotonicCalibrator(double[] Scores, double[] Rates) : Calibrator
{
    public override string Method => "isotonic";

    public override double Apply(double probability)
    {
        if (probability <= Scores[0]) return Rates[0];
        if (probability >= Scores[^1]) return Rates[^1];
        var above = Array.BinarySearch(Scores, probability);
        if (above >= 0) return Rates[above];
        above = ~above;
        var share = (probability - Scores[above - 1]) / (Scores[above] - Scores[above - 1]);
        return Rates[above - 1] + (share * (Rates[above] - Rates[above - 1]));
    }
}

public static class Calibration
{
    /// <summary>From this many positives on, isotonic has enough rows to be trusted; below it would follow noise.</summary>
    private const int LeastPositivesForIsotonic = 1000;

    /// <summary>Platt for small, isotonic for large validation sets.</summary>
    public static Calibrator Fit(ReadOnlySpan<float> probabilities, ReadOnlySpan<float> labels)
    {
        var positives = 0;
        foreach (var label in labels) positives += label > 0.5f ? 1 : 0;
        return positives >= LeastPositivesForIsotonic && labels.Length - positives >= LeastPositivesForIsotonic
            ? FitIsotonic(probabilities, labels)
            : FitPlatt(probabilities, labels);
    }

    /// <summary>Newton's method on slope and shift, towards labels smoothed as Platt did; the slope is kept at or above 0.</summary>
    /// <remarks>Platt, Probabilistic outputs for support vector machines, 1999; here on the logit of a probability.</remarks>
    public static PlattCalibrator FitPlatt(ReadOnlySpan<float> probabilities, ReadOnlySpan<float> labels)
    {
        double positives = 0;
        foreach (var label in labels) positives += label > 0.5f ? 1 : 0;
        var negatives = labels.Length - positives;
        if (positives == 0 || negatives == 0) return new PlattCalibrator(1, 0);
        var (high, low) = ((positives + 1) / (positives + 2), 1 / (negatives + 2));
        var logits = new double[labels.Length];
        var targets = new double[labels.Length];
        for (var row = 0; row < labels.Length; row++) (logits[row], targets[row]) = (SafeLogit(probabilities[row]), labels[row] > 0.5f ? high : low);

        // Far too sure scores have no curvature where they stand; from a flat line the way down is always seen.
        var (slope, shift, converged) = Newton(logits, targets, 1, 0);
        if (!converged) (slope, shift, _) = Newton(logits, targets, 0, BinaryModels.Logit(positives / labels.Length));

        // A falling line would turn the ranking round; then the scores say nothing and everyone gets the rate.
        return slope > 0 ? new PlattCalibrator(slope, shift) : new PlattCalibrator(0, BinaryModels.Logit(positives / labels.Length));
    }

    private static (double Slope, double Shift, bool Converged) Newton(double[] logits, double[] targets, double slope, double shift)
    {
        for (var step = 0; step < 100; step++)
        {
            double gs = 0, gb = 0, hss = 1e-9, hsb = 0, hbb = 1e-9;
            for (var row = 0; row < logits.Length; row++)
            {
                var z = logits[row];
                var p = BinaryModels.Sigmoid((slope * z) + shift);
                var error = p - targets[row];
                var curvature = p * (1 - p);
                gs += error * z;
                gb += error;
                hss += curvature * z * z;
                hsb += curvature * z;
                hbb += curvature;
            }

            var determinant = (hss * hbb) - (hsb * hsb);
            if (determinant <= 1e-15) break;
            var slopeMove = Math.Clamp(((hbb * gs) - (hsb * gb)) / determinant, -2, 2);
            var shiftMove = Math.Clamp(((hss * gb) - (hsb * gs)) / determinant, -2, 2);

            // A whole move may leap over the valley and back for ever; one that climbs is halved. The last moves change no more than rounding does.
            var most = Loss(logits, targets, slope, shift) * (1 + 1e-12);
            var share = 1.0;
            while (share > 1e-6 && Loss(logits, targets, slope - (share * slopeMove), shift - (share * shiftMove)) > most) share /= 2;
            slope -= share * slopeMove;
            shift -= share * shiftMove;
            if (Math.Abs(slopeMove) + Math.Abs(shiftMove) < 1e-9) return (slope, shift, true);
        }

        return (slope, shift, false);
    }

    /// <summary>Log-loss of the line, summed.</summary>
    private static double Loss(double[] logits, double[] targets, double slope, double shift)
    {
        var sum = 0.0;
        for (var row = 0; row < logits.Length; row++)
        {
            var line = (slope * logits[row]) + shift;
            sum += Math.Max(line, 0) + Math.Log(1 + Math.Exp(-Math.Abs(line))) - (targets[row] * line);
        }

        return sum;
    }

    /// <summary>Pool adjacent violators: the closest never-falling steps.</summary>
    /// <remarks>Barlow, Bartholomew, Bremner and Brunk, Statistical inference under order restrictions, 1972.</remarks>
    public static IsotonicCalibrator FitIsotonic(ReadOnlySpan<float> probabilities, ReadOnlySpan<float> labels)
    {
        var order = BinaryMetrics.Ascending(probabilities);
        var pools = new List<(double ScoreSum, double LabelSum, int Rows)>();
        for (var start = 0; start < order.Length;)
        {
            (double ScoreSum, double LabelSum, int Rows) pool = (0, 0, 0);
            var score = probabilities[order[start]];
            for (; start < order.Length && probabilities[order[start]] == score; start++) pool = (pool.ScoreSum + score, pool.LabelSum + labels[order[start]], pool.Rows + 1);
            while (pools.Count > 0 && pools[^1].LabelSum * pool.Rows >= pool.LabelSum * pools[^1].Rows)
            {
                pool = (pool.ScoreSum + pools[^1].ScoreSum, pool.LabelSum + pools[^1].LabelSum, pool.Rows + pools[^1].Rows);
                pools.RemoveAt(pools.Count - 1);
            }

            pools.Add(pool);
        }

        if (pools.Count == 0) throw new ArgumentException("Calibration needs one row or more.", nameof(labels));
        return new IsotonicCalibrator([.. pools.Select(pool => pool.ScoreSum / pool.Rows)], [.. pools.Select(pool => pool.LabelSum / pool.Rows)]);
    }

    internal static double SafeLogit(double p) => BinaryModels.Logit(Math.Clamp(p, 1e-7, 1 - 1e-7));
}
