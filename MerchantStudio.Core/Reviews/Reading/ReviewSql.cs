namespace MerchantStudio.Core.Reviews;

/// <summary>Scored reviews with their day in the store's zone. $1 is the zone, $2 the first and $3 the last day (null: all, dated or not).</summary>
internal static class ReviewSql
{
    public const string Scored = """
        with scored as (
            select r.import_id, r.source_line, r.user_id, r.item_id, r.ts, r.rating, r.title, r.text, s.sentiment, s.score, s.language, s.words,
                   cast((r.ts at time zone 'UTC') at time zone $1 as date) as day,
                   (r.rating >= 4 and s.sentiment = 'negative') or (r.rating <= 2 and s.sentiment = 'positive') as disagree
            from reviews r join review_scores s on s.import_id = r.import_id and s.source_line = r.source_line),
        chosen as (select * from scored where $2::date is null or day between $2::date and $3::date),
        names as (select item_id, any_value(name) as name from products group by item_id)

        """;

    public const string Span = Scored + """
        select min(day), max(day), count(day), count(item_id), count(user_id), count(rating), count(*),
               (select count(*) from reviews r where length(trim(coalesce(r.text, ''))) > 0 and not exists (select 1 from review_scores s where s.import_id = r.import_id and s.source_line = r.source_line))
        from chosen
        """;

    public const string Shares = Scored + """
        select count(*) filter (where sentiment = 'positive'), count(*) filter (where sentiment = 'neutral'), count(*) filter (where sentiment = 'negative'),
               avg(rating), count(*) filter (where disagree)
        from chosen
        """;

    /// <summary>$4 is 'week' or 'month'.</summary>
    public const string Trend = Scored + """
        select cast(date_trunc($4, day) as date) as start, count(*), count(*) filter (where sentiment = 'negative'), avg(rating)
        from chosen where day is not null group by start order by start
        """;

    /// <summary>$4 is the least number of reviews, $5 the shop's share of negative ones.</summary>
    public const string Products = Scored + """
        select c.item_id, any_value(n.name), count(*), count(*) filter (where sentiment = 'positive'), count(*) filter (where sentiment = 'neutral'),
               count(*) filter (where sentiment = 'negative'), avg(score), avg(rating), count(*) filter (where sentiment = 'negative') - count(*) * $5
        from chosen c left join names n on n.item_id = c.item_id
        where c.item_id is not null group by c.item_id having count(*) >= $4 order by count(*) desc, c.item_id limit 500
        """;

    public const string Shoppers = Scored + """
        select user_id, count(*), count(*) filter (where sentiment = 'negative'), avg(score), max(ts)
        from chosen where user_id is not null group by user_id order by avg(score), count(*) desc, user_id limit 200
        """;

    public const string Row = "c.import_id, c.source_line, c.user_id, c.item_id, n.name, c.ts, c.rating, c.title, c.text, c.sentiment, c.score, c.language, c.words";

    /// <summary>$4 sentiment, $5 item, $6 shopper, $7 language, $8 only where stars and words disagree, $9 search, each null for all.</summary>
    public const string Filter = """
        from chosen c left join names n on n.item_id = c.item_id
        where ($4::varchar is null or c.sentiment = $4) and ($5::varchar is null or c.item_id = $5) and ($6::varchar is null or c.user_id = $6)
          and ($7::varchar is null or c.language = $7) and (not $8 or c.disagree)
          and ($9::varchar is null or contains(lower(c.text), lower($9)) or contains(lower(coalesce(c.title, '')), lower($9)))
        """;

    public static string Order(ReviewOrder order) => order switch
    {
        ReviewOrder.MostNegative => " order by c.score, c.import_id, c.source_line",
        ReviewOrder.MostPositive => " order by c.score desc, c.import_id, c.source_line",
        _ => " order by c.ts desc nulls last, c.import_id desc, c.source_line desc",
    };
}
