using System.Diagnostics;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Tests.Worlds;
using Xunit;

namespace MerchantStudio.Tests.Ingestion;

/// <summary>Imports as jobs in the background, as the pages start them.</summary>
internal sealed class ImportJobs(IServiceProvider services, WorkspaceScope scope) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    public JobQueue Queue { get; } = Get<JobQueue>(services);

    private FileImporter Importer { get; } = Get<FileImporter>(services);

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    /// <param name="studio">Has no runner of its own yet.</param>
    public static ImportJobs Run(TemporaryStudio studio, WorkspaceScope scope)
    {
        var jobs = new ImportJobs(studio.Services, scope);
        jobs._running = Task.Run(() => studio.Get<JobRunner>().RunAsync(jobs._stop.Token), Now);
        return jobs;
    }

    /// <summary>Makes a file of this machine ready, as it is recognised.</summary>
    public async Task<ImportRecord> PrepareAsync(string path, ImportChoices? choices = null)
    {
        var staged = (await Importer.StageFileAsync(scope, path, Now)).Value;
        var mapping = (await Importer.InspectAsync(scope, staged.Id, null, null, null, Now)).Value.Mapping;
        return (await Importer.PrepareAsync(scope, staged.Id, mapping, choices ?? new ImportChoices(), Now)).Value;
    }

    public async Task<Guid> StartAsync(ImportRecord record) => (await Queue.EnqueueAsync(scope, "import", new ImportJobInput(record.Id), Now)).Value;

    public async Task<JobSnapshot> EndOfAsync(Guid job)
    {
        JobSnapshot? last = null;
        while ((last = await Queue.FindAsync(scope, job, Now)) is not { IsFinished: true }) await Task.Delay(5, Now);
        return last;
    }

    public async Task<JobSnapshot> ImportAsync(string path, ImportChoices? choices = null) => await EndOfAsync(await StartAsync(await PrepareAsync(path, choices)));

    /// <summary>Cancels the import once a stage has begun and, where the stage counts rows, some have been read.</summary>
    /// <returns>How long it took to end, and as what.</returns>
    public async Task<(TimeSpan Took, JobState State)> CancelAsync(Guid job, string stage, TimeSpan after)
    {
        while (await Queue.FindAsync(scope, job, Now) is { IsFinished: false } now && now.Progress?.Stages.FirstOrDefault(one => one.Key == stage)?.State is not (StageState.Running or StageState.Done)) await Task.Yield();
        await Task.Delay(after, Now);
        var watch = Stopwatch.StartNew();
        Assert.True((await Queue.CancelAsync(scope, job, Now)).Succeeded);
        var end = await EndOfAsync(job);
        return (watch.Elapsed, end.State);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private static T Get<T>(IServiceProvider services)
        where T : notnull => (T)services.GetService(typeof(T))!;
}
