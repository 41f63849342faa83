using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Planning;
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

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(0.8);

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
        var costs = await QuietThread.RunAsync(() => NextItemFamilies.All.Select(family => Cost(family, training, validation, histories.Items.Length, cancellationToken)).ToImmutableArray()).ConfigureAwait(false);
        return new NextItemMeasure(training.Count, test.Count, histories.Items.Length, other, training.Ids.Length * sizeof(int) * 4 / (double)(1 << 20), costs);
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

    internal static Problem? TooFew(ItemHistories histories)
    {
        var judged = histories.Sequences.Count(sequence => sequence.Length > 2);
        return judged < FewestJudged ? new TooFewHistories(judged, FewestJudged, histories.Items.Length) : null;
    }

    /// <summary>A network is timed for one epoch; the plan reckons with all of them.</summary>
    private FamilyCost Cost(NextItemFamily family, ShopperSequences training, ShopperSequences validation, int items, CancellationToken cancellationToken)
    {
        var judging = 0.0;
        var (fixedSeconds, perRow) = CostMeter.Measure(Fit, training.Count, Patience, time);
        return new FamilyCost(family.Key, 1, fixedSeconds * family.Epochs, perRow * family.Epochs, family.BytesPerRow, judging);

        int Fit(int count)
        {
            var some = new ShopperSequences([.. Enumerable.Range(0, count).Select(row => training[row].ToArray())]);
            var few = new ShopperSequences([.. Enumerable.Range(0, Math.Min(validation.Count, Math.Max(2, count / 4))).Select(row => validation[row].ToArray())]);
            var model = family.Fit(new NextItemWork(some, few, items, 1, 1, QuietThread.Workers, null, null), cancellationToken);
            var started = time.GetTimestamp();
            NextItemJudge.Of(model, few, 1, QuietThread.Workers, cancellationToken);
            judging = 2 * time.GetElapsedTime(started).TotalSeconds * validation.Count / few.Count;
            return 1;
        }
    }
}
