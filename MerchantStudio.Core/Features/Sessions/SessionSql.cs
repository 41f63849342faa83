namespace MerchantStudio.Core.Features.Sessions;

internal static class SessionSql
{
    public const string Sessions = """
        create table next_sessions as
        select session_no, min(user_id) as user_id, min(ts) as started_at, max(ts) as ended_at, cast(extract(epoch from max(ts) - min(ts)) as bigint) as seconds,
               cast(count(*) as integer) as events,
               cast(count(*) filter (where event_type = 'view') as integer) as views,
               cast(count(*) filter (where event_type = 'add_to_cart') as integer) as carts,
               cast(count(*) filter (where event_type = 'purchase') as integer) as purchases,
               min(device) as device, min(channel) as channel
        from next_clean_events group by session_no order by session_no
        """;

    /// <summary>
    /// Lines make an order by their order_id, or else by shopper and instant. A refund belongs to the order that it names; one that names none
    /// (a return slip with a number of its own) goes to the shopper's last order before it. A refund without any amount takes its order back whole;
    /// one whose amount has no exchange rate is left out. currency and original (less discounts) say what the order was in the customer's money.
    /// </summary>
    public const string PaidOrders = """
        create table next_paid_orders as
        with lines as (
            select coalesce(order_id, user_id || ' ' || cast(ts as varchar)) as order_no, user_id, ts, coalesce(quantity, 1) as quantity, amount, discount, currency, original, coupon_code
            from next_clean_events where event_type = 'purchase'),
        orders as (
            select order_no, user_id, min(ts) as ts, cast(count(*) as integer) as lines, cast(sum(quantity) as integer) as items,
                   cast(coalesce(sum(amount), 0) as decimal(18, 4)) as gross, cast(coalesce(sum(discount), 0) as decimal(18, 4)) as discount,
                   max(coupon_code) as coupon_code, count(amount) > 0 as has_price,
                   case when min(currency) = max(currency) then min(currency) end as currency, cast(case when min(currency) = max(currency) then sum(original) end as decimal(18, 4)) as original
            from lines group by order_no, user_id),
        refunds as (
            select row_number() over (order by import_id, source_line) as refund_no, user_id, ts, order_id, amount
            from next_clean_events where event_type = 'refund' and (amount is not null or original is null)),
        named as (
            select r.refund_no, o.order_no, o.user_id, r.amount from refunds r join orders o on o.order_no = r.order_id and o.user_id = r.user_id),
        unnamed as (
            select r.refund_no, r.user_id, r.amount, max(o.ts) as order_ts
            from refunds r join orders o on o.user_id = r.user_id and o.ts <= r.ts
            where r.refund_no not in (select refund_no from named)
            group by r.refund_no, r.user_id, r.amount),
        placed as (
            select order_no, user_id, amount from named
            union all
            select (select max(o.order_no) from orders o where o.user_id = u.user_id and o.ts = u.order_ts), u.user_id, u.amount from unnamed u),
        refunded as (
            select order_no, user_id, sum(amount) as amount, count(amount) as amounts from placed group by order_no, user_id)
        select o.order_no, o.user_id, o.ts, o.lines, o.items, o.gross, o.discount,
               cast(case when r.order_no is null then 0 when r.amounts = 0 then o.gross - o.discount else r.amount end as decimal(18, 4)) as refunded,
               cast(o.gross - o.discount - case when r.order_no is null then 0 when r.amounts = 0 then o.gross - o.discount else r.amount end as decimal(18, 4)) as net,
               o.coupon_code, o.has_price, o.currency, o.original
        from orders o left join refunded r on r.order_no = o.order_no and r.user_id = o.user_id
        order by o.user_id, o.ts, o.order_no
        """;
}
