using System.Globalization;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Planning;
using Xunit;

namespace MerchantStudio.Tests.Campaigns;

/// <summary>Days and minutes of the store through every change of its clock.</summary>
public sealed class CampaignScheduleTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory, Trait("Row", "C14")]
    [InlineData("Europe/Berlin", "2026-03-29", 150, "2026-03-29T01:00:00Z")]
    [InlineData("Europe/Berlin", "2026-10-25", 150, "2026-10-25T00:30:00Z")]
    [InlineData("America/New_York", "2026-03-08", 150, "2026-03-08T07:00:00Z")]
    [InlineData("America/New_York", "2026-11-01", 90, "2026-11-01T05:30:00Z")]
    [InlineData("Pacific/Apia", "2011-12-31", 0, "2011-12-30T10:00:00Z")]
    [InlineData("Europe/Berlin", "2028-02-29", 540, "2028-02-29T08:00:00Z")]
    public void A_minute_that_never_comes_is_the_next_one_and_one_that_comes_twice_is_the_first(string zone, string day, int minute, string expected) =>
        Assert.Equal(At(expected), CampaignSchedule.At(DateOnly.Parse(day, CultureInfo.InvariantCulture), minute, TimeZoneInfo.FindSystemTimeZoneById(zone)));

    [Fact, Trait("Row", "C14")]
    public void Every_day_of_a_year_has_its_one_moment_whatever_the_clocks_do()
    {
        var begin = At("2025-12-31T23:00:00Z");
        foreach (var zone in ((string[])["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "Africa/Cairo", "Asia/Beirut", "Atlantic/Azores", "Pacific/Apia"]).Select(TimeZoneInfo.FindSystemTimeZoneById))
        {
            foreach (var minute in (int[])[0, 90, 150])
            {
                var timing = new CampaignTiming(CampaignRhythm.Daily, SendMinute: minute);
                var (at, seen) = (begin, new HashSet<string>());
                for (var day = 0; day < 366; day++)
                {
                    var next = CampaignSchedule.NextAfter(timing, begin, zone, at)!;
                    Assert.True(next.At > at && seen.Add(next.Key), $"{zone.Id} {next}");
                    Assert.Equal(next, CampaignSchedule.LastDue(timing, begin, zone, next.At));
                    Assert.NotEqual(next, CampaignSchedule.LastDue(timing, begin, zone, next.At.AddTicks(-1)));
                    at = next.At;
                }

                Assert.InRange((at - begin).TotalDays, 364, 368);
            }
        }
    }

    [Fact]
    public void Once_is_at_the_launch_or_on_its_day_and_then_never_again()
    {
        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var launched = At("2026-11-18T11:00:00Z");
        Assert.Equal(launched, CampaignSchedule.LastDue(new CampaignTiming(), launched, berlin, launched)?.At);
        Assert.Null(CampaignSchedule.NextAfter(new CampaignTiming(), launched, berlin, launched));
        var later = new CampaignTiming(StartsOn: new DateOnly(2026, 11, 20), SendMinute: 570);
        Assert.Null(CampaignSchedule.LastDue(later, launched, berlin, At("2026-11-20T08:29:59Z")));
        Assert.Equal(At("2026-11-20T08:30:00Z"), CampaignSchedule.NextAfter(later, launched, berlin, launched)?.At);
        Assert.Equal(At("2026-11-20T08:30:00Z"), CampaignSchedule.LastDue(later, launched, berlin, At("2026-12-20T00:00:00Z"))?.At);
        Assert.True(CampaignSchedule.IsOver(later, launched, berlin, At("2026-11-20T08:30:00Z")));
    }

    [Fact]
    public void Weekly_keeps_its_weekday_and_its_last_day()
    {
        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var launched = At("2026-11-18T11:00:00Z");
        var timing = new CampaignTiming(CampaignRhythm.Weekly, new DateOnly(2026, 11, 20), new DateOnly(2026, 12, 6), 600);
        Assert.Equal(["2026-11-20", "2026-11-27", "2026-12-04"], Keys(timing, launched, berlin));
        Assert.Equal("2026-12-04", CampaignSchedule.LastDue(timing, launched, berlin, At("2027-05-01T00:00:00Z"))?.Key);
    }

    [Fact]
    public void A_minute_that_has_passed_on_the_day_of_the_launch_waits_for_tomorrow_where_it_is_repeated()
    {
        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var launched = At("2026-11-18T11:00:00Z");
        var daily = new CampaignTiming(CampaignRhythm.Daily, SendMinute: 540);
        Assert.Null(CampaignSchedule.LastDue(daily, launched, berlin, launched));
        Assert.Equal(At("2026-11-19T08:00:00Z"), CampaignSchedule.NextAfter(daily, launched, berlin, launched)?.At);
        Assert.Equal(launched, CampaignSchedule.LastDue(new CampaignTiming(SendMinute: 540), launched, berlin, launched)?.At);
    }

    [Fact]
    public async Task What_fell_due_while_nothing_ran_is_made_up_for_once()
    {
        await using var world = await CampaignWorld.OpenAsync(5);
        var id = await world.LaunchedAsync(CampaignWorld.Draft(null) with
        {
            Message = MessagingWorld.Template,
            HoldoutBasisPoints = 0,
            Timing = new CampaignTiming(CampaignRhythm.Daily, null, new DateOnly(2026, 11, 23), 9 * 60),
        });
        Assert.Equal(CampaignState.Scheduled, (await world.CampaignAsync(id)).State);
        Assert.Empty(await world.MessagesAsync(id));
        await LookAsync("2026-11-19T08:00:00Z", "2026-11-19");
        await LookAsync("2026-11-19T20:00:00Z", "2026-11-19");
        Assert.Equal(CampaignState.Running, (await world.CampaignAsync(id)).State);

        // Three days without power: one message, not three.
        await LookAsync("2026-11-22T17:00:00Z", "2026-11-19", "2026-11-22");
        await LookAsync("2026-11-22T17:01:00Z", "2026-11-19", "2026-11-22");

        // Behind its last day nothing is sent, also not what was missed.
        await LookAsync("2026-11-25T12:00:00Z", "2026-11-19", "2026-11-22");
        await LookAsync("2026-12-20T12:00:00Z", "2026-11-19", "2026-11-22");
        Assert.Equal(CampaignState.Ended, (await world.CampaignAsync(id)).State);

        async Task LookAsync(string at, params string[] sent)
        {
            world.Time.At = At(at);
            await world.Runs.StartDueAsync(Now);
            var rows = await world.MessagesAsync(id);
            Assert.Equal(sent, rows.Select(row => row.Occurrence).Distinct().Order());
            Assert.Equal(sent.Length * 5, rows.Length);
        }
    }

    [Fact]
    public async Task Who_comes_to_fit_is_taken_in_on_that_day_and_nobody_twice()
    {
        await using var world = await CampaignWorld.OpenAsync(6);
        var id = await world.LaunchedAsync(CampaignWorld.Draft(await world.RuleAsync()) with { Timing = new CampaignTiming(CampaignRhythm.OnEntering) });
        var first = await world.MembersAsync(id);
        var warehouse = await world.Studio.Get<Core.Warehouse.WarehouseRegistry>().OpenAsync(world.Scope.Workspace, Now);
        await warehouse.QueryAsync("insert into shopper_profile by name select * replace ('late' as user_id) from shopper_profile where user_id = 's000'", _ => 0, [], Now);
        await world.Runs.StartDueAsync(Now);
        Assert.Equal(6, (await world.MembersAsync(id)).Length);
        for (var day = 1; day < 4; day++)
        {
            world.Time.At = CampaignWorld.Wednesday.AddDays(day);
            await world.Runs.StartDueAsync(Now);
        }

        var members = await world.MembersAsync(id);
        Assert.Equal(7, members.Length);
        Assert.All(first, member => Assert.Equal(member.Place, members.Single(now => now.ShopperId == member.ShopperId).Place));
        Assert.Equal(7, (await world.MessagesAsync(id)).Length);
        Assert.Equal(members.Count(member => member.Place == CampaignPlace.Treated), (await world.CodesAsync(id)).Length);
        Assert.Equal(7, (await world.CampaignAsync(id)).AudienceCount);
    }

    [Fact]
    public async Task Each_shopper_is_written_to_at_the_hour_in_which_she_comes_most()
    {
        await using var world = await CampaignWorld.OpenAsync(3);
        var warehouse = await world.Studio.Get<Core.Warehouse.WarehouseRegistry>().OpenAsync(world.Scope.Workspace, Now);

        // s000 comes at 20:00 of Berlin, in summer and in winter; the others never came, so the store's hour is theirs.
        await warehouse.QueryAsync(
            """
            create table sessions as select * from (values ('s000', timestamp '2026-07-01 18:10:00'), ('s000', timestamp '2026-11-01 19:10:00'), ('s000', timestamp '2026-11-02 07:10:00'),
            ('x', timestamp '2026-11-01 13:00:00'), ('x', timestamp '2026-11-02 13:00:00'), ('x', timestamp '2026-11-03 13:00:00')) as t(user_id, started_at)
            """, _ => 0, [], Now);
        var id = await world.LaunchedAsync(CampaignWorld.Draft(null) with { Message = MessagingWorld.Template, HoldoutBasisPoints = 0, Timing = new CampaignTiming(AtBestHour: true) });
        var due = (await world.MessagesAsync(id)).ToDictionary(row => row.ShopperId, row => row.NextAttemptAt);
        Assert.Equal(At("2026-11-18T19:00:00Z"), due["s000"]);
        Assert.Equal(At("2026-11-18T13:00:00Z"), due["s001"]);
    }

    private static IEnumerable<string> Keys(CampaignTiming timing, DateTimeOffset launched, TimeZoneInfo zone)
    {
        for (var next = CampaignSchedule.NextAfter(timing, launched, zone, launched); next is not null; next = CampaignSchedule.NextAfter(timing, launched, zone, next.At)) yield return next.Key;
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
