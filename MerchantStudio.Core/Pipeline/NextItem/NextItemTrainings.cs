using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline.Training;
using MerchantStudio.Core.Warehouse;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Pipeline.NextItem;

/// <summary>Trainings of which product a shopper turns to next: what they would take, starting one, and what they brought about.</summary>
public sealed class NextItemTrainings(JobQueue jobs, IDbContextFactory<StudioDb> contexts, WarehouseRegistry warehouses, PipelineReports reports, TimeProvider time)
{
    /// <summary>Fewer shoppers than this judge nothing.</summary>
    public const int FewestJudged = 50;

    private readonly TrainingJobs _jobs = new(NextItemHandler.JobKind, jobs, contexts);

    /// <summary>Reads the histories and times each family on a few of them; takes some seconds.</summary>
    public async Task<Outcome<NextItemMeasure>> MeasureAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.RunPipeline) is { } refusal) return refusal;
        if (await reports.LatestPublishedAsync(scope, cancellationToken).ConfigureAwait(false) is null) return new NothingPublishedYet();
        var started = time.GetTimestamp();
        var histories = await ItemHistories.ReadAsync(await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        if (TooFew(histories) is { } few) return few;
        var other = time.GetElapsedTime(started).TotalSeconds;
        var (training, validation, test) = ShopperSequences.LeaveOneOut(histories.Sequences);
        var epochs = await EpochsAsync(scope, cancellationToken).ConfigureAwait(false);
        var (costs, weighing) = await QuietThread.RunAsync(() => (NextItemFamilies.All.Select(family => NextItemCost.Of(family, training, validation, histories.Items.Length, epochs.GetValueOrDefault(family.Key, family.UsualEpochs), time, cancellationToken)).ToImmutableArray(), NextItemCost.SecondsPerWeighing(validation, histories.Items.Length, time, cancellationToken))).ConfigureAwait(false);
        return new NextItemMeasure(training.Count, test.Count, histories.Items.Length, other, training.Ids.Length * sizeof(int) * 4 / (double)(1 << 20), costs, weighing);
    }

    /// <summary>Queues a training that keeps to the plan.</summary>
    /// <returns>The job's id.</returns>
    public Task<Outcome<Guid>> StartAsync(WorkspaceScope scope, NextItemRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(request);
        return _jobs.StartAsync(scope, request, request.Plan, cancellationToken);
    }

    /// <summary>The latest trainings, newest first.</summary>
    public Task<Outcome<ImmutableArray<TrainingEntry<NextItemReport>>>> ListAsync(WorkspaceScope scope, int most, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return _jobs.ListAsync<NextItemReport>(scope, most, cancellationToken);
    }

    /// <summary>How many epochs each network learnt for in this shop's last trainings.</summary>
    internal Task<ImmutableDictionary<string, int>> EpochsAsync(WorkspaceScope scope, CancellationToken cancellationToken) =>
        _jobs.EpochsAsync<NextItemFacts>(scope, NextItems.Task, (family, facts) => LearntFor.Of(family, facts.Epochs, facts.Rows, facts.AllRows, facts.Stopped), cancellationToken);

    internal static Problem? TooFew(ItemHistories histories)
    {
        var judged = histories.Sequences.Count(sequence => sequence.Length > 2);
        return judged < FewestJudged ? new TooFewHistories(judged, FewestJudged, histories.Items.Length) : null;
    }
}
