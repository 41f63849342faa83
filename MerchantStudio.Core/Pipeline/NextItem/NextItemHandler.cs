using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using MerchantStudio.Core.Currencies;
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
        var work = new Work(job, request, histories, histories.Hash());
        progress.Rows(histories.Sequences.Length, null);
        progress.End();

        var run = new FamilyRun(job, request.Plan, request.Seed, progress, models, time, started);
        var fitted = await run.RunAsync(work.RowsHash, work.Training.Count, family => NextItemFamilies.Find(family) is not null, one => Fit(work, one, cancellationToken), cancellationToken).ConfigureAwait(false);
        if (!fitted.TryGet(out var state, out var problem)) return problem;
        var candidates = await LoadAsync(state, cancellationToken).ConfigureAwait(false);
        if (request.Plan.Families.FirstOrDefault(family => family.Family == NextItemFamilies.Blend) is { IsLeftOut: false } planned)
        {
            progress.Begin(NextItemFamilies.Blend);
            var blend = candidates.Count > 1 && run.HasTimeBeside(state.Fitted, work.Training.Count, planned.Seconds) ? await BlendAsync(work, [.. candidates.Select(one => one.Model)], StopHere, cancellationToken).ConfigureAwait(false) : default((KeptFamily, ISequenceModel)?);
            if (blend is { } made) candidates.Add(made);
            else state = state with { Skipped = state.Skipped.Add(NextItemFamilies.Blend) };
            progress.End(skipped: blend is null);
            bool StopHere() => !run.HasTimeBeside(state.Fitted, work.Training.Count, planned.JudgingSeconds);
        }

        progress.Begin(TrainingProgress.Measure);
        var report = await RegisterAsync(work, run, state, candidates, dataHash, cancellationToken).ConfigureAwait(false);
        progress.End();
        return JsonSerializer.SerializeToNode(report, PipelineJson.Options)!;
    }

    /// <summary>Everything is written at the end or under the name of its hash.</summary>
    public Task CleanUpAsync(IJobContext job, CancellationToken cancellationToken) => Task.CompletedTask;

    private static Outcome<FittedModel> Fit(Work work, FamilyWork one, CancellationToken cancellationToken)
    {
        var model = Train(work, one, cancellationToken);
        return new FittedModel(new NextItemModel(work.Histories.Items, model).Save);
    }

    private static ISequenceModel Train(Work work, FamilyWork one, CancellationToken cancellationToken)
    {
        var family = NextItemFamilies.Find(one.Family)!;
        var training = one.Rows.Length == work.Training.Count ? work.Training : new ShopperSequences([.. one.Rows.Select(row => work.Training[row].ToArray())]);
        return family.Fit(new NextItemWork(training, work.Validation, work.Histories.Items.Length, work.Request.Seed, family.Epochs, QuietThread.Workers, one.StopHere, one.Progress), cancellationToken);
    }

    private async Task<List<(KeptFamily Fitted, ISequenceModel Model)>> LoadAsync(FamilyState state, CancellationToken cancellationToken)
    {
        var candidates = new List<(KeptFamily Fitted, ISequenceModel Model)>();
        foreach (var fitted in state.Fitted)
        {
            var file = await models.OpenAsync(fitted.FileHash, cancellationToken).ConfigureAwait(false);
            await using var _ = file.ConfigureAwait(false);
            candidates.Add((fitted, NextItemModel.Load(file).Inner));
        }

        return candidates;
    }

    private async Task<NextItemReport> RegisterAsync(Work work, FamilyRun run, FamilyState state, List<(KeptFamily Fitted, ISequenceModel Model)> candidates, string dataHash, CancellationToken cancellationToken)
    {
        var seed = work.Request.Seed;
        var popularity = PopularityTrainer.Train(work.Training, work.Histories.Items.Length);
        var (baseline, judged) = await QuietThread.RunAsync(() => (
            NextItemJudge.Of(popularity, work.Test, seed, QuietThread.Workers, cancellationToken),
            candidates.Select(one => (one.Fitted, Parts: one.Fitted.Family == NextItemFamilies.Blend ? SequenceModels.Families(one.Model) : default(ImmutableArray<string>?), Validation: NextItemJudge.Of(one.Model, work.Validation, seed, QuietThread.Workers, cancellationToken), Test: NextItemJudge.Of(one.Model, work.Test, seed, QuietThread.Workers, cancellationToken)))
                .OrderByDescending(one => one.Validation.Ndcg).ToList())).ConfigureAwait(false);
        var made = judged.Select(one => (one.Fitted, Facts: new NextItemFacts(work.Histories.Items.Length, one.Fitted.Rows, work.Training.Count, work.RowsHash, one.Fitted.Seconds, one.Fitted.Stopped, one.Fitted.Rounds, one.Parts), Metrics: new NextItemMetrics(one.Validation, one.Test, baseline))).ToList();
        var givenUp = new List<RowsGivenUp?>();
        foreach (var one in judged) givenUp.Add(await run.LookBackAsync(one.Fitted, work.Training.Count, one.Validation.Ndcg, part => NextItemJudge.Of(Train(work, part, cancellationToken), work.Validation, seed, QuietThread.Workers, cancellationToken).Ndcg).ConfigureAwait(false));
        var versions = await runs.RegisterAsync(work.Job.Scope, work.Job.JobId, [.. made.Select(one => new VersionDraft(NextItems.Task, one.Fitted.Family, one.Fitted.FileHash, dataHash, seed, PipelineJson.Write(one.Facts), PipelineJson.Write(one.Metrics)))], cancellationToken).ConfigureAwait(false);
        return new NextItemReport(
            work.Histories.Items.Length, work.Training.Count, seed, work.Request.Plan, baseline,
            [.. made.Zip(versions, givenUp).Select(line => new NextItemVersion(line.Second.Id, line.Second.Number, line.Second.Family, line.First.Facts, line.First.Metrics, line.Third))], state.Skipped, run.Spent);
    }

    /// <summary>Its weights are chosen on the products before the last, which no part has learnt from.</summary>
    private async Task<(KeptFamily Fitted, ISequenceModel Model)> BlendAsync(Work work, ImmutableArray<ISequenceModel> parts, Func<bool> stopHere, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var stopped = false;
        var blend = await QuietThread.RunAsync(() => new BlendTrainer(QuietThread.Workers, () => stopped |= stopHere()).Train(parts, work.Validation, NextItemJudge.Worths(work.Histories.Items.Length), work.Request.Seed, cancellationToken).Model).ConfigureAwait(false);
        var hash = await models.SaveAsync(new NextItemModel(work.Histories.Items, blend).Save, cancellationToken).ConfigureAwait(false);
        return (new KeptFamily(NextItemFamilies.Blend, work.Training.Count, hash, time.GetElapsedTime(began).TotalSeconds, stopped), blend);
    }

    private sealed record Work(IJobContext Job, NextItemRequest Request, ItemHistories Histories, string RowsHash)
    {
        public ShopperSequences Training => Sides.Training;

        public ShopperSequences Validation => Sides.Validation;

        public ShopperSequences Test => Sides.Test;

        private (ShopperSequences Training, ShopperSequences Validation, ShopperSequences Test) Sides { get; } = ShopperSequences.LeaveOneOut(Histories.Sequences);
    }
}
