using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Networks.Sequences;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline.Brought;
using MerchantStudio.Core.Pipeline.NextItem;
using MerchantStudio.Core.Pipeline.SessionEnd;
using MerchantStudio.Core.Reviews;
using MerchantStudio.Core.Warehouse;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Pipeline;

/// <summary>A model as a file for other programs.</summary>
/// <param name="FileName">"intent-7-v3.onnx", "sentiment-v3.onnx" or "session-end-v3-8bit.onnx".</param>
/// <param name="Compared">How many rows ONNX Runtime answered for comparison; 0 where it is not offered for this machine or there are none yet.</param>
/// <param name="LargestDifference">Between an answer of the runtime and ours, over those.</param>
/// <param name="Rows">What it was compared on.</param>
/// <param name="Rounding">What 8-bit numbers cost and save; null for a file without.</param>
public sealed record ModelExport(string FileName, byte[] Content, int Compared, double LargestDifference, ExportedRows Rows, RoundingCost? Rounding = null);

/// <summary>What a model's file reads.</summary>
public enum ExportedRows
{
    /// <summary>Features of shoppers, for the chance to buy.</summary>
    Shoppers,

    Reviews,

    /// <summary>Beginnings of visits, for the chance that they end in a purchase.</summary>
    Visits,

    /// <summary>Products that shoppers met, for the next one.</summary>
    Histories,
}

/// <summary>Writes models as ONNX files, with their preparation and calibration, and has ONNX Runtime check them on the shop's own rows first.</summary>
public sealed class ModelExports
{
    /// <summary>A file whose answers are further off than this is not handed out.</summary>
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
        if (version.Family == BroughtModel.Family) return new ModelWasBrought();
        if (eightBit && !IsNetwork(version.Family)) return new ModelHasNoWeights(version.Task, version.Number);
        var shop = await db.Workspaces.AsNoTracking().SingleAsync(shop => shop.Id == scope.Workspace, cancellationToken).ConfigureAwait(false);
        if (!(await WriteAsync(shop, version, eightBit, cancellationToken).ConfigureAwait(false)).TryGet(out var written, out var problem)) return problem;
        if (!(written.Check.Difference <= Tolerance)) return new ModelExportDiffers(version.Task, version.Number);   // also where it is no number
        _audit.Add(db, scope.Workspace, scope.Actor, new AuditFact("model.exported", version.Task, After: FormattableString.Invariant($"{version.Number}")));
        await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        return new ModelExport(
            FormattableString.Invariant($"{version.Task}-v{version.Number}{(eightBit ? "-8bit" : "")}.onnx"), written.Content, written.Check.Compared, written.Check.Difference, RowsOf(version.Task), written.Rounding);
    }

    /// <summary>Whether a family's weights can be written as 8-bit numbers.</summary>
    internal static bool IsNetwork(string family) => family == BinaryModels.Perceptron || SequenceOptions.Families.Contains(family);

    internal static ExportedRows RowsOf(string task) => task switch
    {
        SentimentModelFacts.Task => ExportedRows.Reviews,
        SessionEndTrainings.Task => ExportedRows.Visits,
        NextItems.Task => ExportedRows.Histories,
        _ => ExportedRows.Shoppers,
    };

    private async Task<Outcome<WrittenModel>> WriteAsync(Workspace shop, ModelVersion version, bool eightBit, CancellationToken cancellationToken)
    {
        var warehouse = await _warehouses.OpenAsync(shop.Id, cancellationToken).ConfigureAwait(false);
        switch (version.Task)
        {
            case SentimentModelFacts.Task:
                if (!(await _scoring.LoadAsync(version, SentimentExport.Of, cancellationToken).ConfigureAwait(false)).TryGet(out var sentiment, out var problem)) return problem;
                var (content, check) = await sentiment.WriteAsync(warehouse, cancellationToken).ConfigureAwait(false);
                return new WrittenModel(content, check);
            case SessionEndTrainings.Task:
                if (!(await _scoring.LoadAsync(version, SessionEndModel.Load, cancellationToken).ConfigureAwait(false)).TryGet(out var sessionEnd, out problem)) return problem;
                return await new SessionEndExport(sessionEnd).WriteAsync(warehouse, shop, version, eightBit, cancellationToken).ConfigureAwait(false);
            case NextItems.Task:
                if (!(await _scoring.LoadAsync(version, NextItemModel.Load, cancellationToken).ConfigureAwait(false)).TryGet(out var nextItem, out problem)) return problem;
                return await new NextItemExport(nextItem).WriteAsync(warehouse, version, eightBit, cancellationToken).ConfigureAwait(false);
            case var task when task.StartsWith(ModelRegistry.IntentPrefix, StringComparison.Ordinal):
                if (!(await _scoring.LoadAsync(version, IntentModel.Load, cancellationToken).ConfigureAwait(false)).TryGet(out var intent, out problem)) return problem;
                return await new IntentExport(intent).WriteAsync(warehouse, shop, version, eightBit, cancellationToken).ConfigureAwait(false);
            default:
                return new ModelNotExportable(version.Task, version.Number);
        }
    }
}
