using System.Collections.Immutable;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Evaluation.Folds;

namespace MerchantStudio.Core.Pipeline.Training;

/// <summary>Judges a family at earlier moments too: learnt from the windows before, tested on the next, so that one lucky week does not decide alone.</summary>
internal static class EarlierMoments
{
    private const int Folds = 3;

    /// <summary>How much longer than one training all folds take at most: a quarter, a half and three quarters of the rows, and what goes with them.</summary>
    public const double Trainings = 2;

    /// <param name="moments">When each training row is of, in order; the validation rows come after them all.</param>
    /// <returns>Null where there are too few windows.</returns>
    public static FoldFigures? Judge(IntentFamily family, IntentQuestion question, int settings, ImmutableArray<double> moments, TimeProvider time, CancellationToken cancellationToken)
    {
        var x = FeatureMatrix.Concat([question.Training.X, question.Validation.X]);
        float[] y = [.. question.Training.Y, .. question.Validation.Y];
        var plan = new RollingFolds(Folds, [.. moments, .. Enumerable.Repeat(moments[^1] + 1, question.Validation.Y.Length)]);
        var choice = new TrainerChoice(family.Key, family.Create(question, settings));
        if (!CrossValidation.Of(x, y, plan, question.Seed, time).Run([choice], null, null, cancellationToken).TryGet(out var report, out _)) return null;
        var auroc = report.Metrics.First(metric => metric.Metric == "auroc");
        return double.IsFinite(auroc.Mean) ? new FoldFigures(report.Folds.Length, auroc.Mean, auroc.Deviation) : null;
    }
}

/// <param name="Auroc">Mean over the folds.</param>
/// <param name="Deviation">Standard deviation between the folds.</param>
public sealed record FoldFigures(int Folds, double Auroc, double Deviation);
