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
        var rule = await QuietThread.RunAsync(() => IntentEvaluator.Rule(question)).ConfigureAwait(false);
        work.Progress.End();

        var rowsHash = TrainingWindows.HashOf(LabelRows.Join(question, labelled));
        var run = new FamilyRun(job, request.Plan, request.Seed, work.Progress, models, time, work.Started);
        var fitted = await run.RunAsync(rowsHash, question.Training.Y.Length, family => IntentFamilies.Find(family) is not null, one => Fit(question, labelled, one, cancellationToken), cancellationToken).ConfigureAwait(false);
        if (!fitted.TryGet(out var state, out var problem)) return problem;
        work.Progress.Begin(TrainingProgress.Measure);
        var report = await RegisterAsync(work, run, state, windows, question, rule, labelled, moments, dataHash, cancellationToken).ConfigureAwait(false);
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

    private Outcome<FittedModel> Fit(IntentQuestion question, LabelRows? labelled, FamilyWork one, CancellationToken cancellationToken)
    {
        var memory = new MemoryWatch(one.Progress);
        if (!Learn(question, labelled, one, memory, cancellationToken).TryGet(out var candidate, out var problem)) return problem;
        return new FittedModel(candidate.Model.Save, PipelineJson.Write(new FitNotes(candidate.Training, memory.Megabytes, [.. candidate.Notes.Select(SavedProblem.Of)])));
    }

    private Outcome<IntentCandidate> Learn(IntentQuestion question, LabelRows? labelled, FamilyWork one, IProgress<IntentProgress>? progress, CancellationToken cancellationToken)
    {
        var thinned = TrainingWindows.Only(question, one.Rows) with { StopHere = one.StopHere, GoOn = () => !one.StopHere() };
        return IntentTrainer.Fit(IntentFamilies.Find(one.Family)!, LabelRows.Join(thinned, labelled), one.Settings, time, progress, cancellationToken);
    }

    private async Task<TrainingReport> RegisterAsync(Work work, FamilyRun run, FamilyState state, PlannedHorizon windows, IntentQuestion question, IntentRule? rule, LabelRows? labelled, ImmutableArray<double> moments, string dataHash, CancellationToken cancellationToken)
    {
        var all = question.Training.Y.Length;
        var judged = new List<(KeptFamily Fitted, FitNotes Notes, IntentReport Report, double Seconds, FoldFigures? Folds, RowsGivenUp? GivenUp)>();
        foreach (var (fitted, notes) in state.Fitted.Select(fitted => (fitted, FitNotes.Of(fitted))).OrderBy(one => one.Item2.Training.Validation.LogLoss))
        {
            var file = await models.OpenAsync(fitted.FileHash, cancellationToken).ConfigureAwait(false);
            await using var _ = file.ConfigureAwait(false);
            var candidate = new IntentCandidate(IntentModel.Load(file), notes.Training);
            var started = time.GetTimestamp();
            var judgement = await QuietThread.RunAsync(() => IntentEvaluator.Evaluate(question, [candidate], rule, cancellationToken)).ConfigureAwait(false);
            judged.Add((fitted, notes, judgement, notes.Training.Seconds + time.GetElapsedTime(started).TotalSeconds, null, null));
        }

        for (var i = 0; i < judged.Count; i++)
            judged[i] = judged[i] with { GivenUp = await run.LookBackAsync(judged[i].Fitted, all, judged[i].Notes.Training.Validation.Auroc, part => Learn(question, labelled, part, null, cancellationToken).TryGet(out var candidate, out _) ? candidate.Training.Validation.Auroc : null).ConfigureAwait(false) };

        // What the budget has left over then goes into a look at earlier moments.
        for (var i = 0; i < judged.Count; i++)
        {
            var fitted = judged[i].Fitted;
            if (work.Job.FinishEarly || fitted.Rows < all || !run.HasTimeFor(EarlierMoments.Trainings * judged[i].Notes.Training.Seconds, TrainingPlanner.SafeShare)) continue;
            judged[i] = judged[i] with { Folds = await QuietThread.RunAsync(() => EarlierMoments.Judge(IntentFamilies.Find(fitted.Family)!, question, fitted.Settings, moments, time, cancellationToken)).ConfigureAwait(false) };
        }

        var figures = judged.Select(one => ModelFigures.Of(one.Report, one.Notes.Notes)).ToImmutableArray();
        var drafts = judged.Zip(figures, (one, measured) => VersionDraft.OfIntent(
            question.HorizonDays, one.Fitted.Family, one.Fitted.FileHash, dataHash, question.Seed,
            ModelFacts.Of(one.Report, one.Notes.Training, new ModelRecipe(windows, state.RowsHash, one.Fitted.Rows, all, one.Fitted.Settings, one.Fitted.Stopped, BinaryModels.Kernels, one.Notes.Megabytes, labelled?.Labels ?? [], labelled is null ? 0 : LabelBook.CountsAs)),
            measured)).ToImmutableArray();
        var versions = await runs.RegisterAsync(work.Job.Scope, work.Job.JobId, drafts, cancellationToken).ConfigureAwait(false);
        await shadows.CatchUpAsync(work.Job.Scope.Workspace, versions, cancellationToken).ConfigureAwait(false);
        var about = judged[0].Report;
        return new TrainingReport(
            question.HorizonDays, question.Seed, dataHash, work.Request.Plan, about.Training, about.Validation, about.Test, about.Majority, about.Rule?.Test,
            [.. judged.Zip(versions, figures).Select(line => Version(line.First.Fitted, line.First.Notes, line.First.Report.Best, line.First.Seconds, line.Second, line.Third) with { Folds = line.First.Folds, GivenUp = line.First.GivenUp })],
            state.Skipped, run.Spent, labelled?.Labels.Length ?? 0);
    }

    private static TrainedVersion Version(KeptFamily fitted, FitNotes notes, IntentModelReport measured, double seconds, ModelVersion version, ModelFigures figures) => new(
        version.Id, version.Number, version.Family, fitted.Rows, fitted.Settings, seconds, notes.Megabytes, fitted.Stopped,
        figures.Gap, measured.Validation, measured.Test, measured.Curve, notes.Notes);

    private sealed record Work(IJobContext Job, TrainingRequest Request, TrainingProgress Progress, long Started);

    /// <summary>What is known of a fitted family beside its file.</summary>
    /// <param name="Notes">What one should know before trusting it.</param>
    private sealed record FitNotes(IntentTraining Training, double Megabytes, ImmutableArray<SavedProblem> Notes)
    {
        public static FitNotes Of(KeptFamily fitted) => PipelineJson.Read<FitNotes>(fitted.AboutJson!);
    }

    /// <summary>Looks at the program's memory at each round.</summary>
    private sealed class MemoryWatch(IProgress<LearningStep>? next) : IProgress<IntentProgress>
    {
        private readonly long _before = Environment.WorkingSet;
        private long _most = Environment.WorkingSet;

        public double Megabytes => (_most - _before) / (double)(1 << 20);

        public void Report(IntentProgress value)
        {
            _most = Math.Max(_most, Environment.WorkingSet);
            next?.Report(value.Step);
        }
    }
}
