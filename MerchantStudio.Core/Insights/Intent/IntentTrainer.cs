using System.Collections.Immutable;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Learning.Linear;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Insights.Intent;

/// <summary>
/// Fits families of models on the training window and calibrates them on the validation window. The one with the
/// lowest validation log-loss is to be published; the test window stays closed until <see cref="IntentEvaluator"/> opens it.
/// </summary>
public static class IntentTrainer
{
    private const int MostCurvePoints = 120;

    /// <summary>The families of a run of the pipeline.</summary>
    /// <returns>A problem when the windows cannot be learnt from.</returns>
    public static Outcome<ImmutableArray<IntentCandidate>> Train(IntentQuestion question, TimeProvider time, IProgress<IntentProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(time);
        var candidates = ImmutableArray.CreateBuilder<IntentCandidate>();
        foreach (var family in IntentFamilies.All.Where(family => family.InRuns))
        {
            if (!Fit(family, question, family.Settings, time, progress, cancellationToken).TryGet(out var candidate, out var problem)) return problem;
            candidates.Add(candidate);
        }

        return candidates.ToImmutable();
    }

    /// <summary>Fits and calibrates one family.</summary>
    /// <param name="settings">How many of its settings to try, 1 or more.</param>
    /// <returns>A problem when the windows cannot be learnt from.</returns>
    public static Outcome<IntentCandidate> Fit(IntentFamily family, IntentQuestion question, int settings, TimeProvider time, IProgress<IntentProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(family);
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(time);
        var trainer = family.Create(question, settings);
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
            new IntentModel(model, new ChanceScale(calibrator, CalibrationBand.Fit(raw, labels, question.Seed))),
            new IntentTraining(trainer.Family, calibrator.Method, threshold, BinaryReport.Of(trainer.Family, raw, labels, BinaryReport.BestThreshold(raw, labels), question.Seed), seconds, curve.Best(MostCurvePoints), trainer is LogisticTrainer ? question.Preparation ?? Preparation.Default : null),
            training.Notes);
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
