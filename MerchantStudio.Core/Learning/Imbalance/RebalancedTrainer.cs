using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Learning.Imbalance;

/// <summary>How the classes are brought nearer to each other before a model is fitted.</summary>
public enum Rebalancing
{
    /// <summary>Each row of the rarer class counts as much as there are rows of the larger for one of it: a class weight, fractions included.</summary>
    Weights,

    /// <summary>Rows of the rarer class are drawn again, with replacement, until there are as many as of the other.</summary>
    OverSampling,

    /// <summary>As many rows of the larger class are kept as there are of the rarer.</summary>
    UnderSampling,
}

/// <summary>Fits a family on training rows whose classes were brought nearer to each other, then brings its probabilities back to the shop's own rate. Validation rows are never touched.</summary>
/// <remarks>
/// He and Garcia, Learning from imbalanced data, TKDE 21(9), 2009; without validation rows of both classes the shift is the one that follows from the rates:
/// Elkan, The foundations of cost-sensitive learning, IJCAI 2001.
/// </remarks>
public sealed class RebalancedTrainer(IBinaryTrainer inner, Rebalancing rebalancing) : IBinaryTrainer
{
    public string Family => inner.Family;

    public Outcome<BinaryTraining> Train(FeatureMatrix x, ReadOnlySpan<float> y, FeatureMatrix validationX, ReadOnlySpan<float> validationY, int seed, IProgress<LearningStep>? progress, CancellationToken cancellationToken)
    {
        if (TableCheck.Binary(x, y, validationX, validationY) is { } problem) return problem;
        var labels = y.ToArray();
        var (near, nearY) = (x, labels);
        if (rebalancing == Rebalancing.Weights) near = x.WithWeights(Weights(labels, x));
        else
        {
            var rows = Rows(labels, new SeededRandom(SeededRandom.Mix((ulong)seed, 0xBA1A)));
            (near, nearY) = (x.Take(rows), SplitRows.Pick(labels, rows));
        }

        if (!inner.Train(near, nearY, validationX, validationY, seed, progress, cancellationToken).TryGet(out var training, out var unlearnt)) return unlearnt;
        var back = validationY.Contains(1f) && validationY.Contains(0f)
            ? Calibration.FitPlatt(training.Model.Score(validationX), validationY)
            : new PlattCalibrator(1, BinaryModels.Logit(Rate(labels, x)) - BinaryModels.Logit(Rate(nearY, near)));
        return training with { Model = new RecalibratedModel(training.Model, back, rebalancing) };
    }

    private static float[] Weights(float[] y, FeatureMatrix x)
    {
        var rate = Rate(y, x);
        var (yes, no) = rate < 0.5 ? ((float)((1 - rate) / rate), 1f) : (1f, (float)(rate / (1 - rate)));
        return [.. y.Select((label, row) => (label > 0.5f ? yes : no) * (x.Weights.IsEmpty ? 1 : x.Weights[row]))];
    }

    /// <summary>The weighted share of yes.</summary>
    private static double Rate(float[] y, FeatureMatrix x)
    {
        if (x.Weights.IsEmpty) return y.Average();
        var (yes, all) = (0.0, 0.0);
        for (var row = 0; row < y.Length; row++)
        {
            yes += y[row] * x.Weights[row];
            all += x.Weights[row];
        }

        return yes / all;
    }

    /// <summary>Training rows to fit on, ascending; a row may come more than once.</summary>
    private int[] Rows(float[] y, SeededRandom random)
    {
        var byClass = Enumerable.Range(0, y.Length).GroupBy(row => y[row]).Select(group => group.ToArray()).OrderBy(group => group.Length).ToArray();
        var (rarer, larger) = (byClass[0], byClass[1]);
        IEnumerable<int> rows = rebalancing switch
        {
            Rebalancing.OverSampling => [.. rarer, .. Enumerable.Range(0, larger.Length - rarer.Length).Select(_ => rarer[random.NextInt(rarer.Length)]), .. larger],
            _ => [.. rarer, .. random.Sample(larger.Length, rarer.Length).Select(at => larger[at])],
        };
        return [.. rows.Order()];
    }
}
