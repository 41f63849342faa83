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

    /// <summary>Of a review: positive, neutral or negative in the file's own words. Of a feature table: what is to be learned.</summary>
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
    LastName,

    /// <summary>What all variants of a product share; stands for the item's id where a variant has none.</summary>
    ItemGroup,

    /// <summary>When an order was paid; empty or 0000-00-00 for one that was not.</summary>
    PaidAt,

    /// <summary>When an order was cancelled; empty for one that was not.</summary>
    CancelledAt,

    /// <summary>What the row's goods came to after discounts, without shipping.</summary>
    LineTotal,

    /// <summary>What the goods of the whole order came to after discounts, without shipping and tax; on one of its rows.</summary>
    OrderTotal,

    /// <summary>Taken off the whole order, as a positive amount; on one of its rows.</summary>
    OrderDiscount,

    /// <summary>Paid back for the whole order; on one of its rows.</summary>
    Refunded,

    /// <summary>A column beside the order's state that says whether the row was paid back.</summary>
    RefundState,
    FeedbackType,
    FeedbackValue,
    Comment,
    Campaign,

    /// <summary>Money spent on advertising that day.</summary>
    Spend,
    Impressions,
    Clicks,

    /// <summary>A column of a feature table; the only role that several columns may have.</summary>
    Feature,
}
