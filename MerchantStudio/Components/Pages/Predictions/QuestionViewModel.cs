using System.Collections.Immutable;
using System.Text.Json;
using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Learning.Planning;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline;
using MerchantStudio.Core.Pipeline.Training;

namespace MerchantStudio.Components.Pages.Predictions;

/// <summary>What every question of the training page has: families and a budget chosen, the training at work, and the versions that it and earlier ones left.</summary>
/// <param name="jobKind">Of the question's trainings.</param>
/// <param name="families">Keys of those that are taken unless the merchant says otherwise.</param>
public abstract class QuestionViewModel(JobQueue jobs, ModelRegistry registry, string jobKind, IEnumerable<string> families)
{
    public PageState State { get; protected set; } = PageState.Loading;

    public Problem? Problem { get; protected set; }

    /// <summary>Why the last wish was not granted, or the last training not done.</summary>
    public Problem? Refused { get; protected set; }

    /// <summary>Keys of the families to train.</summary>
    public ImmutableHashSet<string> Families { get; private set; } = [.. families];

    public ComputeBudget Budget { get; private set; } = new(120, 1024);

    /// <summary>What the short trials found of each family; empty while they run.</summary>
    public abstract ImmutableArray<FamilyCost> Costs { get; }

    /// <summary>Null while it is being measured.</summary>
    public abstract TrainingPlan? Plan { get; }

    /// <summary>The one that waits or works.</summary>
    public JobSnapshot? Job { get; private set; }

    public TrainingDetail? Live { get; private set; }

    public bool IsWorking => Job is { IsFinished: false };

    /// <summary>The first model is done or under way, so there is something to keep.</summary>
    public bool MayStopHere => IsWorking && Live is { Curves.IsEmpty: false };

    public bool IsStopping { get; private set; }

    /// <summary>Versions that answer the question, newest first.</summary>
    public ImmutableArray<ModelSummary> Versions { get; private set; } = [];

    /// <summary>What the registry calls the question.</summary>
    protected abstract string Asked { get; }

    /// <summary>Finds out what training would take; some seconds.</summary>
    public abstract Task MeasureAsync(WorkspaceScope scope, CancellationToken cancellationToken);

    /// <summary>Queues a training that keeps to the plan.</summary>
    /// <returns>The job's id.</returns>
    protected abstract Task<Outcome<Guid>> QueueAsync(WorkspaceScope scope, TrainingPlan plan, CancellationToken cancellationToken);

    /// <summary>Shows what a training that has ended brought about.</summary>
    protected abstract Task ShowEndedAsync(WorkspaceScope scope, JobSnapshot ended, CancellationToken cancellationToken);

    public void Choose(string family, bool wanted) => Families = wanted ? Families.Add(family) : Families.Remove(family);

    public void Allow(ComputeBudget budget) => Budget = budget;

    public async Task StartAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        if (Plan is not { } plan) return;
        var started = await QueueAsync(scope, plan, cancellationToken);
        Refused = started.Problem;
        if (started.Succeeded) Job = await jobs.FindAsync(scope, started.Value, cancellationToken);
    }

    /// <summary>Follows the training to its end; yields after each change.</summary>
    public async Task FollowAsync(WorkspaceScope scope, Func<Task> changed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changed);
        if (Job is not { IsFinished: false } last) return;
        (Live, IsStopping) = (null, false);
        await foreach (var snapshot in jobs.WatchAsync(scope, last.Id, cancellationToken))
        {
            Job = last = snapshot;
            Live = snapshot.Progress?.Detail?.Deserialize<TrainingDetail>(PipelineJson.Options) ?? Live;
            await changed();
        }

        await ShowEndedAsync(scope, last, cancellationToken);
        Refused = last.Problem;
        await changed();
    }

    /// <summary>Keeps what is done and the best of the family at work.</summary>
    public async Task StopHereAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        if (Job is not { } job) return;
        Refused = (await jobs.FinishEarlyAsync(scope, job.Id, cancellationToken)).Problem;
        IsStopping = Refused is null;
    }

    public async Task CancelAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        if (Job is { } job) Refused = (await jobs.CancelAsync(scope, job.Id, cancellationToken)).Problem;
    }

    /// <summary>Puts a version in use; the one that was in use is kept.</summary>
    public async Task PromoteAsync(WorkspaceScope scope, ModelSummary version, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(version);
        Refused = (await registry.PromoteAsync(scope, version.Id, cancellationToken)).Problem;
        await FindWorkAsync(scope, cancellationToken);
    }

    /// <summary>Finds the training at work and the versions that there are.</summary>
    protected async Task FindWorkAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        Job = jobs.Active(scope.Workspace).FirstOrDefault(job => job.Kind == jobKind);
        Versions = (await registry.ListAsync(scope, cancellationToken)).TryGet(out var all, out _) ? [.. all.Where(version => version.Task == Asked)] : [];
    }
}
