using System.Collections.Immutable;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Promotions.Referrals;

/// <param name="Advocates">By her id.</param>
/// <param name="Refunded">Of friends' orders, in the shop's currency.</param>
internal sealed record SeenReferrals(Dictionary<string, (long Shares, long Friends)> Advocates, Dictionary<string, decimal> Refunded);

/// <summary>Counts what the shop's events say of advocates and their codes.</summary>
internal static class ReferralEvents
{
    private const string Inputs = """
        create temp table referral_advocates (user_id varchar, code varchar, given_at timestamp);
        create temp table referral_uses (code varchar, friend varchar, order_id varchar);
        """;

    private static readonly string Counts = $"""
        with named as (
            select e.user_id, e.event_type, e.ts, nullif({CodeText.Sql("e.coupon_code")}, '') as code from clean_events e where e.user_id is not null and (e.event_type = 'share' or e.coupon_code is not null)),
        shares as (
            select a.user_id, count(*) as shares from referral_advocates a join named n on n.user_id = a.user_id
            where n.event_type = 'share' and n.ts >= a.given_at and (n.code is null or n.code = a.code) group by 1),
        came as (
            select a.user_id, n.user_id as friend from referral_advocates a join named n on n.code = a.code where n.user_id <> a.user_id
            union
            select a.user_id, u.friend from referral_advocates a join referral_uses u on u.code = a.code),
        friends as (select user_id, count(distinct friend) as friends from came group by 1)
        select a.user_id, coalesce(s.shares, 0), coalesce(f.friends, 0) from referral_advocates a left join shares s on s.user_id = a.user_id left join friends f on f.user_id = a.user_id
        where s.shares is not null or f.friends is not null
        """;

    private const string Refunds = "select order_no, max(refunded) from paid_orders where refunded > 0 and order_no in (select order_id from referral_uses) group by 1";

    private static readonly string Shares = $"""
        select ts, item_id, channel from clean_events
        where event_type = 'share' and user_id = $1 and ts >= cast($2 as timestamp) and coalesce({CodeText.Sql("coupon_code")}, '') in ('', $3) order by ts desc limit $4
        """;

    /// <summary>Null before the first run of the pipeline.</summary>
    public static async Task<SeenReferrals?> ReadAsync(WarehouseRegistry warehouses, WorkspaceId workspace, IEnumerable<Given> codes, IEnumerable<FriendUse> uses, CancellationToken cancellationToken)
    {
        var warehouse = await warehouses.OpenAsync(workspace, cancellationToken).ConfigureAwait(false);
        if (!await warehouse.HasTableAsync("clean_events", cancellationToken).ConfigureAwait(false) || !await warehouse.HasTableAsync("paid_orders", cancellationToken).ConfigureAwait(false)) return null;
        var session = await warehouse.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = session.ConfigureAwait(false);
        await session.ExecuteAsync(Inputs, [], cancellationToken).ConfigureAwait(false);
        using (var rows = session.Append("referral_advocates"))
        {
            foreach (var code in codes)
            {
                rows.Text(0, code.ShopperId);
                rows.Text(1, CodeText.Normalise(code.Code));
                rows.Instant(2, (code.GivenAt.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond);
                rows.EndRow();
            }

            rows.Complete();
        }

        using (var rows = session.Append("referral_uses"))
        {
            foreach (var use in uses)
            {
                rows.Text(0, CodeText.Normalise(use.Code));
                rows.Text(1, use.Friend);
                rows.Text(2, use.OrderId);
                rows.EndRow();
            }

            rows.Complete();
        }

        var counted = await session.QueryAsync(Counts, row => (Shopper: row.Text(0)!, Shares: row.Long(1), Friends: row.Long(2)), [], cancellationToken).ConfigureAwait(false);
        var refunds = await session.QueryAsync(Refunds, row => (Order: row.Text(0)!, Amount: row.Decimal(1)), [], cancellationToken).ConfigureAwait(false);
        return new SeenReferrals(counted.ToDictionary(row => row.Shopper, row => (row.Shares, row.Friends), StringComparer.Ordinal), refunds.ToDictionary(row => row.Order, row => row.Amount, StringComparer.Ordinal));
    }

    /// <summary>The shares of one advocate, the latest first.</summary>
    public static async Task<ImmutableArray<ReferralShare>> SharesAsync(WarehouseRegistry warehouses, WorkspaceId workspace, Given code, int most, CancellationToken cancellationToken)
    {
        var warehouse = await warehouses.OpenAsync(workspace, cancellationToken).ConfigureAwait(false);
        if (!await warehouse.HasTableAsync("clean_events", cancellationToken).ConfigureAwait(false)) return [];
        return [.. await warehouse.QueryAsync(Shares, row => new ReferralShare(row.Instant(0), row.Text(1), row.Text(2)), [code.ShopperId, code.GivenAt, CodeText.Normalise(code.Code), (long)most], cancellationToken).ConfigureAwait(false)];
    }
}
