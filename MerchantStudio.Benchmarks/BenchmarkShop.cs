using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using Microsoft.Extensions.Options;

namespace MerchantStudio.Benchmarks;

/// <summary>A data folder of its own with one warehouse; removed afterwards.</summary>
internal sealed class BenchmarkShop : IAsyncDisposable
{
    private readonly WarehouseRegistry _registry;

    public BenchmarkShop()
    {
        Paths = new StudioPaths(Directory.CreateTempSubdirectory("studio-benchmark-").FullName);
        _registry = new WarehouseRegistry(Paths, Options.Create(new WarehouseOptions()), TimeProvider.System);
    }

    public StudioPaths Paths { get; }

    public Task<WorkspaceWarehouse> OpenAsync() => _registry.OpenAsync(new WorkspaceId("benchmark"), CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _registry.DisposeAsync();
        Directory.Delete(Paths.Root, recursive: true);
    }
}
