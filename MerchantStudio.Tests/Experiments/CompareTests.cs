using MerchantStudio.Core.Experiments;
using Xunit;
using static MerchantStudio.Tests.Experiments.ExperimentReference;

namespace MerchantStudio.Tests.Experiments;

/// <summary>Each figure beside scipy's or statsmodels' of the same rows.</summary>
public sealed class CompareTests
{
    private static readonly Sums Treated = Sums("treated", "revenue");
    private static readonly Sums Holdout = Sums("holdout", "revenue");

    [Fact]
    public void A_mean_and_the_difference_of_two_are_welchs()
    {
        Same(Root.GetProperty("mean"), Compare.Mean(Treated));
        Same(Root.GetProperty("welch"), Compare.Means(Treated, Holdout), 1e-8);
    }

    [Fact]
    public void The_relative_uplift_is_fiellers_and_the_delta_methods()
    {
        Same(Root.GetProperty("fieller"), Compare.Relative(Treated, Holdout));
        Same(Root.GetProperty("delta"), Compare.RelativeByDelta(Treated, Holdout));
    }

    [Fact]
    public void A_relative_uplift_over_next_to_nothing_has_no_bounds()
    {
        var few = new Sums(50, 2, 4);
        Assert.Equal((double.NegativeInfinity, double.PositiveInfinity), (Compare.Relative(Treated, few).Interval.Low, Compare.Relative(Treated, few).Interval.High));
        Assert.True(double.IsNaN(Compare.Relative(Treated, new Sums(50, 0, 0)).Value));
    }

    [Theory, InlineData("shares"), InlineData("rareShares")]
    public void Shares_are_compared_by_newcombes_interval(string name)
    {
        var expected = Root.GetProperty(name);
        var counts = expected.GetProperty("counts").EnumerateArray().Select(count => count.GetInt64()).ToArray();
        Same(expected, Compare.Shares(counts[0], counts[1], counts[2], counts[3]));
    }

    [Fact]
    public void A_share_has_wilsons_interval() => Same(Root.GetProperty("wilson"), Compare.Share(190, 2000));

    [Fact]
    public void Revenue_per_order_counts_people_not_orders()
    {
        var (treated, holdout) = (Pairs("treated", "orders"), Pairs("holdout", "orders"));
        Same(Root.GetProperty("ratio"), Compare.Ratios(treated, holdout));
        Near(Root.GetProperty("ratio").Number("firstError"), Compare.Ratio(treated).StandardError);
        Assert.True(double.IsNaN(Compare.Ratio(default(PairSums).Add(0, 5).Add(0, 3)).Value));
    }

    [Fact]
    public void Cuped_is_the_regression_on_the_time_before()
    {
        var cuped = Cuped.Means(Pairs("treated", "before"), Pairs("holdout", "before"));
        Near(Root.GetProperty("cuped").Number("theta"), cuped.Theta);
        Same(Root.GetProperty("cuped"), cuped.Difference, 1e-8);
        Assert.InRange(cuped.VarianceLeft, 0.5, 0.99);
    }

    [Fact]
    public void Cuped_without_any_time_before_is_the_plain_difference()
    {
        var (treated, holdout) = (default(PairSums).Add(0, 3).Add(0, 5).Add(0, 9), default(PairSums).Add(0, 1).Add(0, 2).Add(0, 2));
        Assert.Equal(Compare.Means(treated.OfY, holdout.OfY), Cuped.Means(treated, holdout).Difference);
    }

    [Theory, InlineData("srm", new[] { 1.0, 1, 1 }, true), InlineData("srmUneven", new[] { 0.8, 0.2 }, false)]
    public void The_split_is_checked_by_chi_square(string name, double[] shares, bool broken)
    {
        var expected = Root.GetProperty(name);
        var check = SampleRatio.Check(expected.GetProperty("counts").EnumerateArray().Select(count => count.GetInt64()).ToArray(), shares);
        Near(expected.Number("statistic"), check.ChiSquared);
        Near(expected.Number("p"), check.PValue);
        Assert.Equal(broken, check.IsBroken);
    }

    [Fact]
    public void People_in_an_arm_that_should_have_none_break_the_split() => Assert.True(SampleRatio.Check([100, 100, 1], [0.5, 0.5, 0]).IsBroken);

    [Fact]
    public void Sums_of_parts_add_up()
    {
        var numbers = Numbers("treated", "revenue");
        var halves = numbers.Take(70).Aggregate(default(Sums), (sums, value) => sums.Add(value)) + numbers.Skip(70).Aggregate(default(Sums), (sums, value) => sums.Add(value));
        Near(Treated.Variance, halves.Variance);
    }

    [Fact]
    public void One_person_gives_no_bounds() => Assert.Equal(double.PositiveInfinity, Compare.Means(new Sums(1, 5, 25), Holdout).Interval.High);
}
