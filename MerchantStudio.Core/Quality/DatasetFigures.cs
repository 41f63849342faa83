using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Quality;

/// <summary>What is counted of the product, customer and review files.</summary>
/// <param name="Repeats">Rows beyond the first of the same product or customer.</param>
/// <param name="Buyers">Different shoppers with a purchase; <paramref name="KnownBuyers"/> of them are in the customer file.</param>
/// <param name="RepeatedReviews">Reviews whose shopper, product and text came before.</param>
/// <param name="BadRatings">Ratings below 0 or above 5.</param>
internal sealed record DatasetFigures(
    long Products, long NoCategory, long NoProductPrice, long BadProductPrice, long Repeats,
    long Customers, long NoContact, long RepeatedCustomers, long BadBirthYear, long Buyers, long KnownBuyers,
    long Reviews, long NoText, long NoRating, long BadRatings, long RepeatedReviews, long UnknownReviewed, DateTimeOffset? LastReviewAt)
{
    private const string CountSql = """
        select
            (select count(*) from products), (select count(*) from products where category is null), (select count(*) from products where price is null),
            (select count(*) from products where price < 0 or cost < 0), (select count(item_id) - count(distinct item_id) from products),
            (select count(*) from customers), (select count(*) from customers where email_hash is null and phone_hash is null), (select count(user_id) - count(distinct user_id) from customers),
            (select count(*) from customers where birth_year < 1900 or birth_year > $2),
            (select count(distinct user_id) from events where event_type = 'purchase'),
            (select count(distinct e.user_id) from events e where e.event_type = 'purchase' and exists (select 1 from customers c where c.user_id = e.user_id)),
            (select count(*) from reviews), (select count(*) from reviews where text is null), (select count(*) from reviews where rating is null),
            (select count(*) from reviews where rating < 0 or rating > 5),
            (select count(text) - count(distinct hash(user_id, item_id, text)) filter (where text is not null) from reviews),
            (select count(*) from reviews r where r.item_id is not null and not exists (select 1 from products p where p.item_id = r.item_id)),
            (select max(ts) from reviews where ts <= $1)
        """;

    /// <summary>Longest pause between two days with events that is still usual: 19 of 20 pauses are no longer. Null with fewer than ten days.</summary>
    /// <remarks>Zones differ from UTC by quarters of an hour, so the zone is asked once for each quarter that occurs: for every row it would cost ten times more.</remarks>
    private const string PauseSql = """
        with quarters as (select distinct epoch_us(ts) // 900000000 as quarter from events where ts is not null and ts <= $1),
        days as (select distinct cast((make_timestamp(quarter * 900000000) at time zone 'UTC') at time zone $2 as date) as day from quarters),
        pauses as (select day - lag(day) over (order by day) as pause from days)
        select case when count(pause) >= 9 then cast(quantile_disc(pause, 0.95) as double) end from pauses
        """;

    public static async Task<DatasetFigures> CountAsync(WorkspaceWarehouse warehouse, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var rows = await warehouse.QueryAsync(CountSql, row => (Counts: Enumerable.Range(0, 17).Select(row.Long).ToArray(), Last: row.InstantOrNull(17)), [now.AddDays(1), now.Year], cancellationToken).ConfigureAwait(false);
        var (c, last) = rows[0];
        return new DatasetFigures(c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7], c[8], c[9], c[10], c[11], c[12], c[13], c[14], c[15], c[16], last);
    }

    public static Task<double?> UsualPauseAsync(WorkspaceWarehouse warehouse, string timeZone, DateTimeOffset now, CancellationToken cancellationToken) =>
        warehouse.ScalarAsync<double?>(PauseSql, [now.AddDays(1), timeZone], cancellationToken);
}

/// <summary>The complete imports of one kind.</summary>
/// <param name="Read">Rows of all of them; <paramref name="Rejected"/> of them were set aside.</param>
/// <param name="FinishedAt">Ascending.</param>
internal sealed record ImportFigures(DatasetKind Kind, long Read, long Rejected, ImmutableArray<DateTimeOffset> FinishedAt)
{
    /// <summary>Median days between imports; null with fewer than three.</summary>
    public double? UsualGapDays
    {
        get
        {
            if (FinishedAt.Length < 3) return null;
            var gaps = FinishedAt.Zip(FinishedAt.Skip(1)).Select(pair => (pair.Second - pair.First).TotalDays).Order().ToArray();
            return gaps.Length % 2 == 1 ? gaps[gaps.Length / 2] : (gaps[(gaps.Length / 2) - 1] + gaps[gaps.Length / 2]) / 2;
        }
    }
}
