using MerchantStudio.Core.Experiments;
using Xunit;
using static MerchantStudio.Tests.Experiments.ExperimentReference;

namespace MerchantStudio.Tests.Experiments;

public sealed class PowerPlanTests
{
    [Fact]
    public void People_needed_for_a_rate_are_those_of_statsmodels_and_find_that_uplift_again()
    {
        foreach (var expected in Root.GetProperty("power").EnumerateArray())
        {
            var plan = new PowerPlan(Baseline.OfRate(expected.Number("rate")), expected.Number("treatedShare"));
            var people = plan.PeopleFor(expected.Number("lift"));
            Assert.Equal((long)Math.Ceiling(expected.Number("treated")), people.Treated);
            Near(expected.Number("lift"), plan.SmallestUplift(people.All), 1e-3);
        }
    }

    [Fact]
    public void People_needed_for_a_mean_are_those_of_statsmodels()
    {
        foreach (var expected in Root.GetProperty("powerMeans").EnumerateArray())
        {
            var deviation = expected.Number("sd");
            var plan = new PowerPlan(new Baseline(10, deviation * deviation, IsRate: false), expected.Number("treatedShare"));
            Near(expected.Number("treated"), plan.PeopleFor(expected.Number("difference") / 10).Treated, 5e-4);
        }
    }

    [Fact]
    public void What_the_time_before_explains_is_saved_in_people()
    {
        var history = Pairs("treated", "before");
        var (without, with) = (new PowerPlan(Baseline.OfMean(history.OfY), 0.5), new PowerPlan(Baseline.WithBefore(history), 0.5));
        Assert.InRange(with.Baseline.Explained, 0.01, 0.9);
        Near(1 - with.Baseline.Explained, with.PeopleFor(0.1).All / (double)without.PeopleFor(0.1).All, 1e-2);
    }

    [Fact]
    public void A_ratio_needs_as_many_people_as_its_spread_between_people_asks_for()
    {
        var history = Pairs("treated", "orders");
        var people = new PowerPlan(Baseline.OfRatio(history), 0.5).PeopleFor(0.1);
        var error = Compare.Ratio(history).StandardError * Math.Sqrt(2.0 * history.People / people.Treated);
        Near((1.6448536 + 0.8416212) * error, 0.1 * history.Y / history.X, 1e-3);
    }

    [Fact]
    public void Too_few_people_find_nothing() => Assert.Equal(double.PositiveInfinity, new PowerPlan(Baseline.OfRate(0.5), 0.5).SmallestUplift(5));

    [Fact]
    public void Looking_at_every_moment_costs_people() => Assert.InRange(new PowerPlan(Baseline.OfRate(0.1), 0.5).LookingCost, 1.9, 2.3);

    [Fact]
    public void Days_follow_the_shops_own_past_and_come_in_full_weeks()
    {
        long[] reach = [100, 180, 250, 310, 360, 400, 430, 450, 470, 490, 510, 530, 550, 570];
        Assert.Equal(7, PowerPlan.DaysFor(300, reach));
        Assert.Equal(14, PowerPlan.DaysFor(431, reach));
        Assert.Equal(28, PowerPlan.DaysFor(570 + 201, reach));
        Assert.Null(PowerPlan.DaysFor(1000, [5, 5, 5, 5, 5, 5, 5, 5]));
    }
}
