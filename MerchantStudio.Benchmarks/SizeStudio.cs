using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using MerchantStudio.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace MerchantStudio.Benchmarks;

/// <summary>The whole core on a data folder of its own with a memory limit of its own; removed afterwards.</summary>
internal sealed class SizeStudio : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private SizeStudio(ServiceProvider services, StudioPaths paths, WorkspaceScope scope, WorkspaceWarehouse warehouse)
    {
        _services = services;
        Paths = paths;
        Scope = scope;
        Warehouse = warehouse;
    }

    public StudioPaths Paths { get; }

    public WorkspaceScope Scope { get; }

    public WorkspaceWarehouse Warehouse { get; }

    /// <param name="memory">As in Studio:MemoryLimit; null for the default.</param>
    public static async Task<SizeStudio> OpenAsync(string? memory)
    {
        var paths = new StudioPaths(Directory.CreateTempSubdirectory("studio-size-").FullName);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Studio:MemoryLimit"] = memory }).Build());
        var provider = services.AddStudioCore(paths).BuildServiceProvider();
        var opened = await provider.GetRequiredService<StudioDatabase>().OpenAsync(CancellationToken.None);
        if (opened.Problem is { } problem) throw new InvalidOperationException(problem.Message);
        var shop = await provider.GetRequiredService<WorkspaceDirectory>().CreateAsync(new WorkspaceDraft("Size", "EUR", "Europe/Berlin", new WorkspaceId("size")), Actor.CommandLine, CancellationToken.None);
        var scope = new WorkspaceScope(shop.Value.Id, Actor.CommandLine);
        return new SizeStudio(provider, paths, scope, await provider.GetRequiredService<WarehouseRegistry>().OpenAsync(scope.Workspace, CancellationToken.None));
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <inheritdoc cref="BenchmarkStudio.ImportAsync(string)"/>
    public Task<ImportReport> ImportAsync(string path) => BenchmarkStudio.ImportAsync(Get<FileImporter>(), Scope, path);

    /// <summary>One transaction.</summary>
    public async Task<T> InSessionAsync<T>(Func<WarehouseSession, Task<T>> work)
    {
        await using var session = await Warehouse.BeginAsync(CancellationToken.None);
        var result = await work(session);
        await session.CommitAsync(CancellationToken.None);
        return result;
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        Directory.Delete(Paths.Root, recursive: true);
    }
}
