using System.Collections.Immutable;
using MerchantStudio.Core.Learning.Evaluation.Tables;
using MerchantStudio.Core.Learning.Linear;
using MerchantStudio.Core.Learning.Networks;
using MerchantStudio.Core.Learning.Networks.Sequences;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Learning.Evaluation.Sequences;

/// <summary>Sets networks that read a session's events in their order beside a majority, and a rule of thumb and a logistic regression on how often each kind came. Sessions that began later judge: the last fifth tests.</summary>
public static class SequenceEvaluation
{
    private const int Seed = 1;

    public static Outcome<SequenceReport> Run(Table table, SequenceQuestion question, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(question);
        if (!SessionLog.Of(table, question).TryGet(out var log, out var problem)) return problem;
        var target = log.Kinds.IndexOf(question.Target) + 1;
        if (target == 0) return new Problem("evaluate.no-target", "No event is a '{0}'. The file has: {1}.", question.Target, string.Join(", ", log.Kinds.Take(20)));
        var asked = log.Sessions.Where(session => session.Length > question.Seen && !session.AsSpan(0, question.Seen).Contains(target)).ToImmutableArray();
        var sides = TimeSides.Of<(int[] Steps, float Y)>([.. asked.Select(session => (session[..question.Seen], session.AsSpan(question.Seen).Contains(target) ? 1f : 0f))]);
        if (sides.All.Any(side => side.Select(one => one.Y).Distinct().Count() < 2)) return new Problem("evaluate.one-class", "Each side of the split needs rows with and without {0} = {1}. Choose another split or label.", question.Event, question.Target);
        if (!Outcomes(sides, log.Kinds, question, progress, cancellationToken).TryGet(out var outcomes, out var unlearnt)) return unlearnt;
        var next = NextKindEvaluation.Run(TimeSides.Of([.. log.Sessions.Where(session => session.Length > 1)]), log.Kinds.Length, question.Epochs, progress, cancellationToken);
        return new SequenceReport(table.Rows.Count, log.Sessions.Length, log.Kinds, sides.Training.Average(one => one.Y), outcomes, next);
    }

    private static Outcome<ImmutableArray<BinaryReport>> Outcomes(TimeSides<(int[] Steps, float Y)> sides, ImmutableArray<string> kinds, SequenceQuestion question, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var (y, validationY, testY) = (Labels(sides.Training), Labels(sides.Validation), Labels(sides.Test));
        var reports = ImmutableArray.CreateBuilder<BinaryReport>();
        reports.Add(BinaryReport.Majority(y.Average(), testY));
        var (x, validationX, testX) = (Counts(sides.Training, kinds), Counts(sides.Validation, kinds), Counts(sides.Test, kinds));
        if (RuleOfThumb.Find(x, y) is { } rule) reports.Add(rule.Judge(x, y, testX, testY, Seed));
        if (!new LogisticTrainer().Train(x, y, validationX, validationY, Seed, null, cancellationToken).TryGet(out var logistic, out var problem)) return problem;
        reports.Add(Judge("logistic on counts", logistic.Model.Score(validationX), logistic.Model.Score(testX)));
        foreach (var reader in Enum.GetValues<SequenceReader>())
        {
            var trainer = new SessionOutcomeTrainer(new SequenceOptions(reader, Columns: 32, Blocks: 1, Dropout: 0.2f, Training: new NetworkTraining(question.Epochs, BatchSize: 128, Optimizer: new OptimizerOptions(Rate: 2e-3, LargestNorm: 5))));
            progress?.Report($"{trainer.Family}, how a session ends");
            var model = trainer.Train(Steps(sides.Training), y, Steps(sides.Validation), validationY, kinds.Length, Seed, null, null, cancellationToken).Model;
            reports.Add(Judge(model.Family, [.. sides.Validation.Select(one => model.Score(one.Steps))], [.. sides.Test.Select(one => model.Score(one.Steps))]));
        }

        return reports.ToImmutable();

        BinaryReport Judge(string name, float[] onValidation, float[] onTest) => BinaryReport.Of(name, onTest, testY, BinaryReport.BestThreshold(onValidation, validationY), Seed);
    }

    private static float[] Labels(ImmutableArray<(int[] Steps, float Y)> side) => [.. side.Select(one => one.Y)];

    private static ShopperSequences Steps(ImmutableArray<(int[] Steps, float Y)> side) => new([.. side.Select(one => one.Steps)]);

    private static FeatureMatrix Counts(ImmutableArray<(int[] Steps, float Y)> side, ImmutableArray<string> kinds) => StepTable.Counts([.. side.Select(one => one.Steps)], kinds);
}
