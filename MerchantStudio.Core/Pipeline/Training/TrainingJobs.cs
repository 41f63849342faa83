using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Learning.Planning;
using MerchantStudio.Core.Outcomes;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Pipeline.Training;

/// <summary>A training in the list.</summary>
/// <param name="Report">Null unless it ended well.</param>
public sealed record TrainingEntry<TReport>(Guid JobId, JobState State, DateTimeOffset At, string RequestedBy, TReport? Report, Problem? Problem)
    where TReport : class;

/// <summary>Trainings as jobs of one kind: starting one, and what they brought about.</summary>
internal sealed class TrainingJobs(string kind, JobQueue jobs, IDbContextFactory<StudioDb> contexts)
{
    /// <param name="plan">That of the request, which the training keeps to.</param>
    /// <returns>The job's id.</returns>
    public async Task<Outcome<Guid>> StartAsync<TRequest>(WorkspaceScope scope, TRequest request, TrainingPlan plan, CancellationToken cancellationToken)
        where TRequest : class
    {
        if (scope.Refusal(Right.RunPipeline) is { } refusal) return refusal;
        if (plan.Families.IsEmpty) return new NoFamilyChosen();
        if (!plan.Fits) return new BudgetTooSmall();
        return await jobs.EnqueueAsync(scope, kind, request, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The latest trainings, newest first.</summary>
    public async Task<Outcome<ImmutableArray<TrainingEntry<TReport>>>> ListAsync<TReport>(WorkspaceScope scope, int most, CancellationToken cancellationToken)
        where TReport : class
    {
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var found = await db.Jobs.AsNoTracking().Where(job => job.WorkspaceId == scope.Workspace && job.Kind == kind).OrderByDescending(job => job.CreatedAt).Take(most).ToListAsync(cancellationToken).ConfigureAwait(false);
        return ImmutableArray.CreateRange(found.Select(job => JobSnapshot.Of(job, null)).Select(job => new TrainingEntry<TReport>(job.Id, job.State, job.CreatedAt, job.RequestedBy, job.ResultJson is { } result ? PipelineJson.Read<TReport>(result) : null, job.Problem)));
    }
}
