using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json.Nodes;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;

namespace MerchantStudio.Core.Demo;

/// <summary>Loads the shipped shop through the ordinary importer, then asks for a pipeline run. Cut off, it begins again: files that are in are not imported twice.</summary>
internal sealed class DemoHandler(DemoSource source, DemoWorkspace demo, FileImporter importer, DemoCampaign campaign, JobQueue jobs, StudioPaths paths, TimeProvider clock) : IJobHandler
{
    private static readonly ImmutableArray<DatasetKind> Kinds = [DatasetKind.Products, DatasetKind.Customers, DatasetKind.Events, DatasetKind.Reviews];

    public string Kind => DemoWorkspace.JobKind;

    public bool Resumes => true;

    public async Task<Outcome<JsonNode>> RunAsync(IJobContext job, CancellationToken cancellationToken)
    {
        if (!source.IsThere) return DemoProblems.FilesMissing(source.Folder);
        var shift = DemoSource.ShiftDays(clock.GetUtcNow());
        await demo.RememberShiftAsync(shift, cancellationToken).ConfigureAwait(false);
        var stages = Kinds.Select(kind => new StageProgress(DemoSource.TableOf(kind), StageState.Waiting, 0, null, 0)).ToArray();
        for (var i = 0; i < Kinds.Length; i++)
        {
            var watch = Stopwatch.StartNew();
            stages[i] = stages[i] with { State = StageState.Running };
            job.Report(new([.. stages], i / (double)Kinds.Length, null));
            var loaded = await LoadAsync(job, Kinds[i], shift, cancellationToken).ConfigureAwait(false);
            if (!loaded.TryGet(out var rows, out var problem)) return problem;
            stages[i] = stages[i] with { State = StageState.Done, Rows = rows, Total = rows, Seconds = watch.Elapsed.TotalSeconds };
        }
        await campaign.WriteAsync(shift, cancellationToken).ConfigureAwait(false);
        job.Report(new([.. stages], 1, 0));
        var run = await jobs.EnqueueAsync(job.Scope, "pipeline", new { Trigger = "demo" }, cancellationToken).ConfigureAwait(false);
        return run.TryGet(out var runId, out var refused) ? new JsonObject { ["pipeline_job"] = runId.ToString(), ["shift_days"] = shift } : refused;
    }

    public Task CleanUpAsync(IJobContext job, CancellationToken cancellationToken)
    {
        foreach (var kind in Kinds) File.Delete(StagedFile(kind));
        return Task.CompletedTask;
    }

    private string StagedFile(DatasetKind kind) => Path.Combine(paths.Staging, $"demo-{DemoSource.TableOf(kind)}.csv");

    /// <returns>Rows read.</returns>
    private async Task<Outcome<long>> LoadAsync(IJobContext job, DatasetKind kind, int shift, CancellationToken cancellationToken)
    {
        var file = StagedFile(kind);
        var before = await importer.HistoryAsync(job.Scope, cancellationToken).ConfigureAwait(false);
        if (before.FirstOrDefault(import => import.Kind == kind && import.State == ImportState.Complete) is { } done) return done.Read;
        Directory.CreateDirectory(paths.Staging);
        await source.WriteCsvAsync(DemoSource.TableOf(kind), file, shift, cancellationToken).ConfigureAwait(false);
        try
        {
            var staged = await importer.StageFileAsync(job.Scope, file, cancellationToken).ConfigureAwait(false);
            if (!staged.TryGet(out var import, out var problem)) return problem;
            var looked = await importer.InspectAsync(job.Scope, import.Id, kind, null, null, cancellationToken).ConfigureAwait(false);
            if (!looked.TryGet(out var inspection, out problem)) return problem;
            var imported = await importer.ImportAsync(job.Scope, import.Id, inspection.Mapping, new ImportChoices(Force: true, Remember: false), cancellationToken).ConfigureAwait(false);
            return imported.TryGet(out var report, out problem) ? report.Read : problem;
        }
        finally
        {
            File.Delete(file);
        }
    }
}
