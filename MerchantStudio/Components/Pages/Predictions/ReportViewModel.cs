using System.Collections.Immutable;
using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline;
using MerchantStudio.Core.Pipeline.Training;

namespace MerchantStudio.Components.Pages.Predictions;

/// <summary>A question whose trainings leave one report each and are measured as a whole.</summary>
public abstract class ReportViewModel<TReport, TMeasure>(JobQueue jobs, ModelRegistry registry, string jobKind, IEnumerable<string> families) : QuestionViewModel(jobs, registry, jobKind, families)
    where TReport : class
    where TMeasure : class
{
    /// <summary>Trainings that are listed.</summary>
    protected const int Most = 50;

    /// <summary>Null while it is being measured.</summary>
    public TMeasure? Measure { get; private set; }

    public ImmutableArray<TrainingEntry<TReport>> Trainings { get; private set; } = [];

    /// <summary>The one whose results are shown: the one asked for, or the last that has any.</summary>
    public TrainingEntry<TReport>? Shown { get; private set; }

    public async Task ShowAsync(WorkspaceScope scope, Guid? shown, CancellationToken cancellationToken)
    {
        var listed = await ListAsync(scope, cancellationToken);
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
        if ((await TryOutAsync(scope, cancellationToken)).TryGet(out var measure, out var problem)) Measure = measure;
        else Refused = problem;
    }

    /// <summary>The latest trainings, newest first.</summary>
    protected abstract Task<Outcome<ImmutableArray<TrainingEntry<TReport>>>> ListAsync(WorkspaceScope scope, CancellationToken cancellationToken);

    /// <summary>Times the families on a few rows.</summary>
    protected abstract Task<Outcome<TMeasure>> TryOutAsync(WorkspaceScope scope, CancellationToken cancellationToken);

    protected override Task ShowEndedAsync(WorkspaceScope scope, JobSnapshot ended, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ended);
        return ShowAsync(scope, ended.State == JobState.Succeeded ? ended.Id : null, cancellationToken);
    }
}
