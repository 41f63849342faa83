using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Insights.Intent;
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
public sealed record ModelExport(string FileName, byte[] Content, int Compared, double LargestDifference, bool OfReviews);

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

    public async Task<Outcome<ModelExport>> ToOnnxAsync(WorkspaceScope scope, Guid id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ExportRows) is { } refusal) return refusal;
        var db = await _contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        if (await db.Models.AsNoTracking().SingleOrDefaultAsync(model => model.WorkspaceId == scope.Workspace && model.Id == id, cancellationToken).ConfigureAwait(false) is not { } version) return new ModelNotFound();
        if (!(await WriteAsync(scope, version, cancellationToken).ConfigureAwait(false)).TryGet(out var written, out var problem)) return problem;
        var (content, compared, difference) = written;
        if (!(difference <= Tolerance)) return new ModelExportDiffers(version.Task, version.Number);   // also where it is no number
        _audit.Add(db, scope.Workspace, scope.Actor, new AuditFact("model.exported", version.Task, After: FormattableString.Invariant($"{version.Number}")));
        await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        return new ModelExport(FormattableString.Invariant($"{version.Task}-v{version.Number}.onnx"), content, compared, difference, version.Task == SentimentModelFacts.Task);
    }

    private async Task<Outcome<(byte[] Content, int Compared, double Difference)>> WriteAsync(WorkspaceScope scope, ModelVersion version, CancellationToken cancellationToken)
    {
        if (version.Task == SentimentModelFacts.Task) return await WriteSentimentAsync(scope, version, cancellationToken).ConfigureAwait(false);
        if (!version.Task.StartsWith(ModelRegistry.IntentPrefix, StringComparison.Ordinal)) return new ModelNotExportable(version.Task);
        if (version.Family == BroughtModel.Family) return new ModelWasBrought();
        if (!(await _scoring.LoadAsync(version, IntentModel.Load, cancellationToken).ConfigureAwait(false)).TryGet(out var model, out var problem)) return problem;
        if (model.ToOnnx() is not { } content) return new ModelNotExportable(version.Task);
        var (compared, difference) = await CompareAsync(scope, model, content, cancellationToken).ConfigureAwait(false);
        return (content, compared, difference);
    }

    private async Task<Outcome<(byte[] Content, int Compared, double Difference)>> WriteSentimentAsync(WorkspaceScope scope, ModelVersion version, CancellationToken cancellationToken)
    {
        var warehouse = await _warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        if (!(await _scoring.LoadAsync(version, SentimentExport.Of, cancellationToken).ConfigureAwait(false)).TryGet(out var export, out var problem)) return problem;
        return await export.WriteAsync(warehouse, cancellationToken).ConfigureAwait(false);
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
}
