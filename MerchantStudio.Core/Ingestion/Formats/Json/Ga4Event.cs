using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace MerchantStudio.Core.Ingestion.Formats.Json;

/// <summary>
/// An event as GA4 exports it to BigQuery: <c>items</c> is a list, <c>event_params</c> a list of keys with the value under the name of its type. Parameters and the fields of
/// items become columns under their own names, as in the flattened form that people export by hand.
/// </summary>
internal sealed class Ga4Event : EventShape
{
    private const string Parameters = "event_params";
    private const string Items = "items";
    private static readonly string[] ValueTypes = ["string_value", "int_value", "double_value", "float_value"];

    /// <summary>Written for what a shop did not set.</summary>
    private static ReadOnlySpan<byte> NotSet => "(not set)"u8;

    public override ImmutableArray<string> Columns { get; } =
        ["user_id", "ga_session_id", "transaction_id", "item_id", "item_name", "item_brand", "item_category", "price", "quantity", "coupon", "currency", "search_term", "line_no"];

    public override bool Is(FlatRecord record) =>
        !record.Find("event_name").IsEmpty && !record.Find("event_timestamp").IsEmpty && (record.Find(Parameters).StartsWith("["u8) || record.Find(Items).StartsWith("["u8));

    public override EventItems ItemsOf(FlatRecord record) => new(record.Find(Items), new EventItems(record.Find(Parameters)));

    public override void Write(FlatRecord record, EventItems items, int item, FlatRecord row)
    {
        row.Clear();
        var name = record.Find("event_name");
        var isSale = name.SequenceEqual("purchase"u8);
        var isRefund = name.SequenceEqual("refund"u8);
        foreach (var (field, text) in items.Fields(item)) Set(record, row, field, "items.", text);
        var hasItem = row.Values.Count > 0;
        ReadOnlySpan<byte> value = default;
        var parameters = items.Beside!;
        for (var number = 0; number < parameters.Count; number++)
        {
            if (!parameters[number].TryGetProperty("key", out var key) || key.ValueKind != JsonValueKind.String) continue;
            var text = ValueOf(parameters[number]);
            if (key.ValueEquals("value"u8)) value = text;
            Set(record, row, key.GetString()!, "event_params.", text);
        }

        foreach (var (field, from, length) in record.Values)
        {
            if (field is not (Parameters or Items or "user_properties") && !record.Text(from, length).SequenceEqual(NotSet)) Put(row, field, record.Text(from, length));
        }

        if (!row.Has("transaction_id")) Set(record, row, "transaction_id", "", record.Find("ecommerce.transaction_id"));
        if (!isSale && !isRefund)
        {
            Number(row, item);
            return;
        }

        // A whole order, or the refund of one, has its amount beside the list that it lacks.
        var whole = record.Find(isSale ? "ecommerce.purchase_revenue" : "ecommerce.refund_value");
        if (!hasItem) Put(row, "price", whole.IsEmpty ? value : whole);
        Put(row, "quantity", "1"u8);
        Number(row, item);
    }

    private static void Number(FlatRecord row, int item) => row.Add("line_no", Encoding.UTF8.GetBytes((item + 1).ToString(CultureInfo.InvariantCulture)));

    /// <summary>A name that the event has itself keeps its meaning.</summary>
    private static void Set(FlatRecord record, FlatRecord row, string name, string otherwise, ReadOnlySpan<byte> text)
    {
        if (!text.SequenceEqual(NotSet) && name is not "line_no") Put(row, record.Has(name) ? otherwise + name : name, text);
    }

    /// <summary>The value stands under "value", or beside the key in shortened forms.</summary>
    private static byte[] ValueOf(JsonElement parameter)
    {
        var holder = parameter.TryGetProperty("value", out var value) && value.ValueKind == JsonValueKind.Object ? value : parameter;
        foreach (var type in ValueTypes)
        {
            if (holder.TryGetProperty(type, out var typed) && EventItems.TextOf(typed) is { Length: > 0 } text) return text;
        }

        return [];
    }
}
