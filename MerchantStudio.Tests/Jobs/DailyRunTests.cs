using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Tests.Worlds;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MerchantStudio.Tests.Jobs;

public sealed class DailyRunTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("2026-06-10T02:59:00Z", 0)]
    [InlineData("2026-06-10T03:00:00Z", 1)]
    [InlineData("2026-06-10T04:59:00Z", 1)]
    [InlineData("2026-06-10T05:01:00Z", 0)]
    public async Task The_pipeline_starts_at_the_minute_of_the_stores_day(string utc, int runs)
    {
        var clock = new SettableClock(DateTimeOffset.Parse(utc, System.Globalization.CultureInfo.InvariantCulture));
        await using var studio = await ScheduledAtFiveInBerlinAsync(clock);

        Assert.Equal(runs, (await studio.Get<DailyRuns>().StartDueAsync(Now)).Length);
    }

    [Fact]
    public async Task A_restart_or_a_clock_set_back_starts_no_second_run_that_day()
    {
        var clock = new SettableClock(new DateTimeOffset(2026, 6, 10, 3, 30, 0, TimeSpan.Zero));
        await using var studio = await ScheduledAtFiveInBerlinAsync(clock);
        await studio.Get<DailyRuns>().StartDueAsync(Now);

        clock.Time -= TimeSpan.FromMinutes(25);
        Assert.Empty(await studio.Get<DailyRuns>().StartDueAsync(Now));
        clock.Time += TimeSpan.FromDays(1);
        Assert.Single(await studio.Get<DailyRuns>().StartDueAsync(Now));
    }

    [Theory]
    [InlineData("2026-03-29T12:00:00Z", 150, "2026-03-29T01:30:00Z")] // 02:30 does not exist that day
    [InlineData("2026-10-25T12:00:00Z", 300, "2026-10-25T04:00:00Z")]
    public void A_minute_that_the_clock_change_skips_moves_on_by_an_hour(string now, int minute, string due) =>
        Assert.Equal(DateTimeOffset.Parse(due, System.Globalization.CultureInfo.InvariantCulture), DailyRuns.DueAt(DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture), "Europe/Berlin", minute));

    private static async Task<TemporaryStudio> ScheduledAtFiveInBerlinAsync(SettableClock clock)
    {
        var studio = await TemporaryStudio.OpenAsync(services => services.AddSingleton<TimeProvider>(clock));
        var scope = await studio.WorkspaceAsync();
        await using var db = await studio.DbAsync();
        db.Workspaces.Single().DailyRunMinute = 300;
        db.Imports.Add(new ImportRecord
        {
            Id = Guid.NewGuid(),
            Number = 1,
            WorkspaceId = scope.Workspace,
            Kind = DatasetKind.Events,
            FileName = "events.csv",
            FileBytes = 1,
            State = ImportState.Complete,
            CreatedAt = clock.Time,
            RequestedBy = "Mei",
        });
        await db.SaveChangesAsync(Now);
        return studio;
    }

    private sealed class SettableClock(DateTimeOffset time) : TimeProvider
    {
        public DateTimeOffset Time { get; set; } = time;

        public override DateTimeOffset GetUtcNow() => Time;
    }
}
