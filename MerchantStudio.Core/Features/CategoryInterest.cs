using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Features;

/// <summary>How a shopper's attention is spread over categories, newer and stronger signs weighing more.</summary>
public static class CategoryInterest
{
    /// <summary>
    /// A view weighs 1, a favourite 3, a cart 4, a purchase 6, halved every 30 days. share = weight / all of the shopper's weight;
    /// uncertainty = the standard deviation of that share under a uniform prior, sqrt(p (1 - p) / (weight + 2)). The 20 largest are kept.
    /// </summary>
    private const string Create = """
        create table next_category_interest as
        with weighed as (
            select user_id, category, count(*) as events,
                   sum(case event_type when 'view' then 1 when 'search' then 1 when 'favorite' then 3 when 'add_to_cart' then 4 when 'purchase' then 6 else 0 end
                       * power(0.5, extract(epoch from cast($1 as timestamp) - ts) / 2592000.0)) as weight
            from next_clean_events where category is not null and ts < cast($1 as timestamp)
            group by user_id, category),
        shared as (
            select user_id, category, events, weight / sum(weight) over (partition by user_id) as share, sum(weight) over (partition by user_id) as total,
                   row_number() over (partition by user_id order by weight desc, category) as place
            from weighed where weight > 0)
        select user_id, category, cast(share as double) as share, cast(sqrt(share * (1 - share) / (total + 2)) as double) as uncertainty, cast(events as integer) as events
        from shared where place <= 20 order by user_id, place
        """;

    /// <summary>Writes next_category_interest from next_clean_events as of <paramref name="cutoff"/>.</summary>
    /// <returns>Rows written; 0 when no event has a category.</returns>
    public static async Task<long> BuildAsync(WarehouseSession session, DateTimeOffset cutoff, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        await session.ExecuteAsync("drop table if exists next_category_interest", [], cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync(Create, [cutoff], cancellationToken).ConfigureAwait(false);
        return await session.ScalarAsync<long>("select count(*) from next_category_interest", [], cancellationToken).ConfigureAwait(false);
    }
}
