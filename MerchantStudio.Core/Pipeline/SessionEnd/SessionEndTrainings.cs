using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline.Training;
using MerchantStudio.Core.Warehouse;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Pipeline.SessionEnd;

/// <summary>Trainings of whether a visit ends in a purchase: what they would take, starting one, and what they brought about.</summary>
public sealed class SessionEndTrainings(JobQueue jobs, IDbContextFactory<StudioDb> contexts, WarehouseRegistry warehouses, WorkspaceDirectory workspaces, PipelineReports reports, TimeProvider time)
{
    public const string JobKind = "session-end";

    /// <summary>The task of its versions.</summary>
    public const string Task = "session-end";

    private readonly TrainingJobs _jobs = new(JobKind, jobs, contexts);

    /// <summary>Reads the visits and times each family on a few of them; takes some seconds.</summary>
    public async Task<Outcome<SessionEndMeasure>> MeasureAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.RunPipeline) is { } refusal) return refusal;
        if (await workspaces.FindAsync(scope.Workspace, cancellationToken).ConfigureAwait(false) is not { } shop || await reports.LatestPublishedAsync(scope, cancellationToken).ConfigureAwait(false) is null) return new NothingPublishedYet();
        var started = time.GetTimestamp();
        var steps = await SessionSteps.ReadAsync(await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false), TimeSpan.FromMinutes(shop.SessionGapMinutes), cancellationToken).ConfigureAwait(false);
        var prefixes = SessionPrefixes.Draw(steps, 1);
        if (prefixes.TooFew is { } few) return few;
        var other = time.GetElapsedTime(started).TotalSeconds;
        var epochs = await EpochsAsync(scope, cancellationToken).ConfigureAwait(false);
        var costs = await QuietThread.RunAsync(() => SessionEndFamilies.All.Select(family => SessionEndCost.Of(family, prefixes, epochs.GetValueOrDefault(family.Key, family.Epochs), time, cancellationToken)).ToImmutableArray()).ConfigureAwait(false);
        var sides = prefixes.Sides;
        return new SessionEndMeasure(
            steps.Sessions.Length, sides.Training.Length, sides.Test.Length, steps.Sessions.Count(session => session.Bought), other, steps.Sessions.Sum(session => (long)session.Steps.Length) * sizeof(int) * 4 / (double)(1 << 20), costs);
    }

    /// <summary>Queues a training that keeps to the plan.</summary>
    /// <returns>The job's id.</returns>
    public Task<Outcome<Guid>> StartAsync(WorkspaceScope scope, SessionEndRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(request);
        return _jobs.StartAsync(scope, request, request.Plan, cancellationToken);
    }

    /// <summary>The latest trainings, newest first.</summary>
    public Task<Outcome<ImmutableArray<TrainingEntry<SessionEndReport>>>> ListAsync(WorkspaceScope scope, int most, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return _jobs.ListAsync<SessionEndReport>(scope, most, cancellationToken);
    }

    /// <summary>How many epochs each network learnt for in this shop's last trainings.</summary>
    internal Task<ImmutableDictionary<string, int>> EpochsAsync(WorkspaceScope scope, CancellationToken cancellationToken) =>
        _jobs.EpochsAsync<SessionEndFacts>(scope, Task, (family, facts) => LearntFor.Of(family, facts.Epochs, facts.Rows, facts.Training.Sessions, facts.Stopped), cancellationToken);
}
