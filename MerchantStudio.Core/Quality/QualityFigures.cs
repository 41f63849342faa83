using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Quality;

/// <summary>What is counted of the events, once for all checks.</summary>
/// <param name="Identical">Events that repeat another one in every column.</param>
/// <param name="BadAmounts">Sales with a price or quantity of zero or below.</param>
/// <param name="KnownItems">Different items of events that the catalogue has.</param>
/// <param name="MixedOrders">Orders that name more than one shopper.</param>
internal sealed record QualityFigures(
    long Events, long NoShopper, long NoItem, long Sales, long NoPrice, long BadAmounts, long Future, long Identical, long Shoppers,
    DateTimeOffset? FirstAt, DateTimeOffset? LastAt, long Items, long KnownItems, long Products, long Orders, long MixedOrders)
{
    private const string EventsSql = """
        select count(*),
            count(*) filter (where user_id is null and anonymous_id is null),
            count(*) filter (where item_id is null and event_type in ('view', 'add_to_cart', 'purchase')),
            count(*) filter (where event_type = 'purchase'),
            count(*) filter (where event_type = 'purchase' and price is null),
            count(*) filter (where event_type = 'purchase' and (price <= 0 or quantity <= 0)),
            count(*) filter (where ts > $1),
            count(*) - count(distinct hash(user_id, anonymous_id, session_id, ts, event_type, item_id, category, price, quantity, order_id, line_no, message_id, search_query)),
            count(distinct coalesce(user_id, anonymous_id)),
            min(ts) filter (where ts <= $1), max(ts) filter (where ts <= $1)
        from events
        """;

    private const string RestSql = """
        select
            (select count(distinct item_id) from events),
            (select count(distinct e.item_id) from events e where exists (select 1 from products p where p.item_id = e.item_id)),
            (select count(*) from products),
            (select count(*) from (select order_id from events where order_id is not null group by 1) as orders),
            (select count(*) from (select order_id from events where order_id is not null and user_id is not null group by 1 having count(distinct user_id) > 1) as mixed)
        """;

    /// <param name="now">Events later than a day after this are in the future.</param>
    public static async Task<QualityFigures> CountAsync(WorkspaceWarehouse warehouse, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var events = await warehouse.QueryAsync(
            EventsSql,
            row => (Counts: Enumerable.Range(0, 9).Select(row.Long).ToArray(), First: row.InstantOrNull(9), Last: row.InstantOrNull(10)),
            [now.AddDays(1)], cancellationToken).ConfigureAwait(false);
        var rest = await warehouse.QueryAsync(RestSql, row => Enumerable.Range(0, 5).Select(row.Long).ToArray(), [], cancellationToken).ConfigureAwait(false);
        var (counted, first, last) = events[0];
        var other = rest[0];
        return new QualityFigures(
            counted[0], counted[1], counted[2], counted[3], counted[4], counted[5], counted[6], counted[7], counted[8], first, last,
            other[0], other[1], other[2], other[3], other[4]);
    }
}
