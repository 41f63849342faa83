using System.Collections.Concurrent;
using System.Collections.Immutable;
using MerchantStudio.Core.Shop;

namespace MerchantStudio.Core.Jobs;

/// <summary>The jobs of this process as they stand now, in memory, for those who watch.</summary>
internal sealed class JobBoard(TimeProvider clock) : IDisposable
{
    /// <summary>How often watchers hear of mere progress.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(250);
    private const int FinishedKept = 200;

    private readonly ConcurrentDictionary<Guid, JobSnapshot> _jobs = new();
    private readonly ConcurrentDictionary<Guid, long> _told = new();
    private readonly SemaphoreSlim _waiting = new(0);

    /// <summary>A job of this workspace changed; raised on the worker's thread, a few times a second at most.</summary>
    public event Action<WorkspaceId>? Changed;

    public JobSnapshot? Find(Guid job) => _jobs.GetValueOrDefault(job);

    public ImmutableArray<JobSnapshot> Active(WorkspaceId workspace) =>
        [.. _jobs.Values.Where(job => job.WorkspaceId == workspace && !job.IsFinished).OrderBy(job => job.CreatedAt)];

    public JobSnapshot? LastFinished(WorkspaceId workspace, string kind) =>
        _jobs.Values.Where(job => job.WorkspaceId == workspace && job.Kind == kind && job.IsFinished).MaxBy(job => job.FinishedAt);

    /// <summary>A new state: everybody hears of it at once.</summary>
    public void Put(JobSnapshot job)
    {
        _jobs[job.Id] = job;
        if (job.IsFinished) Forget();
        Changed?.Invoke(job.WorkspaceId);
    }

    /// <summary>Progress alone: cheap, told at the beat.</summary>
    public void Progress(Guid id, JobProgress progress)
    {
        if (!_jobs.TryGetValue(id, out var job)) return;
        _jobs[id] = job with { Progress = progress };
        var told = _told.GetOrAdd(id, 0);
        var now = clock.GetTimestamp();
        if (told != 0 && clock.GetElapsedTime(told, now) < Beat) return;
        _told[id] = now;
        Changed?.Invoke(job.WorkspaceId);
    }

    /// <summary>Wakes the runner.</summary>
    public void Wake() => _waiting.Release();

    public Task<bool> WaitAsync(TimeSpan patience, CancellationToken cancellationToken) => _waiting.WaitAsync(patience, cancellationToken);

    public void Dispose() => _waiting.Dispose();

    private void Forget()
    {
        foreach (var old in _jobs.Values.Where(job => job.IsFinished).OrderByDescending(job => job.FinishedAt).Skip(FinishedKept))
        {
            _jobs.TryRemove(old.Id, out _);
            _told.TryRemove(old.Id, out _);
        }
    }
}
