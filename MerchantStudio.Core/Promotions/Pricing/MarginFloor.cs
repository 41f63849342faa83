namespace MerchantStudio.Core.Promotions.Pricing;

/// <summary>What became of a margin floor on one cart.</summary>
/// <param name="FloorBasisPoints">The strictest floor of the rules applied so far.</param>
/// <param name="AfterBasisPoints">Share of what is paid for the items that remains after this discount; null where it cannot be said.</param>
/// <param name="ReducedMinor">What the floor took away from the discount.</param>
/// <param name="UnknownCosts">Lines whose cost is unknown; with any, the floor is not held against the cart.</param>
public sealed record MarginKept(int FloorBasisPoints, int? AfterBasisPoints, long ReducedMinor, int UnknownCosts);

/// <summary>Makes a discount smaller until enough of the order remains as margin: (paid − cost) ÷ paid, with discounts on shipping and gifts counted as costs of the order.</summary>
internal static class MarginFloor
{
    private const int Whole = 10_000;

    public static (OfferPrice Price, MarginKept Kept) Keep(OfferPrice price, Cart cart, int floor, long givenMinor, long giftsMinor)
    {
        var unknown = cart.Lines.Count(line => line.UnitCostMinor is null);
        if (unknown > 0) return (price, new MarginKept(floor, null, 0, unknown));
        var paid = cart.ItemsMinor - givenMinor;
        var cost = cart.Lines.Sum(line => line.UnitCostMinor!.Value * line.Quantity) + giftsMinor + price.Gifts.Sum(gift => gift.ValueMinor);
        var most = Most(paid, cost, floor);
        if (most >= price.DiscountMinor) return (price, new MarginKept(floor, After(paid - price.DiscountMinor, cost), 0, 0));
        // A gift cannot be made smaller.
        var kept = price.Gifts.Length > 0 || most <= 0 ? 0 : most;
        var shipping = Math.Min(price.ShippingMinor, kept);
        var reduced = price with { LinesMinor = Spread.Over(price.LinesMinor, kept - shipping), ShippingMinor = shipping, Gifts = [] };
        return (reduced, new MarginKept(floor, After(paid - kept, cost - price.Gifts.Sum(gift => gift.ValueMinor)), price.WorthMinor - kept, 0));
    }

    /// <summary>The largest discount after which paid × (1 − floor) still covers the cost.</summary>
    private static long Most(long paid, long cost, int floor)
    {
        if (floor >= Whole) return cost == 0 ? paid : 0;
        var (least, rest) = Int128.DivRem((Int128)cost * Whole, Whole - floor);
        return (long)Math.Clamp((decimal)(paid - least - (rest > 0 ? 1 : 0)), long.MinValue, long.MaxValue);
    }

    private static int? After(long paid, long cost) => paid <= 0 ? null : (int)Math.Clamp((decimal)((Int128)(paid - cost) * Whole / paid), int.MinValue, int.MaxValue);
}
