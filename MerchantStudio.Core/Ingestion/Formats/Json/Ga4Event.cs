using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
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
    private const string MessageId = "message_id";
    private const int IdBytes = 16;

    /// <summary>What tells events apart, as Google documents it; the last three came in 2024 and number the events that were sent together.</summary>
    private static readonly string[] Identity = ["user_pseudo_id", "event_timestamp", "event_name", "event_bundle_sequence_id", "batch_page_id", "batch_ordering_id", "batch_event_index"];

    private static readonly string[] ValueTypes = ["string_value", "int_value", "double_value", "float_value"];

    /// <summary>Written for what a shop did not set.</summary>
    private static ReadOnlySpan<byte> NotSet => "(not set)"u8;

    public override ImmutableArray<string> Columns { get; } =
        ["user_id", "ga_session_id", "transaction_id", "item_id", "item_name", "item_brand", "item_category", "price", "quantity", "coupon", "currency", "search_term", "line_no", MessageId];

    public override bool Is(FlatRecord record) =>
        !record.Find("event_name").IsEmpty && !record.Find("event_timestamp").IsEmpty && (record.Has(Parameters) || record.Has(Items)) && MayBeList(record.Find(Parameters)) && MayBeList(record.Find(Items));

    public override bool MayBeIn(IReadOnlySet<string> columns) =>
        columns.Contains("event_name") && columns.Contains("event_timestamp") && (columns.Contains(Parameters) || columns.Contains(Items));

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
        if (!row.Has(MessageId)) row.Add(MessageId, IdOf(record, items, isSale ? row.Find("transaction_id") : default));
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

    private static bool MayBeList(ReadOnlySpan<byte> text) => text.IsEmpty || text[0] == (byte)'[';

    /// <summary>The same event has the same id in every export. A sale is its transaction: a page that is loaded again reports it once more, at another time.</summary>
    private static byte[] IdOf(FlatRecord record, EventItems items, ReadOnlySpan<byte> transaction)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (!transaction.IsEmpty)
        {
            hash.AppendData("transaction"u8);
            hash.AppendData(transaction);
        }
        else
        {
            foreach (var field in Identity) Add(hash, record.Find(field));
            if (record.Find("batch_event_index").IsEmpty)
            {
                // Two looks at a page may have been sent together within the same microsecond; what was looked at tells them apart.
                for (var item = 0; item < items.Count; item++) Add(hash, items[item].TryGetProperty("item_id", out var id) ? EventItems.TextOf(id) : default(ReadOnlySpan<byte>));
            }
        }

        return Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, IdBytes)));

        static void Add(IncrementalHash hash, ReadOnlySpan<byte> text)
        {
            hash.AppendData(text);
            hash.AppendData("\n"u8);
        }
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
