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
            select shopper_no, category, any_value(user_id) as user_id, count(*) as events,
                   sum(case event_type when 'view' then 1 when 'search' then 1 when 'favorite' then 3 when 'add_to_cart' then 4 when 'purchase' then 6 else 0 end
                       * power(0.5, (epoch_us(cast($1 as timestamp)) - epoch_us(ts)) / 2592000000000.0)) as weight
            from next_clean_events where category is not null and ts < cast($1 as timestamp)
            group by shopper_no, category),
        shared as (
            select shopper_no, user_id, category, events, weight / sum(weight) over (partition by shopper_no) as share, sum(weight) over (partition by shopper_no) as total,
                   row_number() over (partition by shopper_no order by weight desc, category) as place
            from weighed where weight > 0)
        select user_id, category, cast(share as double) as share, cast(sqrt(share * (1 - share) / (total + 2)) as double) as uncertainty, cast(events as integer) as events
        from shared where place <= 20 order by shopper_no, place
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
