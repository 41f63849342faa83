using MerchantStudio.Core.AppState;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace MerchantStudio.Tests.Promotions;

public sealed class RuleCalendarTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>
    /// Zones that change at midnight, by half an hour, on a Sunday or never; every day of a year, change days included: the last second still belongs to the day,
    /// the next one to the next, and what is read back is the day that was written.
    /// </summary>
    [Trait("Row", "C14")]
    [Theory]
    [InlineData("Europe/Vienna")]
    [InlineData("America/New_York")]
    [InlineData("America/Havana")]
    [InlineData("America/Santiago")]
    [InlineData("Asia/Beirut")]
    [InlineData("Africa/Cairo")]
    [InlineData("Atlantic/Azores")]
    [InlineData("Australia/Lord_Howe")]
    [InlineData("Asia/Kathmandu")]
    [InlineData("Pacific/Apia")]
    [InlineData("Asia/Shanghai")]
    public async Task A_rule_ends_once_at_the_end_of_its_last_day_in_every_zone(string zoneId)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(zoneId);
        await using var world = await PromotionWorld.OpenAsync();
        var owner = PromotionWorld.As(Role.Owner);
        await using (var database = world.Databases.CreateDbContext())
        {
            (await database.Workspaces.SingleAsync(Token)).TimeZone = zoneId;
            await database.SaveChangesAsync(Token);
        }

        var first = new DateOnly(2027, 1, 1);
        DateOnly[] days = [.. Enumerable.Range(0, 365).Select(first.AddDays).Where(day => day.DayNumber % 40 == 0 || Changes(zone, day) || Changes(zone, day.AddDays(1)) || Changes(zone, day.AddDays(-1)))];
        Guid? id = null;
        var revision = 0;
        foreach (var day in days)
        {
            world.Time.At = PromotionWorld.Now;
            id = (await world.Rules.SaveAsync(owner, id, revision, PromotionWorld.Draft() with { StartsOn = day, EndsOn = day }, Token)).Value;
            await using var database = world.Databases.CreateDbContext();
            var rule = await database.CouponRules.SingleAsync(Token);
            revision = rule.Revision;
            var (starts, ends) = (rule.StartsAt!.Value, rule.EndsAt!.Value);
            Assert.Equal((day.AddDays(-1), day), (Day(starts.AddSeconds(-1)), Day(starts)));
            Assert.Equal((day, day.AddDays(1)), (Day(ends), Day(ends.AddSeconds(1))));
            var draft = (await world.Rules.FindAsync(owner, id.Value, Token)).Value.Draft!;
            Assert.Equal((day, day), (draft.StartsOn!.Value, draft.EndsOn!.Value));
            // Never back once it is over, not even where the clock shows the same hour twice.
            Assert.All(Enumerable.Range(1, 180), minute => Assert.NotEqual(day, Day(ends.AddMinutes(minute))));
        }

        Assert.InRange(days.Length, 9, 60);

        DateOnly Day(DateTimeOffset at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime);
    }

    [Fact]
    public async Task A_rule_whose_first_day_is_to_come_is_scheduled_then_live_then_ended()
    {
        await using var world = await PromotionWorld.OpenAsync(PromotionWorld.Shoppers(1));
        var marketer = PromotionWorld.As(Role.Marketer);
        var id = (await world.Rules.SaveAsync(marketer, null, 0, PromotionWorld.Draft() with { StartsOn = new DateOnly(2026, 11, 24), EndsOn = new DateOnly(2026, 11, 24) }, Token)).Value;
        Assert.Equal(1, (await world.Activation.ActivateAsync(marketer, id, 0, Token)).Value.Given);
        Assert.Equal(CouponRuleState.Scheduled, await StateAsync(PromotionWorld.Now));
        Assert.Equal(CouponRuleState.Scheduled, await StateAsync(new DateTimeOffset(2026, 11, 23, 22, 59, 59, TimeSpan.Zero)));
        Assert.Equal(CouponRuleState.Live, await StateAsync(new DateTimeOffset(2026, 11, 23, 23, 0, 0, TimeSpan.Zero)));
        Assert.Equal(CouponRuleState.Ended, await StateAsync(new DateTimeOffset(2026, 11, 24, 23, 0, 0, TimeSpan.Zero)));
        world.Time.At = PromotionWorld.Now;
        Assert.True((await world.Activation.PauseAsync(marketer, id, Token)).Succeeded);
        Assert.Equal(CouponRuleState.Paused, await StateAsync(PromotionWorld.Now));

        async Task<CouponRuleState> StateAsync(DateTimeOffset at)
        {
            world.Time.At = at;
            return (await world.Rules.FindAsync(marketer, id, Token)).Value.State;
        }
    }

    private static bool Changes(TimeZoneInfo zone, DateOnly day) =>
        zone.GetUtcOffset(new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero).AddHours(-14)) != zone.GetUtcOffset(new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero).AddHours(38));
}
