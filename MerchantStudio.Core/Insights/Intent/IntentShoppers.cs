using System.Collections.Immutable;
using System.Text.Json;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Insights.Intent;

/// <summary>A shopper and her chance, as published.</summary>
public sealed record ScoredShopper(string UserId, double Probability, double Low, double High, ImmutableArray<IntentReason> Reasons);

/// <param name="Total">Shoppers that meet threshold and filter, on all pages.</param>
public sealed record ScoredPage(ImmutableArray<ScoredShopper> Shoppers, int Total);

public enum ScoredOrder
{
    Probability,
    UserId,
    Width,
}

/// <summary>Reads the published chances.</summary>
public sealed class IntentShoppers(WarehouseRegistry warehouses)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Every shopper's chance at this horizon, ascending; empty when none is published.</summary>
    public async Task<Outcome<ImmutableArray<double>>> ProbabilitiesAsync(WorkspaceScope scope, int horizonDays, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        if (!await warehouse.HasTableAsync("intent_scores", cancellationToken).ConfigureAwait(false)) return ImmutableArray<double>.Empty;
        return await warehouse.QueryAsync("select probability from intent_scores where horizon_days = $1 order by probability", row => row.Double(0), [horizonDays], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Median net value of a paid order; null without priced orders.</summary>
    public async Task<decimal?> TypicalOrderAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is not null) return null;
        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        if (!await warehouse.HasTableAsync("paid_orders", cancellationToken).ConfigureAwait(false)) return null;
        return (await warehouse.QueryAsync("select cast(median(net) as decimal(18, 4)) from paid_orders where has_price", row => row.DecimalOrNull(0), [], cancellationToken).ConfigureAwait(false))[0];
    }

    /// <summary>Shoppers whose chance is at least <paramref name="threshold"/>.</summary>
    /// <param name="filter">Part of the id; null for all.</param>
    public async Task<Outcome<ScoredPage>> PageAsync(WorkspaceScope scope, int horizonDays, double threshold, string? filter, ScoredOrder order, bool descending, int skip, int take, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        if (!await warehouse.HasTableAsync("intent_scores", cancellationToken).ConfigureAwait(false)) return new ScoredPage([], 0);
        const string From = "from intent_scores where horizon_days = $1 and probability >= $2 and contains(lower(user_id), lower($3))";
        object?[] values = [horizonDays, threshold, filter ?? ""];
        var column = order switch { ScoredOrder.UserId => "user_id", ScoredOrder.Width => "high - low", _ => "probability" };
        var total = await warehouse.ScalarAsync<long>($"select count(*) {From}", values, cancellationToken).ConfigureAwait(false);
        var shoppers = await warehouse.QueryAsync(
            $"select user_id, probability, low, high, reasons {From} order by {column} {(descending ? "desc" : "asc")}, user_id limit $4 offset $5",
            row => new ScoredShopper(row.Text(0) ?? "", row.Double(1), row.Double(2), row.Double(3), JsonSerializer.Deserialize<ImmutableArray<IntentReason>>(row.Text(4) ?? "[]", Json)),
            [.. values, (long)take, (long)skip], cancellationToken).ConfigureAwait(false);
        return new ScoredPage(shoppers, (int)total);
    }
}
