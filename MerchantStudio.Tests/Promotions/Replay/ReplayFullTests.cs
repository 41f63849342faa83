using System.Diagnostics;
using System.Globalization;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Promotions;
using MerchantStudio.Core.Promotions.Pricing;
using MerchantStudio.Tests.Warehouse;
using Xunit;

namespace MerchantStudio.Tests.Promotions.Replay;

public sealed class ReplayFullTests
{
    private const int Orders = 1_000_000;
    private const double MostSeconds = 10;

    /// <summary>A million orders of 300,000 shoppers in 90 days, with a half more lines and a basket left behind for every fourth; two live rules beside the draft, and limits of every kind.</summary>
    [Fact(Explicit = true), Trait("Size", "Full")]
    public async Task A_rule_is_replayed_over_a_million_orders_within_ten_seconds()
    {
        Assert.SkipUnless(System.Runtime.GCSettings.IsServerGC, "Set DOTNET_gcServer=1: the program collects so.");
        await using var world = new ReplayWorld();
        await FillAsync(world.Warehouse);
        var condition = new AllOf([new Comparison("orders", ConditionOperator.AtLeast, ["1"]), new Comparison("basket_total", ConditionOperator.AtLeast, ["20"])]);
        var draft = ReplayWorld.Draft(condition) with { UsesPerCustomer = 2, TotalUses = 400_000, BudgetMinor = 300_000_000, DayUses = 8_000, CustomerBudgetMinor = 5_000 };
        CartRule[] others =
        [
            new(Guid.Parse("22222222-0000-0000-0000-000000000000"), "Welcome", new Comparison("orders", ConditionOperator.AtMost, ["0"]), new Offer(OfferKind.Percent, 1_000), ReplayWorld.End.AddDays(-300)),
            new(Guid.Parse("33333333-0000-0000-0000-000000000000"), "Big basket", new Comparison("basket_total", ConditionOperator.AtLeast, ["100"]), new Offer(OfferKind.Fixed, AmountMinor: 500), ReplayWorld.End.AddDays(-300)),
        ];
        var seconds = new List<double>();
        for (var run = 0; run < 3; run++)
        {
            var watch = Stopwatch.StartNew();
            var result = await world.ReplayAsync(draft, 90, [], others);
            seconds.Add(watch.Elapsed.TotalSeconds);
            Assert.Equal(Orders, result.Judged.Orders);
            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"run {run + 1}: {seconds[^1]:0.00} s, {result.Came.Uses} uses of {result.Judged.Orders} orders and {result.Judged.Baskets} baskets"));
        }

        Assert.True(seconds.Order().ElementAt(1) < MostSeconds, $"{seconds.Order().ElementAt(1):0.00} s");
    }

    private static async Task FillAsync(WarehouseWorld warehouse)
    {
        await ReplayWorld.CreateAsync(warehouse);
        await warehouse.RunAsync("insert into products (item_id, price, cost) select 'item' || range, 5 + range % 60, 3 + range % 40 from range(5000)");

        // Multiplicative hashing spreads orders over shoppers and time the same way each time.
        await warehouse.RunAsync($"""
            insert into clean_events
            with lines as (
                select range as line, case when range < {Orders} then range else (range - {Orders}) * 2 end as o from range({Orders * 3 / 2})),
            placed as (
                select line, o, (o * 2654435761) % 300000 as shopper, timestamp '{ReplayWorld.End.UtcDateTime:yyyy-MM-dd HH:mm:ss}' - to_microseconds(cast(((o * 40503) % 7775999 + 1) * 1000000 as bigint)) as ts, (line * 7919) % 5000 as item from lines)
            select 'u' || shopper, ts, 'purchase', 'item' || item, 'cat' || item % 20, null, 5 + item % 60, 1, 5 + item % 60, 0, 'EUR', 5 + item % 60, 'o' || o, null, null, 'phone', 'AT', 'web', o, 1, line, cast(shopper as integer)
            from placed
            union all
            select 'u' || (range * 2654435761) % 300000, timestamp '{ReplayWorld.End.UtcDateTime:yyyy-MM-dd HH:mm:ss}' - to_microseconds(cast(((range * 69069) % 7775999 + 1) * 1000000 as bigint)), 'add_to_cart', 'item' || (range * 31) % 5000,
                   'cat' || ((range * 31) % 5000) % 20, null, 5 + ((range * 31) % 5000) % 60, 1, 5 + ((range * 31) % 5000) % 60, 0, 'EUR', 5, null, null, null, 'phone', 'AT', 'web', range, 2, range, cast((range * 2654435761) % 300000 as integer)
            from range({Orders / 4})
            """);
        await ReplayWorld.DescribeAsync(warehouse);
    }
}
