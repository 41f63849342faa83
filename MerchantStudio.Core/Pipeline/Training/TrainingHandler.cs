using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Currencies;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Planning;
using MerchantStudio.Core.Learning.Registry;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline.Debate;
using MerchantStudio.Core.Pipeline.Shadow;
using MerchantStudio.Core.Pipeline.Stages;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Pipeline.Training;

/// <summary>
/// Trains the planned families one after the other and puts them into the registry together, none of them live. Until then nothing but complete model files
/// is written; after a restart it goes on behind the last finished family, or anew where the rows have changed.
/// </summary>
internal sealed class TrainingHandler(WarehouseRegistry warehouses, RunRecords runs, PipelineReports reports, ModelStore models, ShopperLabels labels, ShadowScoring shadows, TimeProvider time) : IJobHandler
{
    public const string JobKind = "training";

    public string Kind => JobKind;

    public bool Resumes => true;

    public async Task<Outcome<JsonNode>> RunAsync(IJobContext job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        var request = PipelineJson.Read<TrainingRequest>(job.InputJson);
        var work = new Work(job, request, new TrainingProgress(job, time, request), time.GetTimestamp());
        var shop = await runs.ShopAsync(job.Scope.Workspace, cancellationToken).ConfigureAwait(false);
        var warehouse = await warehouses.OpenAsync(shop.Id, cancellationToken).ConfigureAwait(false);
        work.Progress.Begin(TrainingProgress.Windows);
        var read = await ReadAsync(work, shop, warehouse, cancellationToken).ConfigureAwait(false);
        if (!read.TryGet(out var rows, out var missing)) return missing;
        var (windows, question, labelled, moments, dataHash) = rows;
        work.Progress.End();

        var rowsHash = TrainingWindows.HashOf(LabelRows.Join(question, labelled));
        var state = Resumed(job, rowsHash) ?? new TrainingState(rowsHash, 0, [], []);
        foreach (var planned in request.Plan.Families.Where(family => !family.IsLeftOut && IntentFamilies.Find(family.Family) is not null))
        {
            if (state.Fitted.Any(done => done.Plan.Family == planned.Family) || state.Skipped.Contains(planned.Family)) continue;
            work.Progress.Begin(planned.Family);
            var outOfTime = job.FinishEarly || Spent(work, state) >= request.Plan.Budget.Seconds * TrainingPlanner.SafeShare;
            if (outOfTime) state = state with { Skipped = state.Skipped.Add(planned.Family) };
            else if ((await FitAsync(work, state, planned, question, labelled, cancellationToken).ConfigureAwait(false)).TryGet(out var fitted, out var problem)) state = state with { Fitted = state.Fitted.Add(fitted) };
            else return problem;
            work.Progress.End(skipped: outOfTime);
            await job.SaveCheckpointAsync(PipelineJson.Write(state with { SpentSeconds = Spent(work, state) }), cancellationToken).ConfigureAwait(false);
        }

        if (state.Fitted.IsEmpty) return new NoTimeLeft();
        work.Progress.Begin(TrainingProgress.Measure);
        var report = await RegisterAsync(work, state, windows, question, labelled, moments, dataHash, cancellationToken).ConfigureAwait(false);
        work.Progress.End();
        return JsonSerializer.SerializeToNode(report, PipelineJson.Options)!;
    }

    /// <summary>Everything is written at the end or under the name of its hash.</summary>
    public Task CleanUpAsync(IJobContext job, CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<Outcome<(PlannedHorizon Windows, IntentQuestion Question, LabelRows? Labelled, ImmutableArray<double> Moments, string DataHash)>> ReadAsync(Work work, Workspace shop, WorkspaceWarehouse warehouse, CancellationToken cancellationToken)
    {
        if (await reports.LatestPublishedAsync(work.Job.Scope, cancellationToken).ConfigureAwait(false) is not { AsOf: { } asOf }) return new NothingPublishedYet();
        var dataHash = await runs.DataHashAsync(shop, await ExchangeRates.FingerprintAsync(warehouse, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        var given = await labels.TeachingAsync(work.Job.Scope, work.Request.HorizonDays, cancellationToken).ConfigureAwait(false);
        var session = await warehouse.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = session.ConfigureAwait(false);
        var planned = await TrainingWindows.PlanAsync(session, work.Request.HorizonDays, asOf, cancellationToken).ConfigureAwait(false);
        if (!planned.TryGet(out var plan, out var missing)) return missing;
        var windows = PlannedHorizon.Of(plan);
        var rows = new List<long>();
        var question = await TrainingWindows.ReadAsync(session, windows, shop.TimeZone, work.Request.Seed, Built, cancellationToken).ConfigureAwait(false);
        var labelled = await LabelRows.ReadAsync(session, given, shop.TimeZone, IntentWindows.PublishedEvents, cancellationToken).ConfigureAwait(false);
        ImmutableArray<double> moments = [.. rows.Take(windows.Training.Length).Reverse().SelectMany((count, moment) => Enumerable.Repeat((double)moment, (int)count))];   // built latest first, read oldest first
        return (windows, question with { Threads = QuietThread.Workers, Preparation = PreparationSettings.Of(shop.SettingsJson) }, labelled, moments, dataHash);

        void Built(long count)
        {
            rows.Add(count);
            work.Progress.Rows(rows.Sum(), null);
        }
    }

    private async Task<Outcome<FittedFamily>> FitAsync(Work work, TrainingState state, PlannedFamily planned, IntentQuestion question, LabelRows? labelled, CancellationToken cancellationToken)
    {
        var stopped = false;
        bool Stop() => stopped |= work.Job.FinishEarly || Spent(work, state) >= work.Request.Plan.Budget.Seconds * TrainingPlanner.SafeShare;
        var thinned = TrainingWindows.Thinned(question, planned.Rows) with { StopHere = Stop, GoOn = () => !Stop() };
        var memory = new MemoryWatch(work.Progress);
        var learnt = await QuietThread.RunAsync(() => IntentTrainer.Fit(IntentFamilies.Find(planned.Family)!, LabelRows.Join(thinned, labelled), planned.Settings, time, memory, cancellationToken)).ConfigureAwait(false);
        if (!learnt.TryGet(out var candidate, out var problem)) return problem;
        var file = await models.SaveAsync(candidate.Model.Save, cancellationToken).ConfigureAwait(false);
        return new FittedFamily(planned with { Rows = thinned.Training.Y.Length }, new TrainedModel(file, candidate.Training, stopped), memory.Megabytes, [.. candidate.Notes.Select(SavedProblem.Of)]);
    }

    /// <summary>What the rows that the plan left out might have brought, where the budget has time left for learning from a quarter of the others.</summary>
    private async Task<RowsGivenUp?> LookBackAsync(Work work, TrainingState state, FittedFamily fitted, IntentQuestion question, LabelRows? labelled, CancellationToken cancellationToken)
    {
        var all = question.Training.Y.Length;
        if (fitted.Plan.Rows >= all || work.Job.FinishEarly || Spent(work, state) + (RowsGivenUp.Share * fitted.Model.Training.Seconds) > work.Request.Plan.Budget.Seconds) return null;
        bool Stop() => work.Job.FinishEarly;
        var quarter = TrainingWindows.Thinned(question, (int)(RowsGivenUp.Share * fitted.Plan.Rows)) with { StopHere = Stop, GoOn = () => !Stop() };
        var learnt = await QuietThread.RunAsync(() => IntentTrainer.Fit(IntentFamilies.Find(fitted.Plan.Family)!, LabelRows.Join(quarter, labelled), fitted.Plan.Settings, time, null, cancellationToken)).ConfigureAwait(false);
        return learnt.TryGet(out var candidate, out _) && !Stop() ? new RowsGivenUp(fitted.Plan.Rows, all, candidate.Training.Validation.Auroc, fitted.Model.Training.Validation.Auroc) : null;
    }

    private async Task<TrainingReport> RegisterAsync(Work work, TrainingState state, PlannedHorizon windows, IntentQuestion question, LabelRows? labelled, ImmutableArray<double> moments, string dataHash, CancellationToken cancellationToken)
    {
        var judged = new List<(FittedFamily Fitted, IntentReport Report, double Seconds, FoldFigures? Folds, RowsGivenUp? GivenUp)>();
        foreach (var fitted in state.Fitted.OrderBy(fitted => fitted.Model.Training.Validation.LogLoss))
        {
            var file = await models.OpenAsync(fitted.Model.FileHash, cancellationToken).ConfigureAwait(false);
            await using var _ = file.ConfigureAwait(false);
            var candidate = new IntentCandidate(IntentModel.Load(file), fitted.Model.Training);
            var started = time.GetTimestamp();
            var judgement = await QuietThread.RunAsync(() => IntentEvaluator.Evaluate(question, [candidate], cancellationToken)).ConfigureAwait(false);
            var seconds = fitted.Model.Training.Seconds + time.GetElapsedTime(started).TotalSeconds;
            judged.Add((fitted, judgement, seconds, null, null));
        }

        // What the budget has left over goes into a look at earlier moments.
        for (var i = 0; i < judged.Count; i++)
        {
            var fitted = judged[i].Fitted;
            if (work.Job.FinishEarly || fitted.Plan.Rows < question.Training.Y.Length || Spent(work, state) + (EarlierMoments.Trainings * fitted.Model.Training.Seconds) > work.Request.Plan.Budget.Seconds * TrainingPlanner.SafeShare) continue;
            var folds = await QuietThread.RunAsync(() => EarlierMoments.Judge(IntentFamilies.Find(fitted.Plan.Family)!, question, fitted.Plan.Settings, moments, time, cancellationToken)).ConfigureAwait(false);
            judged[i] = judged[i] with { Folds = folds };
        }

        for (var i = 0; i < judged.Count; i++) judged[i] = judged[i] with { GivenUp = await LookBackAsync(work, state, judged[i].Fitted, question, labelled, cancellationToken).ConfigureAwait(false) };

        var figures = judged.Select(one => ModelFigures.Of(one.Report, one.Fitted.Notes)).ToImmutableArray();
        var drafts = judged.Zip(figures, (one, measured) => VersionDraft.OfIntent(
            question.HorizonDays, one.Fitted.Plan.Family, one.Fitted.Model.FileHash, dataHash, question.Seed,
            ModelFacts.Of(one.Report, one.Fitted.Model.Training, new ModelRecipe(windows, state.RowsHash, one.Fitted.Plan.Rows, question.Training.Y.Length, one.Fitted.Plan.Settings, one.Fitted.Model.Stopped, BinaryModels.Kernels, one.Fitted.Megabytes, labelled?.Labels ?? [], labelled is null ? 0 : LabelBook.CountsAs)),
            measured)).ToImmutableArray();
        var versions = await runs.RegisterAsync(work.Job.Scope, work.Job.JobId, drafts, cancellationToken).ConfigureAwait(false);
        await shadows.CatchUpAsync(work.Job.Scope.Workspace, versions, cancellationToken).ConfigureAwait(false);
        var about = judged[0].Report;
        return new TrainingReport(
            question.HorizonDays, question.Seed, dataHash, work.Request.Plan, about.Training, about.Validation, about.Test, about.Majority, about.Rule?.Test,
            [.. judged.Zip(versions, figures).Select(line => Version(line.First.Fitted, line.First.Report.Best, line.First.Seconds, line.Second, line.Third) with { Folds = line.First.Folds, GivenUp = line.First.GivenUp })],
            state.Skipped, Spent(work, state), labelled?.Labels.Length ?? 0);
    }

    private static TrainedVersion Version(FittedFamily fitted, IntentModelReport measured, double seconds, ModelVersion version, ModelFigures figures) => new(
        version.Id, version.Number, version.Family, fitted.Plan.Rows, fitted.Plan.Settings, seconds, fitted.Megabytes, fitted.Model.Stopped,
        figures.Gap, measured.Validation, measured.Test, measured.Curve, fitted.Notes);

    /// <summary>What earlier starts took counts too.</summary>
    private double Spent(Work work, TrainingState state) => state.SpentSeconds + time.GetElapsedTime(work.Started).TotalSeconds;

    private static TrainingState? Resumed(IJobContext job, string rowsHash) =>
        job.CheckpointJson is { } json && PipelineJson.Read<TrainingState>(json) is { } saved && saved.RowsHash == rowsHash ? saved : null;

    private sealed record Work(IJobContext Job, TrainingRequest Request, TrainingProgress Progress, long Started);

    /// <summary>Looks at the program's memory at each round.</summary>
    private sealed class MemoryWatch(IProgress<IntentProgress> next) : IProgress<IntentProgress>
    {
        private readonly long _before = Environment.WorkingSet;
        private long _most = Environment.WorkingSet;

        public double Megabytes => (_most - _before) / (double)(1 << 20);

        public void Report(IntentProgress value)
        {
            _most = Math.Max(_most, Environment.WorkingSet);
            next.Report(value);
        }
    }
}

/// <summary>What a training must know to go on after a restart; saved after each family.</summary>
/// <param name="SpentSeconds">By earlier starts.</param>
internal sealed record TrainingState(string RowsHash, double SpentSeconds, ImmutableArray<FittedFamily> Fitted, ImmutableArray<string> Skipped);

internal sealed record FittedFamily(PlannedFamily Plan, TrainedModel Model, double Megabytes, ImmutableArray<SavedProblem> Notes);
