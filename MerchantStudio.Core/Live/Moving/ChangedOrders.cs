using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Live.Moving;

/// <summary>An order that has changed: its last event's lines take the place of all that was known of it, and it keeps the time at which it was placed.</summary>
internal static class ChangedOrders
{
    private const string IsKnown = "select exists (select 1 from events where message_id = $1 and (import_id <> 0 or source_line < $2))";

    /// <summary>Rows of imports are put aside: nothing brings them back, but they go with their import.</summary>
    private const string PutAside = """
        insert into replaced_events by name select e.*, 0 as replaced_by, $2::bigint as replaced_line from events e where e.event_type = 'purchase' and e.order_id = $1 and e.import_id <> 0
        """;

    private const string Remove = "delete from events where event_type = 'purchase' and order_id = $1 and (import_id <> 0 or source_line not between $2 and $3)";

    private const string KeepTime = """
        update events set ts = (select min(e.ts) from events e where e.event_type = 'purchase' and e.order_id = $1) where import_id = 0 and source_line between $2 and $3
        """;

    /// <summary>Sales of the batch that are of an order changed before it, whose lines of then are still here.</summary>
    private const string Late = """
        import_id = 0 and source_line >= $1 and event_type = 'purchase' and order_id in (
            select c.order_id from changed_orders c where c.source_line < $1
            and exists (select 1 from events old where old.order_id = c.order_id and old.event_type = 'purchase' and (old.import_id <> 0 or old.source_line < $1)))
        """;

    /// <summary>Its placing may come after its change, and is earlier all the same.</summary>
    private const string TakeTime = $"""
        update events set ts = least(ts, placed.at) from (select order_id, min(ts) as at from events where {Late} group by 1) placed
        where events.order_id = placed.order_id and events.event_type = 'purchase'
        """;

    /// <summary>Takes out what says how an order was before its change. To be called after <see cref="ApplyAsync"/>, whose own lines stay.</summary>
    /// <returns>Rows taken out.</returns>
    public static async Task<long> RemoveLateAsync(long firstLine, WarehouseSession session, CancellationToken cancellationToken)
    {
        if (await session.ScalarAsync<long>($"select count(*) from events where {Late}", [firstLine], cancellationToken).ConfigureAwait(false) == 0) return 0;
        await session.ExecuteAsync(TakeTime, [firstLine], cancellationToken).ConfigureAwait(false);
        return await session.ExecuteAsync($"delete from events where {Late}", [firstLine], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>To be called when the batch's rows are in the table.</summary>
    public static async Task ApplyAsync(MovedBatch batch, WarehouseSession session, CancellationToken cancellationToken)
    {
        foreach (var (order, change) in Last(batch))
        {
            if (change.MessageId is { } id && await session.ScalarAsync<bool>(IsKnown, [id, change.From], cancellationToken).ConfigureAwait(false)) continue;
            await session.ExecuteAsync(KeepTime, [order, change.From, change.To], cancellationToken).ConfigureAwait(false);
            await session.ExecuteAsync(PutAside, [order, change.From], cancellationToken).ConfigureAwait(false);
            await session.ExecuteAsync(Remove, [order, change.From, change.To], cancellationToken).ConfigureAwait(false);
            await session.ExecuteAsync("delete from changed_orders where order_id = $1", [order], cancellationToken).ConfigureAwait(false);
            await session.ExecuteAsync("insert into changed_orders (order_id, source_line) values ($1, $2)", [order, change.From], cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The lines of each order's last change in the batch; those of one event follow each other, numbered from 1.</summary>
    private static Dictionary<string, Change> Last(MovedBatch batch)
    {
        var last = new Dictionary<string, Change>(StringComparer.Ordinal);
        foreach (var (line, _, row) in batch.Events)
        {
            if (row.ChangesOrder != true || row.OrderId is not { } order) continue;
            last[order] = row.LineNo is > 1 && last.TryGetValue(order, out var begun) ? begun with { To = line } : new Change(line, line, row.MessageId);
        }

        return last;
    }

    private readonly record struct Change(long From, long To, string? MessageId);
}
