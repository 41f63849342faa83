namespace MerchantStudio.Core.Promotions.Replay;

/// <summary>What a replay reads of one event. Amounts are in ten-thousandths, as the warehouse keeps them.</summary>
/// <param name="At">Microseconds since 1970.</param>
/// <param name="Type">"purchase", "view" and so on; one instance a type.</param>
/// <param name="Item">Place in <see cref="ReplayShop.Items"/>; -1 without an item.</param>
/// <param name="OrderId">Only of purchases and refunds.</param>
internal readonly record struct ReplayRow(
    int Shopper, long At, string Type, int Item, int Quantity, long? Price, long? Amount, long Discount, string? OrderId, long Session, string? Device, string? Region, string? Channel)
{
    public const string Purchase = "purchase";
    public const string Refund = "refund";
    public const string Add = "add_to_cart";
    public const string Remove = "remove_from_cart";
    public const long Day = 24L * 60 * 60 * 1_000_000;

    public static DateTimeOffset Instant(long microseconds) => DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);

    public static long Microseconds(DateTimeOffset at) => (at.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
}

/// <param name="ListPrice">The catalogue's, ten-thousandths.</param>
internal sealed record ReplayItem(string Id, string? Category, string? Brand, long? Cost, long? ListPrice);
