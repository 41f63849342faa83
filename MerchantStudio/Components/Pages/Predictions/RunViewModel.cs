using System.Collections.Immutable;
using System.Text.Json;
using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline;

namespace MerchantStudio.Components.Pages.Predictions;

/// <summary>One run, live while it works.</summary>
public sealed class RunViewModel(PipelineRuns runs, JobQueue jobs)
{
    public PageState State { get; private set; } = PageState.Loading;

    public Problem? Problem { get; private set; }

    public RunDetails? Run { get; private set; }

    public JobSnapshot? Job { get; private set; }

    public PipelineDetail? Live { get; private set; }

    public bool IsWorking => Run?.Summary.State is JobState.Running or JobState.Queued && Job is not { IsFinished: true };

    /// <summary>Models are being fitted, so there is a best one so far to keep.</summary>
    public bool MayStopHere => IsWorking && Live is { Curve.IsEmpty: false } && Stages.Any(stage => stage is { Key: "train", State: StageState.Running });

    /// <summary>The wish to stop is on its way; it is heard between two rounds.</summary>
    public bool IsStopping { get; private set; }

    public ImmutableArray<StageProgress> Stages => IsWorking && Job?.Progress is { } progress
        ? progress.Stages
        : [.. (Run?.Summary.Stages ?? []).Select(stage => new StageProgress(stage.Key, stage.State, stage.Rows, null, stage.Seconds))];

    public ImmutableArray<PipelineNote> Notes => IsWorking && Live is { } live ? live.Notes : Run?.Report?.Notes ?? [];

    /// <summary>The curve being drawn, or that of the published model of the usual horizon.</summary>
    public (int Horizon, string Family, ImmutableArray<LearningStep> Steps)? Curve
    {
        get
        {
            if (IsWorking) return Live is { HorizonDays: { } days, Family: { } family, Curve.IsEmpty: false } live ? (days, family, live.Curve) : null;
            var report = Run?.Report?.Intent.Select(section => section.Report).OfType<Core.Insights.Intent.IntentReport>().OrderBy(report => report.HorizonDays == 7 ? 0 : 1).FirstOrDefault();
            return report is null ? null : (report.HorizonDays, report.Published, report.Best.Curve);
        }
    }

    public async Task ShowAsync(WorkspaceScope scope, int number, CancellationToken cancellationToken)
    {
        var found = await runs.FindAsync(scope, number, cancellationToken);
        if (!found.TryGet(out var run, out var problem))
        {
            (State, Problem) = (PageState.Problem, problem);
            return;
        }

        Run = run;
        State = PageState.Ready;
    }

    /// <summary>Follows the run's job to its end; yields after each change.</summary>
    public async Task FollowAsync(WorkspaceScope scope, int number, Func<Task> changed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changed);
        if (Run?.Summary is not { State: JobState.Running, JobId: { } id }) return;
        await foreach (var snapshot in jobs.WatchAsync(scope, id, cancellationToken))
        {
            Job = snapshot;
            Live = snapshot.Progress?.Detail?.Deserialize<PipelineDetail>(PipelineJson.Options) ?? Live;
            await changed();
        }

        await ShowAsync(scope, number, cancellationToken);
        await changed();
    }

    /// <summary>Ends the learning with the best models so far; the run goes on to publish them.</summary>
    public async Task StopHereAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        if (Run?.Summary.JobId is not { } id) return;
        Problem = (await jobs.FinishEarlyAsync(scope, id, cancellationToken)).Problem;
        IsStopping = Problem is null;
    }

    public async Task CancelAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        if (Run?.Summary.JobId is { } id) Problem = (await jobs.CancelAsync(scope, id, cancellationToken)).Problem;
    }
}
