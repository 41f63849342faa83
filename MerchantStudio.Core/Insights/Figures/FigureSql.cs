namespace MerchantStudio.Core.Insights.Figures;

/// <summary>All read published tables, and of them the summaries by day wherever they can. $1 is the first and $2 the last day, both included.</summary>
internal static class FigureSql
{
    /// <summary>The days between which all but two in a thousand events lie, whether there are views, and whether any order has a price.</summary>
    public const string Span = """
        with days as (select day, cast(sum(events) as bigint) as events from user_daily where day is not null group by day),
        counted as (select day, cast(sum(events) over (order by day) as bigint) as upto, cast(sum(events) over () as bigint) as events from days)
        select min(day) filter (where upto >= greatest(1, events - (events * 999) // 1000)), min(day) filter (where upto >= greatest(1, events - events // 1000)),
               (select coalesce(max(views), 0) > 0 from user_daily), (select coalesce(max(priced), 0) > 0 from user_daily)
        from counted having count(*) > 0
        """;

    /// <summary>A row a day; the caller fills the days without any. A repeater has another order in the period.</summary>
    public const string Daily = """
        select day, cast(sum(orders) as bigint), cast(sum(priced) as bigint), cast(sum(value) as decimal(38, 4)), count(*) filter (where orders > 0),
               count(*) filter (where orders > 1 or previous_order_day >= cast($1 as date) or next_order_day <= cast($2 as date)),
               cast(sum(net) as decimal(38, 4)), count(*), cast(sum(views) as bigint), cast(sum(sessions) as bigint), cast(sum(buying) as bigint), cast(sum(refunded) as decimal(38, 4))
        from user_daily where day between cast($1 as date) and cast($2 as date) group by day order by day
        """;

    /// <summary>Figures that do not add up over days, because a buyer or shopper counts once in the period; then what returning and new customers spent.</summary>
    public const string Whole = """
        select count(*) filter (where orders > 0 and coalesce(previous_order_day < cast($1 as date), true)),
               count(*) filter (where orders > 0 and coalesce(previous_order_day < cast($1 as date), true) and (orders > 1 or next_order_day <= cast($2 as date))),
               count(user_id) filter (where coalesce(previous_day < cast($1 as date), true)),
               cast(coalesce(sum(value) filter (where first_order_day < cast($1 as date)), 0) as decimal(38, 4)),
               cast(coalesce(sum(value) filter (where first_order_day >= cast($1 as date)), 0) as decimal(38, 4))
        from user_daily where day between cast($1 as date) and cast($2 as date)
        """;

    /// <summary>$3 and $4 are the days of the period before. Money where there are prices, else units.</summary>
    public const string Products = """
        with sold as (
            select item_id, day, case when $5 then net else units end as value from item_daily
            where day between cast($1 as date) and cast($2 as date) or day between cast($3 as date) and cast($4 as date)),
        sums as (
            select item_id, coalesce(sum(value) filter (where day >= cast($1 as date)), 0) as now, coalesce(sum(value) filter (where day < cast($1 as date)), 0) as former
            from sold group by item_id),
        moved as (select * from sums where now <> former order by abs(now - former) desc, item_id limit 6),
        names as (select item_id, name, row_number() over (partition by item_id order by import_id desc, source_line desc) as place from products where item_id in (select item_id from moved))
        select m.item_id, n.name, cast(m.now as double), cast(m.former as double) from moved m left join names n on n.item_id = m.item_id and n.place = 1
        order by abs(m.now - m.former) desc, m.item_id
        """;

    /// <summary>$3 the base currency. Sales less discounts and refunds in each currency, as written and in base money.</summary>
    public const string Currencies = """
        select coalesce(currency, $3) as code, cast(sum(lines) as bigint), cast(sum(original) as decimal(38, 4)), cast(sum(base) as decimal(38, 4)), cast(sum(without_rate) as bigint)
        from currency_daily where day between cast($1 as date) and cast($2 as date)
        group by 1 having sum(lines) > 0 order by code <> $3, code
        """;

    /// <summary>$3 is the store's zone. The instants a day around the period spare the others their conversion to days.</summary>
    public const string Orders = """
        select order_no, user_id, ts, items, gross, discount, refunded, net, coupon_code, has_price, currency, original from paid_orders
        where ts >= cast($1 as date) - interval '2 days' and ts < cast($2 as date) + interval '3 days'
          and cast((ts at time zone 'UTC') at time zone $3 as date) between cast($1 as date) and cast($2 as date) order by ts desc, order_no
        """;
}
