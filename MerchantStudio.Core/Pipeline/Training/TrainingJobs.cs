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

/// <summary>How long a version learnt.</summary>
/// <param name="Epochs">0 for a model that is no network.</param>
/// <param name="Tells">Whether the next training will take about as many.</param>
internal sealed record LearntFor(string Family, int Epochs, bool Tells)
{
    /// <summary>Few rows take fewer epochs than all of them, and one that was stopped would have gone on.</summary>
    public static LearntFor Of(string family, int epochs, int rows, int allRows, bool stopped) => new(family, epochs, !stopped && 2 * rows >= allRows);
}

/// <summary>Trainings as jobs of one kind: starting one, and what they brought about.</summary>
internal sealed class TrainingJobs(string kind, JobQueue jobs, IDbContextFactory<StudioDb> contexts)
{
    /// <summary>Trainings of a family that the epochs of its next one are told from.</summary>
    private const int Remembered = 3;

    private const int MostVersions = 50;

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

    /// <summary>How many epochs each network learns for in this shop until it stops by itself, by the versions that there are.</summary>
    /// <param name="task">Of the versions.</param>
    /// <param name="read">Takes family and card of a version.</param>
    public async Task<ImmutableDictionary<string, int>> EpochsAsync<TFacts>(WorkspaceScope scope, string task, Func<string, TFacts, LearntFor> read, CancellationToken cancellationToken)
    {
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var made = await db.Models.AsNoTracking().Where(model => model.WorkspaceId == scope.Workspace && model.Task == task).OrderByDescending(model => model.Number).Take(MostVersions)
            .Select(model => new { model.Family, model.ParametersJson }).ToListAsync(cancellationToken).ConfigureAwait(false);
        return Usual(made.Select(model => read(model.Family, PipelineJson.Read<TFacts>(model.ParametersJson))));
    }

    /// <summary>The most epochs of the last trainings of each network, so that a plan is rather too long than too short.</summary>
    internal static ImmutableDictionary<string, int> Usual(IEnumerable<LearntFor> newestFirst) =>
        newestFirst.Where(one => one is { Tells: true, Epochs: > 0 }).GroupBy(one => one.Family).ToImmutableDictionary(family => family.Key, family => family.Take(Remembered).Max(one => one.Epochs));

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
