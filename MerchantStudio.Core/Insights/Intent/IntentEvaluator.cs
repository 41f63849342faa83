using System.Collections.Immutable;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Evaluation;

namespace MerchantStudio.Core.Insights.Intent;

/// <summary>Chooses among trained candidates by their validation log-loss and opens the test window, once, to say how good each is.</summary>
public static class IntentEvaluator
{
    private const int MostThresholds = 101;
    private const int Shuffles = 2;
    private const int MostShuffledRows = 2000;

    /// <summary>The candidate to publish.</summary>
    public static IntentCandidate Choose(ImmutableArray<IntentCandidate> candidates) => candidates.MinBy(candidate => candidate.Training.Validation.LogLoss)!;

    public static IntentReport Evaluate(IntentQuestion question, ImmutableArray<IntentCandidate> candidates, CancellationToken cancellationToken)
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
            BinaryReport.Majority((double)question.Training.Buyers / question.Training.Y.Length, labels), Rule(question),
            BinaryCurves.PrecisionRecall(probabilities, labels), BinaryCurves.Lift(probabilities, labels), calibration,
            calibration.Sum(bin => bin.Rows * Math.Abs(bin.Predicted - bin.Observed)) / labels.Length,
            Thresholds(probabilities, labels.ToArray()), Importance(best.Model, question, cancellationToken), []);
    }

    private static IntentModelReport Judge(IntentCandidate candidate, IntentQuestion question)
    {
        var training = candidate.Training;
        var test = BinaryReport.Of(training.Family, candidate.Model.Probabilities(question.Test.X), question.Test.Y.AsSpan(), training.Threshold, question.Seed);
        return new IntentModelReport(training.Family, training.Validation, test, training.Seconds, training.Curve);
    }

    private static IntentWindowReport Describe(IntentWindow window) => new(window.From, window.To, window.Y.Length, window.Buyers);

    private static IntentRule? Rule(IntentQuestion question)
    {
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

    /// <summary>Each feature's values are shuffled among the validation shoppers; what the log-loss loses is what the feature gave.</summary>
    /// <remarks>Breiman, Random forests, Machine Learning 45, 2001, section 10.</remarks>
    private static ImmutableArray<IntentImportance> Importance(IntentModel model, IntentQuestion question, CancellationToken cancellationToken)
    {
        var seed = (ulong)question.Seed;
        var rows = new SeededRandom(seed).Sample(question.Validation.Y.Length, Math.Min(question.Validation.Y.Length, MostShuffledRows));
        var x = question.Validation.X.Take(rows);
        float[] y = [.. rows.Select(row => question.Validation.Y[row])];
        var before = BinaryMetrics.LogLoss(model.Probabilities(x), y);
        var gains = new double[x.Columns.Length];
        Parallel.For(0, gains.Length, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancellationToken }, column =>
        {
            for (var shuffle = 0; shuffle < Shuffles; shuffle++)
            {
                var shuffled = Shuffled(x, column, new SeededRandom(SeededRandom.Mix(seed, (ulong)((column * Shuffles) + shuffle))));
                gains[column] += (BinaryMetrics.LogLoss(model.Probabilities(shuffled), y) - before) / Shuffles;
            }
        });
        return [.. gains.Select((gain, column) => new IntentImportance(x.Columns[column].Name, gain)).OrderByDescending(one => one.LogLossGain)];
    }

    private static FeatureMatrix Shuffled(FeatureMatrix x, int column, SeededRandom random)
    {
        var values = new float[x.Columns.Length * x.Rows];
        for (var c = 0; c < x.Columns.Length; c++) x.Column(c).CopyTo(values.AsSpan(c * x.Rows, x.Rows));
        var own = values.AsSpan(column * x.Rows, x.Rows);
        for (var i = own.Length - 1; i > 0; i--)
        {
            var other = random.NextInt(i + 1);
            (own[i], own[other]) = (own[other], own[i]);
        }

        return new FeatureMatrix(x.Columns, x.Rows, values);
    }
}
