using System.Collections.Immutable;
using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Learning.Planning;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline;
using MerchantStudio.Core.Pipeline.Training;

namespace MerchantStudio.Components.Pages.Predictions;

/// <summary>Who will buy within some days: what to train, what that would take, and what the last training brought about.</summary>
public sealed class TrainingViewModel(Trainings trainings, JobQueue jobs, ModelRegistry registry)
    : QuestionViewModel(jobs, registry, "training", IntentFamilies.All.Where(family => family.Chosen).Select(family => family.Key))
{
    private const int UsualHorizon = 7;
    private const int Most = 50;

    public ImmutableArray<TrainingOffer> Offers { get; private set; } = [];

    public ImmutableArray<TrainingSummary> Trainings { get; private set; } = [];

    public int HorizonDays { get; private set; }

    /// <summary>Buyers and rows to learn from, once measured.</summary>
    public TrainingMeasure? Measure { get; private set; }

    public override ImmutableArray<FamilyCost> Costs => Measure?.Costs ?? [];

    public override TrainingPlan? Plan => Measure?.Plan(Families, Budget);

    /// <summary>The one whose results are shown: the one asked for, or the last that has any.</summary>
    public TrainingSummary? Shown { get; private set; }

    protected override string Asked => $"intent-{HorizonDays}";

    public async Task ShowAsync(WorkspaceScope scope, int? horizonDays, Guid? shown, CancellationToken cancellationToken)
    {
        var offered = await trainings.OffersAsync(scope, cancellationToken);
        if (!offered.TryGet(out var offers, out var problem))
        {
            (State, Problem) = (problem is NothingPublishedYet ? PageState.Empty : PageState.Problem, problem);
            return;
        }

        Offers = offers;
        if (!(await trainings.ListAsync(scope, Most, cancellationToken)).TryGet(out var list, out problem))
        {
            (State, Problem) = (PageState.Problem, problem);
            return;
        }

        Trainings = list;
        var horizon = Pick(horizonDays)?.HorizonDays ?? 0;
        if (horizon != HorizonDays) Measure = null;
        HorizonDays = horizon;
        var asked = list.FirstOrDefault(one => one.JobId == shown);
        Shown = asked ?? list.FirstOrDefault(one => one.HorizonDays == horizon && one.Report is not null);
        Refused = (asked ?? list.FirstOrDefault(one => one.HorizonDays == horizon))?.Problem;
        await FindWorkAsync(scope, cancellationToken);
        State = horizon == 0 ? PageState.Empty : PageState.Ready;
    }

    public override async Task MeasureAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        if (Measure is not null || IsWorking || HorizonDays == 0) return;
        if ((await trainings.MeasureAsync(scope, HorizonDays, cancellationToken)).TryGet(out var measure, out var problem)) Measure = measure;
        else Refused = problem;
    }

    protected override Task<Outcome<Guid>> QueueAsync(WorkspaceScope scope, TrainingPlan plan, CancellationToken cancellationToken) =>
        trainings.StartAsync(scope, new TrainingRequest(HorizonDays, plan), cancellationToken);

    protected override Task ShowEndedAsync(WorkspaceScope scope, JobSnapshot ended, CancellationToken cancellationToken) =>
        ShowAsync(scope, HorizonDays, ended.State == JobState.Succeeded ? ended.Id : null, cancellationToken);

    private TrainingOffer? Pick(int? wanted)
    {
        var possible = Offers.Where(offer => offer.Missing is null && offer.Rows > 0).ToList();
        return possible.Find(offer => offer.HorizonDays == wanted) ?? possible.Find(offer => offer.HorizonDays == UsualHorizon) ?? possible.FirstOrDefault();
    }
}
