using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using MerchantStudio.Core.Currencies;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Learning.Evaluation.Sequences;
using MerchantStudio.Core.Learning.Planning;
using MerchantStudio.Core.Learning.Registry;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline.Training;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Pipeline.SessionEnd;

/// <summary>Trains the planned families of how visits end one after the other, judges them on later visits and puts them into the registry together, none of them live.</summary>
internal sealed class SessionEndHandler(WarehouseRegistry warehouses, RunRecords runs, ModelStore models, TimeProvider time) : IJobHandler
{
    public string Kind => SessionEndTrainings.JobKind;

    public bool Resumes => true;

    public async Task<Outcome<JsonNode>> RunAsync(IJobContext job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        var request = PipelineJson.Read<SessionEndRequest>(job.InputJson);
        var started = time.GetTimestamp();
        var progress = new TrainingProgress(job, time, new TrainingRequest(0, request.Plan, request.Seed));
        progress.Begin(TrainingProgress.Windows);
        var shop = await runs.ShopAsync(job.Scope.Workspace, cancellationToken).ConfigureAwait(false);
        var warehouse = await warehouses.OpenAsync(shop.Id, cancellationToken).ConfigureAwait(false);
        var steps = await SessionSteps.ReadAsync(warehouse, TimeSpan.FromMinutes(shop.SessionGapMinutes), cancellationToken).ConfigureAwait(false);
        var prefixes = SessionPrefixes.Draw(steps, request.Seed);
        if (prefixes.TooFew is { } few) return few;
        var dataHash = await runs.DataHashAsync(shop, await ExchangeRates.FingerprintAsync(warehouse, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        progress.Rows(steps.Sessions.Length, null);
        progress.End();

        var rowsHash = prefixes.Hash();
        var run = new FamilyRun(job, request.Plan, request.Seed, progress, models, time, started);
        var fitted = await run.RunAsync(rowsHash, prefixes.Sides.Training.Length, family => SessionEndFamilies.Find(family) is not null, one => Fit(prefixes, request.Seed, one, cancellationToken), cancellationToken).ConfigureAwait(false);
        if (!fitted.TryGet(out var state, out var problem)) return problem;
        progress.Begin(TrainingProgress.Measure);
        var (majority, rule) = Baselines(prefixes, request.Seed);
        var made = new List<(KeptFamily Fitted, SessionEndFacts Facts, SessionEndMetrics Metrics, RowsGivenUp? GivenUp)>();
        foreach (var one in state.Fitted)
        {
            var file = await models.OpenAsync(one.FileHash, cancellationToken).ConfigureAwait(false);
            await using var _ = file.ConfigureAwait(false);
            var model = SessionEndModel.Load(file);
            var (validation, test) = await QuietThread.RunAsync(() => Judge(model, prefixes.Sides, request.Seed)).ConfigureAwait(false);
            made.Add((one, new SessionEndFacts(Window(prefixes.Sides.Training), Window(prefixes.Sides.Validation), Window(prefixes.Sides.Test), one.Rows, rowsHash, one.Seconds, one.Stopped, SessionEndFamilies.Find(one.Family)!.Epochs > 1 ? one.Rounds : 0), new SessionEndMetrics(validation, test, majority, rule), null));
        }

        for (var i = 0; i < made.Count; i++)
            made[i] = made[i] with { GivenUp = await run.LookBackAsync(made[i].Fitted, prefixes.Sides.Training.Length, made[i].Metrics.Validation.Auroc, part => Score(prefixes, request.Seed, part, cancellationToken)).ConfigureAwait(false) };

        made.Sort((a, b) => a.Metrics.Validation.LogLoss.CompareTo(b.Metrics.Validation.LogLoss));
        var versions = await runs.RegisterAsync(job.Scope, job.JobId, [.. made.Select(one => new VersionDraft(SessionEndTrainings.Task, one.Fitted.Family, one.Fitted.FileHash, dataHash, request.Seed, PipelineJson.Write(one.Facts), PipelineJson.Write(one.Metrics)))], cancellationToken).ConfigureAwait(false);
        progress.End();
        var report = new SessionEndReport(
            prefixes.Kinds, made[0].Facts.Training, made[0].Facts.Validation, made[0].Facts.Test, request.Seed, request.Plan, majority, rule,
            [.. made.Zip(versions, (one, version) => new SessionEndVersion(version.Id, version.Number, version.Family, one.Facts, one.Metrics, one.GivenUp))], state.Skipped, run.Spent);
        return JsonSerializer.SerializeToNode(report, PipelineJson.Options)!;
    }

    /// <summary>Everything is written at the end or under the name of its hash.</summary>
    public Task CleanUpAsync(IJobContext job, CancellationToken cancellationToken) => Task.CompletedTask;

    private static Outcome<FittedModel> Fit(SessionPrefixes prefixes, int seed, FamilyWork one, CancellationToken cancellationToken)
    {
        var work = Work(prefixes, seed, one);
        if (!SessionEndFamilies.Find(one.Family)!.Fit(work, cancellationToken).TryGet(out var reader, out var problem)) return problem;
        var scale = ChanceScale.Fit(reader.Raw(SessionEndWork.Steps(work.Validation)), work.ValidationY, seed);
        return new FittedModel(new SessionEndModel(prefixes.Kinds, reader, scale).Save);
    }

    /// <returns>ROC-AUC on the validation visits.</returns>
    private static double? Score(SessionPrefixes prefixes, int seed, FamilyWork one, CancellationToken cancellationToken)
    {
        var work = Work(prefixes, seed, one);
        return SessionEndFamilies.Find(one.Family)!.Fit(work, cancellationToken).TryGet(out var reader, out _) ? BinaryMetrics.Auroc(reader.Raw(SessionEndWork.Steps(work.Validation)), work.ValidationY) : null;
    }

    private static SessionEndWork Work(SessionPrefixes prefixes, int seed, FamilyWork one) => new(
        prefixes.Kinds, [.. one.Rows.Select(row => prefixes.Sides.Training[row])], prefixes.Sides.Validation, seed, SessionEndFamilies.Find(one.Family)!.Epochs, QuietThread.Workers, one.StopHere, one.Progress);

    private static (BinaryReport Validation, BinaryReport Test) Judge(SessionEndModel model, TimeSides<SessionPrefix> sides, int seed)
    {
        float[] validationY = [.. sides.Validation.Select(one => one.Y)], testY = [.. sides.Test.Select(one => one.Y)];
        var raw = model.Reader.Raw(SessionEndWork.Steps(sides.Validation));
        var threshold = BinaryReport.BestThreshold(model.Scale.Calibrator.Apply(raw), validationY);
        return (
            BinaryReport.Of(model.Reader.Family, raw, validationY, BinaryReport.BestThreshold(raw, validationY), seed),
            BinaryReport.Of(model.Reader.Family, model.Scale.Calibrator.Apply(model.Reader.Raw(SessionEndWork.Steps(sides.Test))), testY, threshold, seed));
    }

    private static (BinaryReport Majority, BinaryReport? Rule) Baselines(SessionPrefixes prefixes, int seed)
    {
        float[] y = [.. prefixes.Sides.Training.Select(one => one.Y)], testY = [.. prefixes.Sides.Test.Select(one => one.Y)];
        var (x, testX) = (StepTable.CountsAndLast(SessionEndWork.Steps(prefixes.Sides.Training), prefixes.Kinds), StepTable.CountsAndLast(SessionEndWork.Steps(prefixes.Sides.Test), prefixes.Kinds));
        return (BinaryReport.Majority(y.Average(), testY), RuleOfThumb.Find(x, y)?.Judge(x, y, testX, testY, seed));
    }

    private static SessionWindow Window(ImmutableArray<SessionPrefix> side) => new(side[0].Begin, side[^1].Begin, side.Length, side.Count(one => one.Y > 0));
}
