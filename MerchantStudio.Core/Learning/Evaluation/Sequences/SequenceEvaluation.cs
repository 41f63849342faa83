using System.Collections.Immutable;
using MerchantStudio.Core.Learning.Evaluation.Tables;
using MerchantStudio.Core.Learning.Linear;
using MerchantStudio.Core.Learning.Networks;
using MerchantStudio.Core.Learning.Networks.Sequences;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Learning.Evaluation.Sequences;

/// <summary>Sets networks that read a session's events in their order beside a majority and a logistic regression on how often each kind came. Sessions that began later judge: the last fifth tests.</summary>
public static class SequenceEvaluation
{
    private const double TestShare = 0.2;
    private const double ValidationShare = 0.15;
    private const int Seed = 1;

    public static Outcome<SequenceReport> Run(Table table, SequenceQuestion question, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(question);
        if (!SessionLog.Of(table, question).TryGet(out var log, out var problem)) return problem;
        var target = log.Kinds.IndexOf(question.Target) + 1;
        if (target == 0) return new Problem("evaluate.no-target", "No event is a '{0}'. The file has: {1}.", question.Target, string.Join(", ", log.Kinds.Take(20)));
        var asked = log.Sessions.Where(session => session.Length > question.Seen && !session.AsSpan(0, question.Seen).Contains(target)).ToImmutableArray();
        var sides = Sides<(int[] Steps, float Y)>.Of([.. asked.Select(session => (session[..question.Seen], session.AsSpan(question.Seen).Contains(target) ? 1f : 0f))]);
        if (sides.All.Any(side => side.Select(one => one.Y).Distinct().Count() < 2)) return new Problem("evaluate.one-class", "Each side of the split needs rows with and without {0} = {1}. Choose another split or label.", question.Event, question.Target);
        if (!Outcomes(sides, log.Kinds.Length, question, progress, cancellationToken).TryGet(out var outcomes, out var unlearnt)) return unlearnt;
        var next = NextKindEvaluation.Run(Sides<int[]>.Of([.. log.Sessions.Where(session => session.Length > 1)]), log.Kinds.Length, question.Epochs, progress, cancellationToken);
        return new SequenceReport(table.Rows.Count, log.Sessions.Length, log.Kinds, sides.Training.Average(one => one.Y), outcomes, next);
    }

    private static Outcome<ImmutableArray<BinaryReport>> Outcomes(Sides<(int[] Steps, float Y)> sides, int kinds, SequenceQuestion question, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var (y, validationY, testY) = (Labels(sides.Training), Labels(sides.Validation), Labels(sides.Test));
        var reports = ImmutableArray.CreateBuilder<BinaryReport>();
        reports.Add(BinaryReport.Majority(y.Average(), testY));
        var (validationX, testX) = (Counts(sides.Validation, kinds), Counts(sides.Test, kinds));
        if (!new LogisticTrainer().Train(Counts(sides.Training, kinds), y, validationX, validationY, Seed, null, cancellationToken).TryGet(out var logistic, out var problem)) return problem;
        reports.Add(Judge("logistic on counts", logistic.Model.Score(validationX), logistic.Model.Score(testX)));
        foreach (var reader in Enum.GetValues<SequenceReader>())
        {
            var trainer = new SessionOutcomeTrainer(new SequenceOptions(reader, Columns: 32, Blocks: 1, Dropout: 0.2f, Training: new NetworkTraining(question.Epochs, BatchSize: 128, Optimizer: new OptimizerOptions(Rate: 2e-3, LargestNorm: 5))));
            progress?.Report($"{trainer.Family}, how a session ends");
            var model = trainer.Train(Steps(sides.Training), y, Steps(sides.Validation), validationY, kinds, Seed, null, null, cancellationToken).Model;
            reports.Add(Judge(model.Family, [.. sides.Validation.Select(one => model.Score(one.Steps))], [.. sides.Test.Select(one => model.Score(one.Steps))]));
        }

        return reports.ToImmutable();

        BinaryReport Judge(string name, float[] onValidation, float[] onTest) => BinaryReport.Of(name, onTest, testY, BinaryReport.BestThreshold(onValidation, validationY), Seed);
    }

    private static float[] Labels(ImmutableArray<(int[] Steps, float Y)> side) => [.. side.Select(one => one.Y)];

    private static ShopperSequences Steps(ImmutableArray<(int[] Steps, float Y)> side) => new([.. side.Select(one => one.Steps)]);

    private static FeatureMatrix Counts(ImmutableArray<(int[] Steps, float Y)> side, int kinds) => new(
        [.. Enumerable.Range(1, kinds).Select(kind => new FeatureColumn($"kind {kind}"))], side.Length,
        [.. Enumerable.Range(1, kinds).SelectMany(kind => side.Select(one => (float)one.Steps.Count(step => step == kind)))]);

    /// <summary>What came later judges what was learnt from what came before.</summary>
    internal sealed record Sides<T>(ImmutableArray<T> Training, ImmutableArray<T> Validation, ImmutableArray<T> Test)
    {
        public IEnumerable<ImmutableArray<T>> All => [Training, Validation, Test];

        public static Sides<T> Of(ImmutableArray<T> inOrder)
        {
            var test = inOrder.Length - (int)(inOrder.Length * TestShare);
            var validation = test - (int)(test * ValidationShare);
            return new(inOrder[..validation], inOrder[validation..test], inOrder[test..]);
        }
    }
}
