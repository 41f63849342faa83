using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Learning.Planning;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline;
using MerchantStudio.Core.Pipeline.SessionEnd;
using MerchantStudio.Core.Pipeline.Training;

namespace MerchantStudio.Components.Pages.Predictions;

/// <summary>Whether a visit ends in a purchase: what to train, what that would take, and what the last training brought about.</summary>
public sealed class SessionEndViewModel(SessionEndTrainings trainings, JobQueue jobs, ModelRegistry registry)
    : ReportViewModel<SessionEndReport, SessionEndMeasure>(jobs, registry, SessionEndTrainings.JobKind, SessionEndFamilies.All.Select(family => family.Key))
{
    public override ImmutableArray<FamilyCost> Costs => Measure?.Costs ?? [];

    public override TrainingPlan? Plan => Measure?.Plan(Families, Budget);

    protected override string Asked => SessionEndTrainings.Task;

    protected override Task<Outcome<ImmutableArray<TrainingEntry<SessionEndReport>>>> ListAsync(WorkspaceScope scope, CancellationToken cancellationToken) => trainings.ListAsync(scope, Most, cancellationToken);

    protected override Task<Outcome<SessionEndMeasure>> TryOutAsync(WorkspaceScope scope, CancellationToken cancellationToken) => trainings.MeasureAsync(scope, cancellationToken);

    protected override Task<Outcome<Guid>> QueueAsync(WorkspaceScope scope, TrainingPlan plan, CancellationToken cancellationToken) =>
        trainings.StartAsync(scope, new SessionEndRequest(plan), cancellationToken);
}
