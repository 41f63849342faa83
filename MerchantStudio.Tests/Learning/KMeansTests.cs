using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Clustering;
using Xunit;

namespace MerchantStudio.Tests.Learning;

public sealed class KMeansTests
{
    [Fact]
    public void Three_tribes_are_found_and_three_is_chosen()
    {
        var x = Tribes(50);
        var result = KMeans.Fit(x, new KMeansOptions(), 1, TestContext.Current.CancellationToken);
        Assert.Equal(3, result.K);
        for (var tribe = 0; tribe < 3; tribe++) Assert.Single(result.Assignments.Skip(tribe * 50).Take(50).Distinct());
        Assert.Equal([50, 50, 50], result.Sizes);
        Assert.Equal(result.Tried.MaxBy(one => one.Silhouette)!.K, result.K);
    }

    [Fact]
    public void The_same_seed_gives_the_same_clusters()
    {
        var (x, _) = LearningWorld.Shoppers(300, 81);
        var token = TestContext.Current.CancellationToken;
        Assert.Equal(KMeans.Fit(x, new KMeansOptions(), 5, token).Assignments, KMeans.Fit(x, new KMeansOptions(), 5, token).Assignments);
    }

    [Fact]
    public void Rows_that_do_not_differ_are_one_cluster()
    {
        var result = KMeans.Fit(LearningWorld.Numbers([3, 3, 3], [1, 1, 1]), new KMeansOptions(), 1, TestContext.Current.CancellationToken);
        Assert.Equal(1, result.K);
        Assert.Equal([3], result.Sizes);
    }

    [Fact]
    public void One_single_row_is_one_cluster() =>
        Assert.Equal(1, KMeans.Fit(LearningWorld.Numbers([3]), new KMeansOptions(), 1, TestContext.Current.CancellationToken).K);

    [Fact]
    public void The_silhouette_is_the_hand_value()
    {
        double[][] points = [[0], [1], [10]];
        // Row 0: a = 1, b = 10; row 1: a = 1, b = 9; row 2 is alone.
        Assert.Equal((0.9 + (8 / 9.0)) / 3, Silhouette.Mean(points, [0, 0, 1], 2, [0, 1, 2]), 10);
    }

    private static FeatureMatrix Tribes(int each)
    {
        var random = new SeededRandom(9);
        float Around(double centre) => (float)(centre * (0.9 + (0.2 * random.NextDouble())));
        double[][] centres = [[1, 500], [30, 1], [900, 800]];
        return LearningWorld.Numbers([.. Enumerable.Range(0, 2).Select(column => Enumerable.Range(0, 3 * each).Select(row => Around(centres[row / each][column])).ToArray())]);
    }
}
