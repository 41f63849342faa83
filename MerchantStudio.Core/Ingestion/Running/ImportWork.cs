using System.Text.Json;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion.Quotas;
using MerchantStudio.Core.Ingestion.Staging;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Ingestion.Running;

/// <summary>Takes an import's record from running to its end, and puts right what a cut-off one left.</summary>
internal sealed class ImportWork(ImportStore store, StagingFolder staging, ReadableFiles files, ImportRun run, WorkspaceQuotas quotas, WarehouseRegistry warehouses, WorkspaceDirectory workspaces, TimeProvider clock)
{
    private static readonly TimeSpan LookForRoomEvery = TimeSpan.FromSeconds(1);

    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web);

    /// <summary>Imports a record whose mapping and choices are set.</summary>
    public async Task<Outcome<ImportReport>> ImportAsync(ImportRecord record, Action<JobProgress>? report, CancellationToken cancellationToken)
    {
        if (!ImportMapping.FromJson(record.MappingJson ?? "").TryGet(out var mapping, out var unreadable)) return await FailAsync(record, unreadable, cancellationToken).ConfigureAwait(false);
        var choices = JsonSerializer.Deserialize<ImportChoices>(record.ChoicesJson ?? "{}", Json) ?? new ImportChoices();
        if (!staging.Holds(record.Id)) return await FailAsync(record, ImportProblems.Unknown(), cancellationToken).ConfigureAwait(false);
        if (await NoRoomAsync(record, cancellationToken).ConfigureAwait(false) is { } full) return await FailAsync(record, full, cancellationToken).ConfigureAwait(false);
        await store.ChangeAsync(record.Id, import =>
        {
            import.State = ImportState.Running;
            import.StartedAt = clock.GetUtcNow();
        }, cancellationToken).ConfigureAwait(false);

        if (!(await files.OpenAsync(record.Id, mapping.Part, cancellationToken).ConfigureAwait(false)).TryGet(out var readable, out var unconverted)) return await FailAsync(record, unconverted, cancellationToken).ConfigureAwait(false);
        var task = new ImportTask(record.WorkspaceId, record.Number, readable, await ZoneAsync(record.WorkspaceId, cancellationToken).ConfigureAwait(false), mapping, choices)
        {
            RowLimit = await RowLimitAsync(record.WorkspaceId, cancellationToken).ConfigureAwait(false),
        };
        var outcome = await run.RunAsync(task, report, cancellationToken).ConfigureAwait(false);
        if (!outcome.TryGet(out var done, out var problem)) return await FailAsync(record, problem, CancellationToken.None).ConfigureAwait(false);
        done = await AskedAsync(record.WorkspaceId, done, CancellationToken.None).ConfigureAwait(false);

        // The rows are in: from here on nothing may stop the record from saying so.
        await WhenThereIsRoomAsync(() => store.CompleteAsync(record.Id, done, CancellationToken.None), CancellationToken.None).ConfigureAwait(false);
        if (choices.Remember) await WhenThereIsRoomAsync(() => store.SaveMappingAsync(record.WorkspaceId, mapping, CancellationToken.None), CancellationToken.None).ConfigureAwait(false);
        staging.Remove(record.Id);
        return done;
    }

    /// <summary>Settles an import that was cut off: complete when its transaction had been committed, else gone without a trace.</summary>
    /// <param name="unfinished">What it is to be called when nothing of it was kept.</param>
    /// <param name="problem">Why it ended; null when it was only cut off.</param>
    public async Task SettleAsync(ImportRecord record, ImportState unfinished, Problem? problem, CancellationToken cancellationToken)
    {
        if (record.State is ImportState.Running or ImportState.Staged)
        {
            var warehouse = await warehouses.OpenAsync(record.WorkspaceId, cancellationToken).ConfigureAwait(false);
            var committed = await warehouse.ScalarAsync<string>("select report from imported where import_id = $1", [record.Number], cancellationToken).ConfigureAwait(false);
            if (ImportReport.FromJson(committed) is { } report)
            {
                await WhenThereIsRoomAsync(() => store.CompleteAsync(record.Id, report, cancellationToken), cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await ForgetAsync(warehouse, record.Number, cancellationToken).ConfigureAwait(false);
                await EndAsync(record, unfinished, problem, cancellationToken).ConfigureAwait(false);
            }
        }

        staging.Remove(record.Id);
        staging.RemoveAllBut(await store.WaitingAsync(cancellationToken).ConfigureAwait(false));
    }

    private static async Task ForgetAsync(WorkspaceWarehouse warehouse, int import, CancellationToken cancellationToken)
    {
        var session = await warehouse.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = session.ConfigureAwait(false);
        await Replacement.ForgetAsync(import, session, cancellationToken).ConfigureAwait(false);
        await session.CommitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Null when the disk and the workspace's limit have room for an import of this file.</summary>
    public async Task<Problem?> NoRoomAsync(ImportRecord record, CancellationToken cancellationToken)
    {
        if (!staging.Holds(record.Id)) return null;
        var needed = staging.NeededBytes(record.Id, record.FileBytes);
        return staging.NoRoom(needed) ?? await quotas.RefusalAsync(record.WorkspaceId, record.Id, needed, cancellationToken).ConfigureAwait(false);
    }

    public async Task<long?> RowLimitAsync(WorkspaceId workspace, CancellationToken cancellationToken) => (await quotas.LimitsAsync(workspace, cancellationToken).ConfigureAwait(false)).MostRows;

    public async Task<TimeZoneInfo> ZoneAsync(WorkspaceId workspace, CancellationToken cancellationToken) =>
        await workspaces.FindAsync(workspace, cancellationToken).ConfigureAwait(false) is { } shop ? TimeZoneInfo.FindSystemTimeZoneById(shop.TimeZone) : TimeZoneInfo.Utc;

    /// <summary>The report without the states that the shop's settings already count as paid.</summary>
    public async Task<ImportReport> AskedAsync(WorkspaceId workspace, ImportReport report, CancellationToken cancellationToken)
    {
        if (report.States.IsDefaultOrEmpty || await workspaces.FindAsync(workspace, cancellationToken).ConfigureAwait(false) is not { } shop) return report;
        var paid = shop.PaidStates.Split('|', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return report with { States = [.. report.States.Where(state => !paid.Contains(state.Word.Trim()))] };
    }

    private async Task<Problem> FailAsync(ImportRecord record, Problem problem, CancellationToken cancellationToken)
    {
        await EndAsync(record, ImportState.Failed, problem, cancellationToken).ConfigureAwait(false);
        staging.Remove(record.Id);
        return problem;
    }

    private Task EndAsync(ImportRecord record, ImportState state, Problem? problem, CancellationToken cancellationToken) =>
        WhenThereIsRoomAsync(
            () => store.ChangeAsync(record.Id, import =>
            {
                import.State = state;
                import.FinishedAt = clock.GetUtcNow();
                import.ProblemCode = problem?.Code;
                import.ProblemMessage = problem?.Message;
            }, cancellationToken),
            cancellationToken);

    /// <summary>On a disk that is full to the last byte, how an import ended is written down as soon as there is room again: it must not be told otherwise for that.</summary>
    private async Task WhenThereIsRoomAsync(Func<Task> write, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await write().ConfigureAwait(false);
                return;
            }
            catch (Exception full) when (FullDisk.IsMet(full))
            {
                await Task.Delay(LookForRoomEvery, clock, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
