using System.Collections.Immutable;
using MerchantStudio.Core.Ingestion.Rows;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Ingestion.Running;

/// <summary>Once all lines are there: numbers them, takes out those that are here already, spreads what was taken off whole orders over their lines, and adds refunds.</summary>
internal static class OrderChecks
{
    private static readonly ImmutableArray<string> Key = ["order_id", "line_no", "event_type"];

    /// <summary>What is said of whole orders is collected in a table of this connection alone.</summary>
    public static Task PrepareAsync(WarehouseSession session, CancellationToken cancellationToken) => session.ExecuteAsync($"""
        create temp table {OrderRows.Facts} (source_line bigint, order_id varchar, goods decimal(18,4), discount decimal(18,4), refunded decimal(18,4), refunded_whole boolean, refunded_at timestamp)
        """, [], cancellationToken);

    public static async Task<ImportReport> RunAsync(ImportTask task, RowsRead read, ImportReport report, WarehouseSession session, CancellationToken cancellationToken)
    {
        if (task.Choices.Mode == ImportMode.Replace) await Replacement.ReplaceAllAsync(task.Mapping.Kind, task.Number, session, cancellationToken).ConfigureAwait(false);
        var orders = await session.ScalarAsync<long>($"select count(distinct order_id) from {OrderRows.Facts}", [], cancellationToken).ConfigureAwait(false);
        if (task.Mapping.LinesOfKnownOrders) report = await OrderLines.JoinAsync(task, report, session, cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync(NumberLines, [task.Number], cancellationToken).ConfigureAwait(false);
        var updates = task.Choices.Mode == ImportMode.Upsert;
        var duplicates = updates ? 0 : await RepeatedKeys.RemoveAsync("events", [.. Key], task.Number, session, cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync(SpreadDiscounts, [task.Number], cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync(RefundLines, [task.Number], cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync(RefundAmounts, [task.Number], cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync($"drop table {OrderRows.Facts}", [], cancellationToken).ConfigureAwait(false);
        var (updated, unchanged) = updates ? await OrderUpdate.RunAsync(task.Number, session, cancellationToken).ConfigureAwait(false) : (0, 0);
        if (read.Names is { Count: > 0 } names) await names.WriteAsync(session, task.Number, cancellationToken).ConfigureAwait(false);
        var counts = await session.QueryAsync(
            "select event_type, count(*) from events where import_id = $1 group by 1 order by 2 desc, 1", row => new EventCount(row.Text(0) ?? "", row.Long(1)), [task.Number], cancellationToken).ConfigureAwait(false);
        var shoppers = await session.ScalarAsync<long>("select count(distinct user_id) from events where import_id = $1", [task.Number], cancellationToken).ConfigureAwait(false);
        return report with { Accepted = report.Accepted - duplicates - updated - unchanged, Duplicates = duplicates, Updated = updated, Unchanged = unchanged, Events = counts, Shoppers = shoppers, Orders = orders };
    }

    /// <summary>Lines without a number of their own are numbered as they come in the file, so that the same export brings the same numbers.</summary>
    private const string NumberLines = """
        update events set line_no = n.number
        from (select source_line as line, cast(row_number() over (partition by order_id order by source_line) as integer) as number from events where import_id = $1) n
        where events.import_id = $1 and events.source_line = n.line and events.line_no is null
        """;

    /// <summary>
    /// What the order's goods came to tells what was taken off, whatever the line discounts include; without it the order's own discount does.
    /// Spread by value; what rounding leaves goes to the dearest line. An order of which some lines were here before is left as it is.
    /// </summary>
    private const string SpreadDiscounts = $"""
        update events set discount = coalesce(discount, 0) + s.share
        from (
            with lines as (
                select source_line, order_id, cast(price * coalesce(quantity, 1) - coalesce(discount, 0) as decimal(18, 4)) as net
                from events where import_id = $1 and event_type = 'purchase'),
            orders as (select order_id, sum(net) as net, count(*) as line_count from lines group by order_id),
            facts as (select order_id, max(goods) as goods, max(discount) as discount, count(*) as line_count from {OrderRows.Facts} group by order_id),
            due as (
                select o.order_id, o.net, least(o.net, case when f.goods is null then coalesce(f.discount, 0) else greatest(o.net - f.goods, 0) end) as off
                from orders o join facts f on f.order_id = o.order_id and f.line_count = o.line_count where o.net > 0),
            shares as (
                select l.source_line, l.order_id, d.off, cast(floor(cast(d.off as double) * cast(l.net as double) / cast(d.net as double) * 10000) / 10000 as decimal(18, 4)) as share,
                       row_number() over (partition by l.order_id order by l.net desc, l.source_line) as place
                from lines l join due d on d.order_id = l.order_id where d.off > 0 and l.net > 0)
            select source_line as line, cast(share + case when place = 1 then off - sum(share) over (partition by order_id) else 0 end as decimal(18, 4)) as share from shares) s
        where events.import_id = $1 and events.source_line = s.line
        """;

    private const string RefundColumns = "import_id, source_line, ts, event_type, user_id, item_id, item_name, category, brand, price, quantity, currency, order_id, line_no, device, region, channel, order_state";

    /// <summary>A line that was paid back whole gives back what it brought: per item where that divides evenly, else in one sum.</summary>
    private const string RefundLines = $"""
        insert into events ({RefundColumns})
        select import_id, source_line, greatest(ts, refunded_at), 'refund', user_id, item_id, item_name, category, brand,
               case when unit * pieces = net then unit else net end, case when unit * pieces = net or net is null then pieces else 1 end,
               currency, order_id, line_no, device, region, channel, 'refunded'
        from (
            select e.*, f.refunded_at, cast(e.net / e.pieces as decimal(18, 4)) as unit
            from (select *, greatest(coalesce(quantity, 1), 1) as pieces, cast(price * coalesce(quantity, 1) - coalesce(discount, 0) as decimal(18, 4)) as net
                  from events where import_id = $1 and event_type = 'purchase') e
            join {OrderRows.Facts} f on f.source_line = e.source_line where f.refunded_whole) lines
        """;

    /// <summary>Paid back in part: one sum for the order, at most what its goods brought, since platforms refund shipping with it.</summary>
    private const string RefundAmounts = $"""
        insert into events ({RefundColumns})
        select import_id, source_line, greatest(ts, refunded_at), 'refund', user_id, null, null, null, null, least(refunded, net), 1, currency, order_id, 0, device, region, channel, 'refunded'
        from (
            select e.*, f.refunded, f.refunded_at, sum(cast(price * coalesce(quantity, 1) - coalesce(discount, 0) as decimal(18, 4))) over (partition by e.order_id) as net,
                   row_number() over (partition by e.order_id order by e.source_line) as place
            from events e
            join (select order_id, max(refunded) as refunded, max(refunded_at) as refunded_at from {OrderRows.Facts} group by order_id having not bool_or(refunded_whole)) f on f.order_id = e.order_id
            where e.import_id = $1 and e.event_type = 'purchase' and f.refunded > 0 and coalesce(e.order_state, 'paid') = 'paid') orders
        where place = 1
        """;
}
