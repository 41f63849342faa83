using System.Collections.Immutable;
using System.Text.Json;
using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Learning.Planning;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline;
using MerchantStudio.Core.Pipeline.NextItem;
using MerchantStudio.Core.Pipeline.Training;

namespace MerchantStudio.Components.Pages.Predictions;

/// <summary>Which product next: what to train, what that would take, the training at work, and what the last one brought about.</summary>
public sealed class NextItemViewModel(NextItemTrainings trainings, JobQueue jobs)
{
    private const int Most = 20;

    public PageState State { get; private set; } = PageState.Loading;

    public Problem? Problem { get; private set; }

    /// <summary>Why the last wish was not granted.</summary>
    public Problem? Refused { get; private set; }

    /// <summary>Keys of the families to train.</summary>
    public ImmutableHashSet<string> Families { get; private set; } = [.. NextItemFamilies.All.Where(family => family.Chosen).Select(family => family.Key)];

    public ComputeBudget Budget { get; private set; } = new(120, 1024);

    /// <summary>Null while it is being measured.</summary>
    public NextItemMeasure? Measure { get; private set; }

    public TrainingPlan? Plan => Measure?.Plan(Families, Budget);

    /// <summary>The one that waits or works.</summary>
    public JobSnapshot? Job { get; private set; }

    public TrainingDetail? Live { get; private set; }

    public bool IsWorking => Job is { IsFinished: false };

    public bool IsStopping { get; private set; }

    /// <summary>The last one that has results.</summary>
    public NextItemTraining? Shown { get; private set; }

    public async Task ShowAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        var listed = await trainings.ListAsync(scope, Most, cancellationToken);
        if (listed.TryGet(out var list, out var problem))
        {
            Shown = list.FirstOrDefault(one => one.Report is not null);
            if (list is [{ Problem: { } ended }, ..]) Refused = ended;
            Job = jobs.Active(scope.Workspace).FirstOrDefault(job => job.Kind == "next-item");
        }

        (State, Problem) = (problem is null ? PageState.Ready : PageState.Problem, problem);
    }

    /// <summary>Finds out what training would take; some seconds.</summary>
    public async Task MeasureAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        if (Measure is not null || IsWorking) return;
        if ((await trainings.MeasureAsync(scope, cancellationToken)).TryGet(out var measure, out var problem)) Measure = measure;
        else Refused = problem;
    }

    public void Choose(string family, bool wanted) => Families = wanted ? Families.Add(family) : Families.Remove(family);

    public void Allow(ComputeBudget budget) => Budget = budget;

    public async Task StartAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        if (Plan is not { } plan) return;
        var started = await trainings.StartAsync(scope, new NextItemRequest(plan), cancellationToken);
        Refused = started.Problem;
        if (started.Succeeded) Job = await jobs.FindAsync(scope, started.Value, cancellationToken);
    }

    /// <summary>Follows the training to its end; yields after each change.</summary>
    public async Task FollowAsync(WorkspaceScope scope, Func<Task> changed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changed);
        if (Job is not { IsFinished: false } begun) return;
        (Live, IsStopping) = (null, false);
        await foreach (var snapshot in jobs.WatchAsync(scope, begun.Id, cancellationToken))
        {
            Job = snapshot;
            Live = snapshot.Progress?.Detail?.Deserialize<TrainingDetail>(PipelineJson.Options) ?? Live;
            await changed();
        }

        await ShowAsync(scope, cancellationToken);
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
}
