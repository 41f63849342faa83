using System.Collections.Immutable;
using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Experiments;
using MerchantStudio.Core.Experiments.Reading;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Components.Pages.Experiments;

/// <summary>All experiments with what each says, and the share held back from all campaigns.</summary>
public sealed class ExperimentsViewModel(ExperimentStore store, ExperimentReports reports, GlobalHoldouts holdouts)
{
    /// <summary>The page is drawn anew after so many, so that verdicts appear while the older ones are still read.</summary>
    private const int ReadAtOnce = 5;

    public PageState State { get; private set; } = PageState.Loading;
    public Problem? Problem { get; private set; }

    /// <summary>Why the last action was refused.</summary>
    public Problem? Refusal { get; set; }
    public ImmutableArray<SavedExperiment> Experiments { get; private set; } = [];
    public Dictionary<Guid, ExperimentReading> Readings { get; } = [];
    public HoldoutView? Holdout { get; private set; }
    public AllCampaignsReading? AllCampaigns { get; private set; }

    /// <summary>Started experiments that are not read yet.</summary>
    public int Unread { get; private set; }

    public int Running => Experiments.Count(experiment => experiment.State == ExperimentState.Running);

    public int Paid => Readings.Values.Count(reading => reading.Report.Comparisons.Any(compared => reading.DecisionOn(compared) == VerdictKind.Paid));

    /// <summary>All verdicts are read, newest first; leaving the page stops it.</summary>
    /// <param name="changed">Told when the list is there and again while verdicts come in.</param>
    public async Task ShowAsync(WorkspaceScope scope, Action changed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changed);
        if (!(await store.ListAsync(scope, cancellationToken)).TryGet(out var found, out var problem) || !(await holdouts.ReadAsync(scope, cancellationToken)).TryGet(out var holdout, out problem))
        {
            (State, Problem) = (PageState.Problem, problem);
            return;
        }

        (Experiments, Holdout) = (found, holdout);
        Readings.Clear();
        State = PageState.Ready;
        changed();
        if ((await reports.AllCampaignsAsync(scope, cancellationToken)).TryGet(out var all, out _)) AllCampaigns = all;
        ImmutableArray<SavedExperiment> started = [.. found.Where(experiment => experiment.State != ExperimentState.Draft)];
        Unread = started.Length;
        foreach (var experiment in started)
        {
            if ((await reports.ReadAsync(scope, experiment.Id, cancellationToken)).TryGet(out var reading, out _)) Readings[experiment.Id] = reading;
            if (--Unread % ReadAtOnce == 0) changed();
        }

        changed();
    }

    public async Task<bool> ChangeHoldoutAsync(WorkspaceScope scope, int basisPoints, Action changed, CancellationToken cancellationToken)
    {
        Refusal = (await holdouts.ChangeAsync(scope, basisPoints, cancellationToken)).Problem;
        if (Refusal is not null) return false;
        AllCampaigns = null;
        await ShowAsync(scope, changed, cancellationToken);
        return true;
    }

    /// <returns>The new experiment; null when it was refused.</returns>
    public async Task<Guid?> CreateAsync(WorkspaceScope scope, ExperimentDraft draft, CancellationToken cancellationToken)
    {
        if ((await store.CreateAsync(scope, draft, cancellationToken)).TryGet(out var id, out var problem)) return id;
        Refusal = problem;
        return null;
    }
}
