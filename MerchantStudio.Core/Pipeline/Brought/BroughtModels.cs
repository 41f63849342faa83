using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Features;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Learning.Onnx.Brought;
using MerchantStudio.Core.Learning.Registry;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline.Shadow;
using MerchantStudio.Core.Pipeline.Stages;
using MerchantStudio.Core.Warehouse;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Pipeline.Brought;

/// <summary>Models that the merchant brings as ONNX files: scanned, tried on the shop's own shoppers in a process of their own, and kept as a challenger, which serves nobody until a person promotes it.</summary>
public sealed class BroughtModels
{
    private readonly IDbContextFactory<StudioDb> _contexts;
    private readonly ModelStore _store;
    private readonly WarehouseRegistry _warehouses;
    private readonly JobQueue _jobs;
    private readonly AuditTrail _audit;
    private readonly TimeProvider _time;
    private readonly BroughtRunner _runner;
    private readonly ModelScoring _scoring;
    private readonly ShadowScoring _shadows;

    internal BroughtModels(IDbContextFactory<StudioDb> contexts, ModelStore store, WarehouseRegistry warehouses, JobQueue jobs, AuditTrail audit, TimeProvider time, BroughtRunner runner, ModelScoring scoring, ShadowScoring shadows) =>
        (_contexts, _store, _warehouses, _jobs, _audit, _time, _runner, _scoring, _shadows) = (contexts, store, warehouses, jobs, audit, time, runner, scoring, shadows);

    /// <summary>The largest file that is taken, in bytes.</summary>
    public static long MostBytes => OnnxScan.MostBytes;

    /// <summary>What is said of a larger one.</summary>
    public static Problem TooLarge => OnnxScan.TooLarge;

    /// <summary>Looks at a file without running anything in it.</summary>
    public async Task<Outcome<BroughtFile>> OpenAsync(WorkspaceScope scope, string name, Stream content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(content);
        if (scope.Refusal(Right.ManageModels) is { } refusal) return refusal;
        using var bytes = new MemoryStream();
        var part = new byte[81_920];
        while (await content.ReadAsync(part, cancellationToken).ConfigureAwait(false) is > 0 and var read)
        {
            bytes.Write(part, 0, read);
            if (bytes.Length > MostBytes) return TooLarge;
        }

        var file = bytes.ToArray();
        if (!OnnxScan.Read(file).TryGet(out var graph, out var problem)) return problem;
        ImmutableArray<string> features = [.. FeatureCatalog.All.Where(feature => !feature.IsSensitive).Select(feature => feature.Key)];
        var live = await LiveAsync(scope, cancellationToken).ConfigureAwait(false);
        if (live.IsEmpty) return new NoChampion();
        return new BroughtFile(name, file, graph, BroughtMapping.Suggest(graph, features), features, [.. live.Select(ModelRegistry.HorizonOf).Order()]);
    }

    /// <summary>Runs the file on every shopper of now and of the champion's validation and test windows.</summary>
    public async Task<Outcome<BroughtTrial>> TryAsync(WorkspaceScope scope, BroughtFile file, BroughtMapping mapping, int horizonDays, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(mapping);
        if (scope.Refusal(Right.ManageModels) is { } refusal) return refusal;
        if (_jobs.Active(scope.Workspace).Any(job => job.Kind == "pipeline")) return new RunInProgress();
        if ((await LiveAsync(scope, cancellationToken).ConfigureAwait(false)).FirstOrDefault(version => ModelRegistry.HorizonOf(version) == horizonDays) is not { } champion) return new NoChampion();
        var facts = PipelineJson.Read<ModelFacts>(champion.ParametersJson);
        var warehouse = await _warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        var (_, now) = await IntentWindows.ReadScoredAsync(warehouse, "user_features", cancellationToken).ConfigureAwait(false);
        var started = _time.GetTimestamp();
        if (!(await RunAsync(now).ConfigureAwait(false)).TryGet(out var current, out var problem)) return problem;
        var seconds = _time.GetElapsedTime(started).TotalSeconds;
        var zone = await ZoneAsync(scope, cancellationToken).ConfigureAwait(false);
        var validation = await IntentWindows.ReadOneAsync(warehouse, facts.Validation.From, horizonDays, zone, cancellationToken).ConfigureAwait(false);
        var test = await IntentWindows.ReadOneAsync(warehouse, facts.Test.From, horizonDays, zone, cancellationToken).ConfigureAwait(false);
        if (!(await RunAsync(validation.X).ConfigureAwait(false)).TryGet(out var rawValidation, out problem)) return problem;
        if (!(await RunAsync(test.X).ConfigureAwait(false)).TryGet(out var rawTest, out problem)) return problem;
        if (!(await _scoring.ProbabilitiesAsync(champion, validation.X, cancellationToken).ConfigureAwait(false)).TryGet(out var championValidation, out problem)) return problem;
        if (!(await _scoring.ProbabilitiesAsync(champion, test.X, cancellationToken).ConfigureAwait(false)).TryGet(out var championTest, out problem)) return problem;
        var scale = ChanceScale.Fit(rawValidation, validation.Y.AsSpan(), champion.Seed);
        var figures = PipelineJson.Read<ModelFigures>(champion.MetricsJson);
        BinaryReport Judge(string family, float[] onValidation, float[] scored, IntentWindow window) =>
            BinaryReport.Of(family, scored, window.Y.AsSpan(), BinaryReport.BestThreshold(onValidation, validation.Y.AsSpan()), champion.Seed);
        var (calibratedValidation, calibratedTest) = (scale.Calibrator.Apply(rawValidation), scale.Calibrator.Apply(rawTest));
        var bins = BinaryCurves.Calibration(calibratedTest, test.Y.AsSpan());
        return new BroughtTrial(
            horizonDays, now.Rows, seconds, scale.Calibrator.Apply(current).DefaultIfEmpty().Average(),
            new ModelFigures(
                Judge(BroughtModel.Family, calibratedValidation, calibratedTest, test), Judge(BroughtModel.Family, rawValidation, rawValidation, validation), figures.Majority, figures.Rule,
                Importance: [], bins, BinaryCurves.CalibrationError(bins)),
            Judge(champion.Family, championValidation, championTest, test), champion.Number, champion.Family,
            Describe(validation), Describe(test), scale.Calibrator.Method)
        {
            Model = new BroughtModel(file.Content.ToArray(), file.Graph, mapping, scale),
            FileName = file.Name,
            DataHash = champion.DataHash,
            Seed = champion.Seed,
        };

        Task<Outcome<float[]>> RunAsync(FeatureMatrix x) => _runner.RunAsync(file.Content, file.Graph, mapping, x, cancellationToken);
    }

    /// <summary>Keeps a tried model as a version that does not serve.</summary>
    /// <returns>The version's id.</returns>
    public async Task<Outcome<Guid>> RegisterAsync(WorkspaceScope scope, BroughtTrial trial, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(trial);
        if (scope.Refusal(Right.ManageModels) is { } refusal) return refusal;
        var hash = await _store.SaveAsync(trial.Model.Save, cancellationToken).ConfigureAwait(false);
        var db = await _contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var draft = VersionDraft.OfIntent(
            trial.HorizonDays, BroughtModel.Family, hash, trial.DataHash, trial.Seed, new ModelFacts(null, trial.Validation, trial.Test, trial.Calibration, 0, BroughtFile: trial.FileName), trial.Figures);
        var version = await draft.AddAsync(db, scope.Workspace, null, _time.GetUtcNow(), live: false, cancellationToken).ConfigureAwait(false);
        _audit.Add(db, scope.Workspace, scope.Actor, new AuditFact("model.brought", version.Task, After: version.Number.ToString(CultureInfo.InvariantCulture)));
        await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        await _shadows.CatchUpAsync(scope.Workspace, [version], cancellationToken).ConfigureAwait(false);
        return version.Id;
    }

    private static IntentWindowReport Describe(IntentWindow window) => new(window.From, window.To, window.Y.Length, window.Buyers);

    private async Task<ImmutableArray<ModelVersion>> LiveAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        var db = await _contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        return [.. await db.Models.AsNoTracking().Where(model => model.WorkspaceId == scope.Workspace && model.IsLive && model.Task.StartsWith(ModelRegistry.IntentPrefix)).ToListAsync(cancellationToken).ConfigureAwait(false)];
    }

    private async Task<string> ZoneAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        var db = await _contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        return await db.Workspaces.AsNoTracking().Where(shop => shop.Id == scope.Workspace).Select(shop => shop.TimeZone).SingleAsync(cancellationToken).ConfigureAwait(false);
    }
}
