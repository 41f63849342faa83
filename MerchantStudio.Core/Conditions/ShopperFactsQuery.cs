using System.Collections.Immutable;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Conditions;

public static class ShopperFactsQuery
{
    public static Task<ShopperFacts?> ReadAsync(WorkspaceWarehouse warehouse, string userId, CancellationToken cancellationToken) => ReadAsync(warehouse, userId, events: true, orders: true, interests: true, cancellationToken);

    /// <summary>Leaves out what nobody asks about.</summary>
    internal static async Task<ShopperFacts?> ReadAsync(WorkspaceWarehouse warehouse, string userId, bool events, bool orders, bool interests, CancellationToken cancellationToken)
    {
        var profile = await warehouse.QueryAsync(
            """
            select user_id, first_seen, last_seen, first_order_at, last_order_at, orders, spent, average_order, refunded, open_cart_value, last_cart_at,
                   sessions_30d, views_30d, intent_1, intent_7, intent_30, rfm_group, rfm_group8, r, f, m, cluster, sentiment,
                   device, region, channel, top_category, has_email, email_consent
            from shopper_profile where user_id = $1
            """,
            Profile, [userId], cancellationToken).ConfigureAwait(false);
        if (profile.Length == 0) return null;
        var facts = profile[0];
        if (events) facts = facts with
        {
            Events = await warehouse.QueryAsync("select event_type, ts, category from clean_events where user_id = $1 order by ts",
            row => new ShopperEvent(row.Text(0) ?? "", row.Instant(1), row.Text(2)), [userId], cancellationToken).ConfigureAwait(false)
        };
        if (orders) facts = facts with { PaidOrders = await warehouse.QueryAsync("select ts from paid_orders where user_id = $1 order by ts", row => row.Instant(0), [userId], cancellationToken).ConfigureAwait(false) };
        if (!interests) return facts;
        var shares = await warehouse.QueryAsync("select category, share from category_interest where user_id = $1 and category is not null and share is not null",
            row => KeyValuePair.Create(row.Text(0)!, row.Double(1)), [userId], cancellationToken).ConfigureAwait(false);
        return facts with { Interests = shares.ToImmutableDictionary() };
    }

    private static ShopperFacts Profile(WarehouseRow row) => new()
    {
        UserId = row.Text(0)!,
        FirstSeen = row.InstantOrNull(1),
        LastSeen = row.InstantOrNull(2),
        FirstOrderAt = row.InstantOrNull(3),
        LastOrderAt = row.InstantOrNull(4),
        Orders = row.LongOrNull(5),
        Spent = row.DecimalOrNull(6),
        AverageOrder = row.DecimalOrNull(7),
        Refunded = row.DecimalOrNull(8),
        OpenCartValue = row.DecimalOrNull(9),
        LastCartAt = row.InstantOrNull(10),
        Sessions30Days = row.LongOrNull(11),
        Views30Days = row.LongOrNull(12),
        Intent1 = row.DoubleOrNull(13),
        Intent7 = row.DoubleOrNull(14),
        Intent30 = row.DoubleOrNull(15),
        RfmGroup = row.Text(16),
        RfmGroup8 = row.Text(17),
        R = row.LongOrNull(18),
        F = row.LongOrNull(19),
        M = row.LongOrNull(20),
        Cluster = row.LongOrNull(21),
        Sentiment = row.DoubleOrNull(22),
        Device = row.Text(23),
        Region = row.Text(24),
        Channel = row.Text(25),
        TopCategory = row.Text(26),
        HasEmail = row.BooleanOrNull(27),
        EmailConsent = row.BooleanOrNull(28),
    };
}
