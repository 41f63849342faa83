using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Learning.Imbalance;

/// <summary>How the classes are brought nearer to each other before a model is fitted.</summary>
public enum Rebalancing
{
    /// <summary>Each row of the rarer class counts as often as brings the classes nearest to each other: a class weight in whole numbers.</summary>
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
        var rows = Rows(labels, new SeededRandom(SeededRandom.Mix((ulong)seed, 0xBA1A)));
        var drawn = SplitRows.Pick(labels, rows);
        if (!inner.Train(x.Take(rows), drawn, validationX, validationY, seed, progress, cancellationToken).TryGet(out var training, out var unlearnt)) return unlearnt;
        var back = validationY.Contains(1f) && validationY.Contains(0f)
            ? Calibration.FitPlatt(training.Model.Score(validationX), validationY)
            : new PlattCalibrator(1, BinaryModels.Logit(labels.Average()) - BinaryModels.Logit(drawn.Average()));
        return training with { Model = new RecalibratedModel(training.Model, back, rebalancing) };
    }

    /// <summary>Training rows to fit on, ascending; a row may come more than once.</summary>
    private int[] Rows(float[] y, SeededRandom random)
    {
        var byClass = Enumerable.Range(0, y.Length).GroupBy(row => y[row]).Select(group => group.ToArray()).OrderBy(group => group.Length).ToArray();
        var (rarer, larger) = (byClass[0], byClass[1]);
        IEnumerable<int> rows = rebalancing switch
        {
            Rebalancing.Weights => Enumerable.Repeat(rarer, (int)Math.Round((double)larger.Length / rarer.Length)).SelectMany(group => group).Concat(larger),
            Rebalancing.OverSampling => [.. rarer, .. Enumerable.Range(0, larger.Length - rarer.Length).Select(_ => rarer[random.NextInt(rarer.Length)]), .. larger],
            _ => [.. rarer, .. random.Sample(larger.Length, rarer.Length).Select(at => larger[at])],
        };
        return [.. rows.Order()];
    }
}
