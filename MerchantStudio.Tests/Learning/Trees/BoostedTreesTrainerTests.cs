using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Learning.Trees;
using Xunit;

namespace MerchantStudio.Tests.Learning.Trees;

public sealed class BoostedTreesTrainerTests
{
    private static readonly TreesOptions Whole = new(Rounds: 1, LearningRate: 1, Leaves: 2, L2: 1, MinHessian: 0, MinRows: 1, RowShare: 1, ColumnShare: 1);

    [Fact]
    public void One_split_has_the_leaf_values_computed_by_hand()
    {
        // Rate 1/2: p − y is ±1/2, p(1 − p) is 1/4. Left: G = 3/2, H = 1; right: G = −3/2, H = 1, less what falls on the wrong side.
        var x = LearningWorld.Numbers([1, 2, 3, 4, 5, 6, 7, 8]);
        var model = (BoostedTreesModel)Train(x, [0, 0, 0, 0, 1, 1, 1, 1], Whole);
        var root = model.Trees[0].Nodes[0];
        Assert.Equal(4.5f, root.Threshold);
        Assert.Equal(-(4 * 0.5) / ((4 * 0.25) + 1), model.Trees[0].Nodes[root.Left].Value, 6);
        Assert.Equal(4 * 0.5 / ((4 * 0.25) + 1), model.Trees[0].Nodes[root.Right].Value, 6);
        Assert.Equal(0, model.Bias, 6);
    }

    [Fact]
    public void Missing_values_go_where_they_lower_the_loss()
    {
        var x = LearningWorld.Numbers([1, 2, 3, 4, float.NaN, float.NaN, float.NaN, 5]);
        var root = ((BoostedTreesModel)Train(x, [1, 1, 0, 0, 1, 1, 1, 0], Whole)).Trees[0].Nodes[0];
        Assert.Equal(2.5f, root.Threshold);
        Assert.True(root.MissingLeft);
        var other = ((BoostedTreesModel)Train(x, [1, 1, 0, 0, 0, 0, 0, 0], Whole)).Trees[0].Nodes[0];
        Assert.False(other.MissingLeft);
    }

    [Fact]
    public void A_split_by_set_parts_categories_that_no_order_of_codes_could_part()
    {
        var codes = Enumerable.Range(0, 200).Select(i => (float)(i % 5)).ToArray();
        var y = codes.Select(code => code is 0 or 2 or 4 ? 1f : 0f).ToArray();
        var x = new FeatureMatrix([new FeatureColumn("colour", ["a", "b", "c", "d", "e"])], 200, codes);
        var model = (BoostedTreesModel)Train(x, y, Whole);
        Assert.Equal(2, model.Trees[0].Nodes.Count(node => node.IsLeaf));
        Assert.All(model.Score(x).Zip(y), pair => Assert.Equal(pair.Second, pair.First > 0.5f ? 1f : 0f));
    }

    [Fact]
    public void The_number_of_threads_changes_no_bit()
    {
        var (x, y) = LearningWorld.Shoppers(80_000, 21);   // so many that every part of the work is dealt out
        var (vx, vy) = LearningWorld.Shoppers(10_000, 22);
        var token = TestContext.Current.CancellationToken;
        TreesOptions[] settings = [new(Rounds: 4), new(Rounds: 4, Leaves: 32, Depth: 5, Growth: TreeGrowth.DepthWise)];
        var one = new BoostedTreesTrainer([.. settings], threads: 1).Train(x, y, vx, vy, 5, null, token).Value.Model;
        foreach (var threads in new[] { 2, 4 })
        {
            var more = new BoostedTreesTrainer([.. settings], threads).Train(x, y, vx, vy, 5, null, token).Value.Model;
            Assert.Equal(LogisticTrainerTests.Bytes(one), LogisticTrainerTests.Bytes(more));
        }
    }

    [Fact]
    public void Another_seed_draws_other_rows()
    {
        var (x, y) = LearningWorld.Shoppers(500, 23);
        Assert.NotEqual(Train(x, y, new TreesOptions(Rounds: 5), 1).Score(x), Train(x, y, new TreesOptions(Rounds: 5), 2).Score(x));
    }

    [Fact]
    public void It_stops_when_the_validation_loss_no_longer_falls_and_keeps_the_best_round()
    {
        var (x, y) = LearningWorld.Shoppers(300, 25);
        var (vx, vy) = LearningWorld.Shoppers(300, 26);
        var steps = new List<LearningStep>();
        var model = (BoostedTreesModel)new BoostedTreesTrainer([new TreesOptions(LearningRate: 0.3, Patience: 10)]).Train(x, y, vx, vy, 1, new Collector(steps), TestContext.Current.CancellationToken).Value.Model;
        Assert.True(steps.Count < 1000);
        var best = steps.MinBy(step => step.ValidationLoss)!;
        Assert.Equal(best.Round, model.Trees.Count);
        Assert.Equal(best.ValidationLoss, BinaryMetrics.LogLoss(model.Score(vx), vy), 4);
        Assert.True(steps[^1].TrainingLoss < steps[0].TrainingLoss);
    }

    [Fact]
    public void It_ranks_better_than_its_best_single_column()
    {
        var (x, y) = LearningWorld.Shoppers(2000, 27);
        var (vx, vy) = LearningWorld.Shoppers(500, 28);
        var (tx, ty) = LearningWorld.Shoppers(2000, 29);
        var model = new BoostedTreesTrainer().Train(x, y, vx, vy, 1, null, TestContext.Current.CancellationToken).Value.Model;
        Assert.True(BinaryMetrics.Auroc(model.Score(tx), ty) > BinaryMetrics.Auroc(tx.Column(0), ty) + 0.03);
    }

    [Fact]
    public void A_saved_model_scores_and_explains_the_same_when_read_back()
    {
        var (x, y) = LearningWorld.Shoppers(400, 31);
        var model = Train(x, y, new TreesOptions(Rounds: 15));
        var again = BinaryModels.Load(new MemoryStream(LogisticTrainerTests.Bytes(model)));
        Assert.Equal(model.Score(x), again.Score(x));
        Assert.Equal(model.Explain(x, 3), again.Explain(x, 3));
    }

    [Fact]
    public void A_cut_file_is_refused()
    {
        var (x, y) = LearningWorld.Shoppers(100, 33);
        var bytes = LogisticTrainerTests.Bytes(Train(x, y, new TreesOptions(Rounds: 3)));
        Assert.Throws<InvalidDataException>(() => BinaryModels.Load(new MemoryStream(bytes[..(bytes.Length / 2)])));
    }

    [Fact]
    public void Training_stops_when_cancelled()
    {
        var (x, y) = LearningWorld.Shoppers(100, 35);
        Assert.Throws<OperationCanceledException>(() => new BoostedTreesTrainer().Train(x, y, LearningWorld.Nothing(x), [], 1, null, new CancellationToken(canceled: true)));
    }

    internal static IBinaryModel Train(FeatureMatrix x, float[] y, TreesOptions options, int seed = 1) =>
        new BoostedTreesTrainer([options]).Train(x, y, LearningWorld.Nothing(x), [], seed, null, TestContext.Current.CancellationToken).Value.Model;

    private sealed class Collector(List<LearningStep> steps) : IProgress<LearningStep>
    {
        public void Report(LearningStep value) => steps.Add(value);
    }
}
