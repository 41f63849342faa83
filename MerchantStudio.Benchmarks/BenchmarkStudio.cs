using System.Text.Json;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Pipeline;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using MerchantStudio.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace MerchantStudio.Benchmarks;

/// <summary>The whole core on a data folder of its own, with one shop; removed afterwards.</summary>
internal sealed class BenchmarkStudio : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly StudioPaths _paths;

    private BenchmarkStudio(ServiceProvider services, StudioPaths paths, WorkspaceScope scope)
    {
        _services = services;
        _paths = paths;
        Scope = scope;
    }

    public WorkspaceScope Scope { get; }

    public static async Task<BenchmarkStudio> OpenAsync(string currency, string timeZone)
    {
        var paths = new StudioPaths(Directory.CreateTempSubdirectory("studio-benchmark-").FullName);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        var provider = services.AddStudioCore(paths).BuildServiceProvider();
        var opened = await provider.GetRequiredService<StudioDatabase>().OpenAsync(CancellationToken.None);
        if (opened.Problem is { } problem) throw new InvalidOperationException(problem.Message);
        var shop = await provider.GetRequiredService<WorkspaceDirectory>().CreateAsync(new WorkspaceDraft("Benchmark", currency, timeZone, new WorkspaceId("benchmark")), Actor.CommandLine, CancellationToken.None);
        return new BenchmarkStudio(provider, paths, new WorkspaceScope(shop.Value.Id, Actor.CommandLine));
    }

    /// <summary>Everything that an upload goes through but the upload: recognise, hash, import.</summary>
    public Task<ImportReport> ImportAsync(string path) => ImportAsync(_services.GetRequiredService<FileImporter>(), Scope, path);

    internal static async Task<ImportReport> ImportAsync(FileImporter importer, WorkspaceScope scope, string path)
    {
        var staged = (await importer.StageFileAsync(scope, path, CancellationToken.None)).Value;
        var inspection = (await importer.InspectAsync(scope, staged.Id, null, null, null, CancellationToken.None)).Value;
        return (await importer.ImportAsync(scope, staged.Id, inspection.Mapping, new ImportChoices(), CancellationToken.None)).Value;
    }

    public Task<WorkspaceWarehouse> OpenWarehouseAsync() => _services.GetRequiredService<WarehouseRegistry>().OpenAsync(Scope.Workspace, CancellationToken.None);

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public Task<PipelineReport> RunPipelineAsync() => RunPipelineAsync(new PipelineJobInput(OverrideReason: "benchmark"));

    public async Task<PipelineReport> RunPipelineAsync(PipelineJobInput input)
    {
        await RunAsync("pipeline", input);
        return await _services.GetRequiredService<PipelineReports>().LatestPublishedAsync(Scope, CancellationToken.None) ?? throw new InvalidOperationException("Nothing was published.");
    }

    /// <summary>Carries a job out here and now.</summary>
    public async Task<string> RunAsync(string kind, object input)
    {
        await using var scope = _services.CreateAsyncScope();
        var handler = scope.ServiceProvider.GetServices<IJobHandler>().Single(handler => handler.Kind == kind);
        var run = await handler.RunAsync(new BenchmarkJob(Scope, JsonSerializer.Serialize(input, JobJson.Options)), CancellationToken.None);
        return run.TryGet(out var result, out var problem) ? result.ToJsonString() : throw new InvalidOperationException(problem.Message);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        Directory.Delete(_paths.Root, recursive: true);
    }

    private sealed class BenchmarkJob(WorkspaceScope scope, string inputJson) : IJobContext
    {
        public Guid JobId { get; } = Guid.NewGuid();

        public WorkspaceScope Scope => scope;

        public string InputJson => inputJson;

        public string? CheckpointJson { get; private set; }

        public bool FinishEarly => false;

        public void Report(JobProgress progress)
        {
            // Nobody watches.
        }

        public Task SaveCheckpointAsync(string checkpointJson, CancellationToken cancellationToken)
        {
            CheckpointJson = checkpointJson;
            return Task.CompletedTask;
        }
    }
}
