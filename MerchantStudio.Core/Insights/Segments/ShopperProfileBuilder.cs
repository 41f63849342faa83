using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Insights.Segments;

/// <summary>Gathers everything that conditions may ask about a shopper into one row; the last stage before publishing.</summary>
public static class ShopperProfileBuilder
{
    private const string CreateSql = """
        drop table if exists next_shopper_profile;
        create table next_shopper_profile(
            user_id VARCHAR, as_of TIMESTAMP, first_seen TIMESTAMP, last_seen TIMESTAMP, first_order_at TIMESTAMP, last_order_at TIMESTAMP,
            orders INTEGER, spent DECIMAL(18,4), average_order DECIMAL(18,4), refunded DECIMAL(18,4), open_cart_value DECIMAL(18,4), last_cart_at TIMESTAMP,
            sessions_30d INTEGER, views_30d INTEGER, intent_1 DOUBLE, intent_7 DOUBLE, intent_30 DOUBLE,
            rfm_group VARCHAR, rfm_group8 VARCHAR, r INTEGER, f INTEGER, m INTEGER, cluster INTEGER, sentiment DOUBLE,
            device VARCHAR, region VARCHAR, channel VARCHAR, top_category VARCHAR, has_email BOOLEAN, email_consent BOOLEAN);
        """;

    /// <summary>The basket is what was added in 30 days and neither removed nor followed by a purchase. $1 as of, $2 30 days before, $3 180 days before.</summary>
    private const string CommonSql = """
        insert into next_shopper_profile
        with seen as (
            select user_id, min(ts) as first_seen, max(ts) as last_seen, count(*) filter (where event_type = 'view' and ts >= $2) as views_30d,
                   max(ts) filter (where event_type = 'purchase') as last_purchase, max(ts) filter (where event_type = 'add_to_cart') as last_cart_at
            from next_clean_events where user_id is not null group by user_id),
        carts as (
            select e.user_id, sum(case when e.event_type = 'add_to_cart' then 1 else -1 end * e.amount) as value
            from next_clean_events e join seen s on s.user_id = e.user_id
            where e.event_type in ('add_to_cart', 'remove_from_cart') and e.amount is not null and e.ts >= $2 and (s.last_purchase is null or e.ts > s.last_purchase)
            group by e.user_id),
        orders as (
            select user_id, count(*) as orders, min(ts) as first_at, max(ts) as last_at, sum(net) filter (where has_price) as spent,
                   sum(refunded) filter (where has_price) as refunded, count(*) filter (where has_price) as priced
            from next_paid_orders where user_id is not null group by user_id),
        visits as (select user_id, count(*) as sessions_30d from next_sessions where started_at >= $2 group by user_id),
        devices as (select user_id, device, row_number() over (partition by user_id order by count(*) desc, device) as place
                    from next_clean_events where device is not null group by user_id, device),
        regions as (select user_id, region, row_number() over (partition by user_id order by count(*) desc, region) as place
                    from next_clean_events where region is not null group by user_id, region),
        channels as (select user_id, channel, row_number() over (partition by user_id order by count(*) desc, channel) as place
                     from next_clean_events where channel is not null group by user_id, channel),
        tastes as (select user_id, category, row_number() over (partition by user_id order by share desc, category) as place
                   from next_category_interest where category is not null and share is not null),
        contacts as (select user_id, email_hash is not null or email_protected is not null as has_email, email_consent,
                            row_number() over (partition by user_id order by import_id desc, source_line desc) as place
                     from customers where user_id is not null),
        intents as (
        """;

    private const string RestSql = """
        )
        select s.user_id, cast($1 as timestamp), s.first_seen, s.last_seen, o.first_at, o.last_at,
               coalesce(o.orders, 0), o.spent, cast(o.spent / nullif(o.priced, 0) as decimal(18,4)), o.refunded,
               case when b.value > 0 then b.value end, s.last_cart_at,
               coalesce(v.sessions_30d, 0), s.views_30d, i.intent_1, i.intent_7, i.intent_30,
               g.group_key, g.group8_key, g.r, g.f, g.m, c.cluster, w.score,
               d.device, a.region, h.channel, t.category, k.has_email, k.email_consent
        from seen s
        left join orders o on o.user_id = s.user_id left join carts b on b.user_id = s.user_id left join visits v on v.user_id = s.user_id
        left join next_rfm g on g.user_id = s.user_id left join next_clusters c on c.user_id = s.user_id
        left join devices d on d.user_id = s.user_id and d.place = 1 left join regions a on a.user_id = s.user_id and a.place = 1
        left join channels h on h.user_id = s.user_id and h.place = 1 left join tastes t on t.user_id = s.user_id and t.place = 1
        left join contacts k on k.user_id = s.user_id and k.place = 1
        left join intents i on i.user_id = s.user_id left join words w on w.user_id = s.user_id
        order by s.user_id
        """;

    private const string IntentsSql = """
        select user_id, max(case when horizon_days = 1 and isfinite(probability) then probability end) as intent_1,
               max(case when horizon_days = 7 and isfinite(probability) then probability end) as intent_7,
               max(case when horizon_days = 30 and isfinite(probability) then probability end) as intent_30
        from next_intent_scores group by user_id
        """;

    private const string NoIntentsSql = "select cast(null as varchar) as user_id, cast(null as double) as intent_1, cast(null as double) as intent_7, cast(null as double) as intent_30";

    private const string WordsSql = """
        select r.user_id, avg(w.score) as score from next_review_scores w join known_reviews r on r.import_id = w.import_id and r.source_line = w.source_line
        where r.user_id is not null and r.ts >= $3 and r.ts <= $1 and isfinite(w.score) group by r.user_id
        """;

    private const string NoWordsSql = "select cast(null as varchar) as user_id, cast(null as double) as score where $3 <= $1";

    /// <summary>Writes next_shopper_profile from the other next_ tables; intent and review scores may be absent.</summary>
    /// <returns>Shoppers written.</returns>
    public static async Task<long> BuildAsync(WarehouseSession session, DateTimeOffset asOf, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        await session.ExecuteAsync(CreateSql, [], cancellationToken).ConfigureAwait(false);
        var intents = await SegmentBuilder.HasTableAsync(session, "next_intent_scores", cancellationToken).ConfigureAwait(false) ? IntentsSql : NoIntentsSql;
        var words = await SegmentBuilder.HasTableAsync(session, "next_review_scores", cancellationToken).ConfigureAwait(false) ? WordsSql : NoWordsSql;
        return await session.ExecuteAsync($"{CommonSql}{intents}), words as ({words}{RestSql}", [asOf, asOf.AddDays(-30), asOf.AddDays(-180)], cancellationToken).ConfigureAwait(false);
    }
}
