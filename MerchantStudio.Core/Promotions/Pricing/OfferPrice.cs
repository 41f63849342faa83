using System.Collections.Immutable;

namespace MerchantStudio.Core.Promotions.Pricing;

/// <summary>Why an offer gives nothing.</summary>
public enum NothingReason
{
    /// <summary>The smallest order is not reached.</summary>
    MinimumNotMet,

    /// <summary>No line is among those the offer is for.</summary>
    NoEligibleItem,

    /// <summary>Too few pieces for buy X get Y.</summary>
    TooFewPieces,

    /// <summary>Below the first tier.</summary>
    TierNotReached,

    /// <summary>Earlier discounts took everything, or the lines cost nothing.</summary>
    NothingLeft,

    /// <summary>Shipping is free already.</summary>
    NoShippingCost,

    /// <summary>The percentage of so small an amount rounds to zero.</summary>
    RoundsToZero,
}

/// <summary>A piece that is put into the parcel.</summary>
public sealed record GiftLine(string ItemId, string Name, long ValueMinor);

/// <summary>What an offer gives on one cart, exact.</summary>
/// <param name="LinesMinor">Taken off each line of the cart, in its order; never more than the line has left.</param>
/// <param name="ShippingMinor">Taken off shipping.</param>
/// <param name="Nothing">Why nothing is given; null when something is.</param>
public sealed record OfferPrice(ImmutableArray<long> LinesMinor, long ShippingMinor, ImmutableArray<GiftLine> Gifts, NothingReason? Nothing)
{
    /// <summary>What the shopper pays less.</summary>
    public long DiscountMinor => LinesMinor.Sum() + ShippingMinor;

    /// <summary>What it costs the shop: the discount and the gifts.</summary>
    public long WorthMinor => DiscountMinor + Gifts.Sum(gift => gift.ValueMinor);
}
