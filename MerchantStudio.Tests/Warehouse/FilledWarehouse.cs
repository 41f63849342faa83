using MerchantStudio.Core.Shop;
using Xunit;
using static MerchantStudio.Tests.Warehouse.WarehouseWorld;

namespace MerchantStudio.Tests.Warehouse;

/// <summary>A warehouse whose tables were written anew again and again, as runs of the pipeline do. Written once, since that takes seconds; each test begins with a copy.</summary>
public sealed class FilledWarehouse : IAsyncLifetime
{
    private const string Rows = "select i, hash(i) as mark, cast(hash(i + 7) as varchar) as text from range(700000) t(i)";
    private readonly WarehouseWorld _world = new();

    public async ValueTask InitializeAsync()
    {
        for (var round = 0; round < 5; round++) await _world.RunAsync($"create or replace table numbers as {Rows}; create or replace table other_{round} as {Rows}");
        for (var round = 0; round < 5; round++) await _world.RunAsync($"drop table other_{round}");
        await _world.RunAsync("delete from numbers where i % 1000 = 3");
        await _world.RunAsync("insert into numbers select i, mark, text from (" + Rows + ") where i % 1000 = 3");
        await _world.Registry.CloseAsync(Store, Token);
    }

    public void CopyTo(StudioPaths paths)
    {
        Directory.CreateDirectory(paths.WorkspaceFolder(Store));
        foreach (var file in Directory.EnumerateFiles(_world.Paths.WorkspaceFolder(Store))) File.Copy(file, Path.Combine(paths.WorkspaceFolder(Store), Path.GetFileName(file)));
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();
}
