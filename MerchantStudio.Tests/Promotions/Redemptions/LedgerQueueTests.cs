using System.Data.Common;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Promotions.Redemptions;
using MerchantStudio.Tests.Worlds;
using Microsoft.EntityFrameworkCore;
using Xunit;
using static MerchantStudio.Tests.Promotions.Redemptions.LedgerWorld;

namespace MerchantStudio.Tests.Promotions.Redemptions;

public sealed class LedgerQueueTests() : LedgerQueueContract(AppStateOn.Sqlite);

public sealed class LedgerQueueOnPostgresTests() : LedgerQueueContract(AppStateOn.Postgres);

/// <summary>What stands in one transaction beside each other, told apart by the counters that each work writes.</summary>
public abstract class LedgerQueueContract(AppStateOn on)
{
    private static readonly LedgerAnswer Answer = new LedgerAnswer.Unknown();

    [Fact]
    public async Task What_a_refused_or_faulty_work_wrote_is_gone_and_its_neighbours_stay()
    {
        await using var world = await OpenAsync(on);
        using var queue = new LedgerQueue(world.Databases);
        var together = await TogetherAsync(queue,
        [
            Write("a", keep: true),
            Write("b", keep: false),
            async (database, token) =>
            {
                await AddAsync(database, "c", token);
                throw new InvalidOperationException("c");
            },
            Write("d", keep: true),
        ]);
        Assert.Equal(["", "", "InvalidOperationException", ""], together);
        Assert.Equal(["a", "d"], await WrittenAsync(world));
    }

    [Fact]
    public async Task What_the_database_refuses_takes_none_of_its_neighbours_with_it()
    {
        await using var world = await OpenAsync(on);
        using var queue = new LedgerQueue(world.Databases);
        var together = await TogetherAsync(queue, [Write("a", keep: true), async (database, token) => (await database.Database.ExecuteSqlRawAsync("insert into \"Nowhere\" values (1)", token) > 0, Answer), Write("c", keep: true)]);
        Assert.Equal(("", true, ""), (together[0], together[1].Length > 0, together[2]));
        Assert.Equal(["a", "c"], await WrittenAsync(world));
    }

    [Fact, Trait("Row", "R2")]
    public async Task Nobody_is_answered_before_all_of_the_transaction_is_on_the_disk()
    {
        await using var world = await OpenAsync(on);
        using var queue = new LedgerQueue(world.Databases);
        var hold = new TaskCompletionSource();
        var begun = new TaskCompletionSource();
        Task<LedgerAnswer>? first = null;
        var before = queue.RunAsync("", async (_, _) =>
        {
            first = queue.RunAsync("a", Write("a", keep: true), Now);
            _ = queue.RunAsync("b", async (_, _) =>
            {
                begun.SetResult();
                await hold.Task;
                return (true, Answer);
            }, Now);
            return await Task.FromResult((true, Answer));
        }, Now);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(20), Now);
        Assert.False(first!.IsCompleted);
        Assert.Empty(await WrittenAsync(world));
        hold.SetResult();
        await Task.WhenAll(before, first);
        Assert.Equal(["a"], await WrittenAsync(world));
    }

    /// <summary>Queued while another one is at work, so that one transaction carries them all.</summary>
    /// <returns>For each the name of what it failed with; empty for an answer.</returns>
    private static async Task<string[]> TogetherAsync(LedgerQueue queue, Func<StudioDb, CancellationToken, Task<(bool Keep, LedgerAnswer Answer)>>[] works)
    {
        Task<string>[] queued = [];
        await queue.RunAsync("", (_, _) =>
        {
            queued = [.. works.Select((work, index) => TriedAsync(queue.RunAsync(((char)('a' + index)).ToString(), work, Now)))];
            return Task.FromResult((true, Answer));
        }, Now);
        return await Task.WhenAll(queued);
    }

    private static async Task<string> TriedAsync(Task<LedgerAnswer> work)
    {
        try
        {
            await work;
            return "";
        }
        catch (Exception fault) when (fault is DbException or InvalidOperationException)
        {
            return fault.GetType().Name;
        }
    }

    private static Func<StudioDb, CancellationToken, Task<(bool Keep, LedgerAnswer Answer)>> Write(string key, bool keep) => async (database, token) =>
    {
        await AddAsync(database, key, token);
        return (keep, Answer);
    };

    private static Task<int> AddAsync(StudioDb database, string key, CancellationToken cancellationToken) =>
        database.Database.ExecuteSqlAsync($"""insert into "RedemptionCounters" ("WorkspaceId", "Scope", "Key", "Uses", "SpentMinor") values ({Tea.Value}, {"Code"}, {key}, 1, 1)""", cancellationToken);

    private static async Task<string[]> WrittenAsync(LedgerWorld world)
    {
        await using var database = world.Databases.CreateDbContext();
        return await database.RedemptionCounters.Select(counter => counter.Key).OrderBy(key => key).ToArrayAsync(Now);
    }
}
