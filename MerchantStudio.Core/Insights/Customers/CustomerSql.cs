namespace MerchantStudio.Core.Insights.Customers;

/// <summary>All read published tables and the customers file, which may be empty.</summary>
internal static class CustomerSql
{
    /// <summary>The newest line of each customer of the customers file.</summary>
    public const string Contacts = """
        contacts as (
            select * from (select *, row_number() over (partition by user_id order by import_id desc, source_line desc) as place from customers where user_id is not null) where place = 1)
        """;

    /// <summary>$1 id part, $2 e-mail hash, $3 group, $4 buyers, $5 category; each null for all.</summary>
    public const string From = $"""
        with {Contacts}
        select p.user_id, k.name_protected, k.email_protected, p.orders, p.spent, p.last_seen, p.last_order_at, p.rfm_group,
               coalesce(p.intent_7, p.intent_1, p.intent_30) as intent, p.sentiment, p.top_category, k.country
        from shopper_profile p left join contacts k on k.user_id = p.user_id
        where ($1::varchar is null or contains(lower(p.user_id), lower($1)) or k.email_hash = $2) and ($3::varchar is null or p.rfm_group = $3)
          and ($4::boolean is null or (p.orders > 0) = $4) and ($5::varchar is null or p.top_category = $5)
        """;

    public const string Summary = """
        with buyers as (select spent, ntile(10) over (order by spent desc, user_id) as tenth from shopper_profile where orders > 0 and spent is not null)
        select count(*), count(*) filter (where orders > 0), count(*) filter (where orders > 1), sum(spent),
               (select sum(spent) filter (where tenth = 1) / nullif(sum(spent), 0) from buyers),
               count(coalesce(intent_7, intent_1, intent_30)), count(sentiment), max(as_of)
        from shopper_profile
        """;

    public const string Categories = "select top_category from shopper_profile where top_category is not null group by top_category order by count(*) desc, top_category limit 30";

    /// <summary>$1 the shopper.</summary>
    public const string Facts = $"""
        with {Contacts}
        select p.user_id, k.name_protected, k.email_protected, k.phone_protected, k.country, k.city, coalesce(k.email_consent, p.email_consent), k.joined_at,
               p.first_seen, p.last_seen, p.first_order_at, p.last_order_at, p.orders, p.spent, p.average_order, p.refunded, p.open_cart_value,
               p.rfm_group, p.rfm_group8, p.cluster, p.sentiment, p.device, p.region, p.channel, p.top_category, p.as_of,
               (select avg(average_order) from shopper_profile where average_order is not null)
        from shopper_profile p left join contacts k on k.user_id = p.user_id where p.user_id = $1
        """;

    public const string Chances = "select horizon_days, probability, low, high, reasons from intent_scores where user_id = $1 and isfinite(probability) order by horizon_days";

    public const string Interests = "select category, share, uncertainty, events from category_interest where user_id = $1 and category is not null order by share desc, category limit 8";

    public const string Orders = """
        with names as (select item_id, any_value(name) as name from products group by item_id),
        bought as (
            select coalesce(e.order_id, e.user_id || ' ' || cast(e.ts as varchar)) as order_no, string_agg(distinct coalesce(n.name, e.item_id), ', ' order by coalesce(n.name, e.item_id)) as products
            from clean_events e left join names n on n.item_id = e.item_id where e.user_id = $1 and e.event_type = 'purchase' group by order_no)
        select o.order_no, o.ts, o.items, coalesce(b.products, ''), case when o.has_price then o.net end, case when o.has_price and o.refunded > 0 then o.refunded end, o.coupon_code
        from paid_orders o left join bought b on b.order_no = o.order_no where o.user_id = $1 order by o.ts desc, o.order_no
        """;

    /// <summary>$3: true for visits with a basket, false for those without, null for both.</summary>
    public const string Visits = """
        select s.started_at, s.seconds, s.views, s.carts, s.device,
               (select sum(c.amount) from clean_events c where c.session_no = s.session_no and c.event_type = 'add_to_cart'),
               (select string_agg(distinct coalesce(n.name, c.item_id), ', ') from clean_events c left join (select item_id, any_value(name) as name from products group by item_id) n on n.item_id = c.item_id
                where c.session_no = s.session_no and c.event_type = 'add_to_cart')
        from sessions s where s.user_id = $1 and s.purchases = 0 and (s.views > 0 or s.carts > 0) and ($3::boolean is null or (s.carts > 0) = $3) order by s.started_at desc limit $2
        """;

    public const string Refunds = """
        select e.ts, e.amount, coalesce(n.name, e.item_id), e.order_id
        from clean_events e left join (select item_id, any_value(name) as name from products group by item_id) n on n.item_id = e.item_id
        where e.user_id = $1 and e.event_type = 'refund' order by e.ts desc limit $2
        """;

    public const string Reviews = """
        select r.ts, r.text, r.rating, coalesce(n.name, r.item_id), s.sentiment, s.score, s.words
        from known_reviews r left join review_scores s on s.import_id = r.import_id and s.source_line = r.source_line
        left join (select item_id, any_value(name) as name from products group by item_id) n on n.item_id = r.item_id
        where r.user_id = $1 and r.ts is not null order by r.ts desc limit $2
        """;

    /// <summary>How many refunds, visits with a basket, visits without, and dated reviews.</summary>
    public const string Kinds = """
        select (select count(*) from clean_events where user_id = $1 and event_type = 'refund'),
               count(*) filter (where carts > 0), count(*) filter (where carts = 0 and views > 0),
               (select count(*) from known_reviews where user_id = $1 and ts is not null)
        from sessions where user_id = $1 and purchases = 0
        """;

    public static string OrderBy(CustomerOrder order, bool descending)
    {
        var column = order switch
        {
            CustomerOrder.Spent => "spent",
            CustomerOrder.Orders => "orders",
            CustomerOrder.LastOrder => "last_order_at",
            CustomerOrder.Intent => "intent",
            CustomerOrder.Sentiment => "sentiment",
            CustomerOrder.ShopperId => "user_id",
            _ => "last_seen",
        };
        return $" order by {column} {(descending ? "desc" : "asc")} nulls last, user_id";
    }
}
