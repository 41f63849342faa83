using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;

namespace MerchantStudio.Core.Jobs;

/// <summary>Where long work is asked for, watched and stopped. A job is a row first, so it survives whatever happens next.</summary>
public sealed class JobQueue
{
    private readonly JobStore _store;
    private readonly JobBoard _board;
    private readonly DiskRoom _disk;
    private readonly TimeProvider _clock;

    internal JobQueue(JobStore store, JobBoard board, DiskRoom disk, TimeProvider clock)
    {
        _store = store;
        _board = board;
        _disk = disk;
        _clock = clock;
    }

    /// <summary>A job of this workspace began, moved or ended. Raised on a worker's thread, a few times a second at most; handlers return at once.</summary>
    public event Action<WorkspaceId>? Changed
    {
        add => _board.Changed += value;
        remove => _board.Changed -= value;
    }

    /// <param name="kind">Names the handler: "import", "pipeline", "training", "demo".</param>
    /// <param name="input">Becomes the handler's InputJson through <see cref="JobJson"/>.</param>
    /// <returns>The job's id.</returns>
    public async Task<Outcome<Guid>> EnqueueAsync(WorkspaceScope scope, string kind, object input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(input);
        if (scope.Refusal(RightFor(kind)) is { } refusal) return refusal;
        if (!_disk.Has(0)) return new DiskNearlyFull(_disk.FreeBytes >> 20, _disk.ReservedBytes >> 20);
        var job = new JobRecord
        {
            Id = Guid.CreateVersion7(_clock.GetUtcNow()),
            WorkspaceId = scope.Workspace,
            Kind = kind,
            InputJson = JsonSerializer.Serialize(input, JobJson.Options),
            RequestedBy = scope.Actor.Name,
            RequestedById = scope.Actor.UserId,
            RequestedAs = scope.Actor.Role,
            CreatedAt = _clock.GetUtcNow(),
        };
        await _store.AddAsync(job, cancellationToken).ConfigureAwait(false);
        _board.Put(JobSnapshot.Of(job, null));
        _board.Wake();
        return job.Id;
    }

    /// <summary>A queued job ends at once; a running one when its handler has cleaned up.</summary>
    public async Task<Outcome<Done>> CancelAsync(WorkspaceScope scope, Guid jobId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (await FindAsync(scope, jobId, cancellationToken).ConfigureAwait(false) is not { } job) return new JobNotFound();
        if (scope.Refusal(RightFor(job.Kind)) is { } refusal) return refusal;
        if (job.IsFinished) return new Done();
        if (await _store.RequestCancelAsync(jobId, cancellationToken).ConfigureAwait(false) is { IsFinished: true } ended) _board.Put(ended);
        CancelRequested?.Invoke(jobId);
        return new Done();
    }

    /// <summary>Asks running work to stop where it is and to keep the best so far. The wish does not outlive the process: resumed work goes its whole way.</summary>
    public async Task<Outcome<Done>> FinishEarlyAsync(WorkspaceScope scope, Guid jobId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (await FindAsync(scope, jobId, cancellationToken).ConfigureAwait(false) is not { } job) return new JobNotFound();
        if (scope.Refusal(RightFor(job.Kind)) is { } refusal) return refusal;
        FinishEarlyRequested?.Invoke(jobId);
        return new Done();
    }

    /// <returns>Null when this workspace has no such job.</returns>
    public async Task<JobSnapshot?> FindAsync(WorkspaceScope scope, Guid jobId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        var job = _board.Find(jobId) ?? await _store.FindAsync(jobId, cancellationToken).ConfigureAwait(false);
        return job?.WorkspaceId == scope.Workspace ? job : null;
    }

    /// <summary>Queued and running ones, oldest first.</summary>
    public ImmutableArray<JobSnapshot> Active(WorkspaceId workspace) => _board.Active(workspace);

    /// <summary>The last one of this kind that ended since the process began; null for none.</summary>
    public JobSnapshot? LastFinished(WorkspaceId workspace, string kind) => _board.LastFinished(workspace, kind);

    /// <summary>The job now and after each change, about four times a second at most; ends with the job's last state.</summary>
    public async IAsyncEnumerable<JobSnapshot> WatchAsync(WorkspaceScope scope, Guid jobId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        JobSnapshot? shown = null;
        while (await FindAsync(scope, jobId, cancellationToken).ConfigureAwait(false) is { } now)
        {
            if (!ReferenceEquals(now, shown)) yield return now;
            if (now.IsFinished) yield break;
            shown = now;
            await Task.Delay(JobBoard.Beat, _clock, cancellationToken).ConfigureAwait(false);
        }
    }

    internal event Action<Guid>? CancelRequested;

    internal event Action<Guid>? FinishEarlyRequested;

    private static Right RightFor(string kind) => kind switch { "pipeline" or "training" => Right.RunPipeline, "replay" => Right.EditRules, _ => Right.ImportData };
}

/// <summary>Work that writes must not take the room that pages and sign-in need.</summary>
public sealed record DiskNearlyFull(long FreeMegabytes, long ReservedMegabytes)
    : Problem("job.disk-nearly-full", "Nothing new is started while the disk is nearly full: {0} MB are free and {1} MB must stay free. Free some space on the disk of the data folder and start it again.", FreeMegabytes, ReservedMegabytes);

public sealed record JobNotFound() : Problem("job.not-found", "There is no such job in this shop. It may have been removed.");
