using System.Collections.Immutable;
using System.Text.Json;
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

/// <summary>What to train, what that would take, the training at work, and what the last one brought about.</summary>
public sealed class TrainingViewModel(Trainings trainings, JobQueue jobs)
{
    private const int UsualHorizon = 7;
    private const int Most = 50;

    private TrainingMeasure? _measure;

    public PageState State { get; private set; } = PageState.Loading;

    public Problem? Problem { get; private set; }

    /// <summary>Why the last wish was not granted.</summary>
    public Problem? Refused { get; private set; }

    public ImmutableArray<TrainingOffer> Offers { get; private set; } = [];

    public ImmutableArray<TrainingSummary> Trainings { get; private set; } = [];

    public int HorizonDays { get; private set; }

    /// <summary>Keys of the families to train.</summary>
    public ImmutableHashSet<string> Families { get; private set; } = [.. IntentFamilies.All.Where(family => family.Chosen).Select(family => family.Key)];

    public ComputeBudget Budget { get; private set; } = new(120, 1024);

    /// <summary>Null while it is being measured.</summary>
    public TrainingPlan? Plan => _measure?.Plan(Families, Budget);

    /// <summary>Buyers and rows to learn from, once measured.</summary>
    public TrainingMeasure? Measure => _measure;

    /// <summary>The one that waits or works.</summary>
    public JobSnapshot? Job { get; private set; }

    public TrainingDetail? Live { get; private set; }

    public bool IsWorking => Job is { IsFinished: false };

    /// <summary>The first model is done or under way, so there is something to keep.</summary>
    public bool MayStopHere => IsWorking && Live is { Curves.IsEmpty: false };

    public bool IsStopping { get; private set; }

    /// <summary>The one whose results are shown: the one asked for, or the last that has any.</summary>
    public TrainingSummary? Shown { get; private set; }

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
        if (horizon != HorizonDays) _measure = null;
        HorizonDays = horizon;
        Job = jobs.Active(scope.Workspace).FirstOrDefault(job => job.Kind == "training");
        Shown = list.FirstOrDefault(one => one.JobId == shown) ?? list.FirstOrDefault(one => one.HorizonDays == horizon && one.Report is not null);
        State = horizon == 0 ? PageState.Empty : PageState.Ready;
    }

    /// <summary>Finds out what training would take; some seconds.</summary>
    public async Task MeasureAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        if (_measure is not null || IsWorking || HorizonDays == 0) return;
        Refused = null;
        if ((await trainings.MeasureAsync(scope, HorizonDays, cancellationToken)).TryGet(out var measure, out var problem)) _measure = measure;
        else Refused = problem;
    }

    public void Choose(string family, bool wanted) => Families = wanted ? Families.Add(family) : Families.Remove(family);

    public void Allow(ComputeBudget budget) => Budget = budget;

    public async Task StartAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        if (Plan is not { } plan) return;
        var started = await trainings.StartAsync(scope, new TrainingRequest(HorizonDays, plan), cancellationToken);
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

        await ShowAsync(scope, HorizonDays, Job.State == JobState.Succeeded ? begun.Id : null, cancellationToken);
        if ((await trainings.FindAsync(scope, begun.Id, cancellationToken)).TryGet(out var ended, out _)) Refused = ended.Problem;
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

    private TrainingOffer? Pick(int? wanted)
    {
        var possible = Offers.Where(offer => offer.Missing is null && offer.Rows > 0).ToList();
        return possible.Find(offer => offer.HorizonDays == wanted) ?? possible.Find(offer => offer.HorizonDays == UsualHorizon) ?? possible.FirstOrDefault();
    }
}
