using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Experiments;
using MerchantStudio.Core.Experiments.Reading;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Components.Pages.Experiments;

/// <summary>One experiment's report and what can be done with it.</summary>
public sealed class ExperimentViewModel(ExperimentStore store, ExperimentReports reports, UpliftReports uplifts)
{
    public PageState State { get; private set; } = PageState.Loading;
    public Problem? Problem { get; private set; }

    /// <summary>Why the last action was refused.</summary>
    public Problem? Refusal { get; private set; }
    public ExperimentReading? Reading { get; private set; }
    public UpliftView? Uplift { get; private set; }
    public Problem? UpliftProblem { get; private set; }

    public async Task ShowAsync(WorkspaceScope scope, Guid experiment, CancellationToken cancellationToken)
    {
        if (Reading?.Experiment.Id != experiment) (State, Uplift, UpliftProblem) = (PageState.Loading, null, null);
        if ((await reports.ReadAsync(scope, experiment, cancellationToken)).TryGet(out var reading, out var problem)) (State, Reading, Problem) = (PageState.Ready, reading, null);
        else (State, Problem) = (PageState.Problem, problem);
    }

    public Task<bool> StartAsync(WorkspaceScope scope, CancellationToken cancellationToken) => ActAsync(scope, id => store.StartAsync(scope, id, cancellationToken), cancellationToken);

    public Task<bool> StopAsync(WorkspaceScope scope, CancellationToken cancellationToken) => ActAsync(scope, id => store.StopAsync(scope, id, cancellationToken), cancellationToken);

    /// <returns>Why it was refused; null when the decision is kept.</returns>
    public async Task<Problem?> OverrideAsync(WorkspaceScope scope, int arm, VerdictKind decidedAs, string reason, CancellationToken cancellationToken)
    {
        if (Reading is not { } reading) return null;
        if ((await reports.OverrideAsync(scope, reading.Experiment.Id, arm, decidedAs, reason, cancellationToken)).Problem is { } problem) return problem;
        await ShowAsync(scope, reading.Experiment.Id, cancellationToken);
        return null;
    }

    /// <summary>Learns whom an arm changed; some seconds.</summary>
    public async Task LearnAsync(WorkspaceScope scope, int arm, CancellationToken cancellationToken)
    {
        if (Reading is not { } reading) return;
        if ((await uplifts.ReadAsync(scope, reading.Experiment.Id, arm, cancellationToken)).TryGet(out var view, out var problem)) (Uplift, UpliftProblem) = (view, null);
        else (Uplift, UpliftProblem) = (null, problem);
    }

    private async Task<bool> ActAsync(WorkspaceScope scope, Func<Guid, Task<Outcome<Done>>> act, CancellationToken cancellationToken)
    {
        if (Reading is not { } reading) return false;
        Refusal = (await act(reading.Experiment.Id)).Problem;
        if (Refusal is not null) return false;
        await ShowAsync(scope, reading.Experiment.Id, cancellationToken);
        return true;
    }
}
