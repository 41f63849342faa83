using MerchantStudio.Core.Features;
using Xunit;
using static MerchantStudio.Tests.Features.ShopWorld;

namespace MerchantStudio.Tests.Features;

public sealed class FeatureTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Cutoff = new(2026, 6, 10, 12, 0, 0, TimeSpan.Zero);
    private readonly ShopWorld _shop = new();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task Features_are_what_their_formulas_say()
    {
        await _shop.AddAsync(
            new("ann", "2026-05-01 09:00", "purchase", "cup", "tea", 10m, 2, 1m, "o1", Device: "desktop"),
            new("ann", "2026-05-31 09:00", "purchase", "pot", "tea", 30m, 1, null, "o2", Coupon: "SPRING", Device: "mobile"),
            new("ann", "2026-06-09 13:00", "view", "cup", "tea", 10m, Device: "mobile"),
            new("ann", "2026-06-09 13:10", "view", "cup", "tea", 10m, Device: "mobile"),
            new("ann", "2026-06-09 13:20", "add_to_cart", "cup", "tea", 10m, Device: "mobile"),
            new("ann", "2026-06-10 11:00", "view", "lamp", "light", 50m, Device: "mobile"),
            new("bob", "2026-06-06 20:00", "search", null));
        await _shop.CleanAsync();
        var table = await _shop.FeaturesAsync(Cutoff, 7);
        Assert.Equal(["ann", "bob"], table.Users);
        (string Feature, double Ann, double Bob)[] expected =
        [
            ("events_1d", 4, 0), ("events_7d", 4, 1), ("events_30d", 5, 1), ("events_all", 6, 1), ("active_days_7d", 2, 1), ("active_days_30d", 3, 1),
            ("sessions_7d", 2, 1), ("sessions_30d", 3, 1), ("sessions_all", 4, 1), ("activity_trend", 4 / 5.0, 1),
            ("views_1d", 3, 0), ("views_7d", 3, 0), ("items_viewed_7d", 2, 0), ("most_viewed_item_7d", 2, 0), ("searches_30d", 0, 1),
            ("events_per_session", 1.5, 1), ("session_minutes", 5, 0), ("last_session_events", 1, 1), ("last_session_minutes", 0, 0),
            ("carts_1d", 1, 0), ("carts_30d", 1, 0), ("open_cart_items", 1, 0), ("open_cart_value", 10, double.NaN), ("cart_rate_30d", 1 / 3.0, double.NaN),
            ("hours_since_cart", 22 + (40 / 60.0), double.NaN),
            ("orders_30d", 1, 0), ("orders_90d", 2, 0), ("orders_all", 2, 0), ("spend_90d", 49, double.NaN), ("spend_all", 49, double.NaN), ("average_order", 24.5, double.NaN),
            ("items_per_order", 1.5, double.NaN), ("discounted_share", 1, double.NaN), ("refund_share", 0, double.NaN), ("order_gap_days", 30, double.NaN), ("order_gap_spread", double.NaN, double.NaN),
            ("orders_per_session", 0.5, 0), ("hours_since_event", 1, 88), ("days_since_order", 10.125, double.NaN), ("tenure_days", 40.125, 88 / 24.0), ("order_due", 10.125 / 30, double.NaN),
            ("categories_30d", 2, 0), ("top_category_share", 5 / 6.0, double.NaN), ("category_entropy", -((5 / 6.0 * Math.Log(5 / 6.0)) + (1 / 6.0 * Math.Log(1 / 6.0))), double.NaN),
            ("evening_share", 0, 1), ("weekend_share", 1 / 6.0, 1), ("mobile_share", 5 / 6.0, double.NaN), ("several_devices", 1, double.NaN), ("several_channels", double.NaN, double.NaN),
        ];
        foreach (var (feature, ann, bob) in expected)
        {
            Assert.True(Near(ann, Value(table, "ann", feature)), $"ann {feature}: {Value(table, "ann", feature)} and not {ann}");
            Assert.True(Near(bob, Value(table, "bob", feature)), $"bob {feature}: {Value(table, "bob", feature)} and not {bob}");
        }
    }

    [Fact]
    public async Task Nothing_from_the_cutoff_on_reaches_a_feature()
    {
        Line[] history =
        [
            new("ann", "2026-06-01 10:00", "view", "cup", "tea", 10m, Device: "desktop", Channel: "direct"),
            new("ann", "2026-06-08 10:00", "purchase", "cup", "tea", 10m, 1, Order: "o1"),
            new("bob", "2026-06-10 11:59:59", "add_to_cart", "cup", "tea", 10m),
        ];
        await _shop.AddAsync(history);
        await _shop.CleanAsync();
        await _shop.FeaturesAsync(Cutoff);
        var before = await _shop.PrintAsync("select * from next_user_features");

        await _shop.AddAsync(
            new("ann", "2026-06-10 12:00", "view", "lamp", "light", 99m, Device: "mobile", Channel: "email"),
            new("ann", "2026-06-10 12:00", "purchase", "cup", "tea", 10m, 5, 1m, "o1", Coupon: "LATE"),
            new("ann", "2026-06-12 12:00", "refund", "cup", "tea", 10m, 1, Order: "o1"),
            new("bob", "2026-06-10 12:00:01", "remove_from_cart", "cup", "tea", 10m),
            new("eve", "2026-06-11 12:00", "purchase", "cup", "tea", 10m, 1, Order: "o9"));
        await _shop.CleanAsync();
        await _shop.FeaturesAsync(Cutoff);
        Assert.Equal(before, await _shop.PrintAsync("select * from next_user_features"));

        var labelled = await _shop.FeaturesAsync(Cutoff, 1);
        Assert.Equal([1f, 0f], labelled.Labels!.Value);
        Assert.Equal(before, await _shop.PrintAsync("select * exclude (label) from next_user_features"));
    }

    [Fact]
    public async Task The_label_is_a_purchase_from_the_cutoff_on_and_before_the_horizons_end()
    {
        foreach (var (user, at) in ((string, string)[])[("a", "2026-06-10 11:59:59"), ("b", "2026-06-10 12:00:00"), ("c", "2026-06-11 11:59:59"), ("d", "2026-06-11 12:00:00")])
            await _shop.AddAsync(new(user, "2026-06-01 10:00", "view"), new(user, at, "purchase"));
        await _shop.CleanAsync();
        Assert.Equal([0f, 1f, 1f, 0f], (await _shop.FeaturesAsync(Cutoff, 1)).Labels!.Value);
    }

    [Fact]
    public async Task A_shop_without_purchases_or_prices_still_has_features()
    {
        await _shop.AddAsync(new("ann", "2026-06-01 10:00", "view"), new("bob", "2026-06-02 10:00", "add_to_cart"));
        await _shop.CleanAsync();
        var table = await _shop.FeaturesAsync(Cutoff);
        Assert.Equal(0, Value(table, "ann", "orders_all"));
        Assert.True(double.IsNaN(Value(table, "ann", "spend_all")));
        Assert.Null(table.Labels);
    }

    [Fact]
    public async Task Orders_without_prices_count_but_have_no_spend()
    {
        await _shop.AddAsync(new("ann", "2026-06-01 10:00", "purchase"), new("ann", "2026-06-02 10:00", "purchase"));
        await _shop.CleanAsync();
        var table = await _shop.FeaturesAsync(Cutoff);
        Assert.Equal(2, Value(table, "ann", "orders_all"));
        Assert.True(double.IsNaN(Value(table, "ann", "average_order")));
    }

    [Theory]
    [InlineData("Europe/Berlin", 1)]      // 2026-03-29 is the day on which clocks go forward: 22:30 UTC is 00:30 of Monday in summer time
    [InlineData("UTC", 0)]
    [InlineData("Asia/Shanghai", 1)]
    public async Task Days_and_hours_are_those_of_the_stores_zone_also_when_clocks_change(string zone, int monday)
    {
        await _shop.AddAsync(new("ann", "2026-03-29 22:30", "view"), new("ann", "2026-03-29 00:30", "view"), new("ann", "2026-03-29 01:30", "view"));
        await _shop.CleanAsync(timeZone: zone);
        Assert.Equal(1 + monday, await _shop.ScalarAsync<long>("select count(*) from next_user_daily"));
        var table = await _shop.FeaturesAsync(new(2026, 3, 31, 0, 0, 0, TimeSpan.Zero), timeZone: zone);
        Assert.Equal(1 + monday, Value(table, "ann", "active_days_7d"));
        Assert.Equal((3 - monday) / 3.0, Value(table, "ann", "weekend_share"), 1e-6);
    }

    [Fact]
    public async Task Interest_halves_in_thirty_days_and_shares_sum_to_one()
    {
        await _shop.AddAsync(
            new("ann", "2026-05-11 12:00", "add_to_cart", "pot", "tea"),
            new("ann", "2026-06-10 11:00", "view", "lamp", "light"),
            new("ann", "2026-06-10 12:30", "purchase", "lamp", "light"),
            new("bob", "2026-06-10 11:00", "view", "lamp", null));
        await _shop.CleanAsync();
        await using (var session = await (await _shop.OpenAsync()).BeginAsync(TestContext.Current.CancellationToken))
        {
            Assert.Equal(2, await CategoryInterest.BuildAsync(session, Cutoff, TestContext.Current.CancellationToken));
            await session.CommitAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(2 / 3.0, await _shop.ScalarAsync<double>("select share from next_category_interest where category = 'tea'"), 1e-3);
        Assert.Equal(1.0, await _shop.ScalarAsync<double>("select sum(share) from next_category_interest"), 1e-9);
        Assert.True(await _shop.ScalarAsync<double>("select uncertainty from next_category_interest where category = 'tea'") is > 0.1 and < 0.5);
    }

    private static bool Near(double expected, double actual) => double.IsNaN(expected) ? double.IsNaN(actual) : Math.Abs(expected - actual) < 1e-5;
}
