using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Currencies;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Warehouse;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Insights.Figures;

/// <summary>The shop's figures for a period, from the published sums by day.</summary>
public sealed class FigureReader(WarehouseRegistry warehouses, WorkspaceDirectory workspaces, IDbContextFactory<StudioDb> databases)
{
    /// <summary>The period that a choice means for this shop's data: it ends with the last day of data, so old data still shows its last weeks.</summary>
    public async Task<Outcome<Period>> ResolveAsync(WorkspaceScope scope, PeriodChoice choice, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(choice);
        var opened = await OpenAsync(scope, cancellationToken).ConfigureAwait(false);
        return opened.TryGet(out var shop, out var problem) ? choice.Resolve(shop.First, shop.Last) : problem;
    }

    public async Task<Outcome<ShopFigures>> ReadAsync(WorkspaceScope scope, PeriodChoice choice, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(choice);
        var opened = await OpenAsync(scope, cancellationToken).ConfigureAwait(false);
        if (!opened.TryGet(out var shop, out var problem)) return problem;
        var period = choice.Resolve(shop.First, shop.Last);
        var before = period.Before.To >= shop.First ? period.Before : null;
        var now = await PeriodFigures.ReadAsync(shop.Warehouse, period, cancellationToken).ConfigureAwait(false);
        var then = before is null ? null : await PeriodFigures.ReadAsync(shop.Warehouse, before, cancellationToken).ConfigureAwait(false);
        var figures = FigureTable.Build(now, then, shop.HasPrices, shop.HasVisits);
        ImmutableArray<Driver> drivers = !shop.HasPrices || then is null
            ? []
            : [new("returning", now.Returning, then.Returning), new("new", now.New, then.New), new("refunds", -now.Refunded, -then.Refunded)];
        var products = before is null
            ? []
            : await shop.Warehouse.QueryAsync(FigureSql.Products, row => new ProductMove(row.Text(0)!, row.Text(1), row.Double(2), row.Double(3)),
                [period.From, period.To, before.From, before.To, shop.HasPrices], cancellationToken).ConfigureAwait(false);
        var currencies = await shop.Warehouse.QueryAsync(FigureSql.Currencies, row => new CurrencyTotal(row.Text(0)!, row.Long(1), row.Decimal(2), row.Decimal(3), row.Long(4)),
            [period.From, period.To, shop.Currency], cancellationToken).ConfigureAwait(false);
        return new ShopFigures(period, before, shop.Last, shop.HasPrices, shop.HasVisits, now.Days, figures, drivers, products, new FigureMoney(shop.Currency, shop.Zone, currencies));
    }

    /// <summary>The paid orders behind the period's figures, newest first.</summary>
    public async Task<Outcome<ImmutableArray<OrderRow>>> OrdersAsync(WorkspaceScope scope, PeriodChoice choice, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(choice);
        var opened = await OpenAsync(scope, cancellationToken).ConfigureAwait(false);
        if (!opened.TryGet(out var shop, out var problem)) return problem;
        var period = choice.Resolve(shop.First, shop.Last);
        return await shop.Warehouse.QueryAsync(FigureSql.Orders, ReadOrder, [period.From, period.To, shop.Zone], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Each kind of data that the shop has: rows, newest row, last import.</summary>
    public async Task<Outcome<ImmutableArray<Freshness>>> FreshnessAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var imports = await database.Imports.AsNoTracking().Where(import => import.WorkspaceId == scope.Workspace && import.State == ImportState.Complete)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        return imports.GroupBy(import => import.Kind).OrderBy(kind => kind.Key).Select(kind =>
        {
            var times = kind.Select(import => import.FinishedAt ?? import.CreatedAt).Order().ToArray();
            var gap = times.Length < 3 ? null : (double?)((times[^1] - times[0]).TotalDays / (times.Length - 1));
            return new Freshness(kind.Key, kind.Sum(import => import.Accepted), kind.Max(import => import.LastAt), times[^1], gap);
        }).ToImmutableArray();
    }

    private static OrderRow ReadOrder(WarehouseRow row)
    {
        var priced = row.Boolean(9);
        return new OrderRow(row.Text(0)!, row.Text(1)!, row.Instant(2), row.Int(3), priced ? row.Decimal(4) : null, priced ? row.Decimal(5) : null,
            priced ? row.Decimal(6) : null, priced ? row.Decimal(7) : null, row.Text(8), row.Text(10), row.DecimalOrNull(11));
    }

    private async Task<Outcome<OpenShop>> OpenAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        var workspace = await workspaces.FindAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        if (workspace is null) return new NoFiguresYet();
        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        if (!await warehouse.HasTableAsync("item_daily", cancellationToken).ConfigureAwait(false)) return new NoFiguresYet();
        var spans = await warehouse.QueryAsync(FigureSql.Span,
            row => new OpenShop(warehouse, workspace.TimeZone, workspace.Currency, row.Date(0), row.Date(1), row.Boolean(2), row.Boolean(3)), [], cancellationToken).ConfigureAwait(false);
        return spans.IsEmpty ? new NoFiguresYet() : spans[0];
    }

    private sealed record OpenShop(WorkspaceWarehouse Warehouse, string Zone, string Currency, DateOnly First, DateOnly Last, bool HasVisits, bool HasPrices);
}

public sealed record NoFiguresYet()
    : Problem("figures.none-yet", "There are no figures yet. Import events and refresh the insights once; this page fills itself.");
