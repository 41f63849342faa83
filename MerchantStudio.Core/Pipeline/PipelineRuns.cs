using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Outcomes;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Pipeline;

/// <summary>A run in the list.</summary>
/// <param name="Problem">Why it failed.</param>
public sealed record RunSummary(
    int Number, Guid? JobId, JobState State, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, DateTimeOffset? PublishedAt, string RequestedBy,
    ImmutableArray<StageRecord> Stages, PipelineJobInput Input, int Seed, string? DataHash, SavedProblem? Problem)
{
    public double Seconds => Stages.Sum(stage => stage.Seconds);
}

/// <summary>A run with all that it found so far.</summary>
public sealed record RunDetails(RunSummary Summary, PipelineReport? Report);

/// <summary>Starts runs, lists them, and reads what they found.</summary>
public sealed class PipelineRuns(JobQueue queue, IDbContextFactory<StudioDb> contexts)
{
    /// <returns>The job's id; the run's number is in its progress.</returns>
    public async Task<Outcome<Guid>> StartAsync(WorkspaceScope scope, PipelineJobInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(input);
        if (scope.Refusal(Right.RunPipeline) is { } refusal) return refusal;
        if (!string.IsNullOrWhiteSpace(input.OverrideReason) && scope.Refusal(Right.OverrideQuality) is { } mayNot) return mayNot;
        if (input.HorizonDays is { } days && days is not (1 or 7 or 30)) return new HorizonUnknown(days);
        return await queue.EnqueueAsync(scope, "pipeline", input, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The latest runs, newest first.</summary>
    public async Task<Outcome<ImmutableArray<RunSummary>>> ListAsync(WorkspaceScope scope, int most, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var runs = await db.PipelineRuns.AsNoTracking().Where(run => run.WorkspaceId == scope.Workspace).OrderByDescending(run => run.Number).Take(most).ToListAsync(cancellationToken).ConfigureAwait(false);
        return ImmutableArray.CreateRange(runs.Select(Summary));
    }

    public async Task<Outcome<RunDetails>> FindAsync(WorkspaceScope scope, int number, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var run = await db.PipelineRuns.AsNoTracking().SingleOrDefaultAsync(run => run.WorkspaceId == scope.Workspace && run.Number == number, cancellationToken).ConfigureAwait(false);
        return run is null ? new RunNotFound() : new RunDetails(Summary(run), run.ReportJson is null ? null : PipelineJson.Read<PipelineReport>(run.ReportJson));
    }

    private static RunSummary Summary(PipelineRun run) => new(
        run.Number, run.JobId, run.State, run.StartedAt, run.FinishedAt, run.PublishedAt, run.RequestedBy,
        run.StagesJson is null ? [] : PipelineJson.Read<ImmutableArray<StageRecord>>(run.StagesJson),
        PipelineJson.Read<PipelineJobInput>(run.SettingsJson), run.Seed, run.DataHash,
        run.ProblemMessage is null ? null : PipelineJson.Read<SavedProblem>(run.ProblemMessage));
}
