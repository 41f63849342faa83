using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using MerchantStudio.Core.Ingestion.Recognition;
using MerchantStudio.Core.Ingestion.Values;

namespace MerchantStudio.Core.Ingestion.Formats.Json;

/// <summary>
/// A call as Segment and RudderStack keep it: what was bought is the list <c>properties.products</c>, or in a warehouse's table the column <c>products</c>. A product's fields take
/// the place of the order's own.
/// </summary>
internal sealed class SegmentCall : EventShape
{
    private static readonly string[] Fields = ["order_id", "product_id", "sku", "name", "category", "brand", "price", "quantity", "discount", "coupon", "currency", "query", "line_no"];
    private static readonly NumberParser Numbers = new(decimalComma: false);
    private readonly string _id;
    private readonly string _visitor;
    private readonly string _user;
    private readonly string _prefix;
    private readonly bool _isTable;

    private SegmentCall(string id, string visitor, string user, string prefix)
    {
        (_id, _visitor, _user, _prefix, _isTable) = (id, visitor, user, prefix, prefix.Length == 0);
        Columns = [_user, "event", .. Fields.Select(field => prefix + field)];
    }

    /// <summary>The call itself; with names in either spelling; and its row in a warehouse.</summary>
    public static ImmutableArray<EventShape> Forms { get; } =
        [new SegmentCall("messageId", "anonymousId", "userId", "properties."), new SegmentCall("message_id", "anonymous_id", "user_id", "properties."), new SegmentCall("id", "anonymous_id", "user_id", "")];

    public override ImmutableArray<string> Columns { get; }

    private string Products => _prefix + "products";

    private string Discount => _prefix + "discount";

    public override bool Is(FlatRecord record) =>
        !record.Find(_id).IsEmpty && (!record.Find(_visitor).IsEmpty || !record.Find(_user).IsEmpty)
        && (_isTable ? record.Find(Products).StartsWith("["u8) && !record.Find("event").IsEmpty : !record.Find("type").IsEmpty);

    public override bool MayBeIn(IReadOnlySet<string> columns) =>
        columns.Contains(_id) && (columns.Contains(_visitor) || columns.Contains(_user))
        && (_isTable ? columns.Contains(Products) && columns.Contains("event") : columns.Contains("type") && (columns.Contains("properties") || columns.Contains(Products)));

    public override EventItems ItemsOf(FlatRecord record) => new(record.Find(Products));

    public override void Write(FlatRecord record, EventItems items, int item, FlatRecord row)
    {
        row.Clear();
        var meaning = EventNames.Find(Encoding.UTF8.GetString(record.Find("event")));
        var isOrder = meaning is "purchase" or "refund";
        foreach (var (name, text) in items.Fields(item)) Put(row, _prefix + name, text);
        if (isOrder && items.Count > 0 && !row.Has(Discount)) PutShare(record, items, item, row);
        foreach (var (name, from, length) in record.Values)
        {
            if (name == Products || (isOrder && name == Discount) || name == _prefix + "line_no") continue;
            Put(row, name, record.Text(from, length));
        }

        if (record.Find("type") is var type && (type.SequenceEqual("page"u8) || type.SequenceEqual("screen"u8))) Put(row, "event", "page_view"u8);
        if (isOrder)
        {
            // Revenue is what the goods came to after discounts, without shipping and tax.
            if (items.Count == 0) Put(row, _prefix + "price", First(record, _prefix + "revenue", _prefix + "subtotal", _prefix + "value", _prefix + "total"));
            Put(row, _prefix + "quantity", "1"u8);
        }

        row.Add(_prefix + "line_no", Encoding.UTF8.GetBytes((item + 1).ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>What was taken off the order as a whole is spread over its lines, unless the lines say it themselves.</summary>
    private void PutShare(FlatRecord record, EventItems items, int item, FlatRecord row)
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
