using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Warehouse;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MerchantStudio.Core.Insights.Lookup;

public enum FoundKind
{
    Customer,
    Product,
    Segment,
    Rule,
}

/// <summary>Something of the shop that fits a few typed letters.</summary>
/// <param name="Key">What its page's address names it by.</param>
/// <param name="Note">A product's id, where the name is shown.</param>
public sealed record Found(FoundKind Kind, string Key, string Name, string? Note = null);

/// <summary>Finds customers, products, segments and coupon rules by a part of their name or id. Personal names stay encrypted, so customers are found by id.</summary>
public sealed class ShopLookup(IDbContextFactory<StudioDb> databases, WarehouseRegistry warehouses)
{
    private const string Customers = "select user_id from shopper_profile where contains(lower(user_id), lower($1)) order by (lower(user_id) = lower($1)) desc, orders desc, user_id limit $2";

    private const string Products = """
        select item_id, max(name) as name from products
        where contains(lower(item_id), lower($1)) or contains(lower(name), lower($1))
        group by item_id order by (lower(item_id) = lower($1)) desc, name, item_id limit $2
        """;

    /// <param name="limit">Most of each kind.</param>
    /// <returns>By kind; empty for fewer than two letters.</returns>
    public async Task<Outcome<ImmutableArray<Found>>> FindAsync(WorkspaceScope scope, string text, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(text);
        if (scope.Refusal(Right.LookUpCustomer) is { } refusal) return refusal;
        var wanted = text.Trim();
        if (wanted.Length < 2) return ImmutableArray<Found>.Empty;
        var found = ImmutableArray.CreateBuilder<Found>();
        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        if (await warehouse.HasTableAsync("shopper_profile", cancellationToken).ConfigureAwait(false))
        {
            found.AddRange(await warehouse.QueryAsync(Customers, row => new Found(FoundKind.Customer, row.Text(0)!, row.Text(0)!), [wanted, limit], cancellationToken).ConfigureAwait(false));
        }

        if (scope.Refusal(Right.ReadFigures) is not null) return found.ToImmutable();
        found.AddRange(await warehouse.QueryAsync(Products, ReadProduct, [wanted, limit], cancellationToken).ConfigureAwait(false));
        await AddSavedAsync(scope, wanted, limit, found, cancellationToken).ConfigureAwait(false);
        return found.ToImmutable();
    }

    private static Found ReadProduct(WarehouseRow row) =>
        row.Text(1) is { Length: > 0 } name ? new Found(FoundKind.Product, row.Text(0)!, name, row.Text(0)) : new Found(FoundKind.Product, row.Text(0)!, row.Text(0)!);

    private async Task AddSavedAsync(WorkspaceScope scope, string wanted, int limit, ImmutableArray<Found>.Builder found, CancellationToken cancellationToken)
    {
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var segments = await database.Segments.AsNoTracking().Where(segment => segment.WorkspaceId == scope.Workspace).Select(segment => new { segment.Id, segment.Name }).ToListAsync(cancellationToken).ConfigureAwait(false);
        var rules = await database.CouponRules.AsNoTracking().Where(rule => rule.WorkspaceId == scope.Workspace).Select(rule => new { rule.Id, rule.Name }).ToListAsync(cancellationToken).ConfigureAwait(false);
        found.AddRange(segments.Where(segment => Fits(segment.Name)).Take(limit).Select(segment => new Found(FoundKind.Segment, $"saved:{segment.Id:D}", segment.Name)));
        found.AddRange(rules.Where(rule => Fits(rule.Name)).Take(limit).Select(rule => new Found(FoundKind.Rule, rule.Id.ToString("D"), rule.Name)));

        bool Fits(string name) => name.Contains(wanted, StringComparison.OrdinalIgnoreCase);
    }
}

public static class LookupRegistration
{
    public static IServiceCollection AddLookup(this IServiceCollection services) => services.AddSingleton<ShopLookup>();
}
