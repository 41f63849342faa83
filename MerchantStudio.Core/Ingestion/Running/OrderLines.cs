using System.Collections.Immutable;
using MerchantStudio.Core.Ingestion.Rows;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Ingestion.Running;

/// <summary>Lines of orders that were imported before: shopper, time and state come from the order, whose own row gives way to its lines.</summary>
internal static class OrderLines
{
    /// <summary>Purchases of other imports that stand for a whole order.</summary>
    private const string WholeOrders = """
        select e.order_id, min(e.ts) as ts, min(e.user_id) as user_id, min(e.order_state) as order_state, min(e.region) as region, min(e.channel) as channel,
               sum(cast(e.price * coalesce(e.quantity, 1) - coalesce(e.discount, 0) as decimal(18, 4))) as goods
        from events e where e.import_id <> $1 and e.event_type = 'purchase' and e.item_id is null and e.ts is not null and e.order_id is not null group by e.order_id
        """;

    /// <summary>Sets lines of unknown orders aside and completes the others.</summary>
    public static async Task<ImportReport> JoinAsync(ImportTask task, ImportReport report, WarehouseSession session, CancellationToken cancellationToken)
    {
        report = await SetUnknownAsideAsync(task, report, session, cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync($"""
            update events set ts = o.ts, user_id = o.user_id, order_state = o.order_state, region = o.region, channel = o.channel
            from ({WholeOrders}) o where events.import_id = $1 and events.order_id = o.order_id
            """, [task.Number], cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync($"update {OrderRows.Facts} set refunded_whole = false", [], cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync($"update {OrderRows.Facts} set goods = o.goods from ({WholeOrders}) o where {OrderRows.Facts}.order_id = o.order_id", [task.Number], cancellationToken).ConfigureAwait(false);
        await Replacement.PutAsideAsync("events", FormattableString.Invariant($"""
            select e.rowid as old_row, min(own.source_line) as source_line from events e join events own on own.order_id = e.order_id and own.import_id = {task.Number}
            where e.import_id <> {task.Number} and e.event_type = 'purchase' and e.item_id is null group by e.rowid
            """), task.Number, session, cancellationToken).ConfigureAwait(false);
        return report;
    }

    private static async Task<ImportReport> SetUnknownAsideAsync(ImportTask task, ImportReport report, WarehouseSession session, CancellationToken cancellationToken)
    {
        const string Unknown = "import_id = $1 and order_id not in (select e.order_id from events e where e.import_id <> $1 and e.event_type = 'purchase' and e.item_id is null and e.ts is not null and e.order_id is not null)";
        var first = await session.QueryAsync(
            $"select order_id, source_line from events where {Unknown} order by source_line limit 1", row => (Order: row.Text(0)!, Line: row.Long(1)), [task.Number], cancellationToken).ConfigureAwait(false);
        if (first.IsEmpty) return report;
        var column = task.Mapping.Columns.First(mapped => mapped.Role == Recognition.ColumnRole.OrderId).Name;
        var (code, sentence) = RejectLog.UnknownOrder(first[0].Order);
        await session.ExecuteAsync($"insert into rejects (import_id, source_line, column_name, value, reason_code, reason) select $1, source_line, $2, order_id, $3, $4 from events where {Unknown}",
            [task.Number, column, code, sentence], cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync($"delete from {OrderRows.Facts} where source_line in (select source_line from events where {Unknown})", [task.Number], cancellationToken).ConfigureAwait(false);
        var rows = await session.ExecuteAsync($"delete from events where {Unknown}", [task.Number], cancellationToken).ConfigureAwait(false);
        ImmutableArray<RejectReason> reasons = [.. report.Reasons.Append(new RejectReason(code, column, first[0].Order, first[0].Line, sentence, rows)).OrderByDescending(reason => reason.Rows)];
        return report with { Accepted = report.Accepted - rows, Rejected = report.Rejected + rows, Reasons = reasons };
    }
}
