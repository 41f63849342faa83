using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Learning.Trees;
using Xunit;

namespace MerchantStudio.Tests.Learning.Trees;

public sealed class TreeEnsembleTests
{
    private static readonly TreesOptions Quick = new(Rounds: 30, LearningRate: 0.2);

    public static TheoryData<TreesObjective, TreeGrowth> All =>
        new(Enum.GetValues<TreesObjective>().SelectMany(_ => Enum.GetValues<TreeGrowth>(), (objective, growth) => (objective, growth)));

    [Theory]
    [MemberData(nameof(All))]
    public void The_number_of_threads_changes_no_bit(TreesObjective objective, TreeGrowth growth)
    {
        var table = World(objective, 20_000, 3);
        var options = Quick with { Rounds = 4, Leaves = 31, Growth = growth };
        var one = Bytes(Train(table, objective, options, threads: 1));
        Assert.Equal(one, Bytes(Train(table, objective, options, threads: 2)));
        Assert.Equal(one, Bytes(Train(table, objective, options, threads: 4)));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void It_predicts_new_rows_far_better_than_one_answer_for_all(TreesObjective objective, TreeGrowth growth)
    {
        var model = Train(World(objective, 4000, 5), objective, Quick with { Growth = growth });
        var test = World(objective, 2000, 6);
        var answers = model.Predict(test.X).Value;
        Assert.True(Error(objective, test, answers, model.Outputs) < 0.7 * Error(objective, test, Constant(objective, test, model.Outputs), model.Outputs));
    }

    [Fact]
    public void Depth_first_growth_splits_all_leaves_of_a_depth_before_the_next()
    {
        var table = World(TreesObjective.Binary, 4000, 9);
        var nodes = Train(table, TreesObjective.Binary, Quick with { Rounds = 1, Depth = 3, Leaves = 8, Growth = TreeGrowth.DepthWise }).Forest.Trees[0];
        Assert.Equal(15, nodes.Nodes.Length);
        Assert.Equal(3, nodes.Depth());
    }

    [Fact]
    public void The_most_leaves_are_kept_in_either_growth()
    {
        var table = World(TreesObjective.Binary, 4000, 9);
        foreach (var growth in Enum.GetValues<TreeGrowth>())
        {
            var tree = Train(table, TreesObjective.Binary, Quick with { Rounds = 1, Depth = 10, Leaves = 11, Growth = growth }).Forest.Trees[0];
            Assert.Equal(11, tree.Nodes.Count(node => node.IsLeaf));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Answers_only_rise_or_only_fall_with_a_monotone_column_wherever_the_others_stand(int sign)
    {
        // The label swings with the column; only its trend may be learnt.
        var random = new SeededRandom(11);
        var a = Enumerable.Range(0, 3000).Select(_ => (float)random.NextDouble()).ToArray();
        var b = Enumerable.Range(0, 3000).Select(_ => (float)random.NextDouble()).ToArray();
        var y = a.Zip(b, (p, q) => (float)((sign * p) + Math.Sin(12 * p) + (q * p) + (random.NextDouble() / 5))).ToArray();
        var options = Quick with { Rounds = 60, Leaves = 31, MinRows = 5, RowShare = 0.8, ColumnShare = 1 };
        var free = Steps(Train(new TreesTable(LearningWorld.Numbers(a, b), y), TreesObjective.Squared, options));
        Assert.Contains(free, step => sign * step < -1e-3);
        var held = Steps(Train(new TreesTable(LearningWorld.Numbers(a, b), y), TreesObjective.Squared, options with { Monotone = [sign, 0] }));
        Assert.All(held, step => Assert.True(sign * step >= 0));
        Assert.Contains(held, step => sign * step > 1e-3);

        static List<float> Steps(TreeEnsemble model)
        {
            var steps = new List<float>();
            foreach (var other in new[] { 0f, 0.3f, 0.5f, 0.7f, 1f })
            {
                var grid = Enumerable.Range(0, 400).Select(i => i / 399f).ToArray();
                var answers = model.Predict(LearningWorld.Numbers(grid, [.. grid.Select(_ => other)])).Value;
                for (var i = 1; i < answers.Length; i++) steps.Add(answers[i] - answers[i - 1]);
            }

            return steps;
        }
    }

    [Fact]
    public void A_row_that_weighs_three_counts_as_three_rows()
    {
        // Few enough rows that each value has a bin of its own; bins count rows, not weights.
        var (x, y) = LearningWorld.Shoppers(200, 13);
        var weights = Enumerable.Range(0, 200).Select(row => row % 4 == 0 ? 3f : 1f).ToArray();
        var repeated = Enumerable.Range(0, 200).SelectMany(row => Enumerable.Repeat(row, (int)weights[row])).ToArray();
        var options = Quick with { RowShare = 1, ColumnShare = 1, MinRows = 1 };
        var weighted = Train(new TreesTable(x, y, weights), TreesObjective.Binary, options);
        var again = Train(new TreesTable(x.Take(repeated), [.. repeated.Select(row => y[row])]), TreesObjective.Binary, options);
        Assert.All(weighted.Predict(x).Value.Zip(again.Predict(x).Value), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
        Assert.NotEqual(weighted.Predict(x).Value, Train(new TreesTable(x, y), TreesObjective.Binary, options).Predict(x).Value);
    }

    [Fact]
    public void A_value_that_equals_a_threshold_goes_the_same_way_in_training_and_in_scoring()
    {
        // Neighbouring floats: no number lies between them, so the cut is the lower of them.
        var values = new float[64];
        for (var i = 1; i < values.Length; i++) values[i] = BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(1f) + i);
        values[0] = 1f;
        var y = values.Select((_, i) => (float)(i % 2)).ToArray();
        var options = new TreesOptions(Rounds: 1, LearningRate: 1, Leaves: 64, Depth: 63, L2: 0, MinHessian: 0, MinRows: 1, RowShare: 1, ColumnShare: 1);
        var model = Train(new TreesTable(LearningWorld.Numbers(values), y), TreesObjective.Squared, options);
        Assert.Equal(y, model.Predict(LearningWorld.Numbers(values)).Value.Select(answer => MathF.Round(answer)));
        Assert.Contains(model.Forest.Trees[0].Nodes, node => !node.IsLeaf && Array.IndexOf(values, node.Threshold) >= 0);
    }

    [Fact]
    public void Block_scoring_gives_the_bits_of_walking_each_tree_row_by_row()
    {
        foreach (var rows in new[] { 1, 3, 64, 131, 5000 })
        {
            var (x, y) = LearningWorld.Shoppers(1000, 15);
            var forest = Train(new TreesTable(x, y), TreesObjective.Binary, Quick with { Leaves = 40, Depth = 12, MinRows = 1 }).Forest;
            var (test, _) = LearningWorld.Shoppers(rows, 16);
            var scores = forest.Score(test, 2);
            for (var row = 0; row < rows; row++)
            {
                var values = forest.Row(test, row);
                Assert.Equal(forest.Trees.Aggregate(forest.Start[0], (sum, tree) => sum + tree.Score(values)), scores[row]);
            }
        }
    }

    [Fact]
    public void Categories_are_matched_by_name_and_new_ones_count_as_missing()
    {
        var (x, y) = LearningWorld.Shoppers(2000, 17);
        var model = Train(new TreesTable(x, y), TreesObjective.Binary, Quick);
        float[] row = [5, 0, 0.5f, 30];
        FeatureMatrix One(string[] colours, float code) => new([x.Columns[0], new FeatureColumn("colour", [.. colours]), x.Columns[2], x.Columns[3]], 1, [row[0], code, row[2], row[3]]);
        var red = model.Predict(One(["red", "green", "blue"], 0)).Value[0];
        var blue = model.Predict(One(["red", "green", "blue"], 2)).Value[0];
        Assert.NotEqual(red, blue);
        Assert.Equal(red, model.Predict(One(["blue", "violet", "red"], 2)).Value[0]);
        Assert.Equal(blue, model.Predict(One(["blue", "violet", "red"], 0)).Value[0]);
        Assert.Equal(model.Predict(One(["red", "green", "blue"], float.NaN)).Value[0], model.Predict(One(["blue", "violet", "red"], 1)).Value[0]);
    }

    [Fact]
    public void It_stops_when_the_validation_loss_no_longer_falls_and_keeps_the_best_round()
    {
        var options = new TreesOptions(Rounds: 400, LearningRate: 0.3, Patience: 10);
        var model = new TreeEnsembleTrainer(TreesObjective.Ranking, options).Train(World(TreesObjective.Ranking, 600, 21), World(TreesObjective.Ranking, 300, 22), 1, null, TestContext.Current.CancellationToken).Value;
        Assert.InRange(model.Rounds, 1, 389);
    }

    internal static TreeEnsemble Train(TreesTable table, TreesObjective objective, TreesOptions options, int threads = 2) =>
        new TreeEnsembleTrainer(objective, options, threads).Train(table, null, 5, null, TestContext.Current.CancellationToken).Value;

    /// <summary>Shoppers whose label follows their log-odds, as each objective takes it; queries of twenty for ranking.</summary>
    internal static TreesTable World(TreesObjective objective, int rows, int seed)
    {
        var (x, binary) = LearningWorld.Shoppers(rows, seed);
        var random = new SeededRandom((ulong)seed + 100);
        var y = Enumerable.Range(0, rows).Select(row =>
        {
            var strength = x[row, 0] + (x[row, 1] == 0 ? 3 : 0) + random.NextDouble();
            return objective switch
            {
                TreesObjective.Binary => binary[row],
                TreesObjective.Poisson => (float)Math.Floor(Math.Exp(strength / 5)),
                TreesObjective.Squared => (float)strength,
                _ => (float)Math.Clamp(Math.Floor(strength / 4.5), 0, 2),
            };
        }).ToArray();
        return new TreesTable(x, y, null, objective == TreesObjective.Ranking ? [.. Enumerable.Repeat(20, rows / 20)] : null);
    }

    private static float[] Constant(TreesObjective objective, TreesTable table, int outputs)
    {
        if (objective != TreesObjective.Softmax) return [.. table.Y.Select(_ => table.Y.Average())];
        var shares = Enumerable.Range(0, outputs).Select(k => (float)table.Y.Count(y => y == k) / table.Y.Length).ToArray();
        return [.. table.Y.SelectMany(_ => shares)];
    }

    private static double Error(TreesObjective objective, TreesTable table, float[] answers, int outputs) => objective switch
    {
        TreesObjective.Binary => BinaryMetrics.LogLoss(answers, table.Y),
        TreesObjective.Softmax => -table.Y.Select((y, row) => Math.Log(answers[(row * outputs) + (int)y])).Average(),
        TreesObjective.Ranking => Enumerable.Range(0, table.Y.Length / 20).Average(query => Swaps(table.Y.AsSpan(query * 20, 20), answers.AsSpan(query * 20, 20))),
        _ => table.Y.Zip(answers, (y, answer) => (y - answer) * (y - answer)).Average(),
    };

    /// <summary>Share of a query's pairs that stand the wrong way round, equal scores counting half.</summary>
    private static double Swaps(ReadOnlySpan<float> grades, ReadOnlySpan<float> scores)
    {
        double wrong = 0, pairs = 0;
        for (var i = 0; i < grades.Length; i++)
        {
            for (var j = 0; j < grades.Length; j++)
            {
                if (grades[i] <= grades[j]) continue;
                pairs++;
                wrong += scores[i] < scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
            }
        }

        return pairs == 0 ? 0 : wrong / pairs;
    }

    private static byte[] Bytes(TreeEnsemble model)
    {
        using var stream = new MemoryStream();
        model.Forest.Write(new BinaryWriter(stream));
        return stream.ToArray();
    }
}
