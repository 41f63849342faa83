using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Ingestion.Running;

/// <summary>Brings orders up to date: an order of the file takes the place of the same order as a whole, because its lines, its state and its refunds belong together.</summary>
internal static class OrderUpdate
{
    /// <summary>Orders of the file that are here from another import, and whether every row of theirs is just so.</summary>
    private static readonly string Known = $"""
        create temp table known_orders as
        with rows as (
            select order_id, import_id = $1 as is_new,
                   hash(line_no, event_type, ts, user_id, item_id, item_name, price, quantity, coalesce(discount, 0), currency, coupon_code, order_state) as content
            from events where order_id is not null and (import_id = $1 or {KindTable.Of(DatasetKind.Orders).Rows})),
        sums as (select order_id, is_new, sum(content) as content, count(*) as row_count from rows group by order_id, is_new)
        select n.order_id, n.content = o.content and n.row_count = o.row_count as same
        from sums n join sums o on o.order_id = n.order_id and not o.is_new where n.is_new
        """;

    /// <returns>Lines of the file that change what is here, and lines that are here just so.</returns>
    public static async Task<(long Updated, long Unchanged)> RunAsync(int import, WarehouseSession session, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync(Known, [import], cancellationToken).ConfigureAwait(false);
        const string Same = "import_id = $1 and order_id in (select order_id from known_orders where same)";
        var unchanged = await session.ScalarAsync<long>($"select count(*) from events where event_type = 'purchase' and {Same}", [import], cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync($"delete from events where {Same}", [import], cancellationToken).ConfigureAwait(false);
        var updated = await session.ScalarAsync<long>($"""
            select count(*) from events n where n.import_id = $1 and n.event_type = 'purchase' and n.order_id in (select order_id from known_orders where not same)
                and exists (select 1 from events old where old.order_id = n.order_id and old.line_no = n.line_no and old.import_id <> $1 and old.event_type = 'purchase')
            """, [import], cancellationToken).ConfigureAwait(false);
        await Replacement.PutAsideAsync("events", OldRows(import), import, session, cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync("drop table known_orders", [], cancellationToken).ConfigureAwait(false);
        return (updated, unchanged);
    }

    /// <summary>Each old row and the line that takes its place: the same line of the order, else the order's first.</summary>
    private static string OldRows(int import) => FormattableString.Invariant($"""
        select old.rowid as old_row, coalesce(min(n.source_line) filter (where n.line_no = old.line_no), min(n.source_line)) as source_line
        from events old join known_orders k on k.order_id = old.order_id and not k.same join events n on n.order_id = old.order_id and n.import_id = {import}
        where old.import_id <> {import} and old.{KindTable.Of(DatasetKind.Orders).Rows} group by old.rowid
        """);
}
