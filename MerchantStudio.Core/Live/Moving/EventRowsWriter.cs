using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Live.Moving;

/// <summary>Appends live rows to the table of events, the reviews they carry and claims to theirs.</summary>
internal static class EventRowsWriter
{
    /// <summary>Live rows belong to no import.</summary>
    public const int ImportId = 0;

    private static readonly string[] Columns =
    [
        "import_id", "source_line", "ts", "received_at", "event_type", "user_id", "anonymous_id", "session_id", "item_id", "item_name", "category", "brand", "price", "quantity", "discount",
        "currency", "order_id", "line_no", "coupon_code", "search_query", "device", "region", "channel", "message_id", "order_state", "properties",
    ];

    private static readonly string[] ReviewColumns = ["import_id", "source_line", "review_id", "user_id", "item_id", "ts", "rating", "title", "text", "category"];

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

        WriteReviews(batch, session);
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

    /// <summary>A review has the line of the event that carries it. A visitor without a name keeps her own id until she turns out to be somebody.</summary>
    private static void WriteReviews(MovedBatch batch, WarehouseSession session)
    {
        if (!batch.Events.Any(moved => moved.Row.Review is not null)) return;
        using var reviews = session.Append("reviews", ReviewColumns);
        foreach (var (line, _, row) in batch.Events)
        {
            if (row.Review is not { } review) continue;
            reviews.Int(0, ImportId);
            reviews.Long(1, line);
            reviews.Text(2, review.Id);
            reviews.Text(3, row.UserId ?? row.AnonymousId);
            reviews.Text(4, row.ItemId);
            reviews.Instant(5, row.At);
            if (review.Rating is { } stars) reviews.Double(6, stars / 10_000.0);
            reviews.Text(7, review.Title);
            reviews.Text(8, review.Text);
            reviews.Text(9, row.Category);
            reviews.EndRow();
        }

        reviews.Complete();
    }
}
