using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Live.Moving;

/// <summary>Takes out live rows that are in the warehouse already: of the same message, of the same order's line, or of an order that has changed since.</summary>
internal static class RepeatedRows
{
    private const string Messages = """
        delete from events where import_id = 0 and source_line >= $1 and source_line in (
            select fresh.source_line from (select message_id, coalesce(line_no, 1) as line, source_line from events where import_id = 0 and source_line >= $1 and message_id is not null) fresh
            join events old on old.message_id = fresh.message_id and coalesce(old.line_no, 1) = fresh.line and (old.import_id <> 0 or old.source_line < fresh.source_line))
        """;

    private const string Orders = """
        delete from events where import_id = 0 and source_line >= $1 and source_line in (
            select fresh.source_line from (
                select order_id, line_no, event_type, ts, source_line from events
                where import_id = 0 and source_line >= $1 and order_id is not null and line_no is not null and event_type in ('purchase', 'refund')) fresh
            join events old on old.order_id = fresh.order_id and old.line_no = fresh.line_no and old.event_type = fresh.event_type and (fresh.event_type = 'purchase' or old.ts = fresh.ts) and (old.import_id <> 0 or old.source_line < fresh.source_line))
        """;

    /// <summary>A review goes with its event; one that is here under its own id is not written again.</summary>
    private const string Reviews = """
        delete from reviews where import_id = 0 and source_line >= $1 and (
            not exists (select 1 from events e where e.import_id = 0 and e.source_line = reviews.source_line)
            or exists (select 1 from reviews old where old.review_id = reviews.review_id and (old.import_id <> 0 or old.source_line < reviews.source_line)))
        """;

    private const string Count = "select count(distinct coalesce(message_id, order_id, cast(source_line as varchar))) from events where import_id = 0 and source_line >= $1";

    /// <returns>Events of which a row was taken out.</returns>
    public static async Task<long> RemoveAsync(long firstLine, WarehouseSession session, CancellationToken cancellationToken)
    {
        var before = await session.ScalarAsync<long>(Count, [firstLine], cancellationToken).ConfigureAwait(false);
        var removed = await ChangedOrders.RemoveLateAsync(firstLine, session, cancellationToken).ConfigureAwait(false);
        removed += await session.ExecuteAsync(Messages, [firstLine], cancellationToken).ConfigureAwait(false) + await session.ExecuteAsync(Orders, [firstLine], cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync(Reviews, [firstLine], cancellationToken).ConfigureAwait(false);
        return removed == 0 ? 0 : before - await session.ScalarAsync<long>(Count, [firstLine], cancellationToken).ConfigureAwait(false);
    }
}
