using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Networks;
using MerchantStudio.Core.Learning.Trees;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Tests.Learning.Trees;
using Xunit;

namespace MerchantStudio.Tests.Learning;

/// <summary>What every family keeps to that tells a class, a number, a count or an order, and what it does with tables that are not as they should be.</summary>
public sealed class TargetContractTests
{
    public static TheoryData<string, TreesObjective> Kinds => TargetKinds.All;

    public static TheoryData<string> Families => ["linear", "trees", "mlp"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void One_two_and_four_threads_give_the_same_bits(string family, TreesObjective target)
    {
        var table = TreeEnsembleTests.World(target, 600, 3);
        var one = TargetKinds.Bytes(TargetKinds.Train(family, target, table, threads: 1).Value.Model);
        Assert.Equal(one, TargetKinds.Bytes(TargetKinds.Train(family, target, table, threads: 2).Value.Model));
        Assert.Equal(one, TargetKinds.Bytes(TargetKinds.Train(family, target, table, threads: 4).Value.Model));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void One_label_for_all_is_refused(string family, TreesObjective target) =>
        Assert.Equal(target is TreesObjective.Binary or TreesObjective.Softmax ? "learning.one-class" : "trees.constant-label", Refusal(family, target, LearningWorld.Numbers([1, 2, 3]), [1, 1, 1]).Code);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void One_row_is_too_few(string family, TreesObjective target) => Assert.Equal("learning.too-few-rows", Refusal(family, target, LearningWorld.Numbers([1]), [1]).Code);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_label_that_the_target_does_not_know_is_named_by_row(string family, TreesObjective target)
    {
        var problem = Refusal(family, target, LearningWorld.Numbers([1, 2, 3]), [0, 1, float.NaN]);
        Assert.StartsWith(target == TreesObjective.Binary ? "learning.label-not-" : "trees.label-not-", problem.Code, StringComparison.Ordinal);
        Assert.Equal(3, problem.Arguments[0]);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_infinite_value_is_named_by_row_and_column(string family, TreesObjective target)
    {
        var problem = Refusal(family, target, LearningWorld.Numbers([1, 2, 3, 4], [0, 1, 1, float.PositiveInfinity]), [0, 1, 0, 1]);
        Assert.Equal("learning.infinite", problem.Code);
        Assert.Equal([4, "c1"], problem.Arguments.ToArray());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_column_that_is_missing_throughout_moves_nothing_and_a_table_of_such_columns_is_refused(string family, TreesObjective target)
    {
        var world = TreeEnsembleTests.World(target, 400, 7);
        FeatureMatrix Wide(float empty) => new([.. world.X.Columns, new FeatureColumn("empty")], world.X.Rows, [.. Enumerable.Range(0, 4).SelectMany(column => world.X.Column(column).ToArray()), .. Enumerable.Repeat(empty, world.X.Rows)]);
        var training = world with { X = Wide(float.NaN) };
        var model = TargetKinds.Train(family, target, training, training).Value.Model;
        Assert.Equal(model.Predict(training.X).Value, model.Predict(Wide(5)).Value);
        float[] nothing = [.. world.Y.Select(_ => float.NaN)];
        Assert.Equal("learning.nothing-varies", Refusal(family, target, LearningWorld.Numbers(nothing, [.. world.Y.Select(_ => 7f)]), world.Y).Code);
    }

    [Theory]
    [InlineData("linear", TreesObjective.Softmax)]
    [InlineData("trees", TreesObjective.Softmax)]
    [InlineData("mlp", TreesObjective.Softmax)]
    [InlineData("linear", TreesObjective.Squared)]
    [InlineData("trees", TreesObjective.Squared)]
    [InlineData("mlp", TreesObjective.Squared)]
    public void Five_thousand_columns_are_learnt_from_or_refused_in_words(string family, TreesObjective target)
    {
        const int columns = 5_000, rows = 100;
        var random = new SeededRandom(3);
        var x = new FeatureMatrix([.. Enumerable.Range(0, columns).Select(i => new FeatureColumn($"c{i}"))], rows, [.. Enumerable.Range(0, columns * rows).Select(_ => (float)random.NextDouble())]);
        var table = Table(target, x, [.. Enumerable.Range(0, rows).Select(row => MathF.Floor(3 * x[row, 4321]))]);
        var learnt = TargetKinds.Train(family, target, table, table);
        if (family == "linear") Assert.Equal("learning.too-many-inputs", learnt.Problem?.Code);
        else Assert.All(learnt.Value.Model.Predict(x).Value, answer => Assert.True(float.IsFinite(answer)));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_category_of_a_million_values_is_refused_in_words_or_its_rare_values_count_as_missing(string family)
    {
        var x = new FeatureMatrix([new FeatureColumn("shopper", [.. Enumerable.Range(0, 1_000_000).Select(i => $"{i}")]), new FeatureColumn("visits")], 6, [0, 1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 6]);
        var table = Table(TreesObjective.Squared, x, [0, 1, 0, 1, 0, 1]);
        var learnt = TargetKinds.Train(family, TreesObjective.Squared, table, table);
        if (family == "trees") Assert.True(learnt.Succeeded);
        else
        {
            Assert.Equal("learning.too-many-categories", learnt.Problem?.Code);
            Assert.Equal(["shopper", 1_000_000, 10_000], learnt.Problem!.Arguments.ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_category_never_met_answers_as_a_missing_one_and_words_are_matched_by_name(string family, TreesObjective target)
    {
        var model = TargetKinds.Train(family, target);
        var columns = model.Columns.ToArray();
        columns[1] = new FeatureColumn("colour", ["black", "green", "red"]);
        var answers = model.Predict(new FeatureMatrix([.. columns], 3, [5, 5, 5, 0, 2, float.NaN, 0.5f, 0.5f, 0.5f, 40, 40, 40])).Value;
        Assert.Equal(answers[(2 * model.Outputs)..], answers[..model.Outputs]);
        Assert.Equal(model.Predict(new FeatureMatrix([.. model.Columns], 1, [5, 0, 0.5f, 40])).Value, answers[model.Outputs..(2 * model.Outputs)]);
        Assert.NotEqual(answers[..model.Outputs], answers[model.Outputs..(2 * model.Outputs)]);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Other_columns_than_those_of_training_are_refused(string family, TreesObjective target)
    {
        var model = TargetKinds.Train(family, target, 200);
        var x = TreeEnsembleTests.World(target, 40, 9).X;
        Assert.Equal("learning.other-column-count", model.Predict(x.Select([0, 1])).Problem?.Code);
        Assert.Equal("learning.other-column", model.Predict(x.Select([1, 0, 2, 3])).Problem?.Code);
        Assert.Equal("learning.other-kind", model.Predict(new FeatureMatrix(x.Columns.SetItem(2, new FeatureColumn("noise", ["loud"])), 1, [5, 0, 0, 40])).Problem?.Code);
    }

    [Theory]
    [InlineData(TreesObjective.Softmax)]
    [InlineData(TreesObjective.Squared)]
    [InlineData(TreesObjective.Poisson)]
    public void A_loss_that_is_no_number_ends_the_training_with_the_best_network_or_a_problem(TreesObjective target)
    {
        var world = TreeEnsembleTests.World(target, 640, 14);
        Assert.Equal("learning.diverged-at-once", Diverging(1e30, 1).Problem?.Code);
        var late = Diverging(0.01, 1e25).Value;
        Assert.Equal("learning.diverged", Assert.Single(late.Notes).Code);
        Assert.All(late.Model.Predict(world.X).Value, answer => Assert.True(float.IsFinite(answer)));

        Outcome<TargetTraining> Diverging(double rate, double growth) =>
            TargetKinds.Train("mlp", target, world, world, steps: new NetworkTraining(Epochs: 20, BatchSize: 64, Optimizer: new OptimizerOptions(OptimizerKind.Sgd, Rate: rate, Schedule: new SteppedRate(40, growth))));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_cancelled_training_ends(string family, TreesObjective target) =>
        Assert.Throws<OperationCanceledException>(() => TargetKinds.Train(family, target, TreeEnsembleTests.World(target, 200, 1), cancellationToken: new CancellationToken(canceled: true)));

    private static TreesTable Table(TreesObjective target, FeatureMatrix x, float[] y) => new(x, y, null, target == TreesObjective.Ranking ? [y.Length] : null);

    private static Problem Refusal(string family, TreesObjective target, FeatureMatrix x, float[] y)
    {
        var table = Table(target, x, y);
        var learnt = TargetKinds.Train(family, target, table, table);
        Assert.NotNull(learnt.Problem);
        return learnt.Problem;
    }
}
