using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Promotions;
using MerchantStudio.Core.Promotions.Pricing;
using MerchantStudio.Core.Promotions.Replay;
using Xunit;

namespace MerchantStudio.Tests.Promotions.Replay;

public sealed class RuleReplayTests
{
    private static readonly Guid Welcome = Guid.Parse("22222222-0000-0000-0000-000000000000");

    /// <summary>Three priced orders and one basket in the period; tea costs 6 of 10, mugs 15 of 20, lamps are of unknown cost.</summary>
    private static ReplayWorld Shop() => new ReplayWorld()
        .Product("tea", 10, 6).Product("mug", 20, 15)
        .Order("ann", 200, "old", ("tea", 10, 1))
        .Order("ann", 60, "A1", ("tea", 10, 3), ("mug", 20, 1))
        .Order("bob", 50, "B1", ("tea", 10, 1))
        .Order("cat", 10, "C1", ("mug", 20, 2))
        .Event("dan", 40, "add_to_cart", "mug", 20).Event("dan", 40, "add_to_cart", "tea", 10, 2).Event("dan", 39.9, "remove_from_cart", "tea", 10, 1)
        .Event("eve", 2, "add_to_cart", "mug", 20);

    [Fact]
    public async Task Uses_discounts_and_margin_of_past_orders_are_exact()
    {
        await using var world = Shop();
        await world.WriteAsync();
        var result = await world.ReplayAsync(ReplayWorld.Draft());
        // A1 50.00, B1 10.00, C1 40.00: a tenth of each; "old" lies before the period, eve's basket may still be bought.
        Assert.Equal((3, 3, 1000, 10_000), (result.Came.Uses, result.Came.Shoppers, result.Came.DiscountMinor, result.Came.ItemsMinor));
        Assert.Equal((3, 1, 1, 4), (result.Judged.Orders, result.Judged.Baskets, result.Judged.Undecided, result.Judged.Shoppers));
        // Before: A1 50 − 33, B1 10 − 6, C1 40 − 30.
        Assert.Equal((3, 3100, 2100, 0, 0), (result.Margin.KnownCosts, result.Margin.BeforeMinor, result.Margin.AfterMinor, result.Margin.Losses, result.Margin.Free));
        Assert.Equal((1000, 3), (result.Weeks.Sum(week => week.CostMinor), result.Weeks.Sum(week => week.Uses)));
        Assert.Equal((500, 100, 400), (Week(30).CostMinor, Week(40).CostMinor, Week(80).CostMinor));

        ReplayWeek Week(int day) => result.Weeks.Single(week => week.From <= result.From.AddDays(day) && week.From.AddDays(7) > result.From.AddDays(day));
    }

    [Fact]
    public async Task What_is_earned_comes_from_abandoned_baskets_alone_and_says_that_it_is_assumed()
    {
        await using var world = Shop();
        await world.WriteAsync();
        var result = await world.ReplayAsync(ReplayWorld.Draft());
        // Dan's basket: a mug and one tea, 30.00 with a margin of 9.00 and a discount of 3.00; 5 of 100 such baskets come back.
        Assert.Equal(ResponseAssumption.Range, result.Response);
        Assert.Equal((1, 0.05, 15, 150, 45), (result.Extra.Baskets, result.Extra.Orders, Math.Round(result.Extra.CostMinor, 6), Math.Round(result.Extra.RevenueMinor, 6), Math.Round(result.Extra.MarginMinor!.Value, 6)));
        Assert.Equal(45 - 15 - 1000, Math.Round(result.Net!.Minor, 6));
        Assert.Equal(result.Net.Minor, result.Weeks[^1].NetMinor!.Value, 6);
        // The cost of 10.00 would need more than all of dan's 6.00.
        Assert.Null(result.BreakEven);
        Assert.True(result.Net.Span.Low <= result.Net.Minor && result.Net.Span.High >= result.Net.Minor);
        Assert.InRange(result.Came.Share, 3 / 3.06, 3 / 3.04);
    }

    [Fact]
    public async Task Each_order_gets_what_live_pricing_gives_the_same_cart()
    {
        await using var world = new ReplayWorld().Product("tea", 9.99m, 5);
        var random = new Core.Learning.SeededRandom(7);
        var expected = 0L;
        var offer = new Offer(OfferKind.Percent, 1250, CapMinor: 700, MinimumSpendMinor: 1500);
        for (var number = 0; number < 60; number++)
        {
            CartLine[] lines = [.. Enumerable.Range(0, 1 + random.NextInt(4)).Select(line => new CartLine($"item{line}", null, null, 1 + random.NextInt(3), 199 + random.NextInt(2500)))];
            expected += OfferPricing.Price(offer, new Cart([.. lines], 0, "EUR")).DiscountMinor;
            world.Order($"s{number % 20}", 1 + number, $"O{number}", [.. lines.Select(line => (line.ItemId, line.UnitPriceMinor / 100m, line.Quantity))]);
        }

        await world.WriteAsync();
        var result = await world.ReplayAsync(ReplayWorld.Draft(offer: offer));
        Assert.Equal(60, result.Judged.Orders);
        Assert.Equal(expected, result.Came.DiscountMinor);
    }

    [Theory]
    [InlineData(59.9, 0)]
    [InlineData(60, 0)]
    [InlineData(60.1, 1)]
    public async Task Conditions_are_judged_on_what_came_strictly_before_the_order(double viewedDaysAgo, int uses)
    {
        await using var world = Shop().Event("ann", viewedDaysAgo, "view", "tea");
        await world.WriteAsync();
        var viewed = new EventCount("view", ConditionOperator.AtLeast, 1, 30);
        Assert.Equal(uses, (await world.ReplayAsync(ReplayWorld.Draft(viewed))).Came.Uses);
    }

    [Fact]
    public async Task In_the_last_days_counts_back_from_each_order()
    {
        await using var world = Shop().Order("ann", 30, "A2", ("tea", 10, 1));
        await world.WriteAsync();
        // A1 came 140 days after the order before it, A2 30 days after.
        var result = await world.ReplayAsync(ReplayWorld.Draft(new Comparison("last_order_at", ConditionOperator.WithinDays, ["30"])));
        Assert.Equal((1, 100), (result.Came.Uses, result.Came.DiscountMinor));
        var spent = await world.ReplayAsync(ReplayWorld.Draft(new Comparison("spent", ConditionOperator.AtLeast, ["60"])));
        Assert.Equal((1, 100), (spent.Came.Uses, spent.Came.DiscountMinor));
        var newcomers = await world.ReplayAsync(ReplayWorld.Draft(new Comparison("orders", ConditionOperator.AtMost, ["0"])));
        Assert.Equal((2, 1), (newcomers.Came.Uses, newcomers.Extra.Baskets));
    }

    [Fact]
    public async Task Limits_stop_uses_in_the_order_of_time()
    {
        await using var world = Shop().Order("bob", 5, "B2", ("tea", 10, 2));
        await world.WriteAsync();
        // In time: A1 5.00, dan's basket, B1 1.00, C1 4.00, B2 2.00. After A1 and B1 the 4.00 no longer fit, the 2.00 do.
        var budget = await world.ReplayAsync(ReplayWorld.Draft() with { BudgetMinor = 850 });
        Assert.Equal((3, 800, 1), (budget.Came.Uses, budget.Came.DiscountMinor, budget.Stop.RefusedByBudget));
        Assert.Equal(ReplayWorld.End.AddDays(-10), budget.Stop.RunOutAt);
        var total = await world.ReplayAsync(ReplayWorld.Draft() with { TotalUses = 2, UsesPerCustomer = 1 });
        Assert.Equal((2, 600, 2), (total.Came.Uses, total.Came.DiscountMinor, total.Stop.RefusedByUses + total.Stop.RefusedByCustomer));
        var each = await world.ReplayAsync(ReplayWorld.Draft() with { UsesPerCustomer = 1 });
        Assert.Equal((3, 1, null), (each.Came.Uses, each.Stop.RefusedByCustomer, each.Stop.RunOutAt));
    }

    [Fact]
    public async Task A_day_of_the_store_a_segment_and_a_shopper_are_limited_as_the_ledger_would()
    {
        // In Vienna 23:00 and 23:30 of one day, 0:30 of the next, and ann thrice.
        await using var world = Shop().Order("a", 9 + (12 / 24.0), "N1", ("tea", 10, 1)).Order("b", 9 + (11.5 / 24), "N2", ("tea", 10, 1)).Order("c", 9 + (10.5 / 24), "N3", ("tea", 10, 1))
            .Order("ann", 8, "A2", ("tea", 10, 3)).Order("ann", 7, "A3", ("tea", 10, 1));
        await world.WriteAsync();
        var draft = ReplayWorld.Draft();
        var day = await world.ReplayAsync(draft with { DayUses = 1 });

        // C1 was on the first of the two days.
        Assert.Equal((6, 2, null), (day.Came.Uses, day.Stop.RefusedByDay, day.Stop.RunOutAt));
        var money = await world.ReplayAsync(draft with { DayBudgetMinor = 150 });

        // A1 takes 5.00, C1 4.00 and A2 3.00: more than a day has.
        Assert.Equal((4, 4), (money.Came.Uses, money.Stop.RefusedByDay));
        var segment = await world.ReplayAsync(draft with { SegmentLimits = [new SegmentLimit("rfm:champions", 0, null), new SegmentLimit("rfm:at_risk", 4, null)] });

        // dan's basket takes its share of the four.
        Assert.Equal((3, 5, null), (segment.Came.Uses, segment.Stop.RefusedBySegment, segment.Stop.RunOutAt));
        Assert.Equal((7, 1), (await world.ReplayAsync(draft with { SegmentLimits = [new SegmentLimit("rfm:at_risk", null, 1_650)] })) is var budget ? (budget.Came.Uses, budget.Stop.RefusedBySegment) : default);

        // Of ann's 5.00, 3.00 and 1.00 the second does not fit any more, the third does.
        var own = await world.ReplayAsync(draft with { CustomerBudgetMinor = 600 });
        Assert.Equal((7, 1), (own.Came.Uses, own.Stop.RefusedByCustomer));
    }

    [Fact]
    public async Task The_interval_of_what_it_costs_keeps_to_the_limits_of_a_day_and_of_a_segment()
    {
        await using var world = new ReplayWorld().Product("tea", 10, 6);
        for (var number = 0; number < 40; number++) world.Order($"s{number}", 20 + (number / 100_000.0), $"O{number}", ("tea", 10, 1));
        await world.WriteAsync();
        foreach (var draft in (RuleDraft[])[ReplayWorld.Draft() with { DayUses = 5 }, ReplayWorld.Draft() with { DayBudgetMinor = 500 }, ReplayWorld.Draft() with { SegmentLimits = [new SegmentLimit("rfm:at_risk", 5, null)] }, ReplayWorld.Draft() with { SegmentLimits = [new SegmentLimit("rfm:at_risk", null, 500)] }])
        {
            var stop = (await world.ReplayAsync(draft)).Stop;
            Assert.Equal((5, 5, 5), (Math.Round(stop.DailyUses * 90, 6), Math.Round(stop.DailyUsesSpan.Low * 90, 6), Math.Round(stop.DailyUsesSpan.High * 90, 6)));
        }

        Assert.Equal(0, (await world.ReplayAsync(ReplayWorld.Draft() with { CustomerBudgetMinor = 99 })).Stop.DailyUsesSpan.High);
    }

    [Fact]
    public async Task In_the_mode_that_is_best_for_the_shopper_the_draft_goes_first_where_it_is_worth_more()
    {
        await using var world = Shop();
        await world.WriteAsync();
        var rival = new CartRule(Welcome, "WELCOME10", Condition.Everybody, new Offer(OfferKind.Fixed, AmountMinor: 200), ReplayWorld.End.AddDays(-300)) { Priority = 5 };
        Assert.Equal(0, (await world.ReplayAsync(ReplayWorld.Draft(), rival)).Came.Uses);

        // 5.00 and 4.00 are worth more than 2.00, 1.00 is not; dan's basket leaves 3.00.
        var best = await world.ReplayAsync(ReplayWorld.Draft(), 90, [], DecisionMode.BestForCustomer, ReplayRun.RowsOfPart, rival);
        Assert.Equal((2, 900, 1), (best.Came.Uses, best.Came.DiscountMinor, best.Judged.LostToOther));
    }

    [Fact]
    public async Task However_small_the_parts_are_that_it_is_priced_in_nothing_is_lost()
    {
        await using var world = Shop();
        for (var number = 0; number < 60; number++) world.Order($"p{number}", 30 + (number / 1_000.0), $"P{number}", ("tea", 10, 1), ("mug", 20, 1)).Event($"q{number}", 30, "add_to_cart", "tea", 10);
        await world.WriteAsync();
        var whole = await world.ReplayAsync(ReplayWorld.Draft());
        Assert.Equal((63, 61), (whole.Came.Uses, whole.Extra.Baskets));
        foreach (var rows in (int[])[1, 7, 100])
        {
            var parts = await world.ReplayAsync(ReplayWorld.Draft(), 90, [], DecisionMode.Priority, rows);
            Assert.Equal(System.Text.Json.JsonSerializer.Serialize(whole with { Seconds = 0 }), System.Text.Json.JsonSerializer.Serialize(parts with { Seconds = 0 }));
        }
    }

    [Fact]
    public async Task A_basket_is_abandoned_when_a_week_passes_without_a_purchase()
    {
        await using var world = new ReplayWorld()
            .Event("a", 30, "add_to_cart", "tea", 10).Event("a", 24, "purchase", "mug", 5, 1, "A")
            .Event("b", 30, "add_to_cart", "tea", 10).Event("b", 22, "purchase", "mug", 5, 1, "B")
            .Event("c", 30, "add_to_cart", "tea", 10).Event("c", 29, "remove_from_cart", "tea", 10)
            .Event("d", 30, "add_to_cart", "tea", 10).Event("d", 20, "add_to_cart", "tea", 10)
            .Event("e", 95, "add_to_cart", "tea", 10);
        await world.WriteAsync();
        var result = await world.ReplayAsync(ReplayWorld.Draft());
        // b's and both of d's; e's lies before the period.
        Assert.Equal((3, 3), (result.Judged.Baskets, result.Extra.Baskets));
    }

    [Fact]
    public async Task A_live_rule_that_meets_the_same_carts_is_counted_by_who_went_first()
    {
        await using var world = Shop();
        await world.WriteAsync();
        var rival = new CartRule(Welcome, "WELCOME10", new Comparison("orders", ConditionOperator.AtMost, ["0"]), new Offer(OfferKind.Fixed, AmountMinor: 200), ReplayWorld.End.AddDays(-300));
        var result = await world.ReplayAsync(ReplayWorld.Draft(), rival);
        // bob, cat and dan had not ordered before; the rule that is live already goes first.
        Assert.Equal(new RivalOutcome(Welcome, "WELCOME10", 0, 3, 0, 3), Assert.Single(result.Rivals));
        Assert.Equal((1, 3), (result.Came.Uses, result.Judged.LostToOther));
        var beside = rival with { CombinesWith = OfferClasses.All };
        Assert.Equal(3, (await world.ReplayAsync(ReplayWorld.Draft(), beside)).Rivals[0].OtherFirst);
    }

    [Fact]
    public async Task Orders_below_cost_and_orders_for_nothing_are_found()
    {
        await using var world = Shop();
        await world.WriteAsync();
        var deep = await world.ReplayAsync(ReplayWorld.Draft(offer: new Offer(OfferKind.Percent, 3000)));
        // A1 has 34 % margin and C1 25 %; mugs are sold below cost in both.
        Assert.Equal((1, 2), (deep.Margin.Losses, deep.Margin.LossLines));
        Assert.Equal(["C1"], deep.Margin.LossOrders);
        var fixedAmount = await world.ReplayAsync(ReplayWorld.Draft(offer: new Offer(OfferKind.Fixed, AmountMinor: 1000)));
        Assert.Equal((1, "B1"), (fixedAmount.Margin.Free, fixedAmount.Margin.FreeOrders[0]));
    }

    [Fact]
    public async Task Lines_that_keep_no_history_are_named()
    {
        await using var world = Shop();
        await world.WriteAsync();
        var condition = new AllOf([new Comparison("orders", ConditionOperator.AtLeast, ["0"]), new InSegment(["rfm:at_risk"]), new Comparison("has_email", ConditionOperator.Is, ["true"])]);
        var result = await world.ReplayAsync(ReplayWorld.Draft(condition));
        Assert.Equal([1, 2], result.TodaysLines);
        Assert.Equal(3, result.Came.Uses);
        Assert.Empty((await world.ReplayAsync(ReplayWorld.Draft())).TodaysLines);
    }

    [Fact]
    public async Task Without_costs_no_gain_is_claimed()
    {
        await using var world = new ReplayWorld().Order("a", 10, "A", ("tea", 10, 1)).Event("b", 30, "add_to_cart", "tea", 10);
        await world.WriteAsync();
        var result = await world.ReplayAsync(ReplayWorld.Draft());
        Assert.Null(result.Net);
        Assert.Null(result.Extra.MarginMinor);
        Assert.Null(result.BreakEven);
        Assert.All(result.Weeks, week => Assert.Null(week.NetMinor));
        Assert.Equal((100, 1), (result.Came.DiscountMinor, result.Came.Uses));
    }

    [Fact]
    public async Task The_share_that_pays_for_itself_is_what_came_anyway_over_what_baskets_leave()
    {
        await using var world = new ReplayWorld().Product("tea", 10, 5).Order("a", 10, "A", ("tea", 10, 1));
        for (var number = 0; number < 10; number++) world.Event($"b{number}", 30, "add_to_cart", "tea", 10);
        await world.WriteAsync();
        // 1.00 given away; ten baskets leave 4.00 each: a fortieth.
        Assert.Equal(0.025, (await world.ReplayAsync(ReplayWorld.Draft())).BreakEven!.Value, 6);
    }

    [Fact]
    public async Task Codes_given_out_before_measure_the_answer()
    {
        await using var world = new ReplayWorld().Product("tea", 10, 5);
        var codes = new List<(string, DateTimeOffset)>();
        for (var number = 0; number < 400; number++)
        {
            var shopper = $"s{number:000}";
            world.Event(shopper, 60, "add_to_cart", "tea", 10);
            if (number < 200) codes.Add((shopper, ReplayWorld.End.AddDays(-61)));
            // With a code 80 of 200 come back after a day, without 40 of 200.
            if (number is < 80 or (>= 200 and < 240)) world.Order(shopper, 57, $"O{number}", ("tea", 10, 1));
        }

        await world.WriteAsync();
        var response = (await world.ReplayAsync(ReplayWorld.Draft(), 90, codes)).Response;
        Assert.Equal((ResponseSource.OwnCodes, 200, 200), (response.Source, response.WithCode, response.WithoutCode));
        Assert.Equal(0.25, response.Likely, 6);
        Assert.InRange(response.Low, 0.15, 0.18);
        Assert.InRange(response.High, 0.32, 0.35);
    }

    [Fact]
    public async Task The_same_past_gives_the_same_figures()
    {
        await using var world = Shop();
        await world.WriteAsync();
        var (one, other) = (await world.ReplayAsync(ReplayWorld.Draft()), await world.ReplayAsync(ReplayWorld.Draft()));
        Assert.Equal(System.Text.Json.JsonSerializer.Serialize(one with { Seconds = 0 }), System.Text.Json.JsonSerializer.Serialize(other with { Seconds = 0 }));
    }
}
