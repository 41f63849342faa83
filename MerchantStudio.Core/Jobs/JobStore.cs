using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Jobs;

/// <summary>The rows behind the jobs.</summary>
internal sealed class JobStore(IDbContextFactory<StudioDb> contexts, TimeProvider clock)
{
    public Task AddAsync(JobRecord job, CancellationToken cancellationToken) =>
        InAsync(async db =>
        {
            db.Jobs.Add(job);
            return await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        }, cancellationToken);

    public Task<JobSnapshot?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        InAsync(async db => await db.Jobs.AsNoTracking().SingleOrDefaultAsync(job => job.Id == id, cancellationToken).ConfigureAwait(false) is { } job ? JobSnapshot.Of(job, null) : null, cancellationToken);

    /// <summary>Oldest first.</summary>
    public Task<List<JobRecord>> QueuedAsync(CancellationToken cancellationToken) =>
        InAsync(db => db.Jobs.AsNoTracking().Where(job => job.State == JobState.Queued).OrderBy(job => job.CreatedAt).ThenBy(job => job.Id).ToListAsync(cancellationToken), cancellationToken);

    /// <summary>What an earlier process began and did not end.</summary>
    public Task<List<JobRecord>> CutOffAsync(CancellationToken cancellationToken) =>
        InAsync(db => db.Jobs.AsNoTracking().Where(job => job.FinishedAt == null && (job.State == JobState.Running || job.State == JobState.Interrupted)).OrderBy(job => job.CreatedAt).ToListAsync(cancellationToken), cancellationToken);

    /// <summary>Ends a queued job; marks a running one.</summary>
    public Task<JobSnapshot?> RequestCancelAsync(Guid id, CancellationToken cancellationToken) => ChangeAsync(id, job =>
    {
        job.CancelRequested = true;
        if (job.State == JobState.Queued) Finish(job, JobState.Cancelled, null);
    }, cancellationToken);

    /// <summary>Null when it was cancelled before it could begin.</summary>
    public Task<JobSnapshot?> BeginAsync(Guid id, CancellationToken cancellationToken) => ChangeAsync(id, job =>
    {
        if (job.State != JobState.Queued) return;
        job.State = JobState.Running;
        job.StartedAt ??= clock.GetUtcNow();
        job.Attempts++;
    }, cancellationToken);

    public Task<JobSnapshot?> FinishAsync(Guid id, JobState state, Problem? problem, string? resultJson, JobProgress? progress, CancellationToken cancellationToken) => ChangeAsync(id, job =>
    {
        Finish(job, state, problem);
        job.ResultJson = resultJson;
        if (progress is not null) job.ProgressJson = JsonSerializer.Serialize(progress, JobJson.Options);
    }, cancellationToken);

    /// <summary>The process is going away: the job stays open and is taken up at the next start.</summary>
    public Task<JobSnapshot?> LeaveForNextStartAsync(Guid id, CancellationToken cancellationToken) => ChangeAsync(id, job => job.State = JobState.Interrupted, cancellationToken);

    public Task<JobSnapshot?> QueueAgainAsync(Guid id, CancellationToken cancellationToken) => ChangeAsync(id, job => job.State = JobState.Queued, cancellationToken);

    public Task<JobSnapshot?> SaveCheckpointAsync(Guid id, string checkpointJson, CancellationToken cancellationToken) => ChangeAsync(id, job => job.CheckpointJson = checkpointJson, cancellationToken);

    public Task<JobSnapshot?> SaveProgressAsync(Guid id, JobProgress progress, CancellationToken cancellationToken) =>
        ChangeAsync(id, job => job.ProgressJson = JsonSerializer.Serialize(progress, JobJson.Options), cancellationToken);

    public Task<bool> IsCancelRequestedAsync(Guid id, CancellationToken cancellationToken) =>
        InAsync(db => db.Jobs.AnyAsync(job => job.Id == id && job.CancelRequested, cancellationToken), cancellationToken);

    /// <summary>Whether the workspace wants a run after this import and has none waiting already.</summary>
    public Task<bool> WantsRunAfterImportAsync(WorkspaceId workspace, CancellationToken cancellationToken) =>
        InAsync(db => db.Workspaces.AnyAsync(row => row.Id == workspace && row.RunAfterImport == true
            && !db.Jobs.Any(job => job.WorkspaceId == workspace && job.Kind == "pipeline" && job.State == JobState.Queued), cancellationToken), cancellationToken);

    /// <returns>Null when the row is gone, as after its workspace was deleted.</returns>
    private Task<JobSnapshot?> ChangeAsync(Guid id, Action<JobRecord> change, CancellationToken cancellationToken) =>
        InAsync(async db =>
        {
            if (await db.Jobs.SingleOrDefaultAsync(row => row.Id == id, cancellationToken).ConfigureAwait(false) is not { } job) return null;
            change(job);
            await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
            return JobSnapshot.Of(job, null);
        }, cancellationToken);

    private void Finish(JobRecord job, JobState state, Problem? problem)
    {
        job.State = state;
        job.FinishedAt = clock.GetUtcNow();
        job.ProblemCode = problem?.Code;
        job.ProblemMessage = problem?.Message;
        var arguments = problem?.Arguments is { IsDefaultOrEmpty: false } given ? given : ImmutableArray<object>.Empty;
        job.ProblemArgumentsJson = arguments.IsEmpty ? null : JsonSerializer.Serialize(arguments.Select(value => Convert.ToString(value, CultureInfo.InvariantCulture)));
    }

    private async Task<T> InAsync<T>(Func<StudioDb, Task<T>> work, CancellationToken cancellationToken)
    {
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        return await work(db).ConfigureAwait(false);
    }
}
