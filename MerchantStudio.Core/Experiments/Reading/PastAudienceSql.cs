namespace MerchantStudio.Core.Experiments.Reading;

/// <summary>The shop as it stood at a past moment, under the names that conditions ask by: temporary tables hide the published ones for one session.</summary>
/// <remarks>Groups are worked out anew by quintiles of that moment; scores of models, words of reviews, tastes and addresses keep no history and stay as they are today.</remarks>
internal static class PastAudienceSql
{
    public const string Moment = "create temp table past_moment as select cast($1 as timestamp) as moment";

    /// <param name="published">The database's own name in double quotes: what lies behind the hidden names.</param>
    public static string Views(string published) => $"""
        create temp view paid_orders as select * from {published}.main.paid_orders where ts < (select moment from past_moment);
        create temp view clean_events as select * from {published}.main.clean_events where ts < (select moment from past_moment);
        """;

    public static string Profile(string published) => $"""
        create temp table shopper_profile as
        with now as (select moment, moment - to_days(30) as month_before from past_moment),
        seen as (
            select user_id, max(ts) as last_seen, count(*) filter (where event_type = 'view' and ts >= month_before) as views_30d, max(ts) filter (where event_type = 'add_to_cart') as last_cart_at,
                   count(distinct session_no) filter (where ts >= month_before) as sessions_30d, max(ts) filter (where event_type = 'purchase') as last_purchase
            from clean_events cross join now where user_id is not null group by user_id),
        carts as (
            select e.user_id, sum(case when e.event_type = 'add_to_cart' then 1 else -1 end * e.amount) as value
            from clean_events e cross join now join seen s on s.user_id = e.user_id
            where e.event_type in ('add_to_cart', 'remove_from_cart') and e.amount is not null and e.ts >= month_before and (s.last_purchase is null or e.ts > s.last_purchase) group by e.user_id),
        orders as (
            select user_id, count(*) as orders, min(ts) as first_at, max(ts) as last_at, sum(net) filter (where has_price) as spent, sum(refunded) filter (where has_price) as refunded,
                   count(*) filter (where has_price) as priced, -cast(epoch(max(ts)) as double) as ago
            from paid_orders where user_id is not null group by user_id),
        money as (select *, case when (select sum(priced) from orders) > 0 then coalesce(spent, 0) else orders end as worth from orders),
        cuts as (
            select quantile_disc(ago, [0.2, 0.4, 0.6, 0.8]) as ago, quantile_disc(orders, [0.2, 0.4, 0.6, 0.8]) as orders, quantile_disc(worth, [0.2, 0.4, 0.6, 0.8]) as worth,
                   avg(ago) as mean_ago, avg(orders) as mean_orders, avg(worth) as mean_worth from money),
        scored as (
            select m.*, 5 - len(list_filter(c.ago, lambda cut: m.ago > cut)) as r, 1 + len(list_filter(c.orders, lambda cut: m.orders > cut)) as f, 1 + len(list_filter(c.worth, lambda cut: m.worth > cut)) as m5,
                   case when m.worth >= c.mean_worth then 'important_' else 'general_' end ||
                   case when m.ago < c.mean_ago and m.orders >= c.mean_orders then 'value' when m.ago < c.mean_ago then 'develop' when m.orders >= c.mean_orders then 'keep' else 'win_back' end as group8
            from money m cross join cuts c),
        grouped as (select *, (f + m5) / 2.0 as fm from scored)
        select p.* replace (
                   now.moment as as_of, s.last_seen as last_seen, g.first_at as first_order_at, g.last_at as last_order_at, cast(coalesce(g.orders, 0) as integer) as orders, g.spent as spent,
                   cast(g.spent / nullif(g.priced, 0) as decimal(18, 4)) as average_order, g.refunded as refunded, case when b.value > 0 then b.value end as open_cart_value, s.last_cart_at as last_cart_at,
                   cast(s.sessions_30d as integer) as sessions_30d, cast(s.views_30d as integer) as views_30d, cast(g.r as integer) as r, cast(g.f as integer) as f, cast(g.m5 as integer) as m,
                   g.group8 as rfm_group8,
                   case when g.r is null then 'prospects'
                        when g.fm >= 4 then case when g.r = 5 then 'champions' when g.r >= 3 then 'loyal' else 'previously_loyal' end
                        when g.fm >= 2.5 then case when g.r >= 4 then 'active' when g.r = 3 then 'needs_attention' else 'at_risk' end
                        else case when g.r = 5 then 'new' when g.r = 4 then 'promising' when g.r >= 2 then 'almost_lost' else 'dormant' end end as rfm_group)
        from {published}.main.shopper_profile p cross join now join seen s on s.user_id = p.user_id left join grouped g on g.user_id = p.user_id left join carts b on b.user_id = p.user_id
        """;

    /// <summary>What the audience of the moment did in as many days after it ($1) and before; revenue is cut as in a report.</summary>
    /// <param name="audience">A condition over shopper_profile s whose values follow behind $1.</param>
    public static string Outcomes(string published, string audience) => $"""
        with chosen as (select s.user_id from shopper_profile s where {audience}),
        bought as (
            select o.user_id, count(*) filter (where o.ts >= moment) as orders, coalesce(sum(o.net) filter (where o.ts >= moment), 0) as after, coalesce(sum(o.net) filter (where o.ts < moment), 0) as before
            from {published}.main.paid_orders o cross join past_moment where o.ts >= moment - to_days(cast($1 as integer)) and o.ts < moment + to_days(cast($1 as integer)) group by o.user_id),
        people as (select coalesce(b.orders, 0) as orders, cast(coalesce(b.after, 0) as double) as after, cast(coalesce(b.before, 0) as double) as x from chosen c left join bought b on b.user_id = c.user_id),
        cut as (select quantile_cont(after, 0.995) as most from people where after > 0),
        figures as (select orders, x, least(after, coalesce(most, after)) as y from people cross join cut)
        select count(*), count(*) filter (where orders > 0), coalesce(sum(x), 0), coalesce(sum(y), 0), coalesce(sum(x * x), 0), coalesce(sum(y * y), 0), coalesce(sum(x * y), 0) from figures
        """;

    /// <summary>How many shoppers came by for the first time in the four weeks before the moment, on each of their days.</summary>
    public const string NewByDay = """
        select cast(floor(extract(epoch from first_ts - (moment - to_days(28))) / 86400) as integer) as day, count(*)
        from (select user_id, min(ts) as first_ts from clean_events cross join past_moment where user_id is not null and ts >= moment - to_days(28) group by user_id) f cross join past_moment
        group by 1 order by 1
        """;
}
