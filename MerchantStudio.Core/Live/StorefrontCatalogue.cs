using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Live;

/// <param name="Price">Of the catalogue, else the last one that an event had.</param>
public sealed record StorefrontProduct(string ItemId, string Name, string? Category, decimal Price);

/// <summary>Some of the shop's own products, for its preview.</summary>
public sealed class StorefrontCatalogue(WarehouseRegistry warehouses)
{
    private const int Most = 48;

    private const string Sql = """
        with listed as (
            select item_id, coalesce(name, item_id) as name, category, price from products where item_id is not null
            qualify row_number() over (partition by item_id order by import_id desc, source_line desc) = 1),
        priced as (
            select item_id, last(price order by ts nulls first, import_id, source_line) as price from events where item_id is not null and price > 0
            and item_id in (select item_id from listed where price is null) group by item_id)
        select l.item_id, l.name, l.category, coalesce(l.price, p.price) from listed l left join priced p on p.item_id = l.item_id
        where coalesce(l.price, p.price) > 0 order by l.category, l.item_id limit $1
        """;

    public async Task<Outcome<ImmutableArray<StorefrontProduct>>> ReadAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ManageKeys) is { } refusal) return refusal;
        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        return await warehouse.QueryAsync(Sql, row => new StorefrontProduct(row.Text(0)!, row.Text(1)!, row.Text(2), row.Decimal(3)), [Most], cancellationToken).ConfigureAwait(false);
    }
}
