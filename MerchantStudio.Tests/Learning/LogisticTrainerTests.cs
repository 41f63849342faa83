using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Learning.Linear;
using Xunit;

namespace MerchantStudio.Tests.Learning;

public sealed class LogisticTrainerTests
{
    [Fact]
    public void Without_a_penalty_the_fit_matches_the_closed_form_of_a_two_by_two_table()
    {
        // 30 of 40 buy with the sign, 10 of 40 without: log odds ratio 2·ln 3.
        var sign = Enumerable.Range(0, 80).Select(i => i < 40 ? 1f : 0f).ToArray();
        var y = Enumerable.Range(0, 80).Select(i => i < 30 || i is >= 40 and < 50 ? 1f : 0f).ToArray();
        var x = LearningWorld.Numbers(sign);
        var model = Train(x, y, new LogisticOptions(Strengths: [0]));
        var scores = model.Score(x);
        Assert.Equal(0.75, scores[0], 5);
        Assert.Equal(0.25, scores[79], 5);
        Assert.Equal(2 * Math.Log(3), model.Explain(x, 0)[0] - model.Explain(x, 79)[0], 5);
    }

    [Fact]
    public void At_the_solution_the_gradient_of_the_penalised_loss_is_zero()
    {
        var (x, y) = LearningWorld.Shoppers(400, 3);
        const double strength = 0.05;
        var encoder = DesignEncoder.Fit(x, squash: false);
        var design = encoder.Encode(x);
        var solver = new ElasticNetSolver(design, y, [], 0, 1);
        solver.Solve(strength, TestContext.Current.CancellationToken);
        for (var term = 0; term < design.Length; term++)
        {
            var gradient = strength * solver.Weights[term];
            for (var row = 0; row < y.Length; row++)
            {
                var logOdds = solver.Intercept + design.Select((column, t) => column[row] * solver.Weights[t]).Sum();
                gradient += ((1 / (1 + Math.Exp(-logOdds))) - y[row]) * design[term][row] / y.Length;
            }

            Assert.Equal(0, gradient, 6);
        }
    }

    [Fact]
    public void A_strong_absolute_penalty_leaves_only_the_columns_that_matter()
    {
        var (x, y) = LearningWorld.Shoppers(2000, 5);
        var model = (LogisticModel)Train(x, y, new LogisticOptions(L1Ratio: 1, Strengths: [0.04]));
        var contributions = model.Explain(x, 0);
        Assert.NotEqual(0, contributions[0]);
        Assert.Equal(0, contributions[2]);
    }

    [Fact]
    public void Contributions_and_bias_sum_to_the_log_odds_also_with_missing_values()
    {
        var (x, y) = LearningWorld.Shoppers(500, 7);
        var model = Train(x, y, new LogisticOptions(Strengths: [0.01]));
        var scores = model.Score(x);
        for (var row = 0; row < 50; row++) Assert.Equal(LearningWorld.LogOdds(scores[row]), model.Explain(x, row).Sum(), 3);
    }

    [Fact]
    public void Standardisation_is_learnt_from_the_training_rows_alone()
    {
        var (x, y) = LearningWorld.Shoppers(300, 9);
        var (other, otherY) = LearningWorld.Shoppers(50, 10);
        var wild = new FeatureMatrix(other.Columns, other.Rows, [.. Enumerable.Range(0, 4 * 50).Select(i => 1000f + i)]);
        var token = TestContext.Current.CancellationToken;
        var one = new LogisticTrainer(new LogisticOptions(Strengths: [0.01])).Train(x, y, other, otherY, 1, null, token).Value.Model;
        var two = new LogisticTrainer(new LogisticOptions(Strengths: [0.01])).Train(x, y, wild, otherY, 1, null, token).Value.Model;
        Assert.Equal(one.Score(x), two.Score(x));
    }

    [Fact]
    public void The_number_of_threads_changes_no_bit()
    {
        var (x, y) = LearningWorld.Shoppers(3000, 11);
        Assert.Equal(Bytes(Train(x, y, new LogisticOptions(Threads: 1))), Bytes(Train(x, y, new LogisticOptions(Threads: 2))));
    }

    [Fact]
    public void A_saved_model_scores_the_same_when_read_back()
    {
        var (x, y) = LearningWorld.Shoppers(300, 13);
        var model = Train(x, y, new LogisticOptions());
        Assert.Equal(model.Score(x), BinaryModels.Load(new MemoryStream(Bytes(model))).Score(x));
    }

    [Fact]
    public void The_penalty_with_the_lowest_validation_loss_is_kept()
    {
        var (x, y) = LearningWorld.Shoppers(60, 15);
        var (vx, vy) = LearningWorld.Shoppers(2000, 16);
        var token = TestContext.Current.CancellationToken;
        var chosen = new LogisticTrainer().Train(x, y, vx, vy, 1, null, token).Value.Model;
        var losses = LogisticOptions.DefaultStrengths.Select(strength => BinaryMetrics.LogLoss(new LogisticTrainer(new LogisticOptions(Strengths: [strength])).Train(x, y, vx, vy, 1, null, token).Value.Model.Score(vx), vy)).ToArray();
        Assert.Equal(losses.Min(), BinaryMetrics.LogLoss(chosen.Score(vx), vy), 5);
    }

    internal static byte[] Bytes(IBinaryModel model)
    {
        using var stream = new MemoryStream();
        model.Save(stream);
        return stream.ToArray();
    }

    private static IBinaryModel Train(FeatureMatrix x, float[] y, LogisticOptions options) =>
        new LogisticTrainer(options).Train(x, y, LearningWorld.Nothing(x), [], 1, null, TestContext.Current.CancellationToken).Value.Model;
}
