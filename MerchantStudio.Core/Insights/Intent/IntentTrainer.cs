using System.Collections.Immutable;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Learning.Linear;
using MerchantStudio.Core.Learning.Trees;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Insights.Intent;

/// <summary>
/// Fits logistic regression and boosted trees on the training window and calibrates both on the validation window. The one with the
/// lower validation log-loss is to be published; the test window stays closed until <see cref="IntentEvaluator"/> opens it.
/// </summary>
public static class IntentTrainer
{
    private const int MostCurvePoints = 120;

    /// <summary>Long tails go through the logarithm before logistic regression sees them.</summary>
    private static readonly LogisticOptions Logistic = new(Squash: true);

    /// <summary>Cautious settings: a shop has some hundred to some ten thousand shoppers.</summary>
    private static readonly ImmutableArray<TreesOptions> Trees =
    [
        new(Rounds: 600, LearningRate: 0.05, Leaves: 4, Depth: 2, MinRows: 20, MinHessian: 3, L2: 5, Patience: 40),
        new(Rounds: 600, LearningRate: 0.05, Leaves: 8, Depth: 4, MinRows: 20, MinHessian: 3, L2: 5, ColumnShare: 0.5, Patience: 40),
        new(Rounds: 600, LearningRate: 0.05, Leaves: 16, Depth: 6, MinRows: 20, MinHessian: 3, L2: 10, ColumnShare: 0.5, Patience: 40),
    ];

    /// <returns>A problem when the windows cannot be learnt from.</returns>
    public static Outcome<ImmutableArray<IntentCandidate>> Train(IntentQuestion question, TimeProvider time, IProgress<IntentProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(time);
        IBinaryTrainer[] trainers = [new LogisticTrainer(Logistic with { Preparation = question.Preparation }, question.StopHere), new BoostedTreesTrainer(Trees, goOn: question.GoOn, stopHere: question.StopHere)];
        var candidates = ImmutableArray.CreateBuilder<IntentCandidate>(trainers.Length);
        foreach (var trainer in trainers)
        {
            if (!Fit(trainer, question, time, progress, cancellationToken).TryGet(out var candidate, out var problem)) return problem;
            candidates.Add(candidate);
        }

        return candidates.MoveToImmutable();
    }

    private static Outcome<IntentCandidate> Fit(IBinaryTrainer trainer, IntentQuestion question, TimeProvider time, IProgress<IntentProgress>? progress, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var curve = new CurveKeeper(question.HorizonDays, trainer.Family, progress);
        var learnt = trainer.Train(question.Training.X, question.Training.Y.AsSpan(), question.Validation.X, question.Validation.Y.AsSpan(), question.Seed, curve, cancellationToken);
        if (!learnt.TryGet(out var training, out var problem)) return problem;
        var model = training.Model;
        var seconds = time.GetElapsedTime(started).TotalSeconds;
        var raw = model.Score(question.Validation.X);
        var labels = question.Validation.Y.AsSpan();
        var calibrator = Calibration.Fit(raw, labels);
        var threshold = BinaryReport.BestThreshold(calibrator.Apply(raw), labels);
        return new IntentCandidate(
            new IntentModel(model, calibrator, CalibrationBand.Fit(raw, labels, question.Seed)),
            new IntentTraining(trainer.Family, calibrator.Method, threshold, BinaryReport.Of(trainer.Family, raw, labels, BinaryReport.BestThreshold(raw, labels), question.Seed), seconds, curve.Best(MostCurvePoints), trainer is LogisticTrainer ? question.Preparation ?? Preparation.Default : null));
    }

    /// <summary>Passes the curve on and keeps that of the setting with the lowest validation loss.</summary>
    private sealed class CurveKeeper(int horizonDays, string family, IProgress<IntentProgress>? progress) : IProgress<LearningStep>
    {
        private readonly List<List<LearningStep>> _settings = [];

        public void Report(LearningStep value)
        {
            if (value.Round == 1 || _settings.Count == 0) _settings.Add([]);
            _settings[^1].Add(value);
            progress?.Report(new IntentProgress(horizonDays, family, value));
        }

        public ImmutableArray<LearningStep> Best(int most)
        {
            var best = _settings.MinBy(steps => steps.Min(step => step.ValidationLoss)) ?? [];
            return best.Count <= most ? [.. best] : [.. Enumerable.Range(0, most).Select(i => best[(int)((long)i * (best.Count - 1) / (most - 1))])];
        }
    }
}
