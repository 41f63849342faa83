using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using Microsoft.Extensions.Options;
using Xunit;

namespace MerchantStudio.Tests.Warehouse;

/// <summary>A data folder of its own with a registry; removed afterwards.</summary>
public sealed class WarehouseWorld : IAsyncDisposable
{
    public static readonly WorkspaceId Store = new("shop");

    public WarehouseWorld(TimeProvider? time = null, string memory = "1GB", int compactFromMegabytes = 256)
    {
        Paths = new StudioPaths(Directory.CreateTempSubdirectory("studio-warehouse-").FullName);
        Registry = new WarehouseRegistry(Paths, Options.Create(new WarehouseOptions { MemoryLimit = memory, Threads = 2, CompactFromMegabytes = compactFromMegabytes }), time ?? TimeProvider.System);
    }

    public StudioPaths Paths { get; }

    public WarehouseRegistry Registry { get; }

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public Task<WorkspaceWarehouse> OpenAsync() => Registry.OpenAsync(Store, Token);

    /// <summary>Runs statements in a committed session.</summary>
    public async Task RunAsync(string sql)
    {
        await using var session = await (await OpenAsync()).BeginAsync(Token);
        await session.ExecuteAsync(sql, [], Token);
        await session.CommitAsync(Token);
    }

    public async Task<T?> ScalarAsync<T>(string sql) => await (await OpenAsync()).ScalarAsync<T>(sql, [], Token);

    public async ValueTask DisposeAsync()
    {
        await Registry.DisposeAsync();
        Directory.Delete(Paths.Root, recursive: true);
    }
}
