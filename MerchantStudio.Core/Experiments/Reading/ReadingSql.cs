namespace MerchantStudio.Core.Experiments.Reading;

/// <summary>From who was assigned when to one row a person, as <see cref="ArmSumsSql"/> reads it.</summary>
internal static class ReadingSql
{
    /// <summary>What an experiment brings along: its people, what the ledger says that orders were given, and what was sent to whom at which cost.</summary>
    public const string Inputs = """
        create temp table experiment_assigned (shopper_id varchar, arm integer, assigned_at timestamp);
        create temp table experiment_redeemed (order_id varchar, cost bigint);
        create temp table experiment_sent (shopper_id varchar, cost decimal(18, 4));
        """;

    /// <summary>
    /// $1 how far the data reach, $2 days that orders count and that are read before, $3 minor units of one. A visitor who turned out to be a customer counts as that customer, once, where she
    /// was assigned first. What a piece costs comes from the catalogue; of pieces without a cost the margin is the mean one of the others, and all that was paid where no cost is known. What was
    /// sent back takes its share of margin and discount along.
    /// </summary>
    public static readonly string People = $"""
        create temp table experiment_people as
        with joined as (select alias, min(customer) as customer from identities where refused is null and parted_at is null group by alias),
        sent as (select shopper_id, sum(cost) as cost from experiment_sent group by shopper_id),
        named as (
            select coalesce(guest.customer, visitor.customer, a.shopper_id) as user_id, a.shopper_id, a.arm, a.assigned_at, coalesce(s.cost, 0) as send_cost
            from experiment_assigned a left join joined visitor on visitor.alias = a.shopper_id left join joined guest on guest.alias = visitor.customer left join sent s on s.shopper_id = a.shopper_id),
        placed as (
            select *, row_number() over (partition by user_id order by assigned_at, shopper_id) as place, sum(send_cost) over (partition by user_id) as whole_cost from named),
        people as (select user_id, arm, assigned_at, whole_cost as send_cost from placed where place = 1 and assigned_at < cast($1 as timestamp)),
        costs as (select item_id, min(cost) as cost from products where item_id is not null and cost is not null group by item_id),
        lines as (
            select coalesce(e.order_id, e.user_id || ' ' || cast(e.ts as varchar)) as order_no, e.user_id, cast(sum(e.amount) as double) as gross,
                   cast(sum(e.amount - c.cost * coalesce(e.quantity, 1)) as double) as margin, cast(sum(e.amount) filter (where c.cost is not null) as double) as costed
            from clean_events e join people p on p.user_id = e.user_id left join costs c on c.item_id = e.item_id
            where e.event_type = 'purchase' group by 1, 2),
        usual as (select coalesce(sum(margin) / nullif(sum(costed), 0), 1) as margin from lines),
        redeemed as (select order_id, sum(cost) as cost from experiment_redeemed group by order_id),
        orders as (
            select p.user_id, o.ts < p.assigned_at as is_before, cast(o.net as double) as net, cast(coalesce(l.gross, 0) as double) as gross, coalesce(l.costed, 0) as costed,
                   coalesce(l.margin, 0) + (coalesce(l.gross, 0) - coalesce(l.costed, 0)) * usual.margin as margin,
                   greatest(cast(o.discount as double), coalesce(r.cost, 0) / cast($3 as double)) as discount,
                   case when o.gross - o.discount > 0 then greatest(0, 1 - cast(o.refunded as double) / cast(o.gross - o.discount as double)) else 1 end as kept
            from people p
            join paid_orders o on o.user_id = p.user_id and o.ts >= p.assigned_at - to_days(cast($2 as integer)) and o.ts < p.assigned_at + to_days(cast($2 as integer)) and o.ts <= cast($1 as timestamp)
            cross join usual left join lines l on l.order_no = o.order_no and l.user_id = o.user_id left join redeemed r on r.order_id = o.order_no),
        sums as (
            select user_id, count(*) filter (where not is_before) as orders, sum(net) filter (where not is_before) as revenue, sum(margin * kept) filter (where not is_before) as margin,
                   sum(discount * kept) filter (where not is_before) as discount, sum(net) filter (where is_before) as before, sum(gross) filter (where not is_before) as gross,
                   sum(costed) filter (where not is_before) as costed
            from orders group by user_id)
        select p.user_id, p.arm, coalesce(s.orders, 0) as orders, {Minor("s.revenue")} as revenue, {Minor("s.margin")} as margin, {Minor("s.discount")} as discount,
               cast(p.send_cost as decimal(18, 4)) * cast($3 as decimal(6, 0)) as send_cost, case when f.first_seen < p.assigned_at then {Minor("s.before")} end as revenue_before, p.assigned_at,
               coalesce(s.gross, 0) as gross, coalesce(s.costed, 0) as costed
        from people p left join sums s on s.user_id = p.user_id left join shopper_profile f on f.user_id = p.user_id
        """;

    /// <summary>All shoppers, from the moment $3 on or from when they first came. $1 the salt, $2 the basis points of the global holdout, which this deals out as <see cref="Assignment.Slot"/> does.</summary>
    public const string Everybody = """
        insert into experiment_assigned
        select user_id, case when cast((cast(cast('0x' || substr(sha256($1 || ':' || user_id), 1, 16) as ubigint) as hugeint) * 10000) // 18446744073709551616 as bigint) < $2 then -1 else 0 end,
               greatest(cast($3 as timestamp), first_seen)
        from shopper_profile where user_id is not null and first_seen is not null
        """;

    /// <summary>How much of what was bought has a known cost, 0 to 1; null while nothing was.</summary>
    public const string CostKnown = "select sum(costed) / nullif(sum(gross), 0) from experiment_people";

    public const string DataEnd = "select max(ts) from clean_events";

    private static string Minor(string amount) => $"cast(round(coalesce({amount}, 0) * cast($3 as double)) as bigint)";
}
