using MerchantStudio.Core.Features.Cleaning;
using Xunit;

namespace MerchantStudio.Tests.Features;

public sealed class SessionTests : IAsyncDisposable
{
    private readonly ShopWorld _shop = new();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task A_session_ends_after_a_longer_pause_than_the_gap_and_never_spans_shoppers()
    {
        await _shop.AddAsync(
            new("ann", "2026-06-01 10:00", "view", Device: "mobile"),
            new("ann", "2026-06-01 10:30", "add_to_cart"),
            new("ann", "2026-06-01 11:00:01", "purchase", Order: "o"),
            new("bob", "2026-06-01 11:00:02", "view"));
        await _shop.CleanAsync();
        Assert.Equal(
            """
            {"session_no":1,"user_id":"ann","seconds":1800,"events":2,"views":1,"carts":1,"purchases":0,"device":"mobile"}
            {"session_no":2,"user_id":"ann","seconds":0,"events":1,"views":0,"carts":0,"purchases":1,"device":null}
            {"session_no":3,"user_id":"bob","seconds":0,"events":1,"views":1,"carts":0,"purchases":0,"device":null}
            """.ReplaceLineEndings(Environment.NewLine),
            await _shop.PrintAsync("select session_no, user_id, seconds, events, views, carts, purchases, device from next_sessions"));
        await _shop.CleanAsync(gapMinutes: 31);
        Assert.Equal(2, await _shop.ScalarAsync<long>("select count(*) from next_sessions"));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(3, false)]
    [InlineData(5, false)]
    [InlineData(2, true)]
    [InlineData(7, true)]
    public async Task Sessions_are_the_same_when_shoppers_are_sorted_in_parts(int rowsOfPart, bool inLanes)
    {
        await _shop.AddAsync([.. Enumerable.Range(0, 12).Select(row => new Line($"u{row % 4}", $"2026-06-01 {10 + (row / 8)}:{row:00}", "view", $"i{row}"))]);
        await _shop.RunAsync("insert into events (ts, event_type, import_id, source_line) values (timestamp '2026-06-01 09:00', 'view', 1, 90), (timestamp '2026-06-01 09:01', 'view', 1, 91)");
        var everybody = CleaningSettings.Default with { Switched = CleaningSettings.Default.Switched.Add("no_user", false) };
        const string Rows = "select user_id, item_id, dense_rank() over (order by session_no) as session, shopper_no from next_clean_events order by source_line";
        await _shop.CleanAsync(everybody);
        var atOnce = await _shop.PrintAsync(Rows);
        await _shop.CleanAsync(everybody with { RowsOfPart = rowsOfPart }, inLanes: inLanes);
        Assert.Equal(atOnce, await _shop.PrintAsync(Rows));
        Assert.Equal(10, await _shop.ScalarAsync<long>("select count(distinct session_no) from next_clean_events"));
        Assert.Equal(0, await _shop.ScalarAsync<long>("select count(*) from information_schema.tables where table_name like 'work\\_%' escape '\\'"));
    }

    [Fact]
    public async Task Lines_make_orders_and_refunds_find_theirs()
    {
        await _shop.AddAsync(
            new("ann", "2026-06-01 10:00", "purchase", "cup", Price: 10m, Quantity: 2, Discount: 1m, Order: "o1", Coupon: "SPRING"),
            new("ann", "2026-06-01 10:00", "purchase", "pot", Price: 30m, Quantity: 1, Order: "o1"),
            new("ann", "2026-06-03 10:00", "purchase", "cup", Price: 10m, Quantity: 1, Order: "o2"),
            new("ann", "2026-06-04 10:00", "refund", "pot", Price: 30m, Quantity: 1, Order: "o1"),
            new("ann", "2026-06-05 10:00", "refund", "cup", Price: 10m, Quantity: 1, Order: "C77"),
            new("bob", "2026-06-01 10:00", "purchase", "cup"),
            new("bob", "2026-06-01 10:00", "purchase", "pot"),
            new("bob", "2026-06-02 10:00", "purchase", "pot"),
            new("cat", "2026-06-01 10:00", "purchase", "pot", Price: 5m, Order: "o3"),
            new("cat", "2026-06-02 10:00", "refund", null, Order: "o3"),
            new("dan", "2026-06-02 10:00", "refund", "pot", Price: 5m, Quantity: 1));
        await _shop.CleanAsync();
        Assert.Equal(
            """
            {"user_id":"ann","lines":2,"items":3,"gross":50.0000,"discount":1.0000,"refunded":30.0000,"net":19.0000,"coupon_code":"SPRING","has_price":true}
            {"user_id":"ann","lines":1,"items":1,"gross":10.0000,"discount":0.0000,"refunded":10.0000,"net":0.0000,"coupon_code":null,"has_price":true}
            {"user_id":"bob","lines":2,"items":2,"gross":0.0000,"discount":0.0000,"refunded":0.0000,"net":0.0000,"coupon_code":null,"has_price":false}
            {"user_id":"bob","lines":1,"items":1,"gross":0.0000,"discount":0.0000,"refunded":0.0000,"net":0.0000,"coupon_code":null,"has_price":false}
            {"user_id":"cat","lines":1,"items":1,"gross":5.0000,"discount":0.0000,"refunded":5.0000,"net":0.0000,"coupon_code":null,"has_price":true}
            """.ReplaceLineEndings(Environment.NewLine),
            await _shop.PrintAsync("select user_id, lines, items, gross, discount, refunded, net, coupon_code, has_price from next_paid_orders"));
    }

    [Fact]
    public async Task Money_counts_on_the_day_on_which_it_moves_in_the_stores_zone()
    {
        await _shop.AddAsync(
            new("ann", "2026-06-01 23:30", "purchase", Price: 10m, Quantity: 2, Discount: 1m, Order: "o1"),
            new("ann", "2026-06-02 10:00", "view"),
            new("ann", "2026-06-04 10:00", "refund", Price: 10m, Quantity: 1, Order: "o1"));
        await _shop.CleanAsync(timeZone: "Asia/Shanghai");
        Assert.Equal(
            """
            {"day":"2026-06-02","events":2,"views":1,"purchases":1,"net":19.0000}
            {"day":"2026-06-04","events":1,"views":0,"purchases":0,"net":-10.0000}
            """.ReplaceLineEndings(Environment.NewLine),
            await _shop.PrintAsync("select day, events, views, purchases, net from next_user_daily"));
    }
}
