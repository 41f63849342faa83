using System.Collections.Immutable;
using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Learning.Planning;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline;
using MerchantStudio.Core.Pipeline.NextItem;
using MerchantStudio.Core.Pipeline.Training;

namespace MerchantStudio.Components.Pages.Predictions;

/// <summary>Which product next: what to train, what that would take, and what the last training brought about.</summary>
public sealed class NextItemViewModel(NextItemTrainings trainings, JobQueue jobs, ModelRegistry registry)
    : QuestionViewModel(jobs, registry, "next-item", NextItemFamilies.All.Where(family => family.Chosen).Select(family => family.Key))
{
    private const int Most = 50;

    /// <summary>Null while it is being measured.</summary>
    public NextItemMeasure? Measure { get; private set; }

    public override ImmutableArray<FamilyCost> Costs => Measure?.Costs ?? [];

    public override TrainingPlan? Plan => Measure?.Plan(Families, Budget);

    public ImmutableArray<TrainingEntry<NextItemReport>> Trainings { get; private set; } = [];

    /// <summary>The one whose results are shown: the one asked for, or the last that has any.</summary>
    public TrainingEntry<NextItemReport>? Shown { get; private set; }

    protected override string Asked => NextItems.Task;

    public async Task ShowAsync(WorkspaceScope scope, Guid? shown, CancellationToken cancellationToken)
    {
        var listed = await trainings.ListAsync(scope, Most, cancellationToken);
        if (listed.TryGet(out var list, out var problem))
        {
            Trainings = list;
            var asked = list.FirstOrDefault(one => one.JobId == shown);
            Shown = asked ?? list.FirstOrDefault(one => one.Report is not null);
            Refused = (asked ?? list.FirstOrDefault())?.Problem;
            await FindWorkAsync(scope, cancellationToken);
        }

        (State, Problem) = (problem is null ? PageState.Ready : PageState.Problem, problem);
    }

    public override async Task MeasureAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        if (Measure is not null || IsWorking) return;
        if ((await trainings.MeasureAsync(scope, cancellationToken)).TryGet(out var measure, out var problem)) Measure = measure;
        else Refused = problem;
    }

    protected override Task<Outcome<Guid>> QueueAsync(WorkspaceScope scope, TrainingPlan plan, CancellationToken cancellationToken) =>
        trainings.StartAsync(scope, new NextItemRequest(plan), cancellationToken);

    protected override Task ShowEndedAsync(WorkspaceScope scope, JobSnapshot ended, CancellationToken cancellationToken) =>
        ShowAsync(scope, ended.State == JobState.Succeeded ? ended.Id : null, cancellationToken);
}
