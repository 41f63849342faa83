using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Bayes;
using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Learning.Gaussian;
using MerchantStudio.Core.Learning.Imbalance;
using MerchantStudio.Core.Learning.Linear;
using MerchantStudio.Core.Learning.Networks;
using MerchantStudio.Core.Learning.Networks.Tables;
using MerchantStudio.Core.Learning.Trees;
using MerchantStudio.Core.Outcomes;
using Xunit;

namespace MerchantStudio.Tests.Learning;

/// <summary>What every trainer of a yes-or-no question keeps to, and what it does with tables that are not as they should be.</summary>
public sealed class TrainerContractTests
{
    private static readonly Dictionary<string, Func<int, IBinaryTrainer>> Trainers = new()
    {
        ["bayes"] = _ => new NaiveBayesTrainer(),
        ["gaussian"] = _ => new GaussianTrainer(),
        ["logistic"] = threads => new LogisticTrainer(new LogisticOptions(Strengths: [0.1, 0.01], Threads: threads)),
        ["trees"] = threads => new BoostedTreesTrainer([new TreesOptions(Rounds: 30, LearningRate: 0.2)], threads),
        ["mlp"] = threads => new MlpTrainer(new MlpOptions(Training: new NetworkTraining(Epochs: 12, BatchSize: 64, Threads: threads, Optimizer: new OptimizerOptions(Rate: 0.01)))),
        ["rebalanced trees"] = threads => new RebalancedTrainer(new BoostedTreesTrainer([new TreesOptions(Rounds: 30, LearningRate: 0.2)], threads), Rebalancing.OverSampling),
        ["rebalanced gaussian"] = _ => new RebalancedTrainer(new GaussianTrainer(), Rebalancing.Weights),
    };

    public static TheoryData<string> Families => [.. Trainers.Keys];

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Families))]
    public void It_ranks_rows_well_and_names_its_family_columns_and_settings(string family)
    {
        var (x, y) = LearningWorld.Shoppers(2_000, 1);
        var (testX, testY) = LearningWorld.Shoppers(1_000, 2);
        var model = Train(family, x, y);
        Assert.InRange(BinaryMetrics.Auroc(model.Score(testX), testY), 0.85, 1);
        Assert.Equal(Trainers[family](1).Family, model.Family);
        Assert.Equal(["visits", "colour", "noise", "age"], model.Columns.Select(column => column.Name));
        Assert.NotEmpty(model.Settings);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void One_two_and_four_threads_give_the_same_bits(string family)
    {
        var (x, y) = LearningWorld.Shoppers(3_000, 3);
        var one = LogisticTrainerTests.Bytes(Train(family, x, y, threads: 1));
        Assert.Equal(one, LogisticTrainerTests.Bytes(Train(family, x, y, threads: 2)));
        Assert.Equal(one, LogisticTrainerTests.Bytes(Train(family, x, y, threads: 4)));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_saved_model_scores_and_explains_as_before_and_saves_the_same_bytes(string family)
    {
        var (x, y) = LearningWorld.Shoppers(500, 4);
        var model = Train(family, x, y);
        var bytes = LogisticTrainerTests.Bytes(model);
        var loaded = BinaryModels.Load(new MemoryStream(bytes));
        Assert.Equal(model.Score(x), loaded.Score(x));
        Assert.Equal(model.Explain(x, 7), loaded.Explain(x, 7));
        Assert.Equal(model.Settings, loaded.Settings);
        Assert.Equal(bytes, LogisticTrainerTests.Bytes(loaded));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Contributions_and_bias_sum_to_the_log_odds(string family)
    {
        var (x, y) = LearningWorld.Shoppers(1_000, 5);
        var model = Train(family, x, y);
        var scores = model.Score(x);
        for (var row = 0; row < 100; row++) Assert.Equal(LearningWorld.LogOdds(scores[row]), model.Explain(x, row).Sum(), IntegratedGradients.Tolerance);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_row_counts_as_much_as_its_weight_in_whole_numbers_or_not(string family)
    {
        var (x, y) = LearningWorld.Shoppers(2_000, 15);
        float[] weights = [.. y.Select(label => label == 1 ? 1 : 3.5f)];
        var all = weights.Sum();
        var rate = y.Select((label, row) => label * weights[row]).Sum() / all;
        var scores = Trainers[family](2).Train(x.WithWeights(weights), y, LearningWorld.Nothing(x), [], 1, null, Now).Value.Model.Score(x);
        Assert.Equal(rate, scores.Select((score, row) => score * weights[row]).Sum() / all, 0.03f);
        Assert.InRange(Train(family, x, y).Score(x).Average(), y.Average() - 0.05f, y.Average() + 0.05f);   // far from the weighted rate
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void One_class_is_refused(string family)
    {
        var (x, y) = LearningWorld.Shoppers(50, 6);
        Assert.Equal("learning.one-class", Refusal(family, x, [.. y.Select(_ => 0f)]).Code);
        Assert.Equal("learning.one-class", Refusal(family, x, [.. y.Select(_ => 1f)]).Code);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_label_other_than_yes_and_no_is_named_by_row(string family)
    {
        var problem = Refusal(family, LearningWorld.Numbers([1, 2, 3]), [0, 1, 0.5f]);
        Assert.Equal("learning.label-not-binary", problem.Code);
        Assert.Equal([3, 0.5f], problem.Arguments.ToArray());
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void One_row_is_too_few(string family) => Assert.Equal("learning.too-few-rows", Refusal(family, LearningWorld.Numbers([1]), [1]).Code);

    [Theory]
    [MemberData(nameof(Families))]
    public void An_infinite_value_is_named_by_row_and_column(string family)
    {
        var problem = Refusal(family, LearningWorld.Numbers([1, 2, 3, 4], [0, float.NegativeInfinity, 1, 1]), [0, 1, 0, 1]);
        Assert.Equal("learning.infinite", problem.Code);
        Assert.Equal([2, "c1"], problem.Arguments.ToArray());
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_column_that_is_missing_throughout_moves_nothing_and_a_table_of_such_columns_is_refused(string family)
    {
        var (x, y) = LearningWorld.Shoppers(400, 7);
        float[] nothing = [.. y.Select(_ => float.NaN)];
        var wide = new FeatureMatrix([.. x.Columns, new FeatureColumn("empty")], x.Rows, [.. Enumerable.Range(0, 4).SelectMany(column => x.Column(column).ToArray()), .. nothing]);
        var model = Train(family, wide, y);
        Assert.All(Enumerable.Range(0, 20), row => Assert.Equal(0, model.Explain(wide, row)[4]));
        Assert.All(model.Score(wide), score => Assert.InRange(score, 0, 1));
        Assert.Equal("learning.nothing-varies", Refusal(family, LearningWorld.Numbers(nothing, [.. y.Select(_ => 7f)]), y).Code);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_column_that_gives_the_answer_away_is_named(string family)
    {
        var (x, y) = LearningWorld.Shoppers(600, 8);
        float[] told = [.. y.Select((label, row) => label == 1 ? -5 - (row % 7) : row % 5 == 0 ? float.NaN : 3 + (row % 4))];
        var leaking = new FeatureMatrix([.. x.Columns, new FeatureColumn("refund")], x.Rows, [.. Enumerable.Range(0, 4).SelectMany(column => x.Column(column).ToArray()), .. told.Select(value => float.IsNaN(value) ? 9 : value)]);
        var training = Trainers[family](2).Train(leaking, y, LearningWorld.Nothing(leaking), [], 1, null, Now).Value;
        var note = Assert.Single(training.Notes);
        Assert.Equal(("learning.leak", "refund"), (note.Code, note.Arguments[0]));
        Assert.Empty(Trainers[family](2).Train(x, y, LearningWorld.Nothing(x), [], 1, null, Now).Value.Notes);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Five_thousand_columns_are_learnt_from_or_refused_in_words(string family)
    {
        const int columns = 5_000, rows = 300;
        var random = new SeededRandom(3);
        var values = Enumerable.Range(0, columns * rows).Select(_ => (float)random.NextDouble()).ToArray();
        var x = new FeatureMatrix([.. Enumerable.Range(0, columns).Select(i => new FeatureColumn($"c{i}"))], rows, values);
        float[] y = [.. Enumerable.Range(0, rows).Select(row => x[row, 4321] + (0.1f * x[row, 7]) > 0.55f ? 1f : 0f)];
        var learnt = Trainers[family](2).Train(x, y, LearningWorld.Nothing(x), [], 1, null, Now);
        if (family == "logistic") Assert.Equal("learning.too-many-inputs", learnt.Problem?.Code);
        else Assert.InRange(BinaryMetrics.Auroc(learnt.Value.Model.Score(x), y), 0.8, 1);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_category_of_a_million_values_is_refused_in_words(string family)
    {
        var column = new FeatureColumn("shopper", [.. Enumerable.Range(0, 1_000_000).Select(i => $"{i}")]);
        var problem = Refusal(family, new FeatureMatrix([column], 4, [0, 1, 2, 3]), [0, 1, 0, 1]);
        Assert.Equal("learning.too-many-categories", problem.Code);
        Assert.Equal(["shopper", 1_000_000, 10_000], problem.Arguments.ToArray());
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_category_never_met_scores_as_a_missing_one(string family)
    {
        var (x, y) = LearningWorld.Shoppers(600, 9);
        var model = Train(family, x, y);
        var more = x.Columns.SetItem(1, new FeatureColumn("colour", ["black", "green", "red"]));
        var aligned = ColumnAlignment.Align(model.Columns, new FeatureMatrix(more, 3, [5, 5, 5, 0, 2, float.NaN, 0.5f, 0.5f, 0.5f, 40, 40, 40])).Value;
        var scores = model.Score(aligned);
        Assert.Equal(scores[2], scores[0]);
        Assert.Equal(scores[1], model.Score(new FeatureMatrix(x.Columns, 1, [5, 0, 0.5f, 40]))[0], 1e-6f);   // red is the third word here and was the first in training
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Other_columns_than_those_of_training_are_refused(string family)
    {
        var (x, y) = LearningWorld.Shoppers(200, 10);
        var model = Train(family, x, y);
        Assert.Equal("learning.other-column-count", ColumnAlignment.Align(model.Columns, x.Select([0, 1])).Problem?.Code);
        Assert.Equal("learning.other-column", ColumnAlignment.Align(model.Columns, x.Select([1, 0, 2, 3])).Problem?.Code);
        Assert.Throws<ArgumentException>(() => model.Score(x.Select([1, 0, 2, 3])));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_damaged_cut_or_foreign_file_is_no_model(string family)
    {
        var (x, y) = LearningWorld.Shoppers(200, 11);
        var bytes = LogisticTrainerTests.Bytes(Train(family, x, y));
        var random = new SeededRandom(12);
        for (var trial = 0; trial < 50; trial++)
        {
            var damaged = bytes.ToArray();
            damaged[random.NextInt(damaged.Length)] ^= (byte)(1 + random.NextInt(255));
            Assert.Throws<InvalidDataException>(() => BinaryModels.Load(new MemoryStream(damaged)));
        }

        foreach (var length in (int[])[0, 5, 30, bytes.Length / 2, bytes.Length - 1]) Assert.Throws<InvalidDataException>(() => BinaryModels.Load(new MemoryStream(bytes[..length])));
        Assert.Throws<InvalidDataException>(() => BinaryModels.Load(new MemoryStream([.. Enumerable.Range(0, 4096).Select(i => (byte)(i * 7))])));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_cancelled_training_ends(string family)
    {
        var (x, y) = LearningWorld.Shoppers(200, 13);
        Assert.Throws<OperationCanceledException>(() => Trainers[family](2).Train(x, y, LearningWorld.Nothing(x), [], 1, null, new CancellationToken(canceled: true)));
    }

    /// <summary>Only a network steps by a rate that can be chosen too high.</summary>
    [Fact]
    public void A_loss_that_is_no_number_ends_the_training_with_the_best_network_or_a_problem()
    {
        var (x, y) = LearningWorld.Shoppers(640, 14);
        var problem = Diverging(1e30, 1).Problem;
        Assert.Equal("learning.diverged-at-once", problem?.Code);
        var late = Diverging(0.05, 1e25).Value;
        Assert.Equal("learning.diverged", Assert.Single(late.Notes).Code);
        Assert.InRange(BinaryMetrics.Auroc(late.Model.Score(x), y), 0.7, 1);

        Outcome<BinaryTraining> Diverging(double rate, double growth) =>
            new MlpTrainer(new MlpOptions(Training: new NetworkTraining(Epochs: 20, BatchSize: 64, Optimizer: new OptimizerOptions(OptimizerKind.Sgd, Rate: rate, Schedule: new SteppedRate(40, growth)))))
                .Train(x, y, LearningWorld.Nothing(x), [], 1, null, Now);
    }

    private static IBinaryModel Train(string family, FeatureMatrix x, float[] y, int threads = 2)
    {
        var (validationX, validationY) = LearningWorld.Shoppers(300, 99);
        var alike = validationX.Columns.Length == x.Columns.Length;
        return Trainers[family](threads).Train(x, y, alike ? validationX : LearningWorld.Nothing(x), alike ? validationY : [], 1, null, Now).Value.Model;
    }

    private static Problem Refusal(string family, FeatureMatrix x, float[] y)
    {
        var learnt = Trainers[family](2).Train(x, y, LearningWorld.Nothing(x), [], 1, null, Now);
        Assert.NotNull(learnt.Problem);
        return learnt.Problem;
    }
}
