using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Features;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline.Brought;
using MerchantStudio.Core.Pipeline.Serving;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Pipeline.WhatIf;

/// <summary>Opens the live intent model on one shopper, to ask what her chance would be if something were otherwise.</summary>
public sealed class ShopperWhatIf
{
    private const string Table = "user_features";

    private readonly IDbContextFactory<StudioDb> _contexts;
    private readonly WarehouseRegistry _warehouses;
    private readonly ModelScoring _scoring;

    private readonly LiveScores _live;

    internal ShopperWhatIf(IDbContextFactory<StudioDb> contexts, WarehouseRegistry warehouses, ModelScoring scoring, LiveScores live) => (_contexts, _warehouses, _scoring, _live) = (contexts, warehouses, scoring, live);

    /// <param name="horizonDays">Of the model.</param>
    /// <returns>Holds model and row in memory: asking it again reads nothing.</returns>
    public async Task<Outcome<WhatIfShopper>> OpenAsync(WorkspaceScope scope, ShopperId shopper, int horizonDays, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.LookUpCustomer) is { } refusal && scope.Refusal(Right.ReadFigures) is not null) return refusal;
        var task = FormattableString.Invariant($"{ModelRegistry.IntentPrefix}{horizonDays}");
        var db = await _contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        if (await db.Models.AsNoTracking().SingleOrDefaultAsync(model => model.WorkspaceId == scope.Workspace && model.Task == task && model.IsLive, cancellationToken).ConfigureAwait(false) is not { } live) return new ModelNotFound();
        if (live.Family == BroughtModel.Family) return new ModelNotAskable(live.Task, live.Number);
        if (!(await _scoring.LoadAsync(live, IntentModel.Load, cancellationToken).ConfigureAwait(false)).TryGet(out var model, out var problem)) return problem;
        if (!(await _live.FeaturesAsync(scope, shopper, cancellationToken).ConfigureAwait(false)).TryGet(out var row, out problem)) return problem;
        FeatureDefinition[] features = [.. FeatureCatalog.All.Where(feature => !feature.IsSensitive)];
        var warehouse = await _warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        if (!model.Accepts(row)) return new ModelInputsChanged(live.Task, live.Number);
        var ranges = await RangesAsync(warehouse, features, cancellationToken).ConfigureAwait(false);
        return new WhatIfShopper(model, row, features, ranges, PipelineJson.Read<ModelFigures>(live.MetricsJson).Test.Threshold);
    }

    /// <summary>Between which values nine of ten shoppers lie, for each feature that can be acted on.</summary>
    private static async Task<ImmutableDictionary<string, Interval>> RangesAsync(WorkspaceWarehouse warehouse, FeatureDefinition[] features, CancellationToken cancellationToken)
    {
        string[] keys = [.. features.Where(feature => feature.IsActionable).Select(feature => feature.Key)];
        var columns = string.Join(", ", keys.Select(key => $"cast(quantile_cont({Sql.Identifier(key)}, 0.05) as double), cast(quantile_cont({Sql.Identifier(key)}, 0.95) as double)"));
        var ends = await warehouse.QueryAsync($"select {columns} from {Table}", row => keys.Select((key, index) => (key, Low: row.DoubleOrNull(2 * index), High: row.DoubleOrNull((2 * index) + 1))).ToArray(), [], cancellationToken).ConfigureAwait(false);
        return ends[0].Where(end => end.Low is not null && end.High is not null).ToImmutableDictionary(end => end.key, end => new Interval(end.Low!.Value, end.High!.Value));
    }
}
