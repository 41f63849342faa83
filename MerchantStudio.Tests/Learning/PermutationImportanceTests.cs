using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Learning.Linear;
using Xunit;

namespace MerchantStudio.Tests.Learning;

public sealed class PermutationImportanceTests
{
    [Fact]
    public void What_matters_lies_above_nothing_noise_does_not_and_more_rows_narrow_the_interval()
    {
        var (x, y) = LearningWorld.Shoppers(2_000, 1);
        var model = new LogisticTrainer(new LogisticOptions(Strengths: [0.01])).Train(x, y, LearningWorld.Nothing(x), [], 1, null, TestContext.Current.CancellationToken).Value.Model;
        var many = Measure(model, 4_000);
        Assert.Equal("visits", many[0].Column);
        Assert.True(many[0].Interval.Low > 0.1);
        var noise = many.Single(one => one.Column == "noise");
        Assert.InRange(0, noise.Interval.Low, noise.Interval.High);
        var few = Measure(model, 250);
        Assert.True(Width(few.Single(one => one.Column == "colour")) > 2 * Width(many.Single(one => one.Column == "colour")));
    }

    /// <summary>The interval holds what other rows give in about 9 cases of 10.</summary>
    [Fact]
    public void The_interval_covers_the_gain_on_many_rows_about_nine_times_in_ten()
    {
        var (x, y) = LearningWorld.Shoppers(2_000, 1);
        var model = new LogisticTrainer(new LogisticOptions(Strengths: [0.01])).Train(x, y, LearningWorld.Nothing(x), [], 1, null, TestContext.Current.CancellationToken).Value.Model;
        var truth = Measure(model, 40_000).ToDictionary(one => one.Column, one => one.Gain);
        var hits = Enumerable.Range(0, 40).SelectMany(trial => Measure(model, 300, 1_000 + trial)).Where(one => one.Column is "visits" or "colour" or "age").Count(one => truth[one.Column] >= one.Interval.Low && truth[one.Column] <= one.Interval.High);
        Assert.InRange(hits / 120.0, 0.8, 1);
    }

    [Fact]
    public void Threads_change_nothing()
    {
        var (x, y) = LearningWorld.Shoppers(500, 3);
        var model = new LogisticTrainer(new LogisticOptions(Strengths: [0.01])).Train(x, y, LearningWorld.Nothing(x), [], 1, null, TestContext.Current.CancellationToken).Value.Model;
        Assert.Equal(PermutationImportance.Measure(model.Score, x, y, 3, 1, 1, TestContext.Current.CancellationToken), PermutationImportance.Measure(model.Score, x, y, 3, 1, 4, TestContext.Current.CancellationToken));
    }

    private static double Width(ColumnImportance one) => one.Interval.High - one.Interval.Low;

    private static System.Collections.Immutable.ImmutableArray<ColumnImportance> Measure(IBinaryModel model, int rows, int seed = 500)
    {
        var (x, y) = LearningWorld.Shoppers(rows, seed);
        return PermutationImportance.Measure(model.Score, x, y, 5, 1, 2, TestContext.Current.CancellationToken);
    }
}
