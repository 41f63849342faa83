using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Live.Moving;

/// <summary>Appends live rows to the table of events and claims to theirs.</summary>
internal static class EventRowsWriter
{
    /// <summary>Live rows belong to no import.</summary>
    public const int ImportId = 0;

    private static readonly string[] Columns =
    [
        "import_id", "source_line", "ts", "received_at", "event_type", "user_id", "anonymous_id", "session_id", "item_id", "item_name", "category", "brand", "price", "quantity", "discount",
        "currency", "order_id", "line_no", "coupon_code", "search_query", "device", "region", "channel", "message_id", "order_state", "properties",
    ];

    public static void Write(MovedBatch batch, WarehouseSession session)
    {
        using var rows = session.Append("events", Columns);
        using var claims = session.Append("identity_claims", "anonymous_id", "user_id", "ts", "kind", "message_id", "source_line");
        foreach (var (line, receivedAt, row) in batch.Events)
        {
            rows.Int(0, ImportId);
            rows.Long(1, line);
            rows.Instant(2, row.At);
            rows.Instant(3, receivedAt);
            rows.Text(4, row.EventType);
            rows.Text(5, row.UserId);
            rows.Text(6, row.AnonymousId);
            rows.Text(7, row.SessionId);
            rows.Text(8, row.ItemId);
            rows.Text(9, row.ItemName);
            rows.Text(10, row.Category);
            rows.Text(11, row.Brand);
            if (row.Price is { } price) rows.Scaled(12, price);
            if (row.Quantity is { } quantity) rows.Int(13, row.EventType == "refund" ? Math.Abs(quantity) : quantity);
            if (row.Discount is { } discount) rows.Scaled(14, discount);
            rows.Text(15, row.Currency);
            rows.Text(16, row.OrderId);
            if (row.LineNo is { } number) rows.Int(17, number);
            rows.Text(18, row.CouponCode);
            rows.Text(19, row.SearchQuery);
            rows.Text(20, row.Device);
            rows.Text(21, row.Region);
            rows.Text(22, row.Channel);
            rows.Text(23, row.MessageId);
            rows.Text(24, row.OrderState);
            rows.Text(25, row.Properties);
            rows.EndRow();
        }

        foreach (var (line, claim) in batch.Claims)
        {
            claims.Text(0, claim.AnonymousId);
            claims.Text(1, claim.UserId);
            claims.Instant(2, claim.At);
            claims.Text(3, claim.Kind);
            claims.Text(4, claim.MessageId);
            claims.Long(5, line);
            claims.EndRow();
        }

        claims.Complete();
        rows.Complete();
    }
}
