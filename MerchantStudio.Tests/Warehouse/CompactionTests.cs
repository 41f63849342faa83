using System.Diagnostics;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using Microsoft.Extensions.Options;
using Xunit;
using static MerchantStudio.Tests.Warehouse.WarehouseWorld;

namespace MerchantStudio.Tests.Warehouse;

/// <summary>A file that holds much that is gone is copied into a smaller one, and no moment of that can lose a row.</summary>
public sealed class CompactionTests(FilledWarehouse filled) : IClassFixture<FilledWarehouse>, IAsyncDisposable
{
    private readonly WarehouseWorld _world = new();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task The_file_gets_smaller_and_holds_what_it_held_in_the_same_order()
    {
        Fill();
        var warehouse = await _world.OpenAsync();
        var before = await warehouse.SizeAsync(Token);
        var rows = await FingerprintAsync();

        var gained = await warehouse.CompactAsync(Token);

        Assert.True(before.IsWasteful);
        Assert.InRange(gained, before.DeadBytes * 8 / 10, before.FileBytes);
        Assert.Equal(before.FileBytes - gained, new FileInfo(_world.Paths.Warehouse(Store)).Length);
        Assert.Equal(rows, await FingerprintAsync());
        await _world.RunAsync("insert into products (item_id) values ('later')");
        Assert.Equal(1, await _world.ScalarAsync<long>("select count(*) from products where item_id = 'later'"));
        Assert.False((await warehouse.SizeAsync(Token)).IsWasteful);
        Assert.InRange(await warehouse.CompactAsync(Token), 0, 2 << 20);
        Assert.DoesNotContain(Directory.EnumerateFiles(_world.Paths.WorkspaceFolder(Store)), file => file.Contains("compact", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_waits_for_what_runs_and_what_comes_meanwhile_waits_for_it()
    {
        Fill();
        var warehouse = await _world.OpenAsync();
        var session = await warehouse.BeginAsync(Token);
        var compacting = warehouse.CompactAsync(Token);
        await session.ExecuteAsync("insert into products (item_id) values ('meanwhile')", [], Token);
        Assert.False(compacting.IsCompleted);
        await session.CommitAsync(Token);

        Assert.Equal(1, await _world.ScalarAsync<long>("select count(*) from products where item_id = 'meanwhile'"));
        Assert.True(await compacting > 0);
        Assert.Equal(1, await _world.ScalarAsync<long>("select count(*) from products where item_id = 'meanwhile'"));
    }

    [Fact]
    public async Task Cancelled_it_leaves_the_file_as_it_was()
    {
        Fill();
        var warehouse = await _world.OpenAsync();
        var (size, rows) = (await warehouse.SizeAsync(Token), await FingerprintAsync());
        using var soon = new CancellationTokenSource();
        warehouse.InCompaction = _ => soon.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => warehouse.CompactAsync(soon.Token));

        Assert.Equal(size.FileBytes, new FileInfo(_world.Paths.Warehouse(Store)).Length);
        Assert.Equal(rows, await FingerprintAsync());
    }

    [Fact]
    public async Task At_leisure_it_gives_way_to_whoever_comes()
    {
        Fill();
        var warehouse = await _world.OpenAsync();
        var size = (await warehouse.SizeAsync(Token)).FileBytes;
        var begun = HoldUntilToldToGiveWay(warehouse);
        var compacting = warehouse.CompactAtLeisureAsync(Token);
        await begun;

        Assert.Equal(700_000, await _world.ScalarAsync<long>("select count(*) from numbers"));

        Assert.Equal(0, await compacting);
        Assert.Equal(size, (await warehouse.SizeAsync(Token)).FileBytes);
        warehouse.InCompaction = null;
        Assert.True(await warehouse.CompactAtLeisureAsync(Token) > 0);
    }

    [Fact]
    public async Task A_workspace_that_nobody_used_for_a_while_is_compacted_before_it_closes()
    {
        var clock = new ManualClock();
        await using var world = new WarehouseWorld(clock);
        Fill(world);
        var size = (await (await world.OpenAsync()).SizeAsync(Token)).FileBytes;
        await world.Registry.CloseIdleAsync();
        Assert.Equal(size, new FileInfo(world.Paths.Warehouse(Store)).Length);

        clock.Now += TimeSpan.FromMinutes(11);
        await world.Registry.CloseIdleAsync();

        Assert.InRange(new FileInfo(world.Paths.Warehouse(Store)).Length, 1, size / 2);
    }

    [Fact]
    public async Task After_a_run_it_is_done_in_the_next_pause_where_enough_is_dead()
    {
        const long Enough = 64 << 20;
        var clock = new ManualClock();
        await using var world = new WarehouseWorld(clock);
        Fill(world);
        var warehouse = await world.OpenAsync();
        var size = (await warehouse.SizeAsync(Token)).FileBytes;
        await AtAsync(TimeSpan.FromSeconds(30), Enough);
        Assert.Equal(size, Length());

        warehouse.CompactInAPause();
        Assert.Equal(700_000, await world.ScalarAsync<long>("select count(*) from numbers"));
        await AtAsync(TimeSpan.FromSeconds(9), Enough);
        Assert.Equal(size, Length());
        await AtAsync(TimeSpan.FromSeconds(2), long.MaxValue);
        await AtAsync(TimeSpan.FromSeconds(30), Enough);
        Assert.Equal(size, Length());

        warehouse.CompactInAPause();
        clock.Now += TimeSpan.FromSeconds(30);
        var begun = HoldUntilToldToGiveWay(warehouse);
        var compacting = warehouse.CompactIfDueAsync(Enough, Token);
        await begun;
        Assert.Equal(700_000, await world.ScalarAsync<long>("select count(*) from numbers"));
        await compacting;
        Assert.Equal(size, Length());
        warehouse.InCompaction = null;

        await AtAsync(TimeSpan.FromSeconds(11), Enough);
        Assert.InRange(Length(), 1, size / 2);

        long Length() => new FileInfo(world.Paths.Warehouse(Store)).Length;

        Task AtAsync(TimeSpan later, long enough)
        {
            clock.Now += later;
            return warehouse.CompactIfDueAsync(enough, Token);
        }
    }

    [Fact]
    public async Task A_run_of_the_pipeline_leaves_that_to_the_minutely_look()
    {
        var clock = new ManualClock();
        await using var world = new WarehouseWorld(clock, compactFromMegabytes: 64);
        Fill(world);
        var warehouse = await world.OpenAsync();
        var size = (await warehouse.SizeAsync(Token)).FileBytes;
        clock.Now += TimeSpan.FromMinutes(1);
        await world.Registry.CloseIdleAsync();
        Assert.Equal(size, new FileInfo(world.Paths.Warehouse(Store)).Length);

        warehouse.CompactInAPause();
        await world.Registry.CloseIdleAsync();

        Assert.InRange(new FileInfo(world.Paths.Warehouse(Store)).Length, 1, size / 2);
    }

    [Theory]
    [InlineData(1_000, 256, false)]
    [InlineData(600, 301, true)]
    [InlineData(600, 300, false)]
    [InlineData(400, 256, false)]
    [InlineData(400, 257, true)]
    public void More_than_half_and_more_than_256_MB_must_be_dead(long file, long dead, bool pressing) =>
        Assert.Equal(pressing, new WarehouseSize(file << 20, dead << 20).IsPressing(new WarehouseOptions().CompactFromBytes));

    [Fact]
    public async Task A_kill_at_any_moment_leaves_a_whole_file()
    {
        Fill();
        var rows = await FingerprintAsync();
        var warehouse = await _world.OpenAsync();
        var kills = new List<StudioPaths>();
        warehouse.InCompaction = _ => kills.Add(WhatAKillLeaves(kills.Count));
        Assert.True(await warehouse.CompactAsync(Token) > 0);
        Assert.Equal(rows, await FingerprintAsync());

        Assert.Equal(2, kills.Count);
        foreach (var kill in kills)
        {
            var copy = WarehouseCompaction.CopyOf(kill.Warehouse(Store));
            Assert.True(File.Exists(copy));
            await using (var registry = new WarehouseRegistry(kill, Options.Create(new WarehouseOptions { MemoryLimit = "512MB" }), TimeProvider.System))
                Assert.Equal(rows, await FingerprintAsync(await registry.OpenAsync(Store, Token)));
            Assert.False(File.Exists(copy));
        }
    }

    /// <summary>The files as they are at this moment, in a data folder of their own.</summary>
    private StudioPaths WhatAKillLeaves(int number)
    {
        var paths = new StudioPaths(Path.Combine(_world.Paths.Root, $"after-kill-{number}"));
        Directory.CreateDirectory(paths.WorkspaceFolder(Store));

        // By another process: reading the file in this one would drop the engine's lock on it.
        using var copying = Process.Start("cp", ["-a", _world.Paths.WorkspaceFolder(Store) + "/.", paths.WorkspaceFolder(Store)])!;
        copying.WaitForExit();
        return paths;
    }

    /// <returns>Ends when a compaction has begun; it does not go on before somebody wants it out of the way.</returns>
    private static Task HoldUntilToldToGiveWay(WorkspaceWarehouse warehouse)
    {
        var begun = new TaskCompletionSource();
        warehouse.InCompaction = giveWay =>
        {
            begun.TrySetResult();
            giveWay.WaitHandle.WaitOne(TimeSpan.FromMinutes(1));
        };
        return begun.Task;
    }

    private void Fill(WarehouseWorld? world = null) => filled.CopyTo((world ?? _world).Paths);

    private async Task<string?> FingerprintAsync() => await FingerprintAsync(await _world.OpenAsync());

    private static Task<string?> FingerprintAsync(WorkspaceWarehouse warehouse) =>
        warehouse.ScalarAsync<string>("select cast(count(*) as varchar) || ' ' || sum(cast(hash(i, text, place) as hugeint)) from (select *, row_number() over () as place from numbers) n", [], Token);

    private sealed class ManualClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
