using System.Diagnostics;
using System.Globalization;
using MerchantStudio.Core.Features.Cleaning;
using MerchantStudio.Core.Features.Identities;
using MerchantStudio.Core.Pipeline.Stages;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using MerchantStudio.Tests.Warehouse;
using Microsoft.Extensions.Options;
using Xunit;

namespace MerchantStudio.Tests.Pipeline;

/// <summary>
/// A run that ends while it cleans on several connections leaves the joins of visitors to customers behind, for it has committed them on the way. They are facts
/// about the events and not results of the run: the published figures stay as they were, the next upkeep takes the joins in, and the next run finds them made.
/// </summary>
[Trait("Row", "C2")]
public sealed class CleaningInLanesTests
{
    private const string FolderToClean = "STUDIO_TEST_CLEAN_FOLDER";
    private const string Shared = "work_cleaning_left_out";

    /// <summary>Some eighty parts.</summary>
    private static readonly CleaningSettings Settings = CleaningSettings.Default with { RowsOfPart = 1_000 };

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cancelled_there_it_leaves_figures_and_joins_that_agree_and_the_next_one_ends_as_if_nothing_had_happened()
    {
        await using var world = await WorldAsync();
        var (published, undisturbed) = (await RowsAsync(world, "clean_events"), await UndisturbedAsync(world));
        var warehouse = await world.OpenAsync();
        using (var cancel = CancellationTokenSource.CreateLinkedTokenSource(Now))
        {
            var cleaning = UpkeepWorld.CleanInLanesAsync(warehouse, Settings, world.Clock, cancel.Token);
            while (!await warehouse.HasTableAsync(Shared, Now)) await Task.Yield();
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cleaning);
        }

        await AssertCoherentAsync(world, published);

        // Whichever connections it gets, none has anything left of the run before: the last given back is the first taken, and these two change places.
        var first = await warehouse.BeginAsync(Now);
        var second = await warehouse.BeginAsync(Now);
        await first.DisposeAsync();
        await second.DisposeAsync();
        await UpkeepWorld.CleanInLanesAsync(warehouse, Settings, world.Clock, Now);
        Assert.Equal(undisturbed, await RowsAsync(world, EventCleaner.CleanedTable));
        await PublishStage.DropWorkTablesAsync(warehouse, Now);
        Assert.True((await world.KeepUpAsync()).Shoppers > 0);
        await world.AssertAsBuiltAnewAsync();
    }

    [Fact]
    public async Task Killed_there_it_leaves_figures_and_joins_that_agree_and_the_next_one_ends_as_if_nothing_had_happened()
    {
        await using var world = await WorldAsync();
        var (published, undisturbed) = (await RowsAsync(world, "clean_events"), await UndisturbedAsync(world));
        for (var round = 0; round < 2; round++)
        {
            await world.Registry.CloseAsync(WarehouseWorld.Store, Now);
            using (var child = Process.Start(Child(world.Folder))!)
            {
                var begun = Path.Combine(world.Folder, "begun");
                while (!File.Exists(begun))
                {
                    Assert.False(child.HasExited, "The process that cleans has ended by itself.");
                    await Task.Delay(1, Now);
                }

                await Task.Delay(60 * round, Now);
                child.Kill();
                await child.WaitForExitAsync(Now);
                File.Delete(begun);
            }

            await AssertCoherentAsync(world, published);
        }

        await UpkeepWorld.CleanInLanesAsync(await world.OpenAsync(), Settings, world.Clock, Now);
        Assert.Equal(undisturbed, await RowsAsync(world, EventCleaner.CleanedTable));
        await PublishStage.DropWorkTablesAsync(await world.OpenAsync(), Now);
        Assert.True((await world.KeepUpAsync()).Shoppers > 0);
        await world.AssertAsBuiltAnewAsync();
    }

    /// <summary>What the test above starts in a process of its own.</summary>
    [Fact(Explicit = true)]
    public async Task Clean_until_killed()
    {
        if (Environment.GetEnvironmentVariable(FolderToClean) is not { } folder)
        {
            Assert.Skip("Only for a test that kills it.");
            return;
        }

        await using var registry = new WarehouseRegistry(new StudioPaths(folder), Options.Create(new WarehouseOptions { MemoryLimit = "1GB", Threads = 2 }), TimeProvider.System);
        var warehouse = await registry.OpenAsync(WarehouseWorld.Store, Now);
        var now = new DateTimeOffset(2026, 4, 2, 0, 0, 0, TimeSpan.Zero);
        var cleaning = UpkeepWorld.CleanInLanesAsync(warehouse, Settings, now, Now);
        while (!await warehouse.HasTableAsync(Shared, Now)) await Task.Yield();
        await File.WriteAllTextAsync(Path.Combine(folder, "begun"), "", Now);
        await cleaning;
    }

    /// <summary>Figures are published; since then events have come that say who the visitors are.</summary>
    private static async Task<UpkeepWorld> WorldAsync()
    {
        var world = new UpkeepWorld(Settings);
        await world.RunAsync(Events(import: 1, "null"));
        await world.PublishAsync();
        await world.RunAsync(Events(import: 2, "case when i % 10 = 0 then 'c' || (i % 97) end"));
        return world;
    }

    private static string Events(int import, string user) => string.Create(CultureInfo.InvariantCulture, $"""
        insert into events (user_id, anonymous_id, ts, event_type, item_id, price, quantity, import_id, source_line)
        select {user}, 'v' || (i % 97), timestamp '2026-03-01 08:00' + to_minutes(i * 2 + {import}), 'view', 'i' || (i % 13), 5, 1, {import}, i + 2 from range(20000) r(i)
        """);

    /// <summary>What cleaning in one transaction writes.</summary>
    private static async Task<string?> UndisturbedAsync(UpkeepWorld world)
    {
        await using var session = await (await world.OpenAsync()).BeginAsync(Now);
        await IdentityStitcher.StitchAsync(session, world.Clock, Now);
        await EventCleaner.RunAsync(session, Settings, world.Clock, Now);
        return await session.ScalarAsync<string>(Fingerprint(EventCleaner.CleanedTable), [], Now);
    }

    /// <summary>After what the job runner does with a run that has ended: joins are there, and the figures are the former ones.</summary>
    private static async Task AssertCoherentAsync(UpkeepWorld world, string? published)
    {
        Assert.InRange(await world.ScalarAsync<long>("select count(*) from identities"), 1, long.MaxValue);
        await PublishStage.DropWorkTablesAsync(await world.OpenAsync(), Now);
        Assert.Equal(published, await RowsAsync(world, "clean_events"));
        Assert.Equal(0, await world.ScalarAsync<long>("select count(*) from information_schema.tables where table_name like 'next%' or table_name like 'work%'"));
    }

    private static Task<string?> RowsAsync(UpkeepWorld world, string table) => world.ScalarAsync<string>(Fingerprint(table));

    private static string Fingerprint(string table) =>
        $"select concat_ws(' ', count(*), count(distinct session_no), sum(cast(hash(user_id, ts, item_id, import_id, source_line, shopper_no) as hugeint))) from {table}";

    private static ProcessStartInfo Child(string folder)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "MerchantStudio.Tests" + (OperatingSystem.IsWindows() ? ".exe" : ""));
        var start = new ProcessStartInfo(program, ["--filter-method", $"*{nameof(Clean_until_killed)}", "--explicit", "only"]) { RedirectStandardOutput = true };
        start.Environment[FolderToClean] = folder;
        return start;
    }
}
