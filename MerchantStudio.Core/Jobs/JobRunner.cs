using System.Collections.Concurrent;
using System.Data.Common;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MerchantStudio.Core.Jobs;

/// <summary>Carries jobs out: one at a time in a workspace, one a processor core in all. What an earlier process left unfinished is resumed or cleaned up first.</summary>
public sealed class JobRunner
{
    private const int MostAttempts = 3;
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    private readonly WorkTurn _turn;
    private readonly JobStore _store;
    private readonly JobBoard _board;
    private readonly JobQueue _queue;
    private readonly IServiceScopeFactory _scopes;
    private readonly TimeProvider _clock;
    private readonly ILogger<JobRunner> _log;
    private readonly ConcurrentDictionary<WorkspaceId, Running> _running = new();
    private readonly TaskCompletionSource _recovered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal JobRunner(WorkTurn turn, JobStore store, JobBoard board, JobQueue queue, IServiceScopeFactory scopes, TimeProvider clock, ILogger<JobRunner> log)
    {
        _turn = turn;
        _store = store;
        _board = board;
        _queue = queue;
        _scopes = scopes;
        _clock = clock;
        _log = log;
    }

    /// <summary>Done when every job of earlier processes has been looked at; from then on <see cref="JobQueue.Active"/> knows them all.</summary>
    public Task Recovered => _recovered.Task;

    /// <summary>Works until cancelled; then lets running jobs save what they need to go on at the next start.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        _queue.CancelRequested += Cancel;
        _queue.FinishEarlyRequested += FinishEarly;
        try
        {
            if (!await _turn.TryTakeAsync(stopping).ConfigureAwait(false))
            {
                _log.LogWarning("Another process works on the same PostgreSQL database. Jobs and daily runs are its own until it stops; this one serves pages and calls, and takes over then.");
                await _turn.TakeAsync(stopping).ConfigureAwait(false);
            }

            await RecoverAsync(stopping).ConfigureAwait(false);
            foreach (var waiting in await _store.QueuedAsync(stopping).ConfigureAwait(false)) Show(JobSnapshot.Of(waiting, null));
            _recovered.TrySetResult();
            while (true)
            {
                try
                {
                    await StartWaitingAsync(stopping).ConfigureAwait(false);
                }
                catch (Exception fault) when (fault is DbException or DbUpdateException)
                {
                    // A full or ailing disk must not end the program: what waits goes on waiting.
                    _log.LogWarning(fault, "The jobs that wait cannot be read; trying again.");
                }

                await _board.WaitAsync(LookAgain, stopping).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await Task.WhenAll(_running.Values.Select(running => running.Work)).ConfigureAwait(false);
        }
        finally
        {
            _queue.CancelRequested -= Cancel;
            _queue.FinishEarlyRequested -= FinishEarly;
        }
    }

    private async Task RecoverAsync(CancellationToken cancellationToken)
    {
        foreach (var job in await _store.CutOffAsync(cancellationToken).ConfigureAwait(false))
        {
            var scope = _scopes.CreateAsyncScope();
            await using var _ = scope.ConfigureAwait(false);
            var handler = HandlerOf(scope.ServiceProvider, job.Kind);
            var resumes = handler is { Resumes: true } && !job.CancelRequested && job.Attempts < MostAttempts;
            _log.LogInformation("Job {Job} ({Kind}) was interrupted; {Next}.", job.Id, job.Kind, resumes ? "resuming" : "cleaning up");
            if (resumes)
            {
                Show(await _store.QueueAgainAsync(job.Id, cancellationToken).ConfigureAwait(false));
                continue;
            }

            if (handler is not null) await CleanUpAsync(handler, ContextOf(job), cancellationToken).ConfigureAwait(false);
            Problem? problem = job.CancelRequested ? null : new JobInterrupted();
            var state = job.CancelRequested ? JobState.Cancelled : JobState.Interrupted;
            Show(await _store.FinishAsync(job.Id, state, problem, null, null, cancellationToken).ConfigureAwait(false));
        }
    }

    private async Task StartWaitingAsync(CancellationToken stopping)
    {
        foreach (var job in await _store.QueuedAsync(stopping).ConfigureAwait(false))
        {
            if (_running.Count >= Environment.ProcessorCount) return;
            if (_running.ContainsKey(job.WorkspaceId)) continue;
            if (await _store.BeginAsync(job.Id, stopping).ConfigureAwait(false) is not { State: JobState.Running } begun) continue;
            Show(begun);
            var cancel = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var context = ContextOf(job);
            _running[job.WorkspaceId] = new Running(context, cancel, RunOneAsync(gate.Task, job, context, cancel, stopping));
            gate.SetResult();
        }
    }

    private async Task RunOneAsync(Task registered, JobRecord job, RunningJob context, CancellationTokenSource cancel, CancellationToken stopping)
    {
        await registered.ConfigureAwait(false);
        try
        {
            // Cancelled in the moment between its beginning and its entry in the list of running ones.
            if (await _store.IsCancelRequestedAsync(job.Id, CancellationToken.None).ConfigureAwait(false)) await cancel.CancelAsync().ConfigureAwait(false);
            var ending = await EndingAsync(job, context, cancel.Token, stopping).ConfigureAwait(false);
            Show(await WriteEndAsync(job.Id, ending, context, stopping).ConfigureAwait(false));
            if (ending is { State: JobState.Succeeded } && job.Kind == "import")
            {
                await AfterImportAsync(context.Scope, stopping).ConfigureAwait(false);
                await RunPipelineAfterImportAsync(context.Scope).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // What follows an import is cut off by the end of the process, as any work is; it is done after the next import.
        }
        catch (Exception exception)
        {
            _log.LogError(exception, "The end of job {Job} could not be written down.", job.Id);
        }
        finally
        {
            _running.TryRemove(job.WorkspaceId, out _);
            cancel.Dispose();
            _board.Wake();
        }
    }

    /// <summary>The row must be written even while the process is being stopped. On a full disk it waits for room, so that nobody watches a job that never ends.</summary>
    private async Task<JobSnapshot?> WriteEndAsync(Guid job, Ending? ending, RunningJob context, CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                return ending is { } end
                    ? await _store.FinishAsync(job, end.State, end.Problem, end.ResultJson, context.Last, CancellationToken.None).ConfigureAwait(false)
                    : await _store.LeaveForNextStartAsync(job, CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception fault) when (fault is DbException or DbUpdateException && !stopping.IsCancellationRequested)
            {
                _log.LogWarning(fault, "The end of job {Job} cannot be written down yet.", job);
                await Task.Delay(LookAgain, _clock, stopping).ConfigureAwait(false);
            }
        }
    }

    /// <returns>Null when the process is stopping and the job is to go on at the next start.</returns>
    private async Task<Ending?> EndingAsync(JobRecord job, RunningJob context, CancellationToken cancellationToken, CancellationToken stopping)
    {
        var services = _scopes.CreateAsyncScope();
        await using var _ = services.ConfigureAwait(false);
        if (HandlerOf(services.ServiceProvider, job.Kind) is not { } handler) return new Ending(JobState.Failed, new JobKindUnknown(job.Kind), null);
        Ending ending;
        try
        {
            var outcome = await handler.RunAsync(context, cancellationToken).ConfigureAwait(false);
            if (outcome.TryGet(out var result, out var problem)) return new Ending(JobState.Succeeded, null, result.ToJsonString());
            ending = new Ending(JobState.Failed, problem, null);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            if (stopping.IsCancellationRequested) return null;
            ending = new Ending(JobState.Cancelled, null, null);
        }
        catch (Exception exception) when (IExplained.Of(exception) is not null)
        {
            var problem = IExplained.Of(exception)!;
            _log.LogWarning("Job {Job} ({Kind}) failed: {Problem}", job.Id, job.Kind, problem.Message);
            ending = new Ending(JobState.Failed, problem, null);
        }
        catch (OutOfMemoryException)
        {
            var memory = GC.GetGCMemoryInfo();
            var problem = new JobTooLarge(memory.TotalAvailableMemoryBytes >> 20);
            _log.LogWarning("Job {Job} ({Kind}) failed: {Problem}", job.Id, job.Kind, problem.Message);
            ending = new Ending(JobState.Failed, problem, null);
        }
        catch (Exception exception)
        {
            // The last resort for a bug in a handler: the job fails, the studio goes on.
            _log.LogError(exception, "Job {Job} ({Kind}) failed.", job.Id, job.Kind);
            ending = new Ending(JobState.Failed, new JobFailed(exception.GetType().Name), null);
        }

        await CleanUpAsync(handler, context, CancellationToken.None).ConfigureAwait(false);
        return ending;
    }

    private async Task CleanUpAsync(IJobHandler handler, RunningJob context, CancellationToken cancellationToken)
    {
        try
        {
            await handler.CleanUpAsync(context, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (IExplained.Of(exception) is not null)
        {
            _log.LogWarning("Cleaning up after job {Job} is left for later: {Problem}", context.JobId, IExplained.Of(exception)!.Message);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _log.LogError(exception, "Cleaning up after job {Job} failed.", context.JobId);
        }
    }

    private async Task AfterImportAsync(WorkspaceScope scope, CancellationToken stopping)
    {
        var services = _scopes.CreateAsyncScope();
        await using var _ = services.ConfigureAwait(false);
        foreach (var task in services.ServiceProvider.GetServices<IAfterImport>())
        {
            try
            {
                await task.RunAsync(scope with { Actor = Actor.Scheduler }, stopping).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                _log.LogError(exception, "{Task} failed after an import into {Workspace}.", task.GetType().Name, scope.Workspace);
            }
        }
    }

    private async Task RunPipelineAfterImportAsync(WorkspaceScope scope)
    {
        if (!await _store.WantsRunAfterImportAsync(scope.Workspace, CancellationToken.None).ConfigureAwait(false)) return;
        await _queue.EnqueueAsync(scope with { Actor = Actor.Scheduler }, "pipeline", new { Trigger = "import" }, CancellationToken.None).ConfigureAwait(false);
    }

    private RunningJob ContextOf(JobRecord job) => new(job, _store, _board, _clock);

    private static IJobHandler? HandlerOf(IServiceProvider services, string kind) => services.GetServices<IJobHandler>().FirstOrDefault(handler => handler.Kind == kind);

    private void Show(JobSnapshot? job)
    {
        if (job is not null) _board.Put(job);
    }

    private void Cancel(Guid job)
    {
        foreach (var running in _running.Values.Where(running => running.Context.JobId == job)) running.Cancel();
    }

    private void FinishEarly(Guid job)
    {
        foreach (var running in _running.Values.Where(running => running.Context.JobId == job)) running.Context.AskToFinishEarly();
    }

    private sealed record Ending(JobState State, Problem? Problem, string? ResultJson);

    private sealed record Running(RunningJob Context, CancellationTokenSource Source, Task Work)
    {
        public void Cancel()
        {
            try
            {
                Source.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It ended in this very moment, which is what was asked for.
            }
        }
    }
}

public sealed record JobInterrupted()
    : Problem("job.interrupted", "The program ended while this was running. Nothing of it was kept; start it again.");

public sealed record JobFailed(string Fault)
    : Problem("job.failed", "This stopped because of a fault in the program ({0}). What was published before is unchanged; the log has the details.", Fault);

/// <param name="Allowed">MB that the program may use beside the shops' data.</param>
public sealed record JobTooLarge(long Allowed)
    : Problem("job.memory", "This needs more than {0} MB of memory, which is all that the program may use. Give the machine or the container more, or keep less in this shop. What was published before is unchanged.", Allowed);

public sealed record JobKindUnknown(string Kind)
    : Problem("job.kind-unknown", "This version cannot do work of the kind '{0}'.", Kind);
