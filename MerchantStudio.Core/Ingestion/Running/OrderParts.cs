using MerchantStudio.Core.Ingestion.Recognition;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Ingestion.Running;

/// <summary>
/// Orders that are told by several events: a changed order takes the place of what was known of it, and an order whose lines are here needs no row for the whole.
/// What gives way is put aside, so that undoing the import brings it back.
/// </summary>
internal static class OrderParts
{
    /// <summary>Messages that a changed order has replaced before; the same export brings them again.</summary>
    private const string Superseded = """
        delete from events where import_id = $1 and message_id is not null and exists (
            select 1 from replaced_events r
            join (select import_id, source_line, message_id from events union all select import_id, source_line, message_id from replaced_events) n on n.import_id = r.replaced_by and n.source_line = r.replaced_line
            where r.message_id = events.message_id and coalesce(r.line_no, 1) = coalesce(events.line_no, 1) and r.order_id = events.order_id and n.message_id is distinct from r.message_id)
        """;

    /// <summary>The lines of each changed order as its last event has them.</summary>
    private const string Newest = """
        create temp table newest_lines as
        with changed as (
            select e.order_id, e.message_id, e.ts, e.source_line, e.line_no from events e join order_parts p on p.source_line = e.source_line and p.part = 'Changed'
            where e.import_id = $1 and e.order_id is not null),
        newest as (select * from (select *, row_number() over (partition by order_id order by ts desc, source_line desc) as place from changed) ranked where place = 1)
        select c.order_id, c.source_line, c.line_no from changed c join newest n on n.order_id = c.order_id and n.ts = c.ts and n.message_id is not distinct from c.message_id
        """;

    /// <summary>A live event that tells how the order was placed may still come, and tells nothing new: every live line comes after line -1.</summary>
    private const string Remember = "insert into changed_orders select distinct order_id, -1, $1 from newest_lines";

    /// <summary>A changed order was still placed when it was placed.</summary>
    private const string KeepTime = """
        update events set ts = first.ts
        from (select e.order_id, min(e.ts) as ts from events e where e.event_type = 'purchase' and e.order_id in (select order_id from newest_lines) group by 1) first
        where events.import_id = $1 and events.order_id = first.order_id and events.source_line in (select source_line from newest_lines)
        """;

    /// <summary>Lines of the file that take the place of the same line from an earlier import.</summary>
    private const string Changed = """
        select count(*) from newest_lines n where exists (
            select 1 from events old where old.import_id is distinct from $1 and old.event_type = 'purchase' and old.order_id = n.order_id and coalesce(old.line_no, 1) = coalesce(n.line_no, 1))
        """;

    private const string Wholes = """
        source_line in (select source_line from order_parts where part = 'Whole') and order_id in (
            select e.order_id from events e where e.event_type = 'purchase' and e.order_id is not null
            and ((e.import_id = $1 and e.source_line in (select source_line from order_parts where part = 'Line')) or (e.import_id is distinct from $1 and e.item_id is not null)))
        """;

    /// <returns>Rows of the file that give way, and rows that take the place of earlier ones.</returns>
    public static async Task<(long LeftOut, long Changed)> RunAsync(ImportTask task, IReadOnlyList<(long Line, OrderPart Part)> parts, WarehouseSession session, CancellationToken cancellationToken)
    {
        var known = await session.ScalarAsync<bool>("select exists (select 1 from replaced_events where message_id is not null and replaced_line is not null)", [], cancellationToken).ConfigureAwait(false);
        var leftOut = known ? await session.ExecuteAsync(Superseded, [task.Number], cancellationToken).ConfigureAwait(false) : 0;
        if (parts.Count == 0) return (leftOut, 0);
        await session.ExecuteAsync("create temp table order_parts (source_line bigint, part varchar)", [], cancellationToken).ConfigureAwait(false);
        using (var rows = session.Append("order_parts", "source_line", "part"))
        {
            foreach (var (line, part) in parts)
            {
                rows.Long(0, line);
                rows.Text(1, part.ToString());
                rows.EndRow();
            }

            rows.Complete();
        }

        var (replaced, changed) = await ChangeAsync(task.Number, session, cancellationToken).ConfigureAwait(false);
        var wholes = await session.ExecuteAsync($"delete from events where import_id = $1 and {Wholes}", [task.Number], cancellationToken).ConfigureAwait(false);
        await Replacement.PutAsideAsync("events", EarlierWholes(task.Number), task.Number, session, cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync("drop table order_parts", [], cancellationToken).ConfigureAwait(false);
        return (leftOut + replaced + wholes, changed);
    }

    private static async Task<(long Replaced, long Changed)> ChangeAsync(int import, WarehouseSession session, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync(Newest, [import], cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync(Remember, [import], cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync(KeepTime, [import], cancellationToken).ConfigureAwait(false);
        var changed = await session.ScalarAsync<long>(Changed, [import], cancellationToken).ConfigureAwait(false);
        var old = OldLines(import);
        var replaced = await session.ScalarAsync<long>($"select count(*) from ({old}) o join events e on e.rowid = o.old_row where e.import_id = $1", [import], cancellationToken).ConfigureAwait(false);
        await Replacement.PutAsideAsync("events", old, import, session, cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync("drop table newest_lines", [], cancellationToken).ConfigureAwait(false);
        return (replaced, changed);
    }

    /// <summary>Each line that no longer holds and the one that takes its place: of the same number, else the order's first.</summary>
    private static string OldLines(int import) => FormattableString.Invariant($"""
        select old.rowid as old_row, coalesce(min(n.source_line) filter (where coalesce(n.line_no, 1) = coalesce(old.line_no, 1)), min(n.source_line)) as source_line
        from events old join newest_lines n on n.order_id = old.order_id
        where old.event_type = 'purchase' and not (old.import_id = {import} and old.source_line in (select source_line from newest_lines)) group by old.rowid
        """);

    /// <summary>Earlier rows of whole orders whose lines this file brings.</summary>
    private static string EarlierWholes(int import) => FormattableString.Invariant($"""
        select old.rowid as old_row, min(n.source_line) as source_line
        from events old join events n on n.order_id = old.order_id and n.import_id = {import} and n.source_line in (select source_line from order_parts where part = 'Line')
        where old.import_id is distinct from {import} and old.event_type = 'purchase' and old.item_id is null group by old.rowid
        """);
}
