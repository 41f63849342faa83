namespace MerchantStudio.Core.Features.Sessions;

/// <summary>
/// What dashboards add up, so that they never read the events. $1 is the store's zone; {events}, {sessions} and {orders} name the tables to sum up, {part} and
/// {shoppers} keep to the rows of some shoppers.
/// </summary>
internal static class SummarySql
{
    private static readonly string Shifts = StoreTime.Shifts("(select ts from {events} {part}) e", "$1");

    private static readonly string Day = $"cast({StoreTime.Local("$1")} as date)";

    /// <summary>
    /// A row for each shopper and day. Money counts on the day on which it moves: a refund on its own day. A session and an order count on the day they began.
    /// </summary>
    /// <remarks>
    /// Each row knows the shopper's days before and after, so that shoppers of any period are counted without gathering their ids: everybody has just one row
    /// in it whose previous day lies before it. The same holds for buyers and the days with orders.
    /// </remarks>
    public static readonly string UserDaily = $$"""
        with {{Shifts}},
        days as (
            select {{Day}} as day, shopper_no, any_value(user_id) as user_id,
                   cast(count(*) as integer) as events,
                   cast(count(*) filter (where event_type = 'view') as integer) as views,
                   cast(count(*) filter (where event_type = 'add_to_cart') as integer) as carts,
                   cast(count(*) filter (where event_type = 'purchase') as integer) as purchases,
                   cast(coalesce(sum(case event_type when 'purchase' then amount - coalesce(discount, 0) when 'refund' then -amount end), 0) as decimal(18, 4)) as net,
                   cast(coalesce(sum(amount) filter (where event_type = 'refund'), 0) as decimal(18, 4)) as refunded
            from {events} left join {{StoreTime.OfRow}} {part} group by 1, 2),
        visits as (
            select {{Day}} as day, user_id, cast(count(*) as integer) as sessions, cast(count(*) filter (where purchases > 0) as integer) as buying
            from (select started_at as ts, user_id, purchases from {sessions} s {shoppers}) s left join {{StoreTime.OfRow}} group by 1, 2),
        bought as (
            select {{Day}} as day, user_id, cast(count(*) as integer) as orders, cast(count(*) filter (where has_price) as integer) as priced,
                   cast(coalesce(sum(gross - discount) filter (where has_price), 0) as decimal(18, 4)) as value
            from (select * from {orders} s {shoppers}) o left join {{StoreTime.OfRow}} group by 1, 2),
        ordered as (
            select *, lag(day) over own as previous_order_day, lead(day) over own as next_order_day, min(day) over (partition by user_id) as first_order_day
            from bought window own as (partition by user_id order by day))
        select d.day, d.user_id, d.events, d.views, d.carts, d.purchases, d.net, d.refunded, coalesce(v.sessions, 0) as sessions, coalesce(v.buying, 0) as buying,
               coalesce(o.orders, 0) as orders, coalesce(o.priced, 0) as priced, coalesce(o.value, 0) as value,
               lag(d.day) over (partition by d.shopper_no order by d.day) as previous_day, o.previous_order_day, o.next_order_day, o.first_order_day
        from days d left join visits v on v.day = d.day and v.user_id is not distinct from d.user_id left join ordered o on o.day = d.day and o.user_id = d.user_id
        order by d.day, d.shopper_no
        """;

    /// <summary>What was sold of each product on each day; {sign} is 1, or -1 to take rows back. Rows of the same day and product add up.</summary>
    public static readonly string ItemDaily = $$"""
        with {{Shifts}}
        select {{Day}} as day, item_id, cast(coalesce(sum(amount - coalesce(discount, 0)), 0) * {sign} as decimal(18, 4)) as net, cast(sum(coalesce(quantity, 1)) * {sign} as bigint) as units
        from {events} left join {{StoreTime.OfRow}} where event_type = 'purchase' and item_id is not null group by 1, 2 order by 1, 2
        """;

    /// <summary>Sales less discounts and refunds in each currency and day, as written and in base money; {sign} as above.</summary>
    public static readonly string CurrencyDaily = $$"""
        with {{Shifts}}
        select {{Day}} as day, currency, cast(count(*) * {sign} as bigint) as lines,
               cast(sum(case event_type when 'refund' then -original else original end) * {sign} as decimal(38, 4)) as original,
               cast(coalesce(sum(case event_type when 'refund' then -amount else amount - coalesce(discount, 0) end), 0) * {sign} as decimal(38, 4)) as base,
               cast(count(*) filter (where amount is null) * {sign} as bigint) as without_rate
        from {events} left join {{StoreTime.OfRow}} where event_type in ('purchase', 'refund') and original is not null group by 1, 2 order by 1, 2
        """;
}
