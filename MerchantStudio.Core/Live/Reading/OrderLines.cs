using System.Collections.Immutable;
using System.Text.Json;
using MerchantStudio.Core.Ingestion.Values;
using MerchantStudio.Core.Live.Journal;

namespace MerchantStudio.Core.Live.Reading;

/// <summary>An event's items, each a row of its own.</summary>
internal static class OrderLines
{
    private const int MostItems = 200;

    /// <param name="row">What all lines share.</param>
    public static ImmutableArray<LiveRow> Of(LiveRow row, EventFields details)
    {
        var isOrder = row.EventType is "purchase" or "refund";
        var off = details.Amount("discount");
        if (details.List("products", "items") is not { } items || items.GetArrayLength() == 0)
        {
            var whole = Item(row, details);
            var price = details.Amount("price") ?? (isOrder ? details.Amount("revenue", "value", "total") : null);

            // Revenue is what the goods came to after the discount.
            var discount = isOrder && details.Amount("price") is null ? null : off;
            return [whole with { Price = price, Quantity = details.Whole("quantity", "qty") ?? (isOrder ? 1 : null), Discount = discount, LineNo = isOrder ? details.Whole("line_no") ?? 1 : null }];
        }

        if (items.GetArrayLength() > MostItems) throw EventReader.Refuse(LiveReasons.TooManyItems, "items", items.GetArrayLength().ToString(System.Globalization.CultureInfo.InvariantCulture));
        var lines = items.EnumerateArray().Select((item, index) =>
        {
            if (item.ValueKind != JsonValueKind.Object) throw EventReader.Refuse(LiveReasons.NotAnObject, "items");
            var fields = new EventFields(item);
            var own = Item(row, fields);
            return own with
            {
                Price = fields.Amount("price"),
                Quantity = fields.Whole("quantity", "qty") ?? (isOrder ? 1 : null),
                Discount = fields.Amount("discount"),
                CouponCode = fields.Text("coupon_code", "coupon") ?? row.CouponCode,
                LineNo = index + 1,
            };
        }).ToImmutableArray();
        return isOrder && off is > 0 && lines.All(line => line.Discount is null) ? Spread(lines, off.Value) : lines;
    }

    private static LiveRow Item(LiveRow row, EventFields fields) => row with
    {
        ItemId = fields.Text("item_id", "product_id", "productId", "sku", "id"),
        ItemName = fields.Text("item_name", "product_name", "name"),
        Category = fields.Text("category", "item_category"),
        Brand = fields.Text("brand", "item_brand"),
    };

    private static ImmutableArray<LiveRow> Spread(ImmutableArray<LiveRow> lines, long discount)
    {
        var shares = DiscountShares.Of(discount, [.. lines.Select(line => (decimal)(line.Price ?? 0) * (line.Quantity ?? 1))]);
        return [.. lines.Select((line, index) => line with { Discount = shares[index] == 0 ? null : shares[index] })];
    }
}
