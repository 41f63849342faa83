using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace MerchantStudio.Core.Live.Journal;

/// <summary>One row of the table of events as it waits in the journal. Amounts are ten-thousandths, instants microseconds since 1970 UTC.</summary>
internal sealed record LiveRow
{
    public string? UserId { get; init; }

    /// <summary>Keyed hash of a normalised address, where an event has one and no user id.</summary>
    public string? EmailHash { get; init; }
    public string? AnonymousId { get; init; }
    public string? SessionId { get; init; }
    public long At { get; init; }
    public string EventType { get; init; } = "";
    public string? ItemId { get; init; }
    public string? ItemName { get; init; }
    public string? Category { get; init; }
    public string? Brand { get; init; }
    public long? Price { get; init; }
    public int? Quantity { get; init; }
    public long? Discount { get; init; }
    public string? Currency { get; init; }
    public string? OrderId { get; init; }
    public int? LineNo { get; init; }
    public string? CouponCode { get; init; }
    public string? SearchQuery { get; init; }
    public string? Device { get; init; }
    public string? Region { get; init; }
    public string? Channel { get; init; }
    public string? MessageId { get; init; }
    public string? OrderState { get; init; }

    /// <summary>What else the event says, as JSON.</summary>
    public string? Properties { get; init; }

    /// <summary>True for a line of an order as it is now, whose earlier lines no longer hold.</summary>
    public bool? ChangesOrder { get; init; }

    /// <summary>What the shopper wrote of the item; null for other events, and for a review without words and stars.</summary>
    public LiveReview? Review { get; init; }
}

/// <param name="Rating">Stars, 0 to 5, in ten-thousandths.</param>
internal sealed record LiveReview(string? Id, long? Rating, string? Title, string? Text);

/// <summary>What says that a visitor without a name is this customer.</summary>
/// <param name="Kind">"identify" or "alias".</param>
internal sealed record LiveClaim(string AnonymousId, string? UserId, string? EmailHash, long At, string Kind, string? MessageId);

/// <summary>An event that was refused, for the page that shows it.</summary>
/// <param name="Value">Shortened, without addresses.</param>
internal sealed record LiveWarning(string Reason, string? Field, string? Value, string? Event);

/// <summary>What one request left in the journal.</summary>
/// <param name="ReceivedAt">Microseconds since 1970 UTC.</param>
/// <param name="Accepted">Events, of which each may be several rows or none.</param>
/// <param name="Warnings">Samples; there may be fewer than <paramref name="Rejected"/>.</param>
internal sealed record LiveRecord(
    long ReceivedAt, int Accepted, int Rejected, int Duplicates, ImmutableArray<LiveRow> Rows, ImmutableArray<LiveClaim> Claims, ImmutableArray<LiveWarning> Warnings);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LiveRecord))]
internal sealed partial class LiveJson : JsonSerializerContext;
