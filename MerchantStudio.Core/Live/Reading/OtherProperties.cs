using System.Buffers;
using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using MerchantStudio.Core.Ingestion.Values;

namespace MerchantStudio.Core.Live.Reading;

/// <summary>What an event says beyond the columns: plain values, without anything that looks like a person's contact.</summary>
internal static class OtherProperties
{
    private const int MostBytes = 4_096;

    private static readonly FrozenSet<string> Taken = FrozenSet.ToFrozenSet(
    [
        "event", "event_type", "event_name", "type", "name", "user_id", "userId", "anonymous_id", "anonymousId", "client_id", "user_pseudo_id", "session_id", "sessionId", "ga_session_id",
        "timestamp", "timestamp_micros", "originalTimestamp", "sentAt", "receivedAt", "ts", "event_time", "message_id", "messageId", "event_id", "insert_id", "item_id", "product_id", "productId",
        "sku", "id", "item_name", "product_name", "category", "item_category", "brand", "item_brand", "price", "quantity", "qty", "discount", "currency", "order_id", "orderId", "transaction_id",
        "line_no", "coupon_code", "coupon", "search_query", "query", "search_term", "device", "device_type", "deviceType", "region", "country", "channel", "source", "order_state",
        "order_status", "financial_status",
        "email", "e_mail", "mail", "phone", "mobile", "first_name", "firstName", "last_name", "lastName", "full_name", "username", "address", "street", "ip", "userAgent", "birthday",
    ], StringComparer.OrdinalIgnoreCase);

    /// <summary>What Segment calls a campaign's parts, by the names that links carry.</summary>
    private static readonly (string Name, string Part)[] CampaignParts = [("utm_source", "source"), ("utm_medium", "medium"), ("utm_campaign", "name"), ("utm_term", "term"), ("utm_content", "content")];

    /// <param name="campaign">Segment's context.campaign: kept as the parameters of the link it came from.</param>
    /// <param name="page">Segment's page, whose "url" is read for such parameters where nothing else names any.</param>
    /// <param name="alsoTaken">Names that this kind of event has columns for.</param>
    /// <returns>A JSON object; null where there is nothing more, or more than is worth keeping.</returns>
    public static string? Of(EventFields details, EventFields campaign, EventFields page, FrozenSet<string>? alsoTaken)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            foreach (var property in details.Objects.SelectMany(part => part.EnumerateObject()))
            {
                if (property.Value.ValueKind is not (JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False)) continue;
                if (IsKey(property) || Taken.Contains(property.Name) || alsoTaken?.Contains(property.Name) == true || property.Value.GetRawText().Contains('@', StringComparison.Ordinal)) continue;
                if (!IsText(property.Value) || !names.Add(property.Name)) continue;
                property.WriteTo(writer);
            }

            foreach (var (name, part) in CampaignParts)
            {
                if (campaign.Text(part) is { } text && !text.Contains('@', StringComparison.Ordinal) && names.Add(name)) writer.WriteString(name, text);
            }

            if (!LinkParameters.Names.Any(names.Contains))
            {
                var addresses = LinkParameters.PageNames.SelectMany(name => details.Objects.Select(part => (part, name))).Concat(page.Objects.Select(part => (part, name: "url"))).Select(place => AddressIn(place.part, place.name));
                foreach (var (name, text) in addresses.Select(LinkParameters.Of).FirstOrDefault(found => !found.IsEmpty, []))
                {
                    writer.WriteString(name, text);
                    names.Add(name);
                }
            }

            writer.WriteEndObject();
        }

        return names.Count > 0 && bytes.WrittenCount <= MostBytes ? Encoding.UTF8.GetString(bytes.WrittenSpan) : null;
    }

    /// <summary>A single event may bring the shop's key as its first field.</summary>
    private static bool IsKey(JsonProperty property) => property.NameEquals("key"u8) && property.Value.GetRawText().StartsWith("\"msw_", StringComparison.Ordinal);

    private static string? AddressIn(JsonElement part, string name) => part.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && IsText(value) ? value.GetString() : null;

    /// <summary>Half a surrogate pair cannot be written again.</summary>
    private static bool IsText(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String) return true;
        try
        {
            return value.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
