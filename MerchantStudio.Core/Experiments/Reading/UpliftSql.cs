namespace MerchantStudio.Core.Experiments.Reading;

/// <summary>What was known of each person at the assignment, beside what came of it.</summary>
internal static class UpliftSql
{
    public static readonly string[] Features = ["days_since_seen", "days_since_order", "days_since_first", "orders", "orders_90d", "spent", "average_order", "discount_share", "events_30d", "views_30d", "carts_30d"];

    /// <summary>Over experiment_people. $1 the arm. Nothing at or after a person's assignment is looked at.</summary>
    public const string Text = """
        with chosen as (select * from experiment_people where arm = $1 or arm = -1),
        bought as (
            select p.user_id, count(*) as orders, count(*) filter (where o.ts >= p.assigned_at - to_days(90)) as orders_90d, max(o.ts) as last_at, sum(o.net) as spent, sum(o.discount) / nullif(sum(o.gross), 0) as discount_share
            from chosen p join paid_orders o on o.user_id = p.user_id and o.ts < p.assigned_at group by p.user_id),
        did as (
            select p.user_id, min(e.ts) as first_at, max(e.ts) as last_at, count(*) filter (where e.ts >= p.assigned_at - to_days(30)) as events_30d,
                   count(*) filter (where e.event_type = 'view' and e.ts >= p.assigned_at - to_days(30)) as views_30d, count(*) filter (where e.event_type = 'add_to_cart' and e.ts >= p.assigned_at - to_days(30)) as carts_30d
            from chosen p join clean_events e on e.user_id = p.user_id and e.ts < p.assigned_at group by p.user_id)
        select p.arm <> -1, p.orders > 0, cast(epoch(p.assigned_at - d.last_at) / 86400 as double), cast(epoch(p.assigned_at - b.last_at) / 86400 as double), cast(epoch(p.assigned_at - d.first_at) / 86400 as double),
               cast(coalesce(b.orders, 0) as double), cast(coalesce(b.orders_90d, 0) as double), cast(coalesce(b.spent, 0) as double), cast(b.spent / nullif(b.orders, 0) as double), cast(b.discount_share as double),
               cast(coalesce(d.events_30d, 0) as double), cast(coalesce(d.views_30d, 0) as double), cast(coalesce(d.carts_30d, 0) as double)
        from chosen p left join bought b on b.user_id = p.user_id left join did d on d.user_id = p.user_id order by p.user_id
        """;
}
