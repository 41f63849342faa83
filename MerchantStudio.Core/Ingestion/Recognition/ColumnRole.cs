namespace MerchantStudio.Core.Ingestion.Recognition;

/// <summary>What a column of a file means. Names in mappings and problems are the snake_case forms: user_id, event_type.</summary>
public enum ColumnRole
{
    /// <summary>Left out.</summary>
    Ignore,
    UserId,
    AnonymousId,
    SessionId,

    /// <summary>When it happened; of a review, when it was written.</summary>
    Timestamp,
    EventType,
    ItemId,
    ItemName,
    Category,
    Brand,

    /// <summary>Of one item.</summary>
    Price,
    Quantity,

    /// <summary>Taken off the line, as a positive amount.</summary>
    Discount,
    Currency,
    OrderId,
    LineNo,
    OrderState,
    CouponCode,
    SearchQuery,
    Device,
    Region,
    Channel,
    MessageId,
    ReviewId,
    ReviewTitle,
    ReviewText,

    /// <summary>Stars, 0 to 5.</summary>
    Rating,

    /// <summary>Positive, neutral or negative in the file's own words.</summary>
    Label,
    Cost,
    Description,
    CustomerName,
    Email,
    Phone,
    Country,
    City,
    Gender,
    BirthYear,
    JoinedAt,
    EmailConsent,
}
