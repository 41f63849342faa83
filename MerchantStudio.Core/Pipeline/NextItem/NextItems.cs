using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline.Brought;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Pipeline.NextItem;

/// <param name="Number">Of the version that says so.</param>
/// <param name="Items">Products that she has not met, likeliest first.</param>
/// <param name="Test">How well the version told the next product.</param>
public sealed record LikelyItems(string Family, int Number, ImmutableArray<LikelyItem> Items, NextItemFigures Test);

/// <summary>Products that a shopper is likely to turn to next, by the version in use.</summary>
public sealed class NextItems
{
    /// <summary>The task of its versions.</summary>
    public const string Task = "next-item";

    private readonly IDbContextFactory<StudioDb> _contexts;
    private readonly WarehouseRegistry _warehouses;
    private readonly ModelScoring _scoring;
    private (string Hash, NextItemModel Model)? _last;

    internal NextItems(IDbContextFactory<StudioDb> contexts, WarehouseRegistry warehouses, ModelScoring scoring) => (_contexts, _warehouses, _scoring) = (contexts, warehouses, scoring);

    /// <returns>Null where no version is in use.</returns>
    public async Task<Outcome<LikelyItems?>> OfAsync(WorkspaceScope scope, ShopperId shopper, int most, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.LookUpCustomer) is { } refusal && scope.Refusal(Right.ReadFigures) is not null) return refusal;
        var db = await _contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        if (await db.Models.AsNoTracking().SingleOrDefaultAsync(model => model.WorkspaceId == scope.Workspace && model.Task == Task && model.IsLive, cancellationToken).ConfigureAwait(false) is not { } live) return (LikelyItems?)null;
        if (!(await LoadAsync(live, cancellationToken).ConfigureAwait(false)).TryGet(out var model, out var problem)) return problem;
        var warehouse = await _warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        var history = await ItemHistories.OfAsync(warehouse, shopper.Value, cancellationToken).ConfigureAwait(false);
        return new LikelyItems(live.Family, live.Number, model.Likely(history, most), PipelineJson.Read<NextItemMetrics>(live.MetricsJson).Test);
    }

    /// <summary>The last one is kept in memory: customers are looked up one after the other.</summary>
    private async Task<Outcome<NextItemModel>> LoadAsync(ModelVersion live, CancellationToken cancellationToken)
    {
        if (_last is { } last && last.Hash == live.FileHash) return last.Model;
        if (!(await _scoring.LoadAsync(live, NextItemModel.Load, cancellationToken).ConfigureAwait(false)).TryGet(out var model, out var problem)) return problem;
        _last = (live.FileHash, model);
        return model;
    }
}
