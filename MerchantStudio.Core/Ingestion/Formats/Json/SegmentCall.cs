using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using MerchantStudio.Core.Ingestion.Recognition;
using MerchantStudio.Core.Ingestion.Values;

namespace MerchantStudio.Core.Ingestion.Formats.Json;

/// <summary>A call as Segment and RudderStack keep it: what was bought is the list <c>properties.products</c>. A product's fields take the place of the order's own.</summary>
internal sealed class SegmentCall : EventShape
{
    private const string Products = "properties.products";
    private const string Discount = "properties.discount";
    private static readonly NumberParser Numbers = new(decimalComma: false);

    public override ImmutableArray<string> Columns { get; } =
    [
        "userId", "event", "properties.order_id", "properties.product_id", "properties.sku", "properties.name", "properties.category", "properties.brand", "properties.price", "properties.quantity",
        Discount, "properties.coupon", "properties.currency", "properties.query", "properties.line_no",
    ];

    public override bool Is(FlatRecord record) =>
        !record.Find("messageId").IsEmpty && !record.Find("type").IsEmpty && (!record.Find("anonymousId").IsEmpty || !record.Find("userId").IsEmpty);

    public override EventItems ItemsOf(FlatRecord record) => new(record.Find(Products));

    public override void Write(FlatRecord record, EventItems items, int item, FlatRecord row)
    {
        row.Clear();
        var meaning = EventNames.Find(Encoding.UTF8.GetString(record.Find("event")));
        var isOrder = meaning is "purchase" or "refund";
        foreach (var (name, text) in items.Fields(item)) Put(row, "properties." + name, text);
        if (isOrder && items.Count > 0 && !row.Has(Discount)) PutShare(record, items, item, row);
        foreach (var (name, from, length) in record.Values)
        {
            if (name == Products || (isOrder && name is Discount) || name is "properties.line_no") continue;
            Put(row, name, record.Text(from, length));
        }

        if (record.Find("type") is var type && (type.SequenceEqual("page"u8) || type.SequenceEqual("screen"u8))) Put(row, "event", "page_view"u8);
        if (isOrder)
        {
            // Revenue is what the goods came to after discounts, without shipping and tax.
            if (items.Count == 0) Put(row, "properties.price", First(record, "properties.revenue", "properties.subtotal", "properties.value", "properties.total"));
            Put(row, "properties.quantity", "1"u8);
        }

        row.Add("properties.line_no", Encoding.UTF8.GetBytes((item + 1).ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>What was taken off the order as a whole is spread over its lines, unless the lines say it themselves.</summary>
    private static void PutShare(FlatRecord record, EventItems items, int item, FlatRecord row)
    {
        if (!Numbers.TryAmount(record.Find(Discount), out var off) || off <= 0 || Enumerable.Range(0, items.Count).Any(line => items[line].TryGetProperty("discount", out _))) return;
        var values = Enumerable.Range(0, items.Count).Select(line => ValueOf(items, line)).ToArray();
        var share = DiscountShares.Of(off, values)[item];
        if (share > 0) Put(row, Discount, Encoding.UTF8.GetBytes((share / 10_000m).ToString(CultureInfo.InvariantCulture)));
    }

    private static decimal ValueOf(EventItems items, int line)
    {
        decimal Field(string name, decimal otherwise) =>
            items[line].TryGetProperty(name, out var value) && Numbers.TryAmount(EventItems.TextOf(value), out var amount) ? amount / 10_000m : otherwise;
        return Field("price", 0) * Field("quantity", 1);
    }

    private static ReadOnlySpan<byte> First(FlatRecord record, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (record.Find(name) is { IsEmpty: false } found) return found;
        }

        return default;
    }
}
