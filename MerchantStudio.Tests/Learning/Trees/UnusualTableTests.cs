using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Trees;
using Xunit;

namespace MerchantStudio.Tests.Learning.Trees;

/// <summary>Tables that cannot be learnt from get a problem that says why; unusual ones that can are learnt from.</summary>
public sealed class UnusualTableTests
{
    private static readonly TreesOptions Quick = new(Rounds: 5, MinRows: 1, MinHessian: 0);
    private static readonly float[] Column = [1, 2, 3, 4, 5, 6];

    [Theory]
    [InlineData(TreesObjective.Squared, "trees.constant-label", 3f)]
    [InlineData(TreesObjective.Poisson, "trees.constant-label", 3f)]
    [InlineData(TreesObjective.Binary, "learning.one-class", 1f)]
    [InlineData(TreesObjective.Softmax, "learning.one-class", 1f)]
    public void One_label_for_all(TreesObjective objective, string code, float label) =>
        Assert.Equal(code, Problem(LearningWorld.Numbers(Column), [.. Column.Select(_ => label)], objective));

    [Theory]
    [InlineData(TreesObjective.Binary, 2f, "learning.label-not-binary")]
    [InlineData(TreesObjective.Squared, float.NaN, "trees.label-not-finite")]
    [InlineData(TreesObjective.Poisson, -1f, "trees.label-not-count")]
    [InlineData(TreesObjective.Softmax, 0.5f, "trees.label-not-class")]
    [InlineData(TreesObjective.Ranking, 31f, "trees.label-not-grade")]
    public void A_label_that_the_objective_does_not_know(TreesObjective objective, float label, string code) =>
        Assert.Equal(code, Problem(LearningWorld.Numbers(Column), [0, 1, 0, 1, 0, label], objective));

    [Fact]
    public void An_infinite_value_is_named_by_row_and_column()
    {
        var problem = Train(LearningWorld.Numbers(Column, [0, 0, float.PositiveInfinity, 1, 1, 1]), [0, 1, 0, 1, 0, 1]).Problem!;
        Assert.Equal("learning.infinite", problem.Code);
        Assert.Equal([3, "c1"], problem.Arguments.ToArray());
    }

    [Fact]
    public void One_row_is_too_few() => Assert.Equal("learning.too-few-rows", Problem(LearningWorld.Numbers([1]), [1], TreesObjective.Binary));

    [Fact]
    public void A_table_of_nothing_but_missing_and_constant_columns_is_refused_one_such_column_is_left_unused()
    {
        float[] missing = [.. Column.Select(_ => float.NaN)];
        float[] constant = [.. Column.Select(_ => 7f)];
        float[] y = [0, 0, 0, 1, 1, 1];
        Assert.Equal("learning.nothing-varies", Problem(LearningWorld.Numbers(missing, constant), y, TreesObjective.Binary));
        var model = Train(LearningWorld.Numbers(missing, Column, constant), y).Value;
        Assert.All(model.Forest.Trees.SelectMany(tree => tree.Nodes), node => Assert.True(node.IsLeaf || node.Column == 1));
    }

    [Fact]
    public void A_weight_must_be_above_zero() =>
        Assert.Equal("trees.bad-weight", new TreeEnsembleTrainer(TreesObjective.Binary, Quick)
            .Train(new TreesTable(LearningWorld.Numbers(Column), [0, 1, 0, 1, 0, 1], [1, 1, 0, 1, 1, 1]), null, 1, null, TestContext.Current.CancellationToken).Problem!.Code);

    [Theory]
    [InlineData(4, 1)]
    [InlineData(6, 0)]
    public void Queries_must_cover_the_rows(int first, int second) =>
        Assert.Equal("trees.bad-queries", new TreeEnsembleTrainer(TreesObjective.Ranking, Quick)
            .Train(new TreesTable(LearningWorld.Numbers(Column), [0, 1, 0, 1, 0, 1], null, [first, second]), null, 1, null, TestContext.Current.CancellationToken).Problem!.Code);

    [Fact]
    public void Other_columns_at_scoring_are_refused()
    {
        var model = Train(LearningWorld.Numbers(Column, Column), [0, 0, 0, 1, 1, 1]).Value;
        Assert.Equal("learning.other-column-count", model.Predict(LearningWorld.Numbers(Column)).Problem!.Code);
        Assert.Equal("learning.other-column", model.Predict(new FeatureMatrix([new("c1"), new("c0")], 1, [1, 1])).Problem!.Code);
        Assert.Equal("learning.other-kind", model.Predict(new FeatureMatrix([new("c0"), new("c1", ["a"])], 1, [1, 0])).Problem!.Code);
    }

    [Fact]
    public void Five_thousand_columns_are_learnt_from()
    {
        const int columns = 5000, rows = 200;
        var random = new SeededRandom(3);
        var values = Enumerable.Range(0, columns * rows).Select(_ => (float)random.NextDouble()).ToArray();
        var x = new FeatureMatrix([.. Enumerable.Range(0, columns).Select(i => new FeatureColumn($"c{i}"))], rows, values);
        float[] y = [.. Enumerable.Range(0, rows).Select(row => x[row, 4321] > 0.5f ? 1f : 0f)];
        var tree = Train(x, y, new TreesOptions(Rounds: 1, RowShare: 1, ColumnShare: 1)).Value.Forest.Trees[0];
        Assert.Equal(4321, tree.Nodes[0].Column);
    }

    [Fact]
    public void A_column_of_a_million_categories_keeps_the_common_ones_apart_and_treats_the_rare_as_unknown()
    {
        const int categories = 1_000_000, rows = 40_000;
        var random = new SeededRandom(4);
        // Two codes take half of the rows; the others are met once at most.
        var codes = Enumerable.Range(0, rows).Select(row => row % 4 == 0 ? 999_999f : row % 4 == 1 ? 500_000f : random.NextInt(categories)).ToArray();
        var column = new FeatureColumn("shopper", [.. Enumerable.Range(0, categories).Select(i => $"{i}")]);
        var x = new FeatureMatrix([column], rows, codes);
        float[] y = [.. codes.Select(code => code == 999_999 ? 1f : code == 500_000 ? 0f : 0.5f)];
        var model = new TreeEnsembleTrainer(TreesObjective.Squared, new TreesOptions(Rounds: 40, LearningRate: 0.3, RowShare: 1)).Train(new TreesTable(x, y), null, 1, null, TestContext.Current.CancellationToken).Value;
        var answers = model.Predict(new FeatureMatrix([column], 4, [999_999, 500_000, 77, float.NaN])).Value;
        Assert.Equal(1, answers[0], 0.05f);
        Assert.Equal(0, answers[1], 0.05f);
        Assert.Equal(0.5f, answers[2], 0.1f);
        Assert.Equal(answers[3], answers[2], 0.1f);
        using var file = new MemoryStream();
        model.Forest.Write(new BinaryWriter(file));
        Assert.InRange(file.Length, 0, 12_000_000);
    }

    [Fact]
    public void Extreme_numbers_and_a_column_of_few_values_are_learnt_from()
    {
        float[] wide = [float.MinValue, -1e30f, -1e-40f, 0, 1e-40f, float.MaxValue];
        var model = Train(LearningWorld.Numbers(wide), [0, 0, 0, 1, 1, 1], new TreesOptions(Rounds: 20, LearningRate: 0.5, MinRows: 1, MinHessian: 0, RowShare: 1)).Value;
        Assert.Equal([0, 0, 0, 1, 1, 1], model.Predict(LearningWorld.Numbers(wide)).Value.Select(p => p > 0.5f ? 1 : 0));
    }

    private static Core.Outcomes.Outcome<TreeEnsemble> Train(FeatureMatrix x, float[] y, TreesOptions? options = null) =>
        new TreeEnsembleTrainer(TreesObjective.Binary, options ?? Quick).Train(new TreesTable(x, y), null, 1, null, TestContext.Current.CancellationToken);

    private static string? Problem(FeatureMatrix x, float[] y, TreesObjective objective) =>
        new TreeEnsembleTrainer(objective, Quick).Train(new TreesTable(x, y, null, [y.Length]), null, 1, null, TestContext.Current.CancellationToken).Problem?.Code;
}
