using System.Globalization;
using MerchantStudio.Core.Features.Cleaning;
using Xunit;

namespace MerchantStudio.Tests.Features;

/// <summary>Row C14: days and hours are the shop's own, also where the clock is changed.</summary>
[Trait("Row", "C14")]
public sealed class TimeZoneTests : IAsyncDisposable
{
    private readonly ShopWorld _shop = new();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Theory]
    [InlineData("Europe/Vienna", "2025-03-30", 23)]
    [InlineData("Europe/Vienna", "2025-10-26", 25)]
    [InlineData("America/New_York", "2025-03-09", 23)]
    [InlineData("America/New_York", "2025-11-02", 25)]
    [InlineData("Asia/Shanghai", "1991-04-14", 23)]
    [InlineData("Asia/Shanghai", "1991-09-15", 25)]
    [InlineData("Pacific/Apia", "2011-12-30", 0)]
    [InlineData("Asia/Kolkata", "2024-02-29", 24)]
    public async Task C14_a_day_on_which_the_clock_is_changed_holds_its_hours_and_no_event_is_lost(string zone, string day, int hours)
    {
        var about = DateTime.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        await _shop.RunAsync($"""
            insert into events(user_id, ts, event_type, price, quantity, import_id, source_line)
            select 'ann', timestamp '{about.AddDays(-3):yyyy-MM-dd} 00:00:00' + m * interval '10 minutes', 'purchase', 1, 1, 1, m from range(0, 7 * 144) t(m)
            """);
        await _shop.CleanAsync(timeZone: zone);

        Assert.Equal(hours * 6, await _shop.ScalarAsync<int?>($"select cast(events as integer) from next_user_daily where day = date '{day}'") ?? 0);
        Assert.Equal(7 * 144, await _shop.ScalarAsync<long>("select cast(sum(events) as bigint) from next_user_daily"));
        Assert.Equal(7 * 144m, await _shop.ScalarAsync<decimal>("select sum(net) from next_user_daily"));
        Assert.Equal(Expected(zone, about.AddDays(-3)), await _shop.ScalarAsync<string>("select string_agg(day || ' ' || events, ', ' order by day) from next_user_daily"));
    }

    [Fact]
    public async Task C14_a_clock_changed_a_minute_after_midnight_sends_the_minutes_after_it_to_the_day_before()
    {
        const string Zone = "America/St_Johns";
        await _shop.RunAsync("""
            insert into events(user_id, ts, event_type, import_id, source_line)
            select 'ann', timestamp '2010-11-04 00:00:00' + m * interval '10 minutes', 'view', 1, m from range(0, 7 * 144) t(m)
            """);
        await _shop.CleanAsync(timeZone: Zone);
        Assert.Equal(145, await _shop.ScalarAsync<int>("select events from next_user_daily where day = date '2010-11-07'"));
        Assert.Equal(Expected(Zone, new DateTime(2010, 11, 4)), await _shop.ScalarAsync<string>("select string_agg(day || ' ' || events, ', ' order by day) from next_user_daily"));
    }

    [Theory]
    [InlineData("Europe/Vienna", "2025-03-30", 23)]
    [InlineData("America/New_York", "2025-11-02", 25)]
    [InlineData("Asia/Shanghai", "1991-09-15", 25)]
    public async Task C14_the_evening_of_a_changed_day_has_its_six_hours(string zone, string day, int hours)
    {
        var local = TimeZoneInfo.FindSystemTimeZoneById(zone);
        var midnight = DateTime.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        var start = midnight - local.GetUtcOffset(midnight);
        await _shop.RunAsync($"""
            insert into events(user_id, ts, event_type, import_id, source_line)
            select 'ann', timestamp '{start:yyyy-MM-dd HH:mm:ss}' + m * interval '10 minutes', 'view', 1, m from range(0, {hours * 6}) t(m)
            """);
        await _shop.CleanAsync(CleaningSettings.Default, zone);
        var features = await _shop.FeaturesAsync(new DateTimeOffset(start.AddDays(2), TimeSpan.Zero), timeZone: zone);
        Assert.Equal(6d / hours, ShopWorld.Value(features, "ann", "evening_share"), 6);
        Assert.Equal(1, ShopWorld.Value(features, "ann", "active_days_7d"));
    }

    private static string Expected(string zone, DateTime from)
    {
        var local = TimeZoneInfo.FindSystemTimeZoneById(zone);
        return string.Join(", ", Enumerable.Range(0, 7 * 144)
            .GroupBy(step => TimeZoneInfo.ConvertTimeFromUtc(DateTime.SpecifyKind(from.AddMinutes(step * 10), DateTimeKind.Utc), local).Date)
            .Select(group => FormattableString.Invariant($"{group.Key:yyyy-MM-dd} {group.Count()}")));
    }
}
