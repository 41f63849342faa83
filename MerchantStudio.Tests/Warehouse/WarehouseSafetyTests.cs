using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using Xunit;
using static MerchantStudio.Tests.Warehouse.WarehouseWorld;

namespace MerchantStudio.Tests.Warehouse;

public sealed class WarehouseSafetyTests : IAsyncDisposable
{
    private readonly WarehouseWorld _world = new();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData("select * from read_csv('/etc/passwd')")]
    [InlineData("copy products to '/tmp/merchant-studio-canary.csv'")]
    [InlineData("attach '/tmp/merchant-studio-canary.db'")]
    [InlineData("install httpfs")]
    [InlineData("load httpfs")]
    [InlineData("set enable_external_access = true")]
    [InlineData("set memory_limit = '64GB'")]
    [InlineData("set lock_configuration = false")]
    [InlineData("set allowed_directories = ['/']")]
    public async Task The_engine_reaches_nothing_outside_its_folder_and_its_settings_are_locked(string sql)
    {
        var warehouse = await _world.OpenAsync();
        await using var session = await warehouse.BeginAsync(Token);
        await Assert.ThrowsAsync<WarehouseException>(() => session.ExecuteAsync(sql, [], Token));
    }

    [Theory]
    [InlineData("x\"; drop table canary; --")]
    [InlineData("x'); drop table canary; --")]
    [InlineData("\"")]
    [InlineData("两个\"引号\"")]
    [InlineData("a b\nc;d")]
    public async Task A_hostile_name_stays_a_name_and_the_canary_lives(string name)
    {
        await _world.RunAsync("create table canary as select 'alive' as state");
        await _world.RunAsync($"create table {Sql.Identifier(name)} ({Sql.Identifier(name)} varchar)");
        var warehouse = await _world.OpenAsync();
        Assert.True(await warehouse.HasTableAsync(name, Token));
        await using (var session = await warehouse.BeginAsync(Token))
        {
            using (var appender = session.Append(name, name))
            {
                appender.Text(0, name);
                appender.EndRow();
                appender.Complete();
            }

            await session.CommitAsync(Token);
        }

        Assert.Equal(name, await warehouse.ScalarAsync<string>($"select {Sql.Identifier(name)} from {Sql.Identifier(name)} where {Sql.Identifier(name)} = $1", [name], Token));
        await _world.RunAsync($"create table {Sql.Identifier("next_" + name)} as select 'new' as v");
        await warehouse.PublishAsync([name], Token);
        Assert.Equal("alive", await _world.ScalarAsync<string>("select state from canary"));
    }

    [Fact]
    public void A_name_cannot_hold_a_zero_character() => Assert.Throws<ArgumentException>(() => Sql.Identifier("a\0b"));

    [Fact]
    public async Task A_closed_warehouse_opens_again_by_itself_with_what_was_committed()
    {
        await _world.RunAsync("insert into products (item_id) values ('kept')");
        var warehouse = await _world.OpenAsync();
        await _world.Registry.CloseAsync(Store, Token);
        Assert.False(warehouse.IsOpen);
        Assert.Equal("kept", await warehouse.ScalarAsync<string>("select item_id from products", [], Token));
    }

    [Fact]
    public async Task A_process_killed_inside_a_transaction_leaves_what_was_committed_before()
    {
        await _world.RunAsync("insert into products (item_id) values ('kept')");
        var warehouse = await _world.OpenAsync();
        await using var session = await warehouse.BeginAsync(Token);
        await session.ExecuteAsync("insert into products (item_id) select 'half' from range(100000)", [], Token);

        // What a kill leaves is the files as they are at this moment, log included.
        var copy = new StudioPaths(Path.Combine(_world.Paths.Root, "after-kill"));
        Directory.CreateDirectory(copy.WorkspaceFolder(Store));
        foreach (var file in Directory.EnumerateFiles(_world.Paths.WorkspaceFolder(Store))) File.Copy(file, Path.Combine(copy.WorkspaceFolder(Store), Path.GetFileName(file)));
        await using var registry = new WarehouseRegistry(copy, Microsoft.Extensions.Options.Options.Create(new WarehouseOptions()), TimeProvider.System);
        var reopened = await registry.OpenAsync(Store, Token);
        Assert.Equal("kept", await reopened.ScalarAsync<string>("select string_agg(item_id, ',') from products", [], Token));
    }

    [Fact]
    public async Task Deleting_stops_what_runs_removes_the_file_and_refuses_later_calls()
    {
        var warehouse = await _world.OpenAsync();
        await using var session = await warehouse.BeginAsync(Token);
        var running = session.ScalarAsync<long>("select count(*) from range(10000000) a(i), range(10000000) b(i) where a.i * b.i % 7 = 3", [], Token);
        var ending = Assert.ThrowsAsync<WarehouseException>(async () =>
        {
            try
            {
                await running;
            }
            finally
            {
                await session.DisposeAsync();
            }
        });
        await _world.Registry.DeleteAsync(Store, Token);
        Assert.Equal(WarehouseErrorKind.Deleted, (await ending).Kind);
        Assert.False(File.Exists(_world.Paths.Warehouse(Store)));
        Assert.Equal(WarehouseErrorKind.Deleted, (await Assert.ThrowsAsync<WarehouseException>(() => warehouse.ScalarAsync<int>("select 1", [], Token))).Kind);
        Assert.Equal(0, await _world.ScalarAsync<long>("select count(*) from products"));
    }

    [Fact]
    public async Task One_workspaces_rows_are_not_in_anothers_file()
    {
        await _world.RunAsync("insert into products (item_id) values ('mine')");
        var other = await _world.Registry.OpenAsync(new WorkspaceId("other"), Token);
        Assert.Equal(0, await other.ScalarAsync<long>("select count(*) from products", [], Token));
    }

    [Fact]
    public async Task Open_workspaces_share_the_memory_limit_and_each_gets_its_least()
    {
        var shares = new MemoryShares(2048L << 20);
        Assert.Equal([1024L << 20, 512L << 20, 256L << 20, 256L << 20], [shares.Take(), shares.Take(), shares.Take(), shares.Take()]);
        Assert.True(shares.IsSpent);
        Assert.Equal("512.0 MiB", await _world.ScalarAsync<string>("select current_setting('memory_limit')"));
    }

    [Theory]
    [InlineData("2GB", 2L << 30)]
    [InlineData("1500 mb", 1500L << 20)]
    [InlineData("1.5GB", 3L << 29)]
    [InlineData("lots", null)]
    [InlineData("GB", null)]
    public void Memory_limits_are_written_in_megabytes_or_gigabytes(string text, long? bytes) => Assert.Equal(bytes, WarehouseOptions.Parse(text));

    [Fact]
    public async Task An_engine_that_nobody_used_for_long_is_closed()
    {
        var clock = new ManualClock();
        await using var world = new WarehouseWorld(clock);
        var warehouse = await world.OpenAsync();
        await world.Registry.CloseIdleAsync();
        Assert.True(warehouse.IsOpen);
        clock.Now += TimeSpan.FromMinutes(11);
        await world.Registry.CloseIdleAsync();
        Assert.False(warehouse.IsOpen);
    }

    private sealed class ManualClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
