using System.Globalization;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Experiments;
using MerchantStudio.Core.Experiments.Reading;
using Xunit;

namespace MerchantStudio.Tests.Experiments.Stored;

public sealed class PowerPlannerTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task People_needed_follow_from_what_as_many_days_brought_before()
    {
        await using var world = await ShopAsync();
        var reading = (await world.Planner.ReadAsync(ExperimentWorld.Owner, new PowerQuestion(Condition.Everybody, 14, 0.5, LookOnce: true), "EUR", Now)).Value;
        Assert.Equal((1_000, 1_000, 0.2), (reading.PastPeople, reading.PeopleNow, reading.Buyers));
        Assert.Equal(600, reading.RevenueMinor, 6);
        var expected = new PowerPlan(Baseline.OfRate(0.2), 0.5).PeopleFor(0.1).All;
        Assert.Equal(expected, reading.Rows.Single(row => row.Uplift == 0.1).ForOrders!.Value, 1.0);
        Assert.True(reading.Rows[0].ForOrders > reading.Rows[1].ForOrders && reading.Rows[1].ForOrders > reading.Rows[2].ForOrders);
        Assert.InRange(reading.SmallestOrders, 0.3, 0.45);
        var looked = (await world.Planner.ReadAsync(ExperimentWorld.Owner, new PowerQuestion(Condition.Everybody, 14, 0.5, LookOnce: false), "EUR", Now)).Value;
        Assert.True(looked.Rows[1].ForOrders > reading.Rows[1].ForOrders);
        Assert.True(looked.SmallestOrders > reading.SmallestOrders);
    }

    [Fact]
    public async Task An_audience_is_who_fitted_back_then_not_who_fits_now()
    {
        await using var world = await ShopAsync();

        // Nobody who fits "no order for 14 days" today has bought in the last 14 days; of those who fitted 14 days ago many have.
        var lapsed = new Not(new Comparison("last_order_at", ConditionOperator.WithinDays, ["14"]));
        var reading = (await world.Planner.ReadAsync(ExperimentWorld.Owner, new PowerQuestion(lapsed, 14, 0.5, LookOnce: true), "EUR", Now)).Value;
        Assert.Equal((1_000, 0.2, false), (reading.PastPeople, reading.Buyers, reading.HasTodaysLines));
        Assert.Equal(800, reading.PeopleNow);
        var dormant = (await world.Planner.ReadAsync(ExperimentWorld.Owner, new PowerQuestion(new InSegment(["rfm:prospects"]), 14, 0.5, LookOnce: true), "EUR", Now)).Value;
        Assert.Equal(1_000, dormant.PastPeople);
        Assert.True((await world.Planner.ReadAsync(ExperimentWorld.Owner, new PowerQuestion(new Comparison("intent_7", ConditionOperator.AtLeast, ["0.5"]), 14, 0.5, LookOnce: true), "EUR", Now)).Value.HasTodaysLines);
    }

    [Fact]
    public async Task A_past_that_is_too_short_is_said()
    {
        await using var world = await ShopAsync();
        Assert.Equal("experiments.past-too-short", (await world.Planner.ReadAsync(ExperimentWorld.Owner, new PowerQuestion(Condition.Everybody, 90, 0.5, LookOnce: true), "EUR", Now)).Problem!.Code);
    }

    /// <summary>1,000 shoppers seen since 60 days, 200 of whom bought for 30.00 in the last two weeks, and never before.</summary>
    private static async Task<ExperimentWorld> ShopAsync()
    {
        var world = await ExperimentWorld.OpenAsync();
        await world.PublishAsync();
        var people = ExperimentWorld.Shoppers(1_000);
        await world.ProfilesAsync(people, -60);
        await world.Warehouse.RunAsync($"insert into clean_events (user_id, ts, event_type, item_id, session_no) select user_id, first_seen, 'view', 'mug', 1 from shopper_profile; insert into clean_events (user_id, ts, event_type) values ('s0', timestamp '{ExperimentWorld.At(0)}', 'view')");
        await world.OrdersAsync([.. people.Take(200).Select((person, number) => new PutOrder(person, -0.01 - (number % 13), 30, Id: number.ToString(CultureInfo.InvariantCulture)))]);
        await world.Warehouse.RunAsync("update shopper_profile p set last_order_at = (select max(ts) from paid_orders o where o.user_id = p.user_id), rfm_group = 'loyal', as_of = (select max(ts) from clean_events)");
        return world;
    }
}
