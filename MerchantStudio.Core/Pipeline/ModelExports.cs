using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Learning.Onnx;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline.Brought;
using MerchantStudio.Core.Pipeline.Stages;
using MerchantStudio.Core.Reviews;
using MerchantStudio.Core.Warehouse;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Pipeline;

/// <summary>A model as a file for other programs.</summary>
/// <param name="FileName">"intent-7-v3.onnx" or "sentiment-v3.onnx".</param>
/// <param name="Compared">How many shoppers or reviews ONNX Runtime scored for comparison; 0 where it is not offered for this machine or there are none yet.</param>
/// <param name="LargestDifference">Between a probability of the runtime and ours, over those.</param>
/// <param name="OfReviews">Whether it reads reviews; else it tells the chance to buy.</param>
/// <param name="Rounding">What 8-bit numbers cost and save; null for a file without.</param>
public sealed record ModelExport(string FileName, byte[] Content, int Compared, double LargestDifference, bool OfReviews, RoundingCost? Rounding = null);

/// <summary>A network with its weights as 8-bit numbers beside itself, on the test window that it was judged on.</summary>
/// <param name="Bytes">Of the file with all digits.</param>
/// <param name="LargestChange">Of a shopper's chance, 0 to 1.</param>
public sealed record RoundingCost(long Bytes, int Shoppers, double LogLossBefore, double LogLoss, double AurocBefore, double Auroc, double LargestChange);

/// <summary>Writes models as ONNX files, with their preparation and calibration, and has ONNX Runtime check them on the shop's own shoppers or reviews first.</summary>
public sealed class ModelExports
{
    private const int MostCompared = 10_000;

    /// <summary>A file whose chances are further off than this is not handed out.</summary>
    private const double Tolerance = 1e-5;

    private readonly IDbContextFactory<StudioDb> _contexts;
    private readonly WarehouseRegistry _warehouses;
    private readonly AuditTrail _audit;
    private readonly ModelScoring _scoring;

    internal ModelExports(IDbContextFactory<StudioDb> contexts, WarehouseRegistry warehouses, AuditTrail audit, ModelScoring scoring) => (_contexts, _warehouses, _audit, _scoring) = (contexts, warehouses, audit, scoring);

    /// <param name="eightBit">Whether a network's weights are written as 8-bit numbers; what that costs is then measured.</param>
    public async Task<Outcome<ModelExport>> ToOnnxAsync(WorkspaceScope scope, Guid id, bool eightBit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ExportRows) is { } refusal) return refusal;
        var db = await _contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        if (await db.Models.AsNoTracking().SingleOrDefaultAsync(model => model.WorkspaceId == scope.Workspace && model.Id == id, cancellationToken).ConfigureAwait(false) is not { } version) return new ModelNotFound();
        if (!(await WriteAsync(scope, version, eightBit, cancellationToken).ConfigureAwait(false)).TryGet(out var written, out var problem)) return problem;
        var (content, compared, difference, rounding) = written;
        if (!(difference <= Tolerance)) return new ModelExportDiffers(version.Task, version.Number);   // also where it is no number
        _audit.Add(db, scope.Workspace, scope.Actor, new AuditFact("model.exported", version.Task, After: FormattableString.Invariant($"{version.Number}")));
        await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        return new ModelExport(FormattableString.Invariant($"{version.Task}-v{version.Number}{(eightBit ? "-8bit" : "")}.onnx"), content, compared, difference, version.Task == SentimentModelFacts.Task, rounding);
    }

    private async Task<Outcome<Written>> WriteAsync(WorkspaceScope scope, ModelVersion version, bool eightBit, CancellationToken cancellationToken)
    {
        if (eightBit && version.Family != BinaryModels.Perceptron) return new ModelHasNoWeights(version.Task, version.Number);
        if (version.Task == SentimentModelFacts.Task) return await WriteSentimentAsync(scope, version, cancellationToken).ConfigureAwait(false);
        if (!version.Task.StartsWith(ModelRegistry.IntentPrefix, StringComparison.Ordinal)) return new ModelNotExportable(version.Task);
        if (version.Family == BroughtModel.Family) return new ModelWasBrought();
        if (!(await _scoring.LoadAsync(version, IntentModel.Load, cancellationToken).ConfigureAwait(false)).TryGet(out var model, out var problem)) return problem;
        if (model.ToOnnx(eightBit) is not { } content) return new ModelNotExportable(version.Task);
        var written = eightBit ? model.Rounded()! : model;
        var (compared, difference) = await CompareAsync(scope, written, content, cancellationToken).ConfigureAwait(false);
        return new Written(content, compared, difference, eightBit ? await CostAsync(scope, version, model, written, cancellationToken).ConfigureAwait(false) : null);
    }

    private async Task<Outcome<Written>> WriteSentimentAsync(WorkspaceScope scope, ModelVersion version, CancellationToken cancellationToken)
    {
        var warehouse = await _warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        if (!(await _scoring.LoadAsync(version, SentimentExport.Of, cancellationToken).ConfigureAwait(false)).TryGet(out var export, out var problem)) return problem;
        var (content, compared, difference) = await export.WriteAsync(warehouse, cancellationToken).ConfigureAwait(false);
        return new Written(content, compared, difference, null);
    }

    /// <returns>Null for an older model on features that have changed since.</returns>
    private async Task<RoundingCost?> CostAsync(WorkspaceScope scope, ModelVersion version, IntentModel model, IntentModel rounded, CancellationToken cancellationToken)
    {
        var warehouse = await _warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        var db = await _contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var zone = await db.Workspaces.AsNoTracking().Where(shop => shop.Id == scope.Workspace).Select(shop => shop.TimeZone).SingleAsync(cancellationToken).ConfigureAwait(false);
        var test = await IntentWindows.ReadOneAsync(warehouse, PipelineJson.Read<ModelFacts>(version.ParametersJson).Test.From, ModelRegistry.HorizonOf(version), zone, cancellationToken).ConfigureAwait(false);
        try
        {
            var (before, after) = (model.Probabilities(test.X), rounded.Probabilities(test.X));
            return new RoundingCost(
                model.ToOnnx()!.Length, before.Length, BinaryMetrics.LogLoss(before, test.Y.AsSpan()), BinaryMetrics.LogLoss(after, test.Y.AsSpan()),
                BinaryMetrics.Auroc(before, test.Y.AsSpan()), BinaryMetrics.Auroc(after, test.Y.AsSpan()), before.Zip(after, (a, b) => Math.Abs((double)a - b)).DefaultIfEmpty().Max());
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private async Task<(int Rows, double Difference)> CompareAsync(WorkspaceScope scope, IntentModel model, byte[] content, CancellationToken cancellationToken)
    {
        var warehouse = await _warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        if (!await warehouse.HasTableAsync("user_features", cancellationToken).ConfigureAwait(false)) return (0, 0);
        var (_, all) = await IntentWindows.ReadScoredAsync(warehouse, "user_features", cancellationToken).ConfigureAwait(false);
        var x = all.Take([.. Enumerable.Range(0, Math.Min(all.Rows, MostCompared))]);
        try
        {
            var ours = model.Probabilities(x);
            if (ExportedModel.Probabilities(content, x) is not { } theirs) return (0, 0);
            var largest = 0.0;
            for (var row = 0; row < ours.Length; row++) largest = Math.Max(largest, Math.Abs((double)ours[row] - theirs[row]));   // unlike Enumerable.Max it keeps NaN
            return (x.Rows, largest);
        }
        catch (ArgumentException)
        {
            return (0, 0);   // an older model on features that have changed since: it has nobody to be compared on
        }
    }

    private sealed record Written(byte[] Content, int Compared, double Difference, RoundingCost? Rounding);
}
