using MerchantStudio.Core.Shop;

namespace MerchantStudio.Core.Experiments.Attribution;

/// <summary>Shares orders out among what touched them.</summary>
internal static class AttributionSql
{
    /// <summary>What was sent to whom when, and which orders used a coupon of what.</summary>
    public const string Inputs = """
        create temp table attribution_sent (shopper_id varchar, source varchar, sent_at timestamp);
        create temp table attribution_redeemed (order_id varchar, source varchar, cost bigint);
        create temp table attribution_codes (lookup varchar, source varchar);
        """;

    /// <summary>
    /// A visit is a session's events that came by one link; those without parameters are direct and are no touch, so that the last touch is the last that was not direct.
    /// $1 the first moment of the period, $2 its end, $3 days that a message counts before an order, $4 minor units of one. A coupon used on the order is its last touch. Of several touches in a row
    /// from one source each counts. Position: 40 % to the first, 40 % to the last, 20 % to those between; two share halves, one has all.
    /// </summary>
    public static readonly string Shares = $"""
        with joined as (select alias, min(customer) as customer from identities where refused is null and parted_at is null group by alias),
        sent as (
            select coalesce(guest.customer, visitor.customer, s.shopper_id) as user_id, s.source, s.sent_at
            from attribution_sent s left join joined visitor on visitor.alias = s.shopper_id left join joined guest on guest.alias = visitor.customer),
        costs as (select item_id, min(cost) as cost from products where item_id is not null and cost is not null group by item_id),
        period as (select * from paid_orders where ts >= cast($1 as timestamp) and ts < cast($2 as timestamp)),
        lines as (
            select coalesce(e.order_id, e.user_id || ' ' || cast(e.ts as varchar)) as order_no, e.user_id, cast(sum(e.amount) as double) as gross,
                   cast(sum(e.amount - c.cost * coalesce(e.quantity, 1)) as double) as margin, cast(sum(e.amount) filter (where c.cost is not null) as double) as costed
            from clean_events e left join costs c on c.item_id = e.item_id
            where e.event_type = 'purchase' and e.ts >= cast($1 as timestamp) and e.ts < cast($2 as timestamp) group by 1, 2),
        usual as (select coalesce(sum(margin) / nullif(sum(costed), 0), 1) as margin from lines),
        redeemed as (select order_id, sum(cost) as cost from attribution_redeemed group by order_id),
        orders as (
            select o.order_no, o.user_id, o.ts, o.coupon_code, cast(o.net as double) as revenue,
                   (coalesce(l.margin, 0) + (coalesce(l.gross, 0) - coalesce(l.costed, 0)) * usual.margin - greatest(cast(o.discount as double), coalesce(r.cost, 0) / cast($4 as double)))
                   * case when o.gross - o.discount > 0 then greatest(0, 1 - cast(o.refunded as double) / cast(o.gross - o.discount as double)) else 1 end as profit
            from period o cross join usual left join lines l on l.order_no = o.order_no and l.user_id = o.user_id left join redeemed r on r.order_id = o.order_no),
        used as (
            select order_id as order_no, source from attribution_redeemed
            union
            select o.order_no, c.source from orders o join attribution_codes c on c.lookup = {CodeText.Sql("o.coupon_code")}
            where o.order_no not in (select order_id from attribution_redeemed where order_id is not null)),
        linked as (
            select import_id, source_line, coalesce(json_extract_string(properties, '$.utm_source'), '') as utm_source, coalesce(json_extract_string(properties, '$.utm_campaign'), '') as utm_campaign
            from events where properties like '%"utm\_%' escape '\'),
        visits as (
            select c.user_id, 'visit:' || l.utm_source || chr(31) || l.utm_campaign as source, min(c.ts) as came_at
            from clean_events c join linked l on l.import_id = c.import_id and l.source_line = c.source_line
            where c.user_id is not null and (l.utm_source <> '' or l.utm_campaign <> '') and c.ts >= cast($1 as timestamp) - to_days(cast($3 as integer)) and c.ts < cast($2 as timestamp)
            group by c.user_id, c.session_no, 2),
        touches as (
            select o.order_no, o.user_id, o.revenue, o.profit, v.source, v.came_at as sent_at, 0 as kind from orders o join visits v on v.user_id = o.user_id and v.came_at <= o.ts and v.came_at >= o.ts - to_days(cast($3 as integer))
            union all
            select o.order_no, o.user_id, o.revenue, o.profit, s.source, s.sent_at, 0 as kind from orders o join sent s on s.user_id = o.user_id and s.sent_at <= o.ts and s.sent_at >= o.ts - to_days(cast($3 as integer))
            union all
            select o.order_no, o.user_id, o.revenue, o.profit, u.source, o.ts, 1 from orders o join used u on u.order_no = o.order_no),
        placed as (
            select *, row_number() over (partition by order_no, user_id order by sent_at, kind, source) as place, count(*) over (partition by order_no, user_id) as touches from touches),
        weighed as (
            select *, case when place = touches then 1.0 else 0.0 end as last_weight,
                   case when touches = 1 then 1.0 when touches = 2 then 0.5 when place in (1, touches) then 0.4 else 0.2 / (touches - 2) end as position_weight
            from placed)
        select source, count(distinct order_no || ' ' || user_id), sum(last_weight), sum(last_weight * revenue) * cast($4 as double), sum(last_weight * profit) * cast($4 as double),
               sum(position_weight), sum(position_weight * revenue) * cast($4 as double), sum(position_weight * profit) * cast($4 as double)
        from weighed group by source order by 4 desc, source
        """;

    /// <summary>Whether any event says by which link its visit came.</summary>
    public const string HasLinks = """select exists (select 1 from events where properties like '%"utm\_%' escape '\')""";

    public const string Period = """
        select count(*), coalesce(sum(cast(net as double)), 0) * cast($3 as double) from paid_orders where ts >= cast($1 as timestamp) and ts < cast($2 as timestamp)
        """;
}
