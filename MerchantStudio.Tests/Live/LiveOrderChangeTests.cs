using System.Text;
using MerchantStudio.Core.Ingestion;
using MerchantStudio.Tests.Ingestion;
using Xunit;

namespace MerchantStudio.Tests.Live;

/// <summary>An order that is changed afterwards counts once, as it is now.</summary>
public sealed class LiveOrderChangeTests
{
    private const string Lines = "select concat_ws('|', order_id, line_no, item_id, quantity, cast(ts as varchar)) from events where event_type = 'purchase' order by order_id, line_no, source_line";

    private static object Order(string name, string message, string at, params (string Item, int Quantity)[] products) => new
    {
        type = "track",
        @event = name,
        userId = "u1",
        messageId = message,
        timestamp = at,
        properties = new { order_id = "o1", products = products.Select(product => new { product_id = product.Item, price = 5, quantity = product.Quantity }) },
    };

    [Fact]
    public async Task An_updated_order_takes_the_place_of_its_lines_and_keeps_its_time()
    {
        await using var world = await LiveWorld.OpenAsync();
        await world.SendAsync(new[] { Order("Order Completed", "m1", "2026-06-30T10:00:00Z", ("cup", 1), ("pot", 1), ("tea", 3)), Order("Order Updated", "m2", "2026-06-30T11:00:00Z", ("cup", 1), ("jar", 9)) });
        await world.MoveAsync();
        Assert.Equal(["o1|1|cup|1|2026-06-30 10:00:00", "o1|2|jar|9|2026-06-30 10:00:00"], await world.RowsAsync(Lines));

        await world.SendAsync(Order("Order Updated", "m3", "2026-06-30T12:00:00Z", ("cup", 4)));
        await world.MoveAsync();
        Assert.Equal(["o1|1|cup|4|2026-06-30 10:00:00"], await world.RowsAsync(Lines));
    }

    [Fact]
    public async Task The_same_change_twice_changes_nothing_and_imported_lines_give_way_too()
    {
        await using var world = await LiveWorld.OpenAsync(limits => limits.RememberedIds = 1);
        await world.RunAsync("insert into events (user_id, ts, event_type, item_id, order_id, line_no, quantity, import_id, source_line) values ('u1', timestamp '2026-06-01 08:00:00', 'purchase', 'old', 'o1', 1, 1, 4, 2)");
        await world.SendAsync(new[] { Order("Order Updated", "m2", "2026-06-30T11:00:00Z", ("cup", 1)), Order("Order Updated", "other", "2026-06-30T11:00:00Z", ("cup", 2)) });
        await world.MoveAsync();
        await world.SendAsync(Order("Order Updated", "other", "2026-06-30T11:00:00Z", ("cup", 2)));
        await world.MoveAsync();
        Assert.Equal(["o1|1|cup|2|2026-06-01 08:00:00"], await world.RowsAsync(Lines));
        Assert.Equal(["old"], await world.RowsAsync("select item_id from replaced_events"));
    }

    [Fact]
    public async Task An_order_whose_placing_comes_after_its_change_stays_as_changed_and_has_the_time_of_its_placing()
    {
        await using var world = await LiveWorld.OpenAsync();
        await world.SendAsync(Order("Order Updated", "m2", "2026-06-30T11:00:00Z", ("cup", 1), ("jar", 9)));
        await world.MoveAsync();
        var placed = Order("Order Completed", "m1", "2026-06-30T10:00:00Z", ("cup", 1), ("pot", 1), ("tea", 3));
        foreach (var sent in new[] { placed, placed, Order("Order Completed", "m1-again", "2026-06-30T12:00:00Z", ("cup", 1), ("pot", 1), ("tea", 3)) })
        {
            await world.SendAsync(sent);
            await world.MoveAsync();
            Assert.Equal(["o1|1|cup|1|2026-06-30 10:00:00", "o1|2|jar|9|2026-06-30 10:00:00"], await world.RowsAsync(Lines));
        }

        Assert.Equal(["1|3"], await world.RowsAsync("select concat_ws('|', sum(accepted), sum(duplicates)) from live_minutes"));
        await world.SendAsync(Order("Order Updated", "m3", "2026-06-30T13:00:00Z", ("cup", 4), ("pot", 1), ("tea", 1)));
        await world.MoveAsync();
        Assert.Equal(["o1|1|cup|4|2026-06-30 10:00:00", "o1|2|pot|1|2026-06-30 10:00:00", "o1|3|tea|1|2026-06-30 10:00:00"], await world.RowsAsync(Lines));
    }

    [Fact]
    public async Task A_change_from_a_file_holds_back_the_placing_that_comes_live_until_the_file_is_undone()
    {
        await using var world = await LiveWorld.OpenAsync();
        var importer = world.Studio.Get<FileImporter>();
        var viewed = NestedEventTests.Segment("Product Viewed", "m0", "2026-06-30T09:00:00Z", """{"product_id":"cup"}""");
        var changed = NestedEventTests.Segment("Order Updated", "m2", "2026-06-30T11:00:00Z", """{"order_id":"o1","products":[{"product_id":"cup","price":5,"quantity":1},{"product_id":"jar","price":5,"quantity":9}]}""");
        var staged = (await importer.StageAsync(world.Scope, new MemoryStream(Encoding.UTF8.GetBytes(viewed + "\n" + changed)), "segment.json", null, null, LiveWorld.Now)).Value;
        var mapping = (await importer.InspectAsync(world.Scope, staged.Id, null, null, null, LiveWorld.Now)).Value.Mapping;
        Assert.True((await importer.ImportAsync(world.Scope, staged.Id, mapping, new ImportChoices(), LiveWorld.Now)).Succeeded);
        await world.SendAsync(Order("Order Completed", "m1", "2026-06-30T10:00:00Z", ("cup", 1), ("pot", 1), ("tea", 3)));
        await world.MoveAsync();
        Assert.Equal(["o1|1|cup|1|2026-06-30 10:00:00", "o1|2|jar|9|2026-06-30 10:00:00"], await world.RowsAsync(Lines));

        Assert.True((await importer.UndoAsync(world.Scope, staged.Id, LiveWorld.Now)).Succeeded);
        await world.SendAsync(Order("Order Completed", "m4", "2026-06-30T10:00:00Z", ("pot", 2)));
        await world.MoveAsync();
        Assert.Equal(["o1|1|pot|2|2026-06-30 10:00:00"], await world.RowsAsync(Lines));
    }

    [Fact]
    public async Task A_changed_order_whose_rows_were_removed_may_be_placed_again()
    {
        await using var world = await LiveWorld.OpenAsync();
        await world.SendAsync(Order("Order Updated", "m2", "2026-06-30T11:00:00Z", ("cup", 1)));
        await world.MoveAsync();
        await world.RunAsync("delete from events");
        await world.SendAsync(Order("Order Completed", "m1", "2026-06-30T10:00:00Z", ("cup", 1), ("pot", 1)));
        await world.MoveAsync();
        Assert.Equal(["o1|1|cup|1|2026-06-30 10:00:00", "o1|2|pot|1|2026-06-30 10:00:00"], await world.RowsAsync(Lines));
    }

    [Fact]
    public async Task Two_refunds_of_an_order_are_two_and_one_sent_again_is_one()
    {
        await using var world = await LiveWorld.OpenAsync();
        await world.SendAsync(new[] { Order("Order Refunded", "m1", "2026-06-30T10:00:00Z", ("cup", 1)), Order("Order Refunded", "m2", "2026-06-30T11:00:00Z", ("pot", 1)), Order("Order Refunded", "m3", "2026-06-30T11:00:00Z", ("pot", 1)) });
        await world.MoveAsync();
        Assert.Equal(["cup", "pot"], await world.RowsAsync("select item_id from events where event_type = 'refund' order by 1"));
    }

    [Fact]
    public async Task A_whole_orders_revenue_is_already_less_its_discount()
    {
        await using var world = await LiveWorld.OpenAsync();
        await world.SendJsonAsync("""{"type":"track","event":"Order Completed","userId":"u1","properties":{"order_id":"o1","revenue":25.0,"discount":5.0}}""");
        await world.MoveAsync();
        Assert.Equal(["25.0000|-"], await world.RowsAsync("select concat_ws('|', price, coalesce(cast(discount as varchar), '-')) from events"));
    }
}
