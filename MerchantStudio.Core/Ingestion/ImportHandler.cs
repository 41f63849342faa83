using System.Text.Json;
using System.Text.Json.Nodes;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion.Running;
using MerchantStudio.Core.Ingestion.Staging;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Outcomes;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Ingestion;

/// <param name="ImportId">A staged import with its mapping and choices.</param>
public sealed record ImportJobInput(Guid ImportId);

/// <summary>Carries out imports in the background. A run that was cut off is not resumed: its rows are gone with its transaction.</summary>
internal sealed class ImportHandler(ImportWork work, ImportStore store, IDbContextFactory<StudioDb> contexts) : IJobHandler
{
    public const string JobKind = "import";

    public string Kind => JobKind;

    public bool Resumes => false;

    public async Task<Outcome<JsonNode>> RunAsync(IJobContext job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        if (await RecordAsync(job, cancellationToken).ConfigureAwait(false) is not { } record) return ImportProblems.Unknown();
        Outcome<ImportReport> outcome;
        try
        {
            outcome = await work.ImportAsync(record, job.Report, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception full) when (FullDisk.IsMet(full))
        {
            await work.SettleAsync(record, ImportState.Failed, ImportProblems.DiskFull(), cancellationToken).ConfigureAwait(false);
            return ImportProblems.DiskFull();
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // The program's fault: the record says so before the clean-up, which knows only of work that was cut off.
            await work.SettleAsync(record, ImportState.Failed, new JobFailed(fault.GetType().Name), CancellationToken.None).ConfigureAwait(false);
            throw;
        }

        return outcome.TryGet(out var report, out var problem) ? JsonSerializer.SerializeToNode(report, ImportReport.Json)! : problem;
    }

    public async Task CleanUpAsync(IJobContext job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        if (await RecordAsync(job, cancellationToken).ConfigureAwait(false) is not { } record) return;
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var cancelled = await db.Jobs.AnyAsync(row => row.Id == job.JobId && row.CancelRequested, cancellationToken).ConfigureAwait(false);
        await work.SettleAsync(record, cancelled ? ImportState.Cancelled : ImportState.Interrupted, null, cancellationToken).ConfigureAwait(false);
    }

    private Task<ImportRecord?> RecordAsync(IJobContext job, CancellationToken cancellationToken)
    {
        var input = JsonSerializer.Deserialize<ImportJobInput>(job.InputJson, ImportWork.Json);
        return input is null ? Task.FromResult<ImportRecord?>(null) : store.FindAsync(job.Scope.Workspace, input.ImportId, cancellationToken);
    }
}
