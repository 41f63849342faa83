using MerchantStudio.Core.Native.DuckDb;
using MerchantStudio.Core.Warehouse;
using Microsoft.Extensions.Options;
using Xunit;
using static MerchantStudio.Tests.Warehouse.WarehouseWorld;

namespace MerchantStudio.Tests.Warehouse;

public sealed class FileFormTests : IAsyncDisposable
{
    private readonly WarehouseWorld _world = new();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_file_of_the_engine_s_older_form_is_read_and_written_on()
    {
        var file = _world.Paths.Warehouse(Store);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        using (var database = DuckDbDatabase.Open(file, new Dictionary<string, string> { ["storage_compatibility_version"] = "v0.10.2" }))
        using (var connection = database.Connect())
        {
            connection.Execute("create table kept as select 'shopper ' || i as name, i from range(300000) r(i)", []);
        }

        Assert.Equal(300_000, await _world.ScalarAsync<long>("select count(distinct name) from kept"));
        await _world.RunAsync("insert into kept select 'new ' || i, i from range(200000) r(i)");
        await _world.Registry.DisposeAsync();

        await using var later = new WarehouseRegistry(_world.Paths, Options.Create(new WarehouseOptions()), TimeProvider.System);
        Assert.Equal(500_000, await (await later.OpenAsync(Store, Token)).ScalarAsync<long>("select count(distinct name) from kept", [], Token));
    }
}
