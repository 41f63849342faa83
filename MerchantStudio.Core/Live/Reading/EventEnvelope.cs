using System.Text.Json;

namespace MerchantStudio.Core.Live.Reading;

/// <summary>One event in the form in which it was sent, taken apart: what the call itself says, what it says of the product, and what of the visitor.</summary>
/// <param name="Call">"track", "page", "identify", "alias" or another of Segment's; "track" for ours and for GA4.</param>
/// <param name="Name">The event's name; null where it has none.</param>
/// <param name="Details">Where items, amounts and words are looked for, the nearest first.</param>
/// <param name="Who">Where ids and times are looked for.</param>
/// <param name="Campaign">Segment's context.campaign.</param>
/// <param name="Page">Where the address of the page that is looked at is looked for, the nearest first.</param>
/// <param name="Device">Segment's context.device.</param>
/// <param name="Location">Segment's context.location.</param>
internal readonly record struct EventEnvelope(string Call, string? Name, EventFields Details, EventFields Who, EventFields Campaign, EventFields Page, EventFields Device, EventFields Location)
{
    private static readonly EventFields None = new([]);
    private static readonly HashSet<string> Calls = ["track", "page", "screen", "identify", "alias", "group"];

    /// <summary>The events of a body: one, a list, Segment's and PostHog's <c>batch</c>, or <c>events</c> as GA4 and we write it.</summary>
    public static IEnumerable<JsonElement> Split(JsonElement body, out JsonElement around)
    {
        around = default;
        if (body.ValueKind == JsonValueKind.Array) return body.EnumerateArray();
        if (body.ValueKind != JsonValueKind.Object) return [body];
        if (body.TryGetProperty("batch", out var batch) && batch.ValueKind == JsonValueKind.Array) return batch.EnumerateArray();
        if (!body.TryGetProperty("events", out var events) || events.ValueKind != JsonValueKind.Array) return [body];
        around = body;
        return events.EnumerateArray();
    }

    /// <param name="around">The object that holds the list, where it says something about all of them (GA4's client_id).</param>
    public static EventEnvelope Open(JsonElement item, JsonElement around)
    {
        if (item.ValueKind != JsonValueKind.Object) throw new LiveRejectException(new LiveReject(LiveReasons.NotAnObject, null, null));
        var whole = new EventFields(item);
        if (item.TryGetProperty("params", out var parameters) && parameters.ValueKind == JsonValueKind.Object)
            return new EventEnvelope("track", whole.Text("name", "event_name"), new EventFields(parameters), new EventFields(parameters, item, around), None, None, None, None);

        var type = whole.Text("type");
        var properties = Child(item, "properties");
        var context = Child(item, "context");
        var who = new EventFields(item, properties, Child(item, "traits"), Child(context, "traits"), around);
        if (type is not null && Calls.Contains(type))
        {
            return new EventEnvelope(
                type, type is "page" or "screen" ? "page_view" : whole.Text("event"), new EventFields(properties), who,
                new EventFields(Child(context, "campaign")), type == "page" ? new EventFields(properties, Child(context, "page")) : new EventFields(Child(context, "page")), new EventFields(Child(context, "device")), new EventFields(Child(context, "location")));
        }

        // GA4 without parameters is a name alone; ours has the event beside its fields.
        var name = whole.Text("event", "event_type", "event_name") ?? type ?? (around.ValueKind == JsonValueKind.Object ? whole.Text("name") : null);
        return new EventEnvelope("track", name, new EventFields(item, properties), who, None, None, None, None);
    }

    private static JsonElement Child(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var child) ? child : default;
}
