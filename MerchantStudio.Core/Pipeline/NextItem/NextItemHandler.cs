using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using MerchantStudio.Core.Currencies;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Collaborative;
using MerchantStudio.Core.Learning.Planning;
using MerchantStudio.Core.Learning.Registry;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline.Training;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Pipeline.NextItem;

/// <summary>Trains the planned families of the next product one after the other, blends them, judges all and puts them into the registry together, none of them live. After a restart it goes on behind the last finished family, or anew where the histories have changed.</summary>
internal sealed class NextItemHandler(WarehouseRegistry warehouses, RunRecords runs, ModelStore models, TimeProvider time) : IJobHandler
{
    public const string JobKind = "next-item";

    public string Kind => JobKind;

    public bool Resumes => true;

    public async Task<Outcome<JsonNode>> RunAsync(IJobContext job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        var request = PipelineJson.Read<NextItemRequest>(job.InputJson);
        var started = time.GetTimestamp();
        var progress = new TrainingProgress(job, time, new TrainingRequest(0, request.Plan, request.Seed));
        progress.Begin(TrainingProgress.Windows);
        var shop = await runs.ShopAsync(job.Scope.Workspace, cancellationToken).ConfigureAwait(false);
        var warehouse = await warehouses.OpenAsync(shop.Id, cancellationToken).ConfigureAwait(false);
        var histories = await ItemHistories.ReadAsync(warehouse, cancellationToken).ConfigureAwait(false);
        if (NextItemTrainings.TooFew(histories) is { } few) return few;
        var dataHash = await runs.DataHashAsync(shop, await ExchangeRates.FingerprintAsync(warehouse, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        var work = new Work(job, request, histories, histories.Hash(), progress, started);
        progress.Rows(histories.Sequences.Length, null);
        progress.End();

        var state = job.CheckpointJson is { } json && PipelineJson.Read<NextItemState>(json) is { } saved && saved.RowsHash == work.RowsHash ? saved : new NextItemState(work.RowsHash, 0, [], []);
        work.SpentBefore = state.SpentSeconds;
        foreach (var planned in request.Plan.Families.Where(family => !family.IsLeftOut && NextItemFamilies.Find(family.Family) is not null))
        {
            if (state.Fitted.Any(done => done.Family == planned.Family) || state.Skipped.Contains(planned.Family)) continue;
            progress.Begin(planned.Family);
            var outOfTime = IsOver(work);
            state = outOfTime ? state with { Skipped = state.Skipped.Add(planned.Family) } : state with { Fitted = state.Fitted.Add(await FitAsync(work, planned, cancellationToken).ConfigureAwait(false)) };
            progress.End(skipped: outOfTime);
            await job.SaveCheckpointAsync(PipelineJson.Write(state with { SpentSeconds = Spent(work) }), cancellationToken).ConfigureAwait(false);
        }

        if (state.Fitted.IsEmpty) return new NoTimeLeft();
        progress.Begin(TrainingProgress.Measure);
        var report = await RegisterAsync(work, state, dataHash, cancellationToken).ConfigureAwait(false);
        progress.End();
        return JsonSerializer.SerializeToNode(report, PipelineJson.Options)!;
    }

    /// <summary>Everything is written at the end or under the name of its hash.</summary>
    public Task CleanUpAsync(IJobContext job, CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<FittedNextItem> FitAsync(Work work, PlannedFamily planned, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var stopped = false;
        var rows = new SeededRandom((ulong)work.Request.Seed).Sample(work.Training.Count, Math.Min(planned.Rows, work.Training.Count));
        var training = planned.Rows >= work.Training.Count ? work.Training : new ShopperSequences([.. rows.Select(row => work.Training[row].ToArray())]);
        var family = NextItemFamilies.Find(planned.Family)!;
        var curve = new Curve(work.Progress, planned.Family);
        var model = await QuietThread.RunAsync(() => family.Fit(
            new NextItemWork(training, work.Validation, work.Histories.Items.Length, work.Request.Seed, family.Epochs, QuietThread.Workers, () => stopped |= IsOver(work), curve), cancellationToken)).ConfigureAwait(false);
        var hash = await models.SaveAsync(new NextItemModel(work.Histories.Items, model).Save, cancellationToken).ConfigureAwait(false);
        return new FittedNextItem(planned.Family, training.Count, hash, time.GetElapsedTime(began).TotalSeconds, stopped);
    }

    private async Task<NextItemReport> RegisterAsync(Work work, NextItemState state, string dataHash, CancellationToken cancellationToken)
    {
        var candidates = new List<(FittedNextItem Fitted, ISequenceModel Model)>();
        foreach (var fitted in state.Fitted)
        {
            var file = await models.OpenAsync(fitted.FileHash, cancellationToken).ConfigureAwait(false);
            await using var _ = file.ConfigureAwait(false);
            candidates.Add((fitted, NextItemModel.Load(file).Inner));
        }

        if (candidates.Count > 1 && BlendTrainer.Megabytes(candidates.Count, work.Validation.Count, work.Histories.Items.Length) <= work.Request.Plan.Budget.Megabytes) candidates.Add(await BlendAsync(work, [.. candidates.Select(one => one.Model)], cancellationToken).ConfigureAwait(false));
        var seed = work.Request.Seed;
        var popularity = PopularityTrainer.Train(work.Training, work.Histories.Items.Length);
        var (baseline, judged) = await QuietThread.RunAsync(() => (
            NextItemJudge.Of(popularity, work.Test, seed, QuietThread.Workers, cancellationToken),
            candidates.Select(one => (one.Fitted, Validation: NextItemJudge.Of(one.Model, work.Validation, seed, QuietThread.Workers, cancellationToken), Test: NextItemJudge.Of(one.Model, work.Test, seed, QuietThread.Workers, cancellationToken)))
                .OrderByDescending(one => one.Validation.Ndcg).ToList())).ConfigureAwait(false);
        var made = judged.Select(one => (one.Fitted, Facts: new NextItemFacts(work.Histories.Items.Length, one.Fitted.Rows, work.Training.Count, work.RowsHash, one.Fitted.Seconds, one.Fitted.Stopped), Metrics: new NextItemMetrics(one.Validation, one.Test, baseline))).ToList();
        var versions = await runs.RegisterAsync(work.Job.Scope, work.Job.JobId, [.. made.Select(one => new VersionDraft(NextItems.Task, one.Fitted.Family, one.Fitted.FileHash, dataHash, seed, PipelineJson.Write(one.Facts), PipelineJson.Write(one.Metrics)))], cancellationToken).ConfigureAwait(false);
        return new NextItemReport(
            work.Histories.Items.Length, work.Training.Count, seed, work.Request.Plan, baseline,
            [.. made.Zip(versions, (one, version) => new NextItemVersion(version.Id, version.Number, version.Family, one.Facts, one.Metrics))], state.Skipped, Spent(work));
    }

    /// <summary>Its weights are chosen on the products before the last, which no part has learnt from.</summary>
    private async Task<(FittedNextItem Fitted, ISequenceModel Model)> BlendAsync(Work work, ImmutableArray<ISequenceModel> parts, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        double[] worth = [.. Enumerable.Range(1, work.Histories.Items.Length).Select(NextItemJudge.Worth)];
        var blend = await QuietThread.RunAsync(() => new BlendTrainer(QuietThread.Workers).Train(parts, work.Validation, worth, work.Request.Seed, cancellationToken).Model).ConfigureAwait(false);
        var hash = await models.SaveAsync(new NextItemModel(work.Histories.Items, blend).Save, cancellationToken).ConfigureAwait(false);
        return (new FittedNextItem(NextItemFamilies.Blend, work.Training.Count, hash, time.GetElapsedTime(began).TotalSeconds, false), blend);
    }

    private bool IsOver(Work work) => work.Job.FinishEarly || Spent(work) >= work.Request.Plan.Budget.Seconds * TrainingPlanner.SafeShare;

    private double Spent(Work work) => work.SpentBefore + time.GetElapsedTime(work.Started).TotalSeconds;

    private sealed record Work(IJobContext Job, NextItemRequest Request, ItemHistories Histories, string RowsHash, TrainingProgress Progress, long Started)
    {
        /// <summary>By earlier starts.</summary>
        public double SpentBefore { get; set; }

        public ShopperSequences Training => Sides.Training;

        public ShopperSequences Validation => Sides.Validation;

        public ShopperSequences Test => Sides.Test;

        private (ShopperSequences Training, ShopperSequences Validation, ShopperSequences Test) Sides { get; } = ShopperSequences.LeaveOneOut(Histories.Sequences);
    }

    private sealed class Curve(IProgress<IntentProgress> next, string family) : IProgress<LearningStep>
    {
        public void Report(LearningStep value) => next.Report(new IntentProgress(0, family, value));
    }
}

/// <summary>What a training of the next product must know to go on after a restart; saved after each family.</summary>
internal sealed record NextItemState(string RowsHash, double SpentSeconds, ImmutableArray<FittedNextItem> Fitted, ImmutableArray<string> Skipped);

internal sealed record FittedNextItem(string Family, int Rows, string FileHash, double Seconds, bool Stopped);
