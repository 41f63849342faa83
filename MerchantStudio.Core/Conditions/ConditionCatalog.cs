using System.Collections.Immutable;

namespace MerchantStudio.Core.Conditions;

/// <summary>Every attribute and event that a condition may name; SQL, delegate, sentence and builder all read this one table.</summary>
public static class ConditionCatalog
{
    public static ImmutableArray<ConditionAttribute> Attributes { get; } =
    [
        new("orders", AttributeKind.Count, "orders", "orders", facts => facts.Orders),
        new("spent", AttributeKind.Money, "orders", "spent", facts => facts.Spent),
        new("average_order", AttributeKind.Money, "orders", "average_order", facts => facts.AverageOrder),
        new("refunded", AttributeKind.Money, "orders", "refunded", facts => facts.Refunded),
        new("first_order_at", AttributeKind.Moment, "orders", "first_order_at", facts => facts.FirstOrderAt),
        new("last_order_at", AttributeKind.Moment, "orders", "last_order_at", facts => facts.LastOrderAt),
        new("first_seen", AttributeKind.Moment, "events", "first_seen", facts => facts.FirstSeen),
        new("last_seen", AttributeKind.Moment, "events", "last_seen", facts => facts.LastSeen),
        new("open_cart_value", AttributeKind.Money, "events", "open_cart_value", facts => facts.OpenCartValue),
        new("last_cart_at", AttributeKind.Moment, "events", "last_cart_at", facts => facts.LastCartAt),
        new("sessions_30d", AttributeKind.Count, "events", "sessions_30d", facts => facts.Sessions30Days),
        new("views_30d", AttributeKind.Count, "events", "views_30d", facts => facts.Views30Days),
        new("intent_1", AttributeKind.Probability, "intent", "intent_1", facts => facts.Intent1),
        new("intent_7", AttributeKind.Probability, "intent", "intent_7", facts => facts.Intent7),
        new("intent_30", AttributeKind.Probability, "intent", "intent_30", facts => facts.Intent30),
        new("rfm_r", AttributeKind.Score, "orders", "r", facts => facts.R),
        new("rfm_f", AttributeKind.Score, "orders", "f", facts => facts.F),
        new("rfm_m", AttributeKind.Score, "orders", "m", facts => facts.M),
        new("sentiment", AttributeKind.Sentiment, "reviews", "sentiment", facts => facts.Sentiment),
        new("device", AttributeKind.Choice, "events", "device", facts => facts.Device),
        new("region", AttributeKind.Choice, "events", "region", facts => facts.Region),
        new("channel", AttributeKind.Choice, "events", "channel", facts => facts.Channel),
        new("top_category", AttributeKind.Choice, "events", "top_category", facts => facts.TopCategory),
        new("has_email", AttributeKind.Flag, "customers", "has_email", facts => facts.HasEmail),
        new("email_consent", AttributeKind.Flag, "customers", "email_consent", facts => facts.EmailConsent),
        new("first_order", AttributeKind.Flag, "basket", facts => facts.Orders is null or 0, "(coalesce(s.orders, 0) = 0)"),
        new("basket_total", AttributeKind.Money, "basket", facts => facts.Basket?.Total),
        new("basket_total_not_on_sale", AttributeKind.Money, "basket", facts => facts.Basket?.TotalNotOnSale),
        new("basket_pieces", AttributeKind.Count, "basket", facts => facts.Basket?.Pieces),
        new("basket_lowest_stock", AttributeKind.Count, "basket", facts => facts.Basket?.LowestStock),
        new("order_channel", AttributeKind.Choice, "basket", facts => facts.Basket?.Channel),
        new("order_weekday", AttributeKind.Weekday, "basket", facts => facts.Basket?.Weekday),
        new("order_hour", AttributeKind.Hour, "basket", facts => facts.Basket is { } basket ? (long)basket.At.Hour : null),
    ];

    /// <summary>What can be counted: "order" is a paid order, the others are event types.</summary>
    public static ImmutableArray<string> Events { get; } =
        ["order", "view", "search", "add_to_cart", "remove_from_cart", "favorite", "view_cart", "checkout", "purchase", "refund", "coupon", "review", "share"];

    public static ImmutableArray<string> RfmGroups { get; } =
        ["champions", "loyal", "active", "new", "promising", "needs_attention", "at_risk", "almost_lost", "previously_loyal", "dormant", "prospects"];

    /// <summary>Important: spends above the mean. Value, develop, keep, win back: recent and often, recent only, often only, neither.</summary>
    public static ImmutableArray<string> RfmGroups8 { get; } =
        ["important_value", "important_develop", "important_keep", "important_win_back", "general_value", "general_develop", "general_keep", "general_win_back"];

    private static readonly ImmutableDictionary<string, ConditionAttribute> ByKey = Attributes.ToImmutableDictionary(attribute => attribute.Key);

    public static ConditionAttribute? Find(string key) => ByKey.GetValueOrDefault(key);
}
