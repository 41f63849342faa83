using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Promotions.Pricing;

namespace MerchantStudio.Core.Promotions.Redemptions;

/// <summary>A code that a shopper wants to use on what she is about to buy.</summary>
/// <param name="Code">As typed.</param>
/// <param name="OrderId">Null while there is no order yet.</param>
/// <param name="ShopperId">Null for a guest.</param>
public sealed record CouponUse(string Code, string? OrderId, string? ShopperId, Cart Cart)
{
    internal const int MostLetters = 200;

    /// <summary>Equal for equal requests.</summary>
    internal string Hash => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this)));
}

/// <summary>Whether a code holds for an order as it stands now; nothing is reserved.</summary>
/// <param name="Price">What it would take off; null where it gives nothing.</param>
/// <param name="Trace">Each line of the rule held against the shopper and the order; empty for a code that does not exist.</param>
public sealed record CouponVerdict(RefusalReason? Reason, Guid? RuleId, OfferPrice? Price, ImmutableArray<Conditions.TracedLine> Trace);

/// <summary>What was taken off one line of the order.</summary>
public sealed record LineDiscount(string ItemId, long DiscountMinor);

/// <summary>A use that stands in the ledger.</summary>
/// <param name="Again">The request came before and this is its answer.</param>
/// <param name="RolledBackAt">When it was taken back; null while it holds.</param>
public sealed record RedeemedUse(
    Guid Id, Guid RuleId, string Coupon, string OrderId, string? ShopperId, string Currency, long OrderMinor, long DiscountMinor, ImmutableArray<LineDiscount> Lines, long ShippingMinor, ImmutableArray<GiftLine> Gifts,
    DateTimeOffset At, DateTimeOffset? RolledBackAt, bool Again)
{
    internal static RedeemedUse Of(Redemption row, bool again)
    {
        var detail = UseDetail.Read(row.DetailJson);
        return new RedeemedUse(row.Id, row.RuleId, row.Coupon, row.OrderId, row.ShopperId, row.Currency, row.OrderMinor, row.DiscountMinor, detail.Lines, detail.ShippingMinor, detail.Gifts, row.At, row.RolledBackAt, again);
    }
}

/// <summary>What a redemption keeps of its price.</summary>
internal sealed record UseDetail(ImmutableArray<LineDiscount> Lines, long ShippingMinor, ImmutableArray<GiftLine> Gifts)
{
    public static UseDetail Of(Cart cart, OfferPrice price) => new([.. cart.Lines.Zip(price.LinesMinor, (line, off) => new LineDiscount(line.ItemId, off))], price.ShippingMinor, price.Gifts);

    public static UseDetail Read(string json) => JsonSerializer.Deserialize<UseDetail>(json)!;

    public string Write() => JsonSerializer.Serialize(this);
}
