using System.Collections.Immutable;
using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline;

namespace MerchantStudio.Components.Pages.Predictions;

/// <summary>The list of runs and starting one.</summary>
public sealed class RunsViewModel(PipelineRuns runs, JobQueue jobs)
{
    private const int Most = 200;

    /// <summary>Between two looks at runs that are at work.</summary>
    internal TimeSpan Pace { get; init; } = TimeSpan.FromSeconds(2);

    public PageState State { get; private set; } = PageState.Loading;

    public Problem? Problem { get; private set; }

    public Problem? Refused { get; private set; }

    public ImmutableArray<RunSummary> Runs { get; private set; } = [];

    /// <summary>A run waiting for its turn, which has no number yet.</summary>
    public JobSnapshot? Waiting { get; private set; }

    public async Task ShowAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        var listed = await runs.ListAsync(scope, Most, cancellationToken);
        if (!listed.TryGet(out var found, out var problem))
        {
            (State, Problem) = (PageState.Problem, problem);
            return;
        }

        Runs = found;
        Waiting = jobs.Active(scope.Workspace).FirstOrDefault(job => job.Kind == "pipeline" && found.All(run => run.JobId != job.Id));
        State = found.IsEmpty && Waiting is null ? PageState.Empty : PageState.Ready;
    }

    /// <summary>Something on the list still moves.</summary>
    public bool IsMoving => Waiting is not null || Runs.Any(run => run.State == JobState.Running);

    /// <summary>Reads the list again and again until no run is at work or the page is left.</summary>
    /// <param name="scope">Read anew for each look: a right that was taken away ends it.</param>
    public async Task FollowAsync(Func<Task<Outcome<WorkspaceScope>>> scope, TimeProvider time, Func<Task> changed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(changed);
        while (IsMoving)
        {
            await Task.Delay(Pace, time, cancellationToken);
            if (!(await scope()).TryGet(out var allowed, out _)) return;
            await ShowAsync(allowed, cancellationToken);
            await changed();
        }
    }

    /// <returns>The run's number once it has begun; null when it waits behind other work or was refused.</returns>
    public async Task<int?> StartAsync(WorkspaceScope scope, string? overrideReason, TimeProvider time, CancellationToken cancellationToken)
    {
        var started = await runs.StartAsync(scope, new PipelineJobInput(OverrideReason: overrideReason), cancellationToken);
        Refused = started.Problem;
        if (!started.Succeeded) return null;
        for (var wait = 0; wait < 20; wait++)
        {
            await ShowAsync(scope, cancellationToken);
            if (Runs.FirstOrDefault(run => run.JobId == started.Value) is { } run) return run.Number;
            await Task.Delay(TimeSpan.FromMilliseconds(150), time, cancellationToken);
        }

        return null;
    }
}
