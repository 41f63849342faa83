using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion.Values;

namespace MerchantStudio.Core.Ingestion.Recognition;

/// <summary>The known forms, the particular ones before the general ones.</summary>
internal static class Presets
{
    public static ImmutableArray<Preset> All { get; } =
    [
        new("taobao-userbehavior", DatasetKind.Events,
            [("user_id|user|userid", ColumnRole.UserId), ("item_id|item|itemid", ColumnRole.ItemId), ("category_id|category|item_category|categoryid", ColumnRole.Category),
                ("behavior_type|behavior|behaviour_type|behaviour|behaviortype", ColumnRole.EventType), ("timestamp|time|ts", ColumnRole.Timestamp)],
            [ColumnRole.UserId, ColumnRole.ItemId, ColumnRole.Category, ColumnRole.EventType, ColumnRole.Timestamp])
        {
            WithoutHeader = UserBehaviorRows,
        },
        new("online-retail", DatasetKind.Events,
            [("InvoiceNo|Invoice", ColumnRole.OrderId), ("StockCode", ColumnRole.ItemId), ("Description", ColumnRole.ItemName), ("Quantity", ColumnRole.Quantity),
                ("InvoiceDate", ColumnRole.Timestamp), ("UnitPrice|Price", ColumnRole.Price), ("CustomerID|Customer ID", ColumnRole.UserId), ("Country", ColumnRole.Region)],
            [ColumnRole.OrderId, ColumnRole.ItemId, ColumnRole.Quantity, ColumnRole.Timestamp, ColumnRole.Price, ColumnRole.UserId])
        {
            EveryRowIs = "purchase",
            RefundPrefix = "C",
            DateOrder = DateOrder.MonthFirst,
        },
        new("clothing-reviews", DatasetKind.Reviews,
            [("Clothing ID", ColumnRole.ItemId), ("Title", ColumnRole.ReviewTitle), ("Review Text", ColumnRole.ReviewText), ("Rating", ColumnRole.Rating), ("Class Name", ColumnRole.Category)],
            [ColumnRole.ItemId, ColumnRole.ReviewText, ColumnRole.Rating])
        {
            Strict = false,
        },
        new("online-shopping-reviews", DatasetKind.Reviews,
            [("cat", ColumnRole.Category), ("label", ColumnRole.Label), ("review", ColumnRole.ReviewText)],
            [ColumnRole.Category, ColumnRole.Label, ColumnRole.ReviewText]),
        Own("merchantstudio-events", DatasetKind.Events, [ColumnRole.UserId, ColumnRole.EventType, ColumnRole.ItemId, ColumnRole.Timestamp], []),
        Own("merchantstudio-reviews", DatasetKind.Reviews, [ColumnRole.ReviewText, ColumnRole.Rating], [("title", ColumnRole.ReviewTitle), ("text", ColumnRole.ReviewText)]),
        Own("merchantstudio-customers", DatasetKind.Customers, [ColumnRole.UserId, ColumnRole.Email], [("name", ColumnRole.CustomerName)]),
        Own("merchantstudio-products", DatasetKind.Products, [ColumnRole.ItemId, ColumnRole.ItemName, ColumnRole.Category], [("name", ColumnRole.ItemName)]),
    ];

    public static string Known => string.Join(", ", All.Select(preset => preset.Key));

    public static Preset? Find(string key) => All.FirstOrDefault(preset => preset.Key == key);

    /// <summary>Our own form: columns are named as their roles are.</summary>
    private static Preset Own(string key, DatasetKind kind, ImmutableArray<ColumnRole> needed, ImmutableArray<(string, ColumnRole)> otherNames) =>
        new(key, kind, [.. Roles.For(kind).Select(role => (Roles.Key(role), role)), .. otherNames], needed);

    /// <summary>user, item, category, pv|buy|cart|fav, Unix seconds.</summary>
    private static ImmutableArray<ColumnRole> UserBehaviorRows(IReadOnlyList<ImmutableArray<string>> rows)
    {
        var looked = rows.Take(200).ToList();
        var fitting = looked.Count(row => row.Length == 5 && IsWhole(row[0]) && IsWhole(row[1]) && IsWhole(row[2])
            && row[3] is "pv" or "buy" or "cart" or "fav" && row[4].Length is 9 or 10 && IsWhole(row[4]));
        return looked.Count > 0 && fitting >= looked.Count * 0.9
            ? [ColumnRole.UserId, ColumnRole.ItemId, ColumnRole.Category, ColumnRole.EventType, ColumnRole.Timestamp]
            : [];
    }

    private static bool IsWhole(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
