using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Learning.Networks;
using MerchantStudio.Core.Learning.Networks.Tables;
using Xunit;

namespace MerchantStudio.Tests.Learning.Networks;

public sealed class MlpTrainerTests
{
    private static readonly NetworkTraining Short = new(Epochs: 15, BatchSize: 64, Optimizer: new OptimizerOptions(Rate: 0.01));

    [Fact]
    public void It_ranks_buyers_about_as_well_as_their_cause_allows()
    {
        var (x, y) = LearningWorld.Shoppers(3_000, 1);
        var (testX, testY) = LearningWorld.Shoppers(3_000, 2);
        var model = Train(x, y);
        var cause = Enumerable.Range(0, testX.Rows).Select(row => (float)((0.8 * (testX[row, 0] - 5)) + (testX[row, 1] == 0 ? 1.5 : -0.5) - (float.IsNaN(testX[row, 3]) ? 1.5 : 0))).ToArray();
        Assert.InRange(BinaryMetrics.Auroc(model.Score(testX), testY), BinaryMetrics.Auroc(cause, testY) - 0.01, 1);
    }

    [Fact]
    public void Contributions_and_bias_sum_to_the_log_odds_and_follow_the_cause()
    {
        var (x, y) = LearningWorld.Shoppers(2_000, 3);
        var model = Train(x, y);
        var scores = model.Score(x);
        var sums = new double[4];
        for (var row = 0; row < 40; row++)
        {
            var contributions = model.Explain(x, row);
            Assert.Equal(LearningWorld.LogOdds(scores[row]), contributions.Sum(), 1e-3);
            for (var column = 0; column < 4; column++) sums[column] += Math.Abs(contributions[column]);
        }

        Assert.Equal(0, Array.IndexOf(sums, sums.Max()));
        Assert.Equal(2, Array.IndexOf(sums, sums.Min()));
    }

    [Fact]
    public void A_saved_model_scores_and_explains_as_before_and_saves_the_same_bytes()
    {
        var (x, y) = LearningWorld.Shoppers(600, 4);
        var model = Train(x, y);
        using var file = new MemoryStream();
        model.Save(file);
        file.Position = 0;
        var loaded = BinaryModels.Load(file);
        Assert.Equal("mlp", loaded.Family);
        Assert.Equal(model.Score(x), loaded.Score(x));
        Assert.Equal(model.Explain(x, 5), loaded.Explain(x, 5));
        using var again = new MemoryStream();
        loaded.Save(again);
        Assert.Equal(file.ToArray(), again.ToArray());
    }

    [Fact]
    public void A_cut_file_is_no_model()
    {
        var (x, y) = LearningWorld.Shoppers(200, 4);
        using var file = new MemoryStream();
        Train(x, y).Save(file);
        using var cut = new MemoryStream(file.ToArray()[..^20]);
        Assert.Throws<InvalidDataException>(() => BinaryModels.Load(cut));
    }

    [Fact]
    public void Threads_do_not_change_a_score()
    {
        var (x, y) = LearningWorld.Shoppers(700, 5);
        Assert.Equal(Train(x, y, Short with { Threads = 1 }).Score(x), Train(x, y, Short with { Threads = 3 }).Score(x));
    }

    [Fact]
    public void Preparation_is_fitted_on_training_rows_alone()
    {
        var x = LearningWorld.Numbers([1, 2, 3, 4, float.NaN, 5], [7, 7, 7, 7, 7, 7]);
        var encoding = TableEncoding.Fit(x);
        var number = Assert.Single(encoding.Numbers);   // the second never varies
        Assert.Equal((3f, MathF.Sqrt(2), true), (number.Mean, number.Deviation, number.Missing));
        Assert.Equal([1, 2, 3, 4, 5], number.Edges);
        var encoded = new float[encoding.Inputs];
        number.Encode(3.25f, encoded);
        Assert.Equal([0.25f / MathF.Sqrt(2), 1, 1, 0.25f, 0, 0], encoded);
        number.Encode(float.NaN, encoded);
        Assert.Equal([0, 0, 0, 0, 0, 1], encoded);
        number.Encode(1e9f, encoded);
        Assert.Equal([5, 1, 1, 1, 1, 0], encoded);
    }

    [Fact]
    public void A_missing_category_has_a_row_of_its_own()
    {
        var x = new FeatureMatrix([new FeatureColumn("colour", ["red", "green"])], 3, [0, 1, float.NaN]);
        var encoding = TableEncoding.Fit(x);
        Assert.Equal([3], encoding.HighestIds);
        var ids = new float[1];
        Assert.Equal([1f, 2f, 3f], Enumerable.Range(0, 3).Select(row =>
        {
            encoding.Encode(x, row, ids);
            return ids[0];
        }));
    }

    [Fact]
    public void Without_validation_rows_it_holds_some_training_rows_back()
    {
        var (x, y) = LearningWorld.Shoppers(500, 6);
        var steps = new List<LearningStep>();
        new MlpTrainer(new MlpOptions(Training: Short)).Train(x, y, LearningWorld.Nothing(x), [], 1, new Kept(steps), TestContext.Current.CancellationToken);
        Assert.All(steps, step => Assert.True(double.IsFinite(step.ValidationLoss)));
    }

    private static IBinaryModel Train(FeatureMatrix x, float[] y, NetworkTraining? training = null)
    {
        var (validationX, validationY) = LearningWorld.Shoppers(300, 99);
        return new MlpTrainer(new MlpOptions(Training: training ?? Short)).Train(x, y, validationX, validationY, 1, null, TestContext.Current.CancellationToken).Value.Model;
    }

    private sealed class Kept(List<LearningStep> steps) : IProgress<LearningStep>
    {
        public void Report(LearningStep value) => steps.Add(value);
    }
}
