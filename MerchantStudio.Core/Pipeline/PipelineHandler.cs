using System.Text.Json;
using System.Text.Json.Nodes;
using MerchantStudio.Core.Currencies;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Learning.Registry;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline.Serving;
using MerchantStudio.Core.Pipeline.Shadow;
using MerchantStudio.Core.Pipeline.Stages;
using MerchantStudio.Core.Quality;
using MerchantStudio.Core.Reviews;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Pipeline;

/// <summary>Runs the stages one after the other. After a restart it goes on behind the last finished stage, or from the beginning when the data have changed since.</summary>
internal sealed class PipelineHandler : IJobHandler
{
    private readonly WarehouseRegistry _warehouses;
    private readonly RunRecords _runs;
    private readonly TimeProvider _time;
    private readonly IPipelineStage[] _stages;

    public PipelineHandler(WarehouseRegistry warehouses, RunRecords runs, QualityGate gate, ModelStore models, ShadowScoring shadows, SentimentPipeline sentiment, LiveScores live, TimeProvider time)
    {
        _warehouses = warehouses;
        _runs = runs;
        _time = time;
        _stages =
        [
            new CleanStage(), new QualityStage(gate), new SessionsStage(), new FeaturesStage(), new TrainStage(models, sentiment),
            new EvaluateStage(models), new SegmentStage(), new ScoreStage(models, shadows), new PublishStage(runs, live),
        ];
    }

    public string Kind => "pipeline";

    public bool Resumes => true;

    public async Task<Outcome<JsonNode>> RunAsync(IJobContext job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        var input = JsonSerializer.Deserialize<PipelineJobInput>(job.InputJson, JobJson.Options) ?? new PipelineJobInput();
        if (input.HorizonDays is { } days && days is not (1 or 7 or 30)) return new HorizonUnknown(days);
        var shop = await _runs.ShopAsync(job.Scope.Workspace, cancellationToken).ConfigureAwait(false);
        var warehouse = await _warehouses.OpenAsync(job.Scope.Workspace, cancellationToken).ConfigureAwait(false);
        await _warehouses.CompactIfOverdueAsync(job.Scope.Workspace, cancellationToken).ConfigureAwait(false);
        var dataHash = await _runs.DataHashAsync(shop, await ExchangeRates.FingerprintAsync(warehouse, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        var run = await _runs.BeginAsync(job.Scope, job.JobId, input, dataHash, cancellationToken).ConfigureAwait(false);
        var state = await ResumedAsync(job, dataHash, warehouse, cancellationToken).ConfigureAwait(false) ?? new PipelineState(
            run.Id, new PipelineReport(run.Number, run.StartedAt, null, input.Seed, dataHash, null, null, null, [], null, null, []), null, [], [], []);
        var expected = await _runs.LastSecondsAsync(job.Scope.Workspace, cancellationToken).ConfigureAwait(false);
        var progress = new PipelineProgress(job, _time, run.Number, _stages.Select(stage => stage.Key), expected);
        progress.Notes(state.Report.Notes);
        foreach (var record in state.Stages) progress.Finished(record);
        var work = new PipelineWork(job.Scope, shop, warehouse, input, progress, _time, () => job.FinishEarly);
        foreach (var stage in _stages.Skip(state.Stages.Length))
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress.Begin(stage.Key);
            var started = _time.GetTimestamp();
            var outcome = await stage.RunAsync(state, work, cancellationToken).ConfigureAwait(false);
            var seconds = _time.GetElapsedTime(started).TotalSeconds;
            if (!outcome.TryGet(out var result, out var problem))
            {
                var failed = new StageRecord(stage.Key, StageState.Failed, 0, seconds);
                progress.Finished(failed);
                await _runs.EndAsync(state with { Stages = state.Stages.Add(failed) }, problem, cancellationToken).ConfigureAwait(false);
                return problem;
            }

            var record = new StageRecord(stage.Key, StageState.Done, result.Rows, seconds);
            state = result.State with { Stages = state.Stages.Add(record) };
            progress.Finished(record);
            await _runs.SaveStagesAsync(state, cancellationToken).ConfigureAwait(false);
            await job.SaveCheckpointAsync(PipelineJson.Write(state), cancellationToken).ConfigureAwait(false);
        }

        await _runs.EndAsync(state, null, cancellationToken).ConfigureAwait(false);
        warehouse.CompactInAPause();
        return new JsonObject { ["run"] = run.Number };
    }

    public async Task CleanUpAsync(IJobContext job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        await _runs.CloseAsync(job.JobId, cancellationToken).ConfigureAwait(false);
        var warehouse = await _warehouses.OpenAsync(job.Scope.Workspace, cancellationToken).ConfigureAwait(false);
        await PublishStage.DropWorkTablesAsync(warehouse, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The saved state, if it is of the same data and what the next stage needs is still there; else the run begins anew.</summary>
    private async Task<PipelineState?> ResumedAsync(IJobContext job, string dataHash, WorkspaceWarehouse warehouse, CancellationToken cancellationToken)
    {
        if (job.CheckpointJson is null) return null;
        var saved = PipelineJson.Read<PipelineState>(job.CheckpointJson);
        if (saved.Report.DataHash != dataHash || saved.Stages.Length >= _stages.Length) return null;
        return _stages[saved.Stages.Length].Needs is { } table && !await warehouse.HasTableAsync(table, cancellationToken).ConfigureAwait(false) ? null : saved;
    }
}
