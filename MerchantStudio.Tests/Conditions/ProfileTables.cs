using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Tests.Conditions;

/// <summary>Puts shoppers into the published tables that conditions read.</summary>
internal static class ProfileTables
{
    /// <summary>Every order is of 50.00, in ten-thousandths.</summary>
    private const long OrderValue = 500_000;

    public static async Task WriteAsync(WorkspaceWarehouse warehouse, DateTimeOffset asOf, IReadOnlyList<ShopperFacts> shoppers, CancellationToken cancellationToken)
    {
        await using var session = await warehouse.BeginAsync(cancellationToken);
        await session.ExecuteAsync(
            """
            create table shopper_profile(
                user_id VARCHAR, as_of TIMESTAMP, first_seen TIMESTAMP, last_seen TIMESTAMP, first_order_at TIMESTAMP, last_order_at TIMESTAMP,
                orders INTEGER, spent DECIMAL(18,4), average_order DECIMAL(18,4), refunded DECIMAL(18,4), open_cart_value DECIMAL(18,4), last_cart_at TIMESTAMP,
                sessions_30d INTEGER, views_30d INTEGER, intent_1 DOUBLE, intent_7 DOUBLE, intent_30 DOUBLE,
                rfm_group VARCHAR, rfm_group8 VARCHAR, r INTEGER, f INTEGER, m INTEGER, cluster INTEGER, sentiment DOUBLE,
                device VARCHAR, region VARCHAR, channel VARCHAR, top_category VARCHAR, has_email BOOLEAN, email_consent BOOLEAN);
            create table clean_events(user_id VARCHAR, ts TIMESTAMP, event_type VARCHAR, category VARCHAR);
            create table paid_orders(order_no VARCHAR, user_id VARCHAR, ts TIMESTAMP, gross DECIMAL(18,4), discount DECIMAL(18,4), net DECIMAL(18,4), coupon_code VARCHAR, has_price BOOLEAN);
            create table category_interest(user_id VARCHAR, category VARCHAR, share DOUBLE);
            """, [], cancellationToken);
        string[] columns =
        [
            "user_id", "as_of", "first_seen", "last_seen", "first_order_at", "last_order_at", "orders", "spent", "average_order", "refunded", "open_cart_value", "last_cart_at", "sessions_30d", "views_30d",
            "intent_1", "intent_7", "intent_30", "rfm_group", "rfm_group8", "r", "f", "m", "cluster", "sentiment", "device", "region", "channel", "top_category", "has_email", "email_consent",
        ];
        using (var profile = session.Append("shopper_profile", columns))
        {
            foreach (var shopper in shoppers) Write(profile, asOf, shopper);
            profile.Complete();
        }

        using (var events = session.Append("clean_events", "user_id", "ts", "event_type", "category"))
        {
            // A row without a shopper must not turn "not in" into null.
            events.Text(2, "view");
            events.EndRow();
            foreach (var (shopper, e) in shoppers.SelectMany(shopper => shopper.Events.Select(e => (shopper.UserId, e))))
            {
                events.Text(0, shopper);
                events.Instant(1, Micros(e.At));
                events.Text(2, e.Type);
                events.Text(3, e.Category);
                events.EndRow();
            }

            events.Complete();
        }

        using (var orders = session.Append("paid_orders", "order_no", "user_id", "ts", "gross", "discount", "net", "has_price"))
        {
            foreach (var (shopper, at, number) in shoppers.SelectMany(shopper => shopper.PaidOrders.Select((at, number) => (shopper.UserId, at, number))))
            {
                orders.Text(0, $"{shopper}/{number}");
                orders.Text(1, shopper);
                orders.Instant(2, Micros(at));
                orders.Scaled(3, OrderValue);
                orders.Scaled(4, 0);
                orders.Scaled(5, OrderValue);
                orders.Boolean(6, true);
                orders.EndRow();
            }

            orders.Complete();
        }

        using (var interests = session.Append("category_interest", "user_id", "category", "share"))
        {
            foreach (var (shopper, interest) in shoppers.SelectMany(shopper => shopper.Interests.Select(interest => (shopper.UserId, interest))))
            {
                interests.Text(0, shopper);
                interests.Text(1, interest.Key);
                interests.Double(2, interest.Value);
                interests.EndRow();
            }

            interests.Complete();
        }

        await session.CommitAsync(cancellationToken);
    }

    private static void Write(WarehouseAppender row, DateTimeOffset asOf, ShopperFacts facts)
    {
        row.Text(0, facts.UserId);
        row.Instant(1, Micros(asOf));
        Instant(2, facts.FirstSeen);
        Instant(3, facts.LastSeen);
        Instant(4, facts.FirstOrderAt);
        Instant(5, facts.LastOrderAt);
        Whole(6, facts.Orders);
        Amount(7, facts.Spent);
        Amount(8, facts.AverageOrder);
        Amount(9, facts.Refunded);
        Amount(10, facts.OpenCartValue);
        Instant(11, facts.LastCartAt);
        Whole(12, facts.Sessions30Days);
        Whole(13, facts.Views30Days);
        Figure(14, facts.Intent1);
        Figure(15, facts.Intent7);
        Figure(16, facts.Intent30);
        row.Text(17, facts.RfmGroup);
        row.Text(18, facts.RfmGroup8);
        Whole(19, facts.R);
        Whole(20, facts.F);
        Whole(21, facts.M);
        Whole(22, facts.Cluster);
        Figure(23, facts.Sentiment);
        row.Text(24, facts.Device);
        row.Text(25, facts.Region);
        row.Text(26, facts.Channel);
        row.Text(27, facts.TopCategory);
        if (facts.HasEmail is { } email) row.Boolean(28, email);
        if (facts.EmailConsent is { } consent) row.Boolean(29, consent);
        row.EndRow();

        void Instant(int column, DateTimeOffset? value)
        {
            if (value is { } at) row.Instant(column, Micros(at));
        }

        void Whole(int column, long? value)
        {
            if (value is { } whole) row.Int(column, (int)whole);
        }

        void Amount(int column, decimal? value)
        {
            if (value is { } amount) row.Scaled(column, (long)(amount * 10_000));
        }

        void Figure(int column, double? value)
        {
            if (value is { } figure) row.Double(column, figure);
        }
    }

    private static long Micros(DateTimeOffset at) => (at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
