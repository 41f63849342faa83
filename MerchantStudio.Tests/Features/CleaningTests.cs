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
            new("  ", "2026-06-01 10:00", "view"),
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
            [("no_user", 2, 2), ("invalid_time", 1, 1), ("future_time", 1, 1), ("quantity_not_positive", 1, 1), ("price_not_positive", 3, 1), ("unpaid_order", 1, 1), ("duplicates", 0, 0), ("bot_like", 0, 0)],
            report.Steps.Select(step => (step.Key, (int)step.Matching, (int)step.Touched)));
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
        Assert.Equal(1, (await _shop.CleanAsync(With("bot_like") with { BotEventsPerDay = 19 })).Kept);
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

    private static CleaningSettings With(string step) => CleaningSettings.Default with { Switched = ImmutableDictionary<string, bool>.Empty.Add(step, true) };
}
