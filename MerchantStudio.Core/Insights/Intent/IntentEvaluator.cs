using System.Collections.Immutable;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Evaluation;

namespace MerchantStudio.Core.Insights.Intent;

/// <summary>Chooses among trained candidates by their validation log-loss and opens the test window, once, to say how good each is.</summary>
public static class IntentEvaluator
{
    private const int MostThresholds = 101;
    private const int Shuffles = 5;
    private const int MostShuffledRows = 2000;

    /// <summary>The candidate to publish.</summary>
    public static IntentCandidate Choose(ImmutableArray<IntentCandidate> candidates) => candidates.MinBy(candidate => candidate.Training.Validation.LogLoss)!;

    public static IntentReport Evaluate(IntentQuestion question, ImmutableArray<IntentCandidate> candidates, CancellationToken cancellationToken) => Evaluate(question, candidates, Rule(question), cancellationToken);

    /// <param name="rule">That of <see cref="Rule"/>, which looks through all training rows and is the same for all candidates.</param>
    public static IntentReport Evaluate(IntentQuestion question, ImmutableArray<IntentCandidate> candidates, IntentRule? rule, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        var best = Choose(candidates);
        var labels = question.Test.Y.AsSpan();
        var probabilities = best.Model.Probabilities(question.Test.X);
        var calibration = BinaryCurves.Calibration(probabilities, labels);
        return new IntentReport(
            question.HorizonDays, best.Training.Family, question.Seed, best.Training.Calibration,
            Describe(question.Training), Describe(question.Validation), Describe(question.Test),
            [.. candidates.Select(candidate => Judge(candidate, question))],
            BinaryReport.Majority((double)question.Training.Buyers / question.Training.Y.Length, labels), rule,
            BinaryCurves.PrecisionRecall(probabilities, labels), BinaryCurves.Lift(probabilities, labels), calibration,
            BinaryCurves.CalibrationError(calibration),
            Thresholds(probabilities, labels.ToArray()), Importance(best.Model, question, cancellationToken), []);
    }

    private static IntentModelReport Judge(IntentCandidate candidate, IntentQuestion question)
    {
        var training = candidate.Training;
        var test = BinaryReport.Of(training.Family, candidate.Model.Probabilities(question.Test.X), question.Test.Y.AsSpan(), training.Threshold, question.Seed);
        return new IntentModelReport(training.Family, training.Validation, test, training.Seconds, training.Curve);
    }

    private static IntentWindowReport Describe(IntentWindow window) => new(window.From, window.To, window.Y.Length, window.Buyers);

    /// <summary>The best rule that needs one figure only, found on the training window and judged on the test window; null where there is none.</summary>
    public static IntentRule? Rule(IntentQuestion question)
    {
        ArgumentNullException.ThrowIfNull(question);
        var rule = RuleOfThumb.Find(question.Training.X, question.Training.Y.AsSpan());
        if (rule is null) return null;
        var labels = question.Test.Y.AsSpan();
        return new IntentRule(
            rule.Name, rule.AtLeast, rule.Cut,
            rule.Judge(question.Training.X, question.Training.Y.AsSpan(), question.Test.X, labels, question.Seed),
            BinaryMetrics.ConfusionAt(rule.Decide(question.Test.X), labels, 0.5),
            BinaryCurves.PrecisionRecall(rule.Rank(question.Test.X), labels, 50));
    }

    /// <summary>Counts at thresholds from everyone to the surest, closest together among the sure, where decisions are made.</summary>
    private static ImmutableArray<Confusion> Thresholds(float[] probabilities, float[] labels)
    {
        var sorted = probabilities.OrderDescending().ToArray();
        var ranks = Enumerable.Range(0, MostThresholds).Select(i => (int)Math.Round(Math.Pow(sorted.Length, (double)i / (MostThresholds - 1))) - 1);
        return [.. ranks.Select(rank => (double)sorted[rank]).Distinct().Order().Select(cut => BinaryMetrics.ConfusionAt(probabilities, labels, cut))];
    }

    private static ImmutableArray<IntentImportance> Importance(IntentModel model, IntentQuestion question, CancellationToken cancellationToken)
    {
        var rows = new SeededRandom((ulong)question.Seed).Sample(question.Validation.Y.Length, Math.Min(question.Validation.Y.Length, MostShuffledRows));
        float[] y = [.. rows.Select(row => question.Validation.Y[row])];
        return [.. PermutationImportance.Measure(model.Probabilities, question.Validation.X.Take(rows), y, Shuffles, question.Seed, threads: 2, cancellationToken).Select(one => new IntentImportance(one.Column, one.Gain, one.Interval))];
    }
}
