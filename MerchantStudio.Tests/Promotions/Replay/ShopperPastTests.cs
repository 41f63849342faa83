using System.Collections.Immutable;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Features.Sessions;
using MerchantStudio.Core.Insights.Segments;
using MerchantStudio.Core.Promotions.Replay;
using MerchantStudio.Tests.Warehouse;
using Xunit;

namespace MerchantStudio.Tests.Promotions.Replay;

public sealed class ShopperPastTests
{
    private static readonly string[] Compared =
    [
        "first_seen", "last_seen", "first_order_at", "last_order_at", "orders", "spent", "average_order", "refunded", "open_cart_value", "last_cart_at", "sessions_30d", "views_30d", "device", "region", "channel",
    ];

    [Fact]
    public async Task Facts_built_event_by_event_are_those_of_the_published_profile()
    {
        await using var world = new ReplayWorld();
        var random = new Core.Learning.SeededRandom(3);
        string[] types = ["view", "view", "search", "add_to_cart", "add_to_cart", "remove_from_cart", "purchase", "refund"];
        for (var number = 0; number < 1500; number++)
        {
            var type = types[random.NextInt(types.Length)];
            var money = type is "purchase" or "add_to_cart" or "remove_from_cart" || (type == "refund" && random.NextInt(3) > 0);
            world.Event(
                $"s{random.NextInt(40)}", 0.001 + (random.NextDouble() * 80), type, $"item{random.NextInt(9)}", money ? 1 + random.NextInt(40) : null, 1 + random.NextInt(3),
                type == "purchase" && random.NextInt(2) == 0 ? $"O{number}" : null, type == "purchase" && random.NextInt(3) == 0 ? 0.5m : 0,
                device: random.NextInt(3) switch { 0 => null, 1 => "phone", _ => "desktop" }, region: random.NextInt(2) == 0 ? "north" : "south");
        }

        await world.WriteAsync();
        var warehouse = await world.Warehouse.OpenAsync();
        await using (var session = await warehouse.BeginAsync(WarehouseWorld.Token))
        {
            await session.ExecuteAsync("drop table shopper_profile; create table next_clean_events as select * from clean_events", [], WarehouseWorld.Token);
            await session.ExecuteAsync(SessionSql.Sessions, [], WarehouseWorld.Token);
            await session.ExecuteAsync(SessionSql.PaidOrders, [], WarehouseWorld.Token);
            await session.ExecuteAsync(
                """
                create table next_category_interest (user_id varchar, category varchar, share double);
                create table next_rfm (user_id varchar, group_key varchar, group8_key varchar, r integer, f integer, m integer);
                create table next_clusters (user_id varchar, cluster integer);
                """, [], WarehouseWorld.Token);
            await ShopperProfileBuilder.BuildAsync(session, ReplayWorld.End, WarehouseWorld.Token);
            await session.ExecuteAsync("alter table next_shopper_profile rename to shopper_profile; create table paid_orders as select * from next_paid_orders", [], WarehouseWorld.Token);
            await session.CommitAsync(WarehouseWorld.Token);
        }

        var needs = ReplayNeeds.Of(Compared.Select(Condition (key) => new Comparison(key, ConditionOperator.Known, [])), Context);
        await using var reading = await warehouse.BeginAsync(WarehouseWorld.Token);
        var reader = new ReplayReader(reading);
        var items = await reader.ItemsAsync(WarehouseWorld.Token);
        var seen = 0;
        await foreach (var rows in reader.RowsAsync(needs, ReplayWorld.End, 200, WarehouseWorld.Token))
        {
            foreach (var own in rows.GroupBy(row => row.Shopper))
            {
                var past = new ShopperPast(needs, items, null);
                foreach (var row in own) past.Add(row);
                var id = await NameOfAsync(own.Key);
                Compare(id, (await ShopperFactsQuery.ReadAsync(warehouse, id, WarehouseWorld.Token))!, past.At(ReplayRow.Microseconds(ReplayWorld.End)));
                seen++;
            }
        }

        Assert.Equal(40, seen);

        async Task<string> NameOfAsync(int number) => (await warehouse.ScalarAsync<string>("select any_value(user_id) from clean_events where shopper_no = $1", [(long)number], WarehouseWorld.Token))!;
    }

    private static ConditionContext Context { get; } = new(ReplayWorld.End, TimeZoneInfo.Utc, ImmutableDictionary<Guid, SavedCondition>.Empty);

    private static void Compare(string id, ShopperFacts published, ShopperFacts built)
    {
        foreach (var key in Compared)
        {
            var read = ConditionCatalog.Find(key)!.Read;
            Assert.True(Equals(read(published), read(built)), $"{id}: {key} is {read(published) ?? "nothing"} in the profile and {read(built) ?? "nothing"} here.");
        }
    }
}
