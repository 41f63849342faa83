using System.Collections.Immutable;
using MerchantStudio.Core.Features.Cleaning;
using Xunit;

namespace MerchantStudio.Tests.Features;

public sealed class CleaningTests : IAsyncDisposable
{
    private readonly ShopWorld _shop = new();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task Each_row_belongs_to_the_first_step_that_it_meets_and_the_raw_rows_stay()
    {
        await _shop.AddAsync(
            new("ann", "2026-06-01 10:00", "purchase", Price: 10m, Quantity: 2),
            new(null, "2026-06-01 10:00", "purchase", Price: 0m, Quantity: 1),
            new(null, "2026-06-01 10:00", "view"),
            new("ann", "1970-01-01 00:00", "view"),
            new("ann", "2027-06-01 10:00", "view"),
            new("ann", "2026-06-01 10:00", "purchase", Price: 0m, Quantity: -1),
            new("ann", "2026-06-01 10:00", "purchase", Price: 0m, Quantity: 1),
            new("ann", "2026-06-01 10:00", "purchase", Price: 3m, Quantity: 1, Order: "o", State: "pending"),
            new("ann", "2026-06-01 10:00", "purchase", Price: 4m, Quantity: 1, Order: "p", State: " PAID "));
        var report = await _shop.CleanAsync();
        Assert.Equal(9, report.Rows);
        Assert.Equal(3, report.Kept);
        Assert.Equal(new SalesCount(2, 1, 24m), report.Sales);
        Assert.Equal(
            [("no_user", 2, 2), ("invalid_time", 1, 1), ("future_time", 1, 1), ("quantity_not_positive", 1, 1), ("price_not_positive", 3, 1), ("unpaid_order", 1, 1)],
            report.Steps.Take(6).Select(step => (step.Key, (int)step.Matching!, (int)step.Touched)));
        Assert.All(report.Steps.Skip(6), step => Assert.Equal(0, step.Touched));
        Assert.Equal(9, await _shop.ScalarAsync<long>("select count(*) from events"));
        Assert.Equal(1, await _shop.ScalarAsync<long>("select count(*) from next_clean_events where event_type = 'checkout'"));
    }

    [Fact]
    public async Task A_repeated_line_counts_once_only_when_the_step_is_on()
    {
        Line scan = new("ann", "2026-06-01 10:00", "purchase", Price: 10m, Quantity: 1, Order: "o");
        await _shop.AddAsync(scan, scan, scan with { Quantity = 2 });
        Assert.Equal(3, (await _shop.CleanAsync()).Kept);
        var report = await _shop.CleanAsync(With(CleaningStep.Duplicates));
        Assert.Equal(2, report.Kept);
        Assert.Equal(30m, report.Sales?.Revenue);
    }

    [Fact]
    public async Task A_shopper_with_too_many_events_a_day_is_left_out_when_the_step_is_on()
    {
        await _shop.AddAsync([.. Enumerable.Range(0, 20).Select(second => new Line("robot", $"2026-06-01 10:00:{second:00}", "view")), new("ann", "2026-06-01 10:00", "view")]);
        Assert.Equal(1, (await _shop.CleanAsync(With(CleaningStep.BotRate, 19))).Kept);
        Assert.Equal(21, (await _shop.CleanAsync()).Kept);
    }

    [Fact]
    public async Task An_empty_shop_cleans_to_nothing()
    {
        var report = await _shop.CleanAsync();
        Assert.Equal((0, 0), (report.Rows, report.Kept));
        Assert.Null(report.Sales);
        Assert.Equal(0, await _shop.ScalarAsync<long>("select count(*) from next_sessions"));
    }

    [Fact]
    public async Task A_category_that_an_event_lacks_comes_from_the_product_list()
    {
        await _shop.AddAsync(new("ann", "2026-06-01 10:00", "view", "cup"), new("ann", "2026-06-01 10:01", "view", "cup", "own"));
        await _shop.RunAsync("insert into products (item_id, category) values ('cup', 'tea'), ('cup', 'zoo')");
        await _shop.CleanAsync();
        Assert.Equal("tea,own", await _shop.ScalarAsync<string>("select string_agg(category, ',' order by ts) from next_clean_events"));
    }

    [Fact]
    public async Task A_preview_says_what_every_step_would_match_and_writes_nothing()
    {
        await _shop.AddAsync([.. Enumerable.Range(0, 20).Select(second => new Line("robot", $"2026-06-01 10:00:{second:00}", "view")), new("ann", "2026-06-01 10:00", "purchase", Item: null)]);
        var settings = With(CleaningStep.BotRate, 19) with { Internal = ["ANN"] };
        await using (var session = await (await _shop.OpenAsync()).BeginAsync(TestContext.Current.CancellationToken))
        {
            var report = await EventCleaner.MeasureAsync(session, settings, ShopWorld.Now, TestContext.Current.CancellationToken);
            long Matching(string key) => report.Steps.Single(step => step.Key == key).Matching!.Value;
            long Touched(string key) => report.Steps.Single(step => step.Key == key).Touched;
            Assert.All(report.Steps, step => Assert.NotNull(step.Matching));
            Assert.Equal((20, 20), (Matching(CleaningStep.BotRate), Touched(CleaningStep.BotRate)));
            Assert.Equal((1, 1), (Matching(CleaningStep.InternalUsers), Touched(CleaningStep.InternalUsers)));
            Assert.Equal((1, 0), (Matching("no_item"), Touched("no_item")));
            Assert.Equal((1, 0), (Matching("no_price"), Touched("no_price")));
            Assert.Equal((21, 0), (report.Rows, report.Kept));
        }

        Assert.Equal(0, await _shop.ScalarAsync<long>("select count(*) from information_schema.tables where table_name like 'next%' or table_name like 'cleaning%'"));
    }

    [Fact]
    public async Task A_step_sees_only_what_the_steps_before_it_leave_so_order_matters()
    {
        Line view = new("ann", "2026-06-01 10:00", "view");
        await _shop.AddAsync([.. Enumerable.Repeat(view, 12), new("ann", "2026-06-01 10:01", "view")]);
        var settings = With(CleaningStep.BotRate, 10) with { Switched = On(CleaningStep.BotRate, CleaningStep.Duplicates) };
        Assert.Equal(2, (await _shop.CleanAsync(settings)).Kept);
        Assert.Equal(0, (await _shop.CleanAsync(settings with { Order = [CleaningStep.BotRate, CleaningStep.Duplicates] })).Kept);
    }

    [Fact]
    public async Task Programs_give_themselves_away_by_rate_by_looking_only_and_by_even_pauses()
    {
        await _shop.AddAsync([
            .. Enumerable.Range(0, 30).Select(minute => new Line("looker", FormattableString.Invariant($"2026-06-01 10:{minute:00}:{minute * 7 % 60:00}"), "view")),
            .. Enumerable.Range(0, 12).Select(minute => new Line("ticker", FormattableString.Invariant($"2026-06-01 10:{minute:00}:00"), minute % 2 == 0 ? "view" : "add_to_cart")),
            .. Enumerable.Range(0, 12).Select(minute => new Line("ann", FormattableString.Invariant($"2026-06-01 10:{minute * minute % 60:00}:00"), minute % 2 == 0 ? "view" : "add_to_cart"))]);
        Assert.Equal("ann,ticker", await LeftAsync(With(CleaningStep.BotViews, 20)));
        Assert.Equal("ann,looker", await LeftAsync(With(CleaningStep.BotRegular, 10)));
        Assert.Equal("ann,ticker", await LeftAsync(With(CleaningStep.BotRate, 12)));
    }

    [Fact]
    public async Task Test_orders_go_by_shopper_order_coupon_and_by_a_total_of_zero()
    {
        await _shop.AddAsync(
            new("test", "2026-06-01 10:00", "view"), new("me+test@shop.de", "2026-06-01 10:00", "view"), new("testina", "2026-06-01 10:00", "view"),
            new("bob", "2026-06-01 10:00", "purchase", Price: 5m, Order: "TEST-1"), new("bob", "2026-06-01 10:00", "purchase", Price: 6m, Order: "a"),
            new("cy", "2026-06-01 10:00", "purchase", Price: 0m, Order: "b"), new("cy", "2026-06-01 10:00", "purchase", Price: 0m, Order: "b"),
            new("dee", "2026-06-01 10:00", "purchase", Price: 0m, Order: "c"), new("dee", "2026-06-01 10:00", "purchase", Price: 1m, Order: "c"),
            new("eve", "2026-06-01 10:00", "purchase", Price: 4m, Order: "d", Coupon: "TEST-ALL"), new("eve", "2026-06-01 10:00", "purchase", Price: 4m, Order: "d"));
        var settings = CleaningSettings.Default with { Switched = On(CleaningStep.TestOrders).Add("price_not_positive", false) };
        Assert.Equal("bob,dee,testina", await LeftAsync(settings));
        Assert.Equal("bob,cy,dee,eve,me+test@shop.de,test,testina", await LeftAsync(settings with { Switched = On().Add("price_not_positive", false) }));
    }

    [Fact]
    public async Task The_shops_own_people_go_by_id_by_pattern_and_by_their_customers_address()
    {
        await _shop.AddAsync(new("ann", "2026-06-01 10:00", "view"), new("staff_1", "2026-06-01 10:00", "view"), new("staffx1", "2026-06-01 10:00", "view"), new("c9", "2026-06-01 10:00", "view"));
        await _shop.RunAsync("insert into customers(user_id, email_hash) values ('c9', 'h1'), ('ann', 'h2')");
        Assert.Equal("ann,staffx1", await LeftAsync(CleaningSettings.Default with { Internal = ["staff_*"], InternalHashes = ["h1"] }));
    }

    [Fact]
    public async Task Unusual_amounts_are_measured_against_the_usual_line_of_the_same_currency()
    {
        await _shop.AddAsync([
            .. Enumerable.Range(0, 11).Select(i => new Line($"u{i:00}", "2026-06-01 10:00", "purchase", Price: 10m, Quantity: 1)),
            new("big", "2026-06-01 10:00", "purchase", Price: 10m, Quantity: 60), new("dear", "2026-06-01 10:00", "purchase", Price: 5000m, Quantity: 1)]);
        await _shop.RunAsync("insert into events(user_id, ts, event_type, price, quantity, currency) select 'yen' || i, timestamp '2026-06-01 10:00:00', 'purchase', 1500, 1, 'JPY' from range(3) t(i)");
        Assert.Equal(11 + 1 + 3, (await _shop.CleanAsync(With(CleaningStep.LargeAmount, 100))).Kept);
        Assert.Equal(11 + 1 + 3, (await _shop.CleanAsync(With(CleaningStep.LargeQuantity, 50))).Kept);
    }

    private async Task<string?> LeftAsync(CleaningSettings settings)
    {
        await _shop.CleanAsync(settings);
        return await _shop.ScalarAsync<string>("select string_agg(distinct user_id, ',' order by user_id) from next_clean_events");
    }

    private static ImmutableDictionary<string, bool> On(params string[] steps) => steps.ToImmutableDictionary(step => step, _ => true);

    private static CleaningSettings With(string step, double? limit = null) => CleaningSettings.Default with
    {
        Switched = On(step),
        Limits = limit is { } figure ? ImmutableDictionary<string, double>.Empty.Add(step, figure) : ImmutableDictionary<string, double>.Empty,
    };
}
