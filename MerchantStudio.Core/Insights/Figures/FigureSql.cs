namespace MerchantStudio.Core.Insights.Figures;

/// <summary>All read published tables. $1 is the store's zone, $2 the first and $3 the last day, both included.</summary>
internal static class FigureSql
{
    public const string Span = """
        select cast((quantile_disc(ts, 0.001) at time zone 'UTC') at time zone $1 as date), cast((quantile_disc(ts, 0.999) at time zone 'UTC') at time zone $1 as date),
               count(*) filter (where event_type = 'view') > 0, (select count(*) from paid_orders where has_price) > 0
        from clean_events having count(*) > 0
        """;

    /// <summary>A row a day and kind; the caller fills the days without any.</summary>
    public const string Daily = """
        with orders as (
            select cast((ts at time zone 'UTC') at time zone $1 as date) as day, user_id, order_no, has_price, gross - discount as value from paid_orders),
        own as (select * from orders where day between cast($2 as date) and cast($3 as date)),
        buyers as (select user_id, count(*) as orders from own group by user_id),
        order_days as (
            select o.day, count(*) as orders, count(*) filter (where o.has_price) as priced, sum(o.value) filter (where o.has_price) as value,
                   count(distinct o.user_id) as buyers, count(distinct o.user_id) filter (where b.orders > 1) as repeaters
            from own o join buyers b on b.user_id = o.user_id group by o.day),
        money as (
            select day, sum(net) as net, count(*) as shoppers, sum(views) as views from user_daily where day between cast($2 as date) and cast($3 as date) group by day),
        visits as (
            select cast((started_at at time zone 'UTC') at time zone $1 as date) as day, count(*) as sessions, count(*) filter (where purchases > 0) as buying
            from sessions group by 1),
        refunds as (
            select cast((ts at time zone 'UTC') at time zone $1 as date) as day, sum(amount) as refunded from clean_events where event_type = 'refund' group by 1)
        select m.day, coalesce(o.orders, 0), coalesce(o.priced, 0), coalesce(o.value, 0), coalesce(o.buyers, 0), coalesce(o.repeaters, 0),
               coalesce(m.net, 0), m.shoppers, m.views, coalesce(v.sessions, 0), coalesce(v.buying, 0), coalesce(r.refunded, 0)
        from money m left join order_days o on o.day = m.day left join visits v on v.day = m.day left join refunds r on r.day = m.day
        order by m.day
        """;

    /// <summary>Figures that do not add up over days: a buyer or shopper counts once in the period.</summary>
    public const string Distinct = """
        with buyers as (
            select user_id, count(*) as orders from paid_orders
            where cast((ts at time zone 'UTC') at time zone $1 as date) between cast($2 as date) and cast($3 as date) group by user_id)
        select (select count(*) from buyers), (select count(*) from buyers where orders > 1),
               (select count(distinct user_id) from user_daily where day between cast($2 as date) and cast($3 as date))
        """;

    public const string Drivers = """
        with firsts as (select user_id, cast((min(ts) at time zone 'UTC') at time zone $1 as date) as first_day from paid_orders group by user_id)
        select coalesce(sum(o.gross - o.discount) filter (where f.first_day < cast($2 as date)), 0), coalesce(sum(o.gross - o.discount) filter (where f.first_day >= cast($2 as date)), 0)
        from paid_orders o join firsts f on f.user_id = o.user_id
        where o.has_price and cast((o.ts at time zone 'UTC') at time zone $1 as date) between cast($2 as date) and cast($3 as date)
        """;

    /// <summary>$4 and $5 are the days of the period before. Money where there are prices, else units.</summary>
    public const string Products = """
        with lines as (
            select item_id, cast((ts at time zone 'UTC') at time zone $1 as date) as day,
                   case when $6 then amount - coalesce(discount, 0) else coalesce(quantity, 1) end as value
            from clean_events where event_type = 'purchase' and item_id is not null),
        sums as (
            select item_id, coalesce(sum(value) filter (where day between cast($2 as date) and cast($3 as date)), 0) as now,
                   coalesce(sum(value) filter (where day between cast($4 as date) and cast($5 as date)), 0) as former
            from lines group by item_id),
        names as (select item_id, name, row_number() over (partition by item_id order by import_id desc, source_line desc) as place from products)
        select s.item_id, n.name, cast(s.now as double), cast(s.former as double) from sums s left join names n on n.item_id = s.item_id and n.place = 1
        where s.now <> s.former order by abs(s.now - s.former) desc, s.item_id limit 6
        """;

    /// <summary>$4 the base currency. Sales less discounts and refunds in each currency, as written and in base money.</summary>
    public const string Currencies = """
        select coalesce(currency, $4) as code, count(*), cast(sum(case event_type when 'refund' then -original else original end) as decimal(38, 4)),
               cast(coalesce(sum(case event_type when 'refund' then -amount else amount - coalesce(discount, 0) end), 0) as decimal(38, 4)),
               count(*) filter (where amount is null)
        from clean_events
        where event_type in ('purchase', 'refund') and original is not null and cast((ts at time zone 'UTC') at time zone $1 as date) between cast($2 as date) and cast($3 as date)
        group by 1 order by code <> $4, code
        """;

    public const string Orders = """
        select order_no, user_id, ts, items, gross, discount, refunded, net, coupon_code, has_price, currency, original from paid_orders
        where cast((ts at time zone 'UTC') at time zone $1 as date) between cast($2 as date) and cast($3 as date) order by ts desc, order_no
        """;
}
