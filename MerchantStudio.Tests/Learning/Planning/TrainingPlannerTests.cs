using System.Collections.Immutable;
using MerchantStudio.Core.Learning.Planning;
using Xunit;

namespace MerchantStudio.Tests.Learning.Planning;

public sealed class TrainingPlannerTests
{
    private static readonly FamilyCost Quick = new("quick", 1, 0.5, 1e-4, 100);
    private static readonly FamilyCost Tried = new("tried", 3, 0, 6e-4, 200);
    private static readonly FamilyCost Slow = new("slow", 1, 1, 2e-3, 400);

    [Fact]
    public void With_time_and_memory_enough_nothing_is_given_up()
    {
        var plan = TrainingPlanner.Choose([Quick, Tried], 10_000, 1, 10, new ComputeBudget(60, 1024));
        Assert.True(plan.Fits);
        Assert.Equal([("quick", 10_000, 1), ("tried", 10_000, 3)], plan.Families.Select(family => (family.Family, family.Rows, family.Settings)));
        Assert.Equal(1 + 0.5 + 1 + 6, plan.Seconds, 6);
        Assert.Equal(10 + (200 * 10_000 / 1048576.0), plan.Megabytes, 6);
    }

    [Theory]
    [InlineData(9, 10_000, 1, "quick tried")]    // settings go first
    [InlineData(5, 5_000, 1, "quick tried")]    // then rows
    [InlineData(2.8, 1_919, 0, "quick")]          // then the family that takes longest
    public void What_does_not_fit_is_given_up_in_order(double seconds, int rows, int triedSettings, string families)
    {
        var plan = TrainingPlanner.Choose([Quick, Tried], 10_000, 1, 0, new ComputeBudget(seconds, 1024));
        var kept = plan.Families.Where(family => !family.IsLeftOut).ToList();
        Assert.Equal(families, string.Join(' ', kept.Select(family => family.Family)));
        Assert.Equal(rows, kept[0].Rows);
        Assert.Equal(triedSettings, plan.Families[1].Settings);
    }

    [Fact]
    public void Where_memory_is_short_a_family_gets_the_rows_that_fit_into_it()
    {
        const double Rest = 0.5;   // for 100 bytes a row
        var plan = TrainingPlanner.Choose([Quick], 10_000, 0, 10, new ComputeBudget(60, 10 + Rest));
        Assert.True(plan.Fits);
        Assert.Equal((int)(Rest * 1048576 / 100), plan.Families[0].Rows);
    }

    [Fact]
    public void Rows_are_cut_for_the_time_that_judging_takes()
    {
        var plan = TrainingPlanner.Choose([Quick with { JudgingSeconds = 0.5 }], 10_000, 1, 0, new ComputeBudget(3.6, 1024));
        // Of 2.88 s one is for reading, half for judging, half each for what fitting and looking back take whatever the rows.
        Assert.Equal((int)((2.88 - 1 - 0.5 - 0.5 - 0.5) / (1e-4 * 1.25)), plan.Families[0].Rows, 1.0);
        Assert.Equal(3.6 * TrainingPlanner.SafeShare, plan.Seconds, 3);
    }

    [Theory]
    [InlineData(5, 1024)]
    [InlineData(60, 0.8)]
    public void Where_rows_are_cut_the_time_to_see_what_that_gave_up_is_part_of_the_plan(double seconds, double megabytes)
    {
        ImmutableArray<FamilyCost> costs = [Quick with { JudgingSeconds = 0.01 }, Tried];
        var plan = TrainingPlanner.Choose(costs, 10_000, 1, 0, new ComputeBudget(seconds, megabytes), closingSeconds: 0.25);
        Assert.Equal(0.25, plan.ClosingSeconds);
        foreach (var (family, cost) in plan.Families.Zip(costs).Where(pair => !pair.First.IsLeftOut))
        {
            Assert.InRange(family.Rows, 1, 9_999);
            Assert.Equal((cost.FixedSeconds + (cost.SecondsPerRow * family.Rows / 4)) * family.Settings / cost.Settings, family.LookBackSeconds, 9);
            Assert.Equal(cost.JudgingSeconds, family.JudgingSeconds);
            Assert.Equal(cost.Seconds(family.Rows, family.Settings) + family.LookBackSeconds, family.Seconds, 9);
        }

        Assert.All(TrainingPlanner.Choose(costs, 10_000, 1, 0, new ComputeBudget(60, 1024)).Families, family => Assert.Equal((10_000, 0.0), (family.Rows, family.LookBackSeconds)));
    }

    [Fact]
    public void Alone_a_family_gets_the_rows_for_which_there_is_time_to_look_back_too()
    {
        var plan = TrainingPlanner.Choose([Slow], 10_000, 1, 0, new ComputeBudget(20, 1024));
        Assert.InRange(plan.Families[0].Rows, 1, 9_999);
        Assert.InRange(plan.Seconds, (20 * TrainingPlanner.SafeShare) - 0.01, 20 * TrainingPlanner.SafeShare);
    }

    [Fact]
    public void No_plan_exceeds_its_budget_and_no_family_the_time_that_a_restart_may_cost()
    {
        ImmutableArray<FamilyCost> costs = [Quick, Tried, Slow];
        foreach (var rows in (int[])[400, 3_000, 40_000, 2_000_000])
        {
            foreach (var seconds in (double[])[0.5, 3, 10, 60, 600])
            {
                foreach (var megabytes in (double[])[1, 64, 1024])
                {
                    var plan = TrainingPlanner.Choose(costs, rows, 0.4, 0.5, new ComputeBudget(seconds, megabytes));
                    Assert.All(plan.Families, family => Assert.InRange(family.Seconds, 0, TrainingPlanner.LongestFamily + 1e-6));
                    if (!plan.Fits) Assert.All(plan.Families, family => Assert.True(family.IsLeftOut));
                    else Assert.True(plan.Seconds <= seconds && plan.Megabytes <= megabytes, $"{rows} rows, {seconds} s, {megabytes} MB: {plan.Seconds} s, {plan.Megabytes} MB");
                }
            }
        }
    }

    [Fact]
    public void A_budget_for_nothing_says_so() => Assert.False(TrainingPlanner.Choose([Slow], 10_000, 1, 0, new ComputeBudget(1, 1024)).Fits);
}
