using System.Text.Json.Nodes;
using MerchantStudio.Core.Features.Cleaning;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Pipeline.Upkeep;

/// <summary>Takes what has come in or gone into the published figures. One transaction: cut off anywhere, it leaves the former state, and the next start does it again.</summary>
internal sealed class UpkeepHandler(WarehouseRegistry warehouses, Serving.LiveScores live, TimeProvider time) : IJobHandler
{
    private static readonly string[] Stages = ["look", "clean", "sum", "write"];

    public string Kind => UpkeepQueue.JobKind;

    public bool Resumes => true;

    public async Task<Outcome<JsonNode>> RunAsync(IJobContext job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        var warehouse = await warehouses.OpenAsync(job.Scope.Workspace, cancellationToken).ConfigureAwait(false);
        await warehouses.CompactIfOverdueAsync(job.Scope.Workspace, cancellationToken).ConfigureAwait(false);

        // A run that was cut off has its tables here and goes on with them; it sees to everything that upkeep would.
        if (await warehouse.HasTableAsync(EventCleaner.CleanedTable, cancellationToken).ConfigureAwait(false)) return Result(null);
        if (await RunMemory.ReadAsync(warehouse, cancellationToken).ConfigureAwait(false) is not { } memory) return Result(null);
        var session = await warehouse.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = session.ConfigureAwait(false);
        var report = await UpkeepRun.RunAsync(session, memory, time.GetUtcNow(), stage => job.Report(At(stage)), cancellationToken).ConfigureAwait(false);
        await session.CommitAsync(cancellationToken).ConfigureAwait(false);
        if (report.Shoppers > 0) await live.RefreshShoppersAsync(job.Scope.Workspace, cancellationToken).ConfigureAwait(false);
        warehouse.CompactInAPause();
        return Result(report);
    }

    /// <summary>The transaction has taken back what there was.</summary>
    public Task CleanUpAsync(IJobContext job, CancellationToken cancellationToken) => Task.CompletedTask;

    private static JsonObject Result(UpkeepReport? report) => new() { ["shoppers"] = report?.Shoppers ?? 0, ["rows"] = report?.Rows ?? 0 };

    private static JobProgress At(string stage)
    {
        var at = Array.IndexOf(Stages, stage);
        return new JobProgress([.. Stages.Select((key, index) => new StageProgress(key, index < at ? StageState.Done : index == at ? StageState.Running : StageState.Waiting, 0, null, 0))], (double)at / Stages.Length, null);
    }
}
