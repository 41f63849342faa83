using System.Numerics;
using MerchantStudio.Core.Learning.Trees;
using Xunit;

namespace MerchantStudio.Tests.Learning.Trees;

public sealed class TreeShapTests
{
    [Fact]
    public void Contributions_and_bias_sum_to_the_log_odds()
    {
        var (x, y) = LearningWorld.Shoppers(600, 41);
        var model = (BoostedTreesModel)BoostedTreesTrainerTests.Train(x, y, new TreesOptions(Rounds: 60));
        for (var row = 0; row < 60; row++) Assert.Equal(model.LogOdds(x, row), model.Explain(x, row).Sum(), 8);
    }

    [Fact]
    public void They_are_the_shapley_values_found_by_trying_every_subset_of_columns()
    {
        var (x, y) = LearningWorld.Shoppers(400, 43);
        var model = (BoostedTreesModel)BoostedTreesTrainerTests.Train(x, y, new TreesOptions(Rounds: 4, Leaves: 12, Depth: 6, ColumnShare: 1));
        for (var row = 0; row < 10; row++)
        {
            var fast = model.Explain(x, row);
            for (var column = 0; column < x.Columns.Length; column++) Assert.Equal(model.Trees.Sum(tree => Shapley(tree, x.Columns.Select((_, c) => x[row, c]).ToArray(), column)), fast[column], 8);
        }
    }

    [Fact]
    public void A_column_that_no_tree_uses_contributes_nothing()
    {
        var x = LearningWorld.Numbers([1, 2, 3, 4, 5, 6, 7, 8], [5, 5, 5, 5, 5, 5, 5, 5]);
        var model = BoostedTreesTrainerTests.Train(x, [0, 0, 0, 0, 1, 1, 1, 1], new TreesOptions(Rounds: 3, MinRows: 1, MinHessian: 0, RowShare: 1, ColumnShare: 1));
        Assert.Equal(0, model.Explain(x, 0)[1]);
        Assert.True(model.Explain(x, 0)[0] < 0);
    }

    private static double Shapley(Tree tree, float[] row, int column)
    {
        var columns = row.Length;
        var total = 0.0;
        for (uint subset = 0; subset < 1u << columns; subset++)
        {
            if ((subset & (1u << column)) != 0) continue;
            var size = BitOperations.PopCount(subset);
            var weight = Factorial(size) * Factorial(columns - size - 1) / Factorial(columns);
            total += weight * (Expectation(tree, row, subset | (1u << column), 0) - Expectation(tree, row, subset, 0));
        }

        return total;
    }

    /// <summary>The tree's mean answer when only the columns in the subset are known.</summary>
    private static double Expectation(Tree tree, float[] row, uint subset, int at)
    {
        var node = tree.Nodes[at];
        if (node.IsLeaf) return node.Value;
        if ((subset & (1u << node.Column)) != 0) return Expectation(tree, row, subset, node.GoesLeft(row[node.Column]) ? node.Left : node.Right);
        return ((Expectation(tree, row, subset, node.Left) * tree.Nodes[node.Left].Cover) + (Expectation(tree, row, subset, node.Right) * tree.Nodes[node.Right].Cover)) / node.Cover;
    }

    private static double Factorial(int n) => n <= 1 ? 1 : n * Factorial(n - 1);
}
