using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion.Values;
using static MerchantStudio.Core.Ingestion.Recognition.ColumnRole;
using static MerchantStudio.Core.Ingestion.Recognition.Presets;

namespace MerchantStudio.Core.Ingestion.Recognition.Platforms;

/// <summary>Data sets that people try a studio with.</summary>
internal static class PublicSets
{
    public static ImmutableArray<Preset> All { get; } =
    [
        new("taobao-userbehavior", DatasetKind.Events,
            [
                Also(UserId, "user_id|user|用户ID"), Also(ItemId, "item_id|item|商品ID"), Also(Category, "category_id|category|item_category|商品类目ID"),
                Mark(EventType, "behavior_type|behavior|behaviour_type|behaviour|行为类型"), Also(Timestamp, "timestamp|time|ts|时间戳"),
            ],
            [UserId, ItemId, EventType, Timestamp])
        {
            LeastMarks = 1,
            Shape = [new(UserId, CellForm.Whole), new(ItemId, CellForm.Whole), new(Category, CellForm.Whole), new(EventType, CellForm.Word, "pv|buy|cart|fav"), new(Timestamp, CellForm.UnixSeconds)],
        },
        new("rees46-events", DatasetKind.Events,
            [
                Mark(Timestamp, "event_time|事件时间"), Also(EventType, "event_type|事件类型"), Also(ItemId, "product_id|产品ID"), Mark(Category, "category_code|类别代码"), Also(Category, "category_id|类别ID"),
                Also(Brand, "brand|品牌"), Also(Price, "price|价格"), Also(UserId, "user_id|用户ID"), Mark(SessionId, "user_session|用户会话"),
            ],
            [Timestamp, EventType, ItemId, UserId]),
        new("retailrocket-events", DatasetKind.Events,
            [
                Also(Timestamp, "timestamp|时间戳"), Mark(UserId, "visitorid|访客ID"), Also(EventType, "event|事件"), Also(ItemId, "itemid|商品ID"), Mark(OrderId, "transactionid|交易ID"),
            ],
            [Timestamp, UserId, EventType, ItemId])
        {
            LeastMarks = 1,
        },
        new("online-retail", DatasetKind.Events,
            [
                Mark(OrderId, "InvoiceNo|Invoice|发票号|发票"), Mark(ItemId, "StockCode|库存代码"), Also(ItemName, "Description|描述"), Also(Quantity, "Quantity|数量"), Mark(Timestamp, "InvoiceDate|发票日期"),
                Also(Price, "UnitPrice|Price|单价|价格"), Also(UserId, "CustomerID|客户ID"), Also(Region, "Country|国家"),
            ],
            [OrderId, ItemId, Quantity, Timestamp, Price])
        {
            EveryRowIs = "purchase",
            RefundPrefix = "C",
            DateOrder = DateOrder.MonthFirst,
        },
        // A session stands for its shopper: nobody is known by more. An item's id has nine digits.
        new("yoochoose-buys", DatasetKind.Events,
            [
                Mark(AnonymousId, "Session ID|会话ID"), Also(Timestamp, "Timestamp|Time|时间戳"), Mark(ItemId, "Item ID|商品ID"), Also(Price, "Price|价格"), Mark(Quantity, "Quantity|数量"),
            ],
            [AnonymousId, Timestamp, ItemId, Quantity])
        {
            LeastMarks = 3,
            Closed = true,
            EveryRowIs = "purchase",
            Shape = [new(AnonymousId, CellForm.Whole), new(Timestamp, CellForm.IsoInstant), new(ItemId, CellForm.NineDigits), new(Price, CellForm.Whole), new(Quantity, CellForm.Whole)],
        },
        new("yoochoose-clicks", DatasetKind.Events,
            [Mark(AnonymousId, "Session ID|会话ID"), Also(Timestamp, "Timestamp|Time|时间戳"), Mark(ItemId, "Item ID|商品ID"), Also(Category, "Category|类别")],
            [AnonymousId, Timestamp, ItemId])
        {
            EveryRowIs = "view",
            Closed = true,
            Shape = [new(AnonymousId, CellForm.Whole), new(Timestamp, CellForm.IsoInstant), new(ItemId, CellForm.NineDigits), new(Category, CellForm.Word, "S|0")],
        },
        new("clothing-reviews", DatasetKind.Reviews,
            [
                Mark(ItemId, "Clothing ID"), Also(ReviewTitle, "Title"), Mark(ReviewText, "Review Text"), Also(Rating, "Rating"), Mark(Category, "Class Name"),
            ],
            [ItemId, ReviewText, Rating])
        {
            Strict = false,
        },
        new("online-shopping-reviews", DatasetKind.Reviews,
            [Mark(Category, "cat"), Mark(Label, "label"), Mark(ReviewText, "review")],
            [Category, Label, ReviewText])
        {
            LeastMarks = 3,
        },
    ];
}
