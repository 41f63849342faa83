using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Learning.Planning;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline;
using MerchantStudio.Core.Pipeline.NextItem;
using MerchantStudio.Core.Pipeline.Training;

namespace MerchantStudio.Components.Pages.Predictions;

/// <summary>Which product next: what to train, what that would take, and what the last training brought about.</summary>
public sealed class NextItemViewModel(NextItemTrainings trainings, JobQueue jobs, ModelRegistry registry)
    : ReportViewModel<NextItemReport, NextItemMeasure>(jobs, registry, "next-item", NextItemFamilies.All.Where(family => family.Chosen).Select(family => family.Key))
{
    public override ImmutableArray<FamilyCost> Costs => Measure?.Costs ?? [];

    public override TrainingPlan? Plan => Measure?.Plan(Families, Budget);

    protected override string Asked => NextItems.Task;

    protected override Task<Outcome<ImmutableArray<TrainingEntry<NextItemReport>>>> ListAsync(WorkspaceScope scope, CancellationToken cancellationToken) => trainings.ListAsync(scope, Most, cancellationToken);

    protected override Task<Outcome<NextItemMeasure>> TryOutAsync(WorkspaceScope scope, CancellationToken cancellationToken) => trainings.MeasureAsync(scope, cancellationToken);

    protected override Task<Outcome<Guid>> QueueAsync(WorkspaceScope scope, TrainingPlan plan, CancellationToken cancellationToken) =>
        trainings.StartAsync(scope, new NextItemRequest(plan), cancellationToken);
}
