using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using static MerchantStudio.Core.Ingestion.Recognition.ColumnRole;
using static MerchantStudio.Core.Ingestion.Recognition.Presets;

namespace MerchantStudio.Core.Ingestion.Recognition.Platforms;

/// <summary>Event exports of analytics tools. The fields of the event itself have the same names in most of them.</summary>
internal static class EventStreams
{
    private static readonly ImmutableArray<PresetColumn> Product =
    [
        Also(ItemId, "product_id|properties.product_id|产品ID"), Also(ItemId, "sku|properties.sku"), Also(ItemName, "product_name|name|properties.name|名称"),
        Also(Category, "category|properties.category"), Also(Brand, "brand|properties.brand"), Also(Price, "price|properties.price|价格"),
        Also(Quantity, "quantity|properties.quantity|数量"), Also(OrderId, "order_id|properties.order_id|订单ID"), Also(ColumnRole.CouponCode, "coupon|properties.coupon"),
        Also(Discount, "discount|properties.discount"), Also(LineNo, "line_no|properties.line_no"),
        Also(Currency, "currency|properties.currency|货币"), Also(SearchQuery, "query|properties.query"), Also(Ignore, "variant"),
    ];

    public static ImmutableArray<Preset> All { get; } =
    [
        new("ga4-events", DatasetKind.Events,
            [
                Also(MessageId, "message_id"), Mark(Timestamp, "event_timestamp|事件时间戳"), Mark(EventType, "event_name|事件名称"), Also(UserId, "user_id|用户ID"), Mark(AnonymousId, "user_pseudo_id|用户伪ID"), Mark(SessionId, "ga_session_id|GA会话ID"),
                Also(Device, "device_category|设备类别"), Also(Region, "geo_country|国家/地区"), Also(Channel, "traffic_source_source|流量来源"),
                Also(OrderId, "transaction_id|ecommerce.transaction_id|交易ID"), Also(ItemId, "item_id|商品ID"), Also(ItemName, "item_name|商品名称"), Also(Brand, "item_brand"), Also(Category, "item_category|商品类别"),
                Also(Price, "price|价格"), Also(Quantity, "quantity|数量"), Also(ColumnRole.CouponCode, "coupon"), Also(Currency, "currency|货币"), Also(SearchQuery, "search_term"), Also(LineNo, "line_no"), Mark(Ignore, "event_date|事件日期"),
                Mark(Ignore, "event_value_in_usd"), Also(Ignore, "traffic_source_medium"), Mark(Ignore, "event_bundle_sequence_id"), Mark(Ignore, "stream_id"), Also(Ignore, "platform"),
            ],
            [EventType, Timestamp, AnonymousId])
        {
            Strict = false,
            Identity = [AnonymousId, Timestamp, EventType, ItemId, ItemName, Quantity, Price, OrderId, SearchQuery],
            IdentityNames = ["event_bundle_sequence_id", "batch_page_id", "batch_ordering_id", "batch_event_index", "item_variant", "item_list_index", "page_location"],
        },
        // Segment and RudderStack write the same warehouse table; an export of either is one form.
        new("segment-events", DatasetKind.Events,
            [
                Also(MessageId, "id|message_id|消息ID"), Also(AnonymousId, "anonymous_id|匿名ID"), Also(UserId, "user_id|用户ID"), Mark(EventType, "event_text|事件文本"), Also(EventType, "event|事件"),
                Also(Timestamp, "timestamp|时间戳"), Mark(Timestamp, "original_timestamp|原始时间戳"), Mark(Ignore, "received_at|接收时间"), Mark(Ignore, "sent_at|发送时间"),
                Mark(Ignore, "uuid_ts"), Mark(Ignore, "rudder_id"), Also(Ignore, "channel|渠道"), Mark(Ignore, "context_library_name|上下文库名称"),
                Mark(Ignore, "context_library_version"), Also(Ignore, "context_page_url|上下文页面网址"), Also(Ignore, "context_ip"), Also(Ignore, "context_user_agent"), Also(Ignore, "context_app_name"),
                Also(Ignore, "context_session_id"), Mark(Ignore, "context_rudder_id"), .. Product,
            ],
            [EventType, Timestamp, AnonymousId])
        {
            Strict = false,
        },
        new("posthog-events", DatasetKind.Events,
            [
                Mark(UserId, "distinct_id|去重ID"), Also(EventType, "event|事件"), Also(Timestamp, "timestamp|时间戳"), Mark(MessageId, "uuid"), Mark(SessionId, "$session_id|properties.$session_id|$会话ID"),
                Mark(Device, "$device_type|properties.$device_type|$设备类型"), Mark(Region, "$geoip_country_name|properties.$geoip_country_name"), Mark(Ignore, "$current_url|properties.$current_url|$当前网址"),
                Mark(Ignore, "person_id|person.distinct_id|人员ID"), Mark(Ignore, "$lib|properties.$lib"), Also(Ignore, "properties|属性"), Also(Ignore, "created_at"), .. Product,
            ],
            [EventType, Timestamp, UserId]),
        new("klaviyo-events", DatasetKind.Events,
            [
                Mark(MessageId, "Event ID|事件 ID"), Mark(EventType, "Metric Name|Metric|指标名称"), Mark(UserId, "Profile ID|档案 ID"), Also(Timestamp, "Event Time|Timestamp|事件时间"), Also(OrderId, "Order ID|订单 ID"),
                Also(ItemId, "Item ID|Product ID|商品 ID"), Also(ItemName, "Product Name|Item Name|产品名称"), Also(Quantity, "Quantity|数量"), Also(Price, "Item Price|商品单价"), Also(Price, "Value|价值"),
                Also(Currency, "Value Currency|价值货币"), Also(ColumnRole.CouponCode, "Discount Code"), Mark(Ignore, "Metric ID|指标 ID"), Mark(Ignore, "Profile Email|档案邮箱"),
                Mark(Ignore, "Flow ID|流程 ID"), Also(Ignore, "Campaign ID"), Mark(Ignore, "Attributed Message"),
            ],
            [EventType, Timestamp, UserId]),
        new("personalize-interactions", DatasetKind.Events,
            [
                Mark(UserId, "USER_ID|用户_ID"), Mark(ItemId, "ITEM_ID|商品_ID"), Mark(Timestamp, "TIMESTAMP|时间戳"), Mark(EventType, "EVENT_TYPE|事件_类型"), Mark(Price, "EVENT_VALUE|事件_值"),
                Mark(Ignore, "IMPRESSION|曝光"), Mark(Ignore, "RECOMMENDATION_ID|推荐_ID"),
            ],
            [UserId, ItemId, Timestamp, EventType])
        {
            LeastMarks = 4,
            InCapitals = true,
        },
    ];
}
