using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Delivery;
using MerchantStudio.Tests.Worlds;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace MerchantStudio.Tests.Campaigns;

/// <summary>Two processes on one PostgreSQL database reach for the same messages.</summary>
public sealed class DeliveryRaceTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_another_process_took_between_the_look_and_the_taking_stays_with_it()
    {
        await using var studio = await TemporaryStudio.OpenAsync(on: AppStateOn.Postgres);
        var scope = await studio.WorkspaceAsync();
        var (other, due) = (Guid.NewGuid(), TimeProvider.System.GetUtcNow().AddMinutes(-1));
        await using var database = await studio.DbAsync();
        Delivery[] rows = [.. Enumerable.Range(0, 5).Select(number => new Delivery
        {
            Id = Guid.CreateVersion7(), WorkspaceId = scope.Workspace, CampaignId = Guid.NewGuid(), Occurrence = "", MessageId = Guid.NewGuid(), ShopperId = $"s{number}", Channel = MessageChannel.Webhook, State = DeliveryState.Queued, Target = "hook", NextAttemptAt = due, CreatedAt = due,
        })];
        database.Deliveries.AddRange(rows);
        await database.SaveChangesAsync(Now);
        Guid[] theirs = [.. rows.Take(3).Select(row => row.Id)];

        // The other process has written, but not committed: a look still finds all five due, the taking waits for it.
        await using var transaction = await database.Database.BeginTransactionAsync(Now);
        await database.Deliveries.Where(row => theirs.Contains(row.Id)).ExecuteUpdateAsync(set => set.SetProperty(row => row.State, DeliveryState.Sending).SetProperty(row => row.Lease, other).SetProperty(row => row.LeaseUntil, due.AddMinutes(20)), Now);
        var taking = studio.Get<DeliveryQueue>().TakeAsync("hook", 5, Now);
        await WaitingAsync(studio);
        await transaction.CommitAsync(Now);
        Assert.Equal(rows.Skip(3).Select(row => row.Id).Order(), (await taking)!.Deliveries.Select(row => row.Id).Order());
        await using var after = await studio.DbAsync();
        Assert.All(await after.Deliveries.Where(row => theirs.Contains(row.Id)).ToListAsync(Now), row => Assert.Equal(other, row.Lease));
    }

    /// <summary>Until somebody in this database waits for a lock.</summary>
    private static async Task WaitingAsync(TemporaryStudio studio)
    {
        await using var database = await studio.DbAsync();
        for (var look = 0; look < 500; look++)
        {
            if (await database.Database.SqlQueryRaw<int>("select count(*)::int as \"Value\" from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'").SingleAsync(Now) > 0) return;
            await Task.Delay(20, Now);
        }

        Assert.Fail("Nobody waited for the other's rows.");
    }
}
