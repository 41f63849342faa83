using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Learning.Onnx;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline.Stages;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Pipeline;

/// <summary>A model of who will buy as an ONNX file for other programs, compared with the studio on the shop's own shoppers.</summary>
internal sealed class IntentExport(IntentModel model)
{
    private const int MostCompared = 10_000;

    public async Task<Outcome<WrittenModel>> WriteAsync(WorkspaceWarehouse warehouse, Workspace shop, ModelVersion version, bool eightBit, CancellationToken cancellationToken)
    {
        if (model.ToOnnx(eightBit) is not { } content) return new ModelNotExportable(version.Task, version.Number);
        var written = eightBit ? model.Rounded()! : model;
        var check = await CompareAsync(warehouse, written, content, cancellationToken).ConfigureAwait(false);
        return new WrittenModel(content, check, eightBit ? await CostAsync(warehouse, shop, version, written, cancellationToken).ConfigureAwait(false) : null);
    }

    private static async Task<ExportCheck> CompareAsync(WorkspaceWarehouse warehouse, IntentModel model, byte[] content, CancellationToken cancellationToken)
    {
        if (!await warehouse.HasTableAsync("user_features", cancellationToken).ConfigureAwait(false)) return default;
        var (_, all) = await IntentWindows.ReadScoredAsync(warehouse, "user_features", cancellationToken).ConfigureAwait(false);
        var x = all.Take([.. Enumerable.Range(0, Math.Min(all.Rows, MostCompared))]);
        if (!model.Accepts(x)) return default;   // an older model on features that have changed since has nobody to be compared on
        return ExportedModel.Probabilities(content, x) is { } theirs ? default(ExportCheck).With(x.Rows, model.Probabilities(x), theirs) : default;
    }

    /// <returns>Null for an older model on features that have changed since.</returns>
    private async Task<RoundingCost?> CostAsync(WorkspaceWarehouse warehouse, Workspace shop, ModelVersion version, IntentModel rounded, CancellationToken cancellationToken)
    {
        var test = await IntentWindows.ReadOneAsync(warehouse, PipelineJson.Read<ModelFacts>(version.ParametersJson).Test.From, ModelRegistry.HorizonOf(version), shop.TimeZone, cancellationToken).ConfigureAwait(false);
        return model.Accepts(test.X) ? ChanceRounding.Of(model.ToOnnx()!.Length, model.Probabilities(test.X), rounded.Probabilities(test.X), test.Y.AsSpan()) : null;
    }
}
