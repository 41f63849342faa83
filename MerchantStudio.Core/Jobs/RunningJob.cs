using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;

namespace MerchantStudio.Core.Jobs;

/// <summary>A job's view of itself while it runs. Progress is shown from memory and written down every few seconds.</summary>
internal sealed class RunningJob(JobRecord job, JobStore store, JobBoard board, TimeProvider clock) : IJobContext
{
    private static readonly TimeSpan WriteEvery = TimeSpan.FromSeconds(3);
    private long _written = clock.GetTimestamp();
    private int _writing;
    private bool _finishEarly;

    public Guid JobId => job.Id;

    public WorkspaceScope Scope { get; } = new(job.WorkspaceId, new Actor(job.RequestedBy, job.RequestedById, job.RequestedAs));

    public string InputJson => job.InputJson;

    public string? CheckpointJson { get; private set; } = job.CheckpointJson;

    public bool FinishEarly => Volatile.Read(ref _finishEarly);

    /// <summary>The last report; null before the first.</summary>
    public JobProgress? Last { get; private set; }

    public void Report(JobProgress progress)
    {
        Last = progress;
        board.Progress(job.Id, progress);
        if (clock.GetElapsedTime(_written) < WriteEvery || Interlocked.Exchange(ref _writing, 1) == 1) return;
        _written = clock.GetTimestamp();
        _ = Task.Run(() => WriteAsync(progress));
    }

    public void AskToFinishEarly() => Volatile.Write(ref _finishEarly, true);

    public async Task SaveCheckpointAsync(string checkpointJson, CancellationToken cancellationToken)
    {
        await store.SaveCheckpointAsync(job.Id, checkpointJson, cancellationToken).ConfigureAwait(false);
        CheckpointJson = checkpointJson;
    }

    private async Task WriteAsync(JobProgress progress)
    {
        try
        {
            await store.SaveProgressAsync(job.Id, progress, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Microsoft.EntityFrameworkCore.DbUpdateException)
        {
            // Progress is only for show; the next report tries again, and the job's end is written with its own care.
        }
        finally
        {
            Volatile.Write(ref _writing, 0);
        }
    }
}
