using System.Collections.Immutable;
using MerchantStudio.Core.Features.Horizons;
using Xunit;
using static MerchantStudio.Tests.Warehouse.WarehouseWorld;

namespace MerchantStudio.Tests.Features;

public sealed class HorizonTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly ShopWorld _shop = new();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Theory]
    [InlineData(4.9, 1, false)]
    [InlineData(5, 1, true)]
    [InlineData(22.9, 7, false)]
    [InlineData(23, 7, true)]
    [InlineData(92, 30, true)]
    public void A_forecast_needs_three_windows_after_two_days_of_history(double daysHeld, int horizon, bool offered)
    {
        var plan = Plan(daysHeld, horizon, 30);
        Assert.Equal(offered, plan.IsOffered);
        Assert.Equal(offered ? null : "horizon.history-too-short", plan.Missing?.Code);
    }

    [Fact]
    public void Windows_never_overlap_and_the_last_one_ends_with_the_data()
    {
        var plan = Plan(9, 1, 30);
        Assert.Equal(Start.AddDays(8), plan.Test!.Cutoff);
        Assert.Equal(Start.AddDays(7), plan.Validation!.Cutoff);
        Assert.Equal([6, 5, 4, 3, 2], plan.Training.Select(window => (int)(window.Cutoff - Start).TotalDays));
    }

    [Fact]
    public void A_window_with_fewer_than_thirty_buyers_offers_no_forecast()
    {
        var plan = Plan(9, 1, 29);
        Assert.Equal("horizon.too-few-buyers", plan.Missing?.Code);
        Assert.Contains("one of them has 29", plan.Missing?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_few_stray_dates_do_not_stretch_the_span()
    {
        await _shop.RunAsync("""
            insert into events (user_id, ts, event_type, import_id, source_line)
            select 'u' || i % 50, timestamp '2026-06-01' + i * interval '1 minute', case when i % 10 = 0 then 'purchase' else 'view' end, 1, i from range(12960) t(i);
            insert into events (user_id, ts, event_type, import_id, source_line) values ('u1', timestamp '2025-09-01', 'view', 1, 0), ('u1', timestamp '2026-06-30', 'view', 1, 0)
            """);
        await _shop.CleanAsync();
        await using var session = await (await _shop.OpenAsync()).BeginAsync(Token);
        var span = await TimeSpanOfData.MeasureAsync(session, "next_clean_events", null, Token);
        Assert.Equal(new DateTimeOffset(2025, 9, 1, 0, 0, 0, TimeSpan.Zero), span!.First);
        Assert.InRange((span.End - span.Start).TotalDays, 8.9, 9);
        var plans = await HorizonPlanner.PlanAsync(session, "next_clean_events", null, Token);
        Assert.Equal("horizon.history-too-short", plans.Single(plan => plan.Days == 7).Missing?.Code);
        Assert.Equal([5, 5, 5], plans.Single(plan => plan.Days == 1).Training.Take(3).Select(window => (int)window.Positives));
        Assert.Equal("horizon.too-few-buyers", plans.Single(plan => plan.Days == 1).Missing?.Code);
    }

    [Fact]
    public async Task Without_purchases_no_forecast_is_offered_and_the_reason_is_said()
    {
        await _shop.AddAsync(new Line("ann", "2026-06-01 10:00", "view"));
        await _shop.CleanAsync();
        await using var session = await (await _shop.OpenAsync()).BeginAsync(Token);
        Assert.All(await HorizonPlanner.PlanAsync(session, "next_clean_events", null, Token), plan => Assert.Equal("horizon.no-purchases", plan.Missing?.Code));
    }

    [Fact]
    public async Task An_empty_shop_has_no_span()
    {
        await _shop.CleanAsync();
        await using var session = await (await _shop.OpenAsync()).BeginAsync(Token);
        Assert.Null(await TimeSpanOfData.MeasureAsync(session, "next_clean_events", null, Token));
        Assert.Equal(3, (await HorizonPlanner.PlanAsync(session, "next_clean_events", null, Token)).Length);
    }

    private static HorizonPlan Plan(double daysHeld, int horizon, int positives)
    {
        var span = new TimeSpanOfData(Start, Start.AddDays(daysHeld), Start, Start.AddDays(daysHeld), 1000);
        return HorizonPlanner.Plan(horizon, span, HorizonPlanner.Cutoffs(span, horizon).Select(cutoff => new LabelWindow(cutoff, 100, positives)).ToImmutableArray());
    }
}
