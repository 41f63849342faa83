using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Bayes;
using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Learning.Evaluation.Folds;
using MerchantStudio.Core.Learning.Evaluation.Tables;
using MerchantStudio.Core.Learning.Linear;
using MerchantStudio.Core.Outcomes;
using Xunit;

namespace MerchantStudio.Tests.Learning.Folds;

public sealed class CrossValidationTests
{
    private static readonly TrainerChoice Good = new("all columns", new LogisticTrainer(new LogisticOptions(Strengths: [0.01])));
    private static readonly TrainerChoice Poor = new("nothing but the rate", new LogisticTrainer(new LogisticOptions(L1Ratio: 1, Strengths: [10])));

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public void Figures_of_a_fold_are_those_of_a_model_that_never_saw_its_test_rows_and_the_summary_is_their_mean_and_deviation()
    {
        var (x, y) = LearningWorld.Shoppers(600, 1);
        var plan = new StratifiedFolds(4, 3);
        var report = CrossValidation.Of(x, y, plan, 5, TimeProvider.System).Run([Good], null, null, Now).Value;
        var fold = plan.Deal(FoldPlanTests.Rows(y), y).Value[1];
        var split = SplitRows.Of(x, y, fold.Training, fold.Validation, fold.Test);
        var model = Good.Trainer.Train(split.X, split.Y, split.ValidationX, split.ValidationY, 5, null, Now).Value.Model;
        Assert.Equal(BinaryMetrics.LogLoss(model.Score(split.TestX), split.TestY), report.Folds[1].Metrics.LogLoss);
        var aurocs = report.Folds.Select(one => one.Metrics.Auroc).ToArray();
        var summary = report.Metrics[0];
        Assert.Equal(("auroc", aurocs.Average()), (summary.Metric, summary.Mean));
        Assert.Equal(Math.Sqrt(aurocs.Sum(one => Math.Pow(one - aurocs.Average(), 2)) / 3), summary.Deviation, 12);
    }

    [Fact]
    public void Inner_folds_choose_the_settings_and_are_told_apart_in_the_progress()
    {
        var (x, y) = LearningWorld.Shoppers(600, 2);
        var steps = new List<CrossValidationStep>();
        var report = CrossValidation.Of(x, y, new StratifiedFolds(3, 3), 5, TimeProvider.System).Run([Poor, Good], null, new Kept(steps.Add), Now).Value;
        Assert.All(report.Folds, fold => Assert.Equal(("all columns", 2), (fold.Choice, fold.Tried)));
        Assert.Equal(3 * 2 * 3, steps.Count(step => step.IsInner));
        Assert.Equal([1, 2, 3], steps.Where(step => !step.IsInner).Select(step => step.Fold));
    }

    /// <summary>A trainer that learns rows by heart and says who they are would show it: inner folds never see the outer test rows.</summary>
    [Fact]
    public void What_chooses_never_sees_the_rows_that_judge()
    {
        var (x, y) = LearningWorld.Shoppers(300, 3);
        var spies = new[] { new Spy(), new Spy() };
        var numbered = new FeatureMatrix([.. x.Columns, new FeatureColumn("row")], x.Rows, [.. Enumerable.Range(0, 4).SelectMany(column => x.Column(column).ToArray()), .. Enumerable.Range(0, x.Rows).Select(row => (float)row)]);
        var plan = new StratifiedFolds(3, 1);
        var folds = plan.Deal(FoldPlanTests.Rows(y), y).Value;
        var fold = 0;
        CrossValidation.Of(numbered, y, plan, 1, TimeProvider.System).Run([new("one", spies[0]), new("two", spies[1])], null, new Kept(step =>
        {
            fold = step.Fold - 1;
            foreach (var spy in spies) spy.Forbidden = folds[fold].Test.ToHashSet();
        }), Now);
        Assert.Equal((3 * 3 * 2) + 3, spies.Sum(spy => spy.Trainings));
        Assert.Equal(0, spies.Sum(spy => spy.Seen));
    }

    [Fact]
    public void When_the_time_is_up_the_best_choice_so_far_judges()
    {
        var (x, y) = LearningWorld.Shoppers(300, 4);
        var clock = new StepClock(TimeSpan.FromSeconds(1));
        var report = CrossValidation.Of(x, y, new StratifiedFolds(2, 1), 1, clock).Run([Poor, Good, Good], TimeSpan.FromSeconds(2 * 5), null, Now).Value;
        Assert.All(report.Folds, fold => Assert.Equal(("nothing but the rate", 1), (fold.Choice, fold.Tried)));
    }

    [Fact]
    public void A_cancelled_validation_ends()
    {
        var (x, y) = LearningWorld.Shoppers(300, 5);
        using var leaving = new CancellationTokenSource();
        var steps = 0;
        Assert.Throws<OperationCanceledException>(() => CrossValidation.Of(x, y, new StratifiedFolds(3, 1), 1, TimeProvider.System).Run([Good], null, new Kept(_ =>
        {
            if (++steps == 2) leaving.Cancel();
        }), leaving.Token));
        Assert.Equal(2, steps);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("day")]
    public void A_table_is_judged_fold_by_fold_beside_the_majority(string? rolling)
    {
        var (x, y) = LearningWorld.Shoppers(400, 6);
        var table = new Table(["visits", "day", "bought"], [.. Enumerable.Range(0, x.Rows).Select(row => new[] { FormattableString.Invariant($"{x[row, 0]}"), FormattableString.Invariant($"2026-01-{1 + (row % 28):00}"), y[row] == 1 ? "yes" : "no" })]);
        var question = new TableQuestion("bought", null, [], TableSplit.Parse("hash:1").Value, ["bayes", "logistic"], null);
        var report = TableCrossValidation.Run(table, question, new TableFolds(3, rolling, 1, TimeSpan.FromMinutes(1)), TimeProvider.System, null, Now).Value;
        Assert.Equal(["majority", "bayes", "logistic"], report.Models.Select(model => model.Model));
        Assert.All(report.Models, model => Assert.Equal(3, model.Report.Folds.Length));
        Assert.InRange(report.Models[1].Report.Metrics[0].Mean, 0.8, 1);
        Assert.Equal(0.5, report.Models[0].Report.Metrics[0].Mean);
        Assert.Contains(report.Models[2].Report.Folds[0].Choice, (string[])["L2", "L1", "L2, long tails squashed", "L1, long tails squashed"]);
        Assert.Equal("evaluate.no-time-column", TableCrossValidation.Run(table, question, new TableFolds(3, "when", 1, null), TimeProvider.System, null, Now).Problem?.Code);
    }

    private sealed class Kept(Action<CrossValidationStep> saw) : IProgress<CrossValidationStep>
    {
        public void Report(CrossValidationStep value) => saw(value);
    }

    /// <summary>Counts rows that it must not be shown while it is trained.</summary>
    private sealed class Spy : IBinaryTrainer
    {
        private readonly NaiveBayesTrainer _inner = new();

        public HashSet<int> Forbidden { get; set; } = [];

        public int Seen { get; private set; }

        public int Trainings { get; private set; }

        public string Family => _inner.Family;

        public Outcome<BinaryTraining> Train(FeatureMatrix x, ReadOnlySpan<float> y, FeatureMatrix validationX, ReadOnlySpan<float> validationY, int seed, IProgress<LearningStep>? progress, CancellationToken cancellationToken)
        {
            Trainings++;
            Seen += x.Column(4).ToArray().Concat(validationX.Column(4).ToArray()).Count(row => Forbidden.Contains((int)row));
            return _inner.Train(x, y, validationX, validationY, seed, progress, cancellationToken);
        }
    }

    /// <summary>A second passes each time it is asked.</summary>
    private sealed class StepClock(TimeSpan step) : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now += step.Ticks;
    }
}
