using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Unicode;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Ingestion.Recognition;
using MerchantStudio.Core.Ingestion.Values;
using MerchantStudio.Core.Live.Journal;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Live.Reading;

/// <summary>Reads a request's body into events, each kept or refused by itself. For one request; not thread-safe.</summary>
/// <param name="isPreview">Sent by the studio's own preview of a shop: its orders are marked as tests.</param>
internal sealed class EventReader(TimeZoneInfo zone, DateTimeOffset now, IContactProtector contacts, bool isPreview)
{
    private const int MostFields = 500;
    private const int LongestSample = 80;
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32, AllowDuplicateProperties = false };
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromDays(1);
    private readonly TimestampParser _times = new(zone, null);
    private readonly long _now = Micros(now);

    /// <param name="most">Events that a request may have.</param>
    public Outcome<ImmutableArray<ReadEvent>> Read(ReadOnlyMemory<byte> body, int most)
    {
        if (!Utf8.IsValid(body.Span)) return new LiveNotJson(1);
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(body, Strict);
        }
        catch (JsonException fault)
        {
            return new LiveNotJson((fault.LineNumber ?? 0) + 1);
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair in a field's name, found while looking for repeated names.
            return new LiveNotJson(1);
        }

        using (document)
        {
            var items = EventEnvelope.Split(document.RootElement, out var around).ToList();
            if (items.Count == 0) return new LiveNoEvents();
            return items.Count > most ? new LiveTooManyEvents(items.Count, most) : items.Select(item => ReadOne(item, around)).ToImmutableArray();
        }
    }

    private ReadEvent ReadOne(JsonElement item, JsonElement around)
    {
        string? messageId = null;
        string? name = null;
        try
        {
            var envelope = EventEnvelope.Open(item, around);
            name = envelope.Name ?? envelope.Call;
            messageId = envelope.Who.Text("message_id", "messageId", "event_id", "insert_id");
            if (envelope.Details.Objects.Sum(part => part.GetPropertyCount()) > MostFields) throw Refuse(LiveReasons.TooManyFields);
            return envelope.Call switch
            {
                "track" or "page" or "screen" => new ReadEvent(messageId, name, Rows(envelope, messageId), null, null),
                "identify" or "alias" => new ReadEvent(messageId, name, [], Claim(envelope, messageId), null),
                _ => throw Refuse(LiveReasons.NotSupported, "type", envelope.Call),
            };
        }
        catch (LiveRejectException refused)
        {
            return new ReadEvent(messageId, Sample(name), [], null, refused.Reject with { Value = Sample(refused.Reject.Value) });
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair in a field's name shows itself only when the name is read.
            return new ReadEvent(messageId, Sample(name), [], null, new LiveReject(LiveReasons.NotText, null, null));
        }
    }

    private ImmutableArray<LiveRow> Rows(EventEnvelope envelope, string? messageId)
    {
        if (envelope.Name is not { } name) throw Refuse(LiveReasons.MissingEvent, "event");
        if (EventNames.Find(name) is not { } type || EventNames.PartOf(name) == OrderPart.Line) throw Refuse(LiveReasons.UnknownEvent, "event", name);
        var (details, who) = (envelope.Details, envelope.Who);
        var userId = Id(who.Text("user_id", "userId"));
        var email = userId is null ? Contacts.NormaliseEmail(who.Text("email")) : null;
        var row = new LiveRow
        {
            UserId = userId,
            EmailHash = email is null ? null : contacts.Hash(email),
            AnonymousId = Id(who.Text("anonymous_id", "anonymousId", "client_id", "user_pseudo_id")),
            SessionId = who.Text("session_id", "sessionId", "ga_session_id"),
            At = Time(who),
            EventType = type,
            Currency = details.Text("currency")?.ToUpperInvariant(),
            OrderId = details.Text("order_id", "orderId", "transaction_id"),
            CouponCode = details.Text("coupon_code", "coupon"),
            SearchQuery = details.Text("search_query", "query", "search_term"),
            Device = details.Text("device", "device_type", "deviceType") ?? envelope.Device.Text("type"),
            Region = details.Text("region", "country") ?? envelope.Location.Text("country"),
            Channel = details.Text("channel", "utm_source", "source") ?? envelope.Campaign.Text("source"),
            MessageId = messageId,
            OrderState = isPreview && type == "purchase" ? "test" : details.Text("order_state", "order_status", "financial_status"),
            ChangesOrder = EventNames.PartOf(name) == OrderPart.Changed ? true : null,
            Properties = OtherProperties.Of(details, envelope.Campaign, envelope.Page, type == "review" ? ReviewFields.Names : null),
        };
        if (row.UserId is null && row.EmailHash is null && row.AnonymousId is null) throw Refuse(LiveReasons.NoShopper, "anonymous_id");
        var lines = OrderLines.Of(row, details);
        return type == "review" && ReviewFields.Of(details) is { } review ? lines.SetItem(0, lines[0] with { Review = review }) : lines;
    }

    /// <summary>Null where there is no visitor to join: a customer signed in on a page that knew her already.</summary>
    private LiveClaim? Claim(EventEnvelope envelope, string? messageId)
    {
        var isAlias = envelope.Call == "alias";
        var who = envelope.Who;
        var customer = Id(who.Text("user_id", "userId"));
        var email = customer is null ? Contacts.NormaliseEmail(who.Text("email")) : null;
        if (customer is null && email is null) throw Refuse(LiveReasons.MissingId, "user_id");
        var visitor = Id(isAlias ? who.Text("previous_id", "previousId") : who.Text("anonymous_id", "anonymousId", "client_id"));
        if (isAlias && visitor is null) throw Refuse(LiveReasons.MissingId, "previous_id");
        return visitor is null ? null : new LiveClaim(visitor, customer, email is null ? null : contacts.Hash(email), Time(who), envelope.Call, messageId);
    }

    private long Time(EventFields who)
    {
        var at = who.Time(_times, "timestamp", "timestamp_micros", "originalTimestamp", "ts", "event_time") ?? _now;
        return at <= _now + (long)ClockTolerance.TotalMicroseconds
            ? at
            : throw Refuse(LiveReasons.FutureTime, "timestamp", DateTimeOffset.UnixEpoch.AddMicroseconds(at).ToString("O", System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>An id that is an address is compared like one.</summary>
    private static string? Id(string? id) => id is not null && id.AsSpan().ContainsAny('@', '＠') ? Contacts.NormaliseEmail(id) ?? id : id;

    internal static LiveRejectException Refuse(string reason, string? field = null, string? value = null) => new(new LiveReject(reason, field, value));

    internal static long Micros(DateTimeOffset at) => (at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private static string? Sample(string? value)
    {
        if (value is null) return null;
        var text = value.Contains('@', StringComparison.Ordinal) ? Contacts.Mask(value) : value;
        return text.Length > LongestSample ? text[..LongestSample] + "…" : text;
    }
}
