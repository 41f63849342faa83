using System.Collections.Immutable;
using MerchantStudio.Core.AppState;

namespace MerchantStudio.Core.Promotions.Pricing;

/// <summary>
/// What an offer gives on a cart that passed <see cref="CartCheck"/>. A percentage is rounded half away from zero once for each line; caps and fixed amounts are divided
/// by largest remainder, so that lines always sum to the total.
/// </summary>
public static class OfferPricing
{
    /// <param name="givenMinor">What earlier offers took off each line; default for nothing yet.</param>
    /// <param name="shippingGivenMinor">What earlier offers took off shipping.</param>
    public static OfferPrice Price(Offer offer, Cart cart, ImmutableArray<long> givenMinor = default, long shippingGivenMinor = 0)
    {
        ArgumentNullException.ThrowIfNull(offer);
        ArgumentNullException.ThrowIfNull(cart);
        var lines = new OfferLines(offer, cart, givenMinor);
        if (!lines.AnyEligible) return Nothing(cart, NothingReason.NoEligibleItem);
        if (lines.MeasuredMinor < offer.MinimumSpendMinor) return Nothing(cart, NothingReason.MinimumNotMet);
        return offer.Kind switch
        {
            OfferKind.Percent => Percent(offer, cart, lines, offer.PercentBasisPoints ?? 0),
            OfferKind.Fixed => Fixed(offer, cart, lines, offer.AmountMinor ?? 0),
            OfferKind.FreeShipping => Shipping(offer, cart, shippingGivenMinor),
            OfferKind.BuyGet => BuyGet(offer, cart, lines),
            OfferKind.Gift => offer.Gift is { } gift
                ? new OfferPrice(None(cart), 0, [new GiftLine(gift.ItemId, gift.Name, gift.ValueMinor)], null) : Nothing(cart, NothingReason.NoEligibleItem),
            OfferKind.Tiered => Tiered(offer, cart, lines),
            _ => throw new InvalidOperationException($"No price for {offer.Kind}."),
        };
    }

    private static OfferPrice Percent(Offer offer, Cart cart, OfferLines lines, int basisPoints)
    {
        if (Piece(offer, lines) is { } piece) return Of(offer, cart, lines, One(cart, piece, lines.PercentOf(piece, 1, basisPoints)));
        return Of(offer, cart, lines, [.. cart.Lines.Select((line, index) => lines.IsEligible(index) ? lines.PercentOf(index, line.Quantity, basisPoints) : 0)]);
    }

    private static OfferPrice Fixed(Offer offer, Cart cart, OfferLines lines, long amount)
    {
        if (Piece(offer, lines) is { } piece) return Of(offer, cart, lines, One(cart, piece, Math.Min(amount, lines.WorthOf(piece, 1))));
        ImmutableArray<long> left = [.. cart.Lines.Select((_, index) => lines.IsEligible(index) ? lines.LeftOf(index) : 0)];
        return Of(offer, cart, lines, Spread.Over(left, Math.Min(amount, left.Sum())));
    }

    private static OfferPrice Tiered(Offer offer, Cart cart, OfferLines lines)
    {
        var reached = offer.Tiers.IsDefaultOrEmpty ? null : offer.Tiers.Where(tier => tier.FromMinor <= lines.MeasuredMinor).MaxBy(tier => tier.FromMinor);
        if (reached is null) return Nothing(cart, NothingReason.TierNotReached);
        return reached.AmountMinor is { } amount ? Fixed(offer, cart, lines, amount) : Percent(offer, cart, lines, reached.PercentBasisPoints ?? 0);
    }

    private static OfferPrice BuyGet(Offer offer, Cart cart, OfferLines lines)
    {
        if (offer.BuyGet is not { Buy: > 0, Get: > 0 } terms) return Nothing(cart, NothingReason.TooFewPieces);
        var got = BuyGetPieces.Of(terms, offer, cart, lines);
        return got.IsDefaultOrEmpty ? Nothing(cart, NothingReason.TooFewPieces)
            : Of(offer, cart, lines, [.. got.Select((pieces, index) => lines.PercentOf(index, pieces, terms.PercentBasisPoints))], [.. got.Select((pieces, index) => pieces > 0 ? lines.LeftOf(index) : 0)]);
    }

    private static OfferPrice Shipping(Offer offer, Cart cart, long given)
    {
        var discount = Math.Min(Math.Max(0, cart.ShippingMinor - given), offer.CapMinor ?? long.MaxValue);
        return discount == 0 ? Nothing(cart, NothingReason.NoShippingCost) : new OfferPrice(None(cart), discount, [], null);
    }

    private static OfferPrice Of(Offer offer, Cart cart, OfferLines lines, ImmutableArray<long> discounts, ImmutableArray<long> touched = default)
    {
        var total = discounts.Sum();
        if (total == 0)
        {
            var left = touched.IsDefault ? cart.Lines.Select((_, index) => lines.IsEligible(index) ? lines.LeftOf(index) : 0).Sum() : touched.Sum();
            return Nothing(cart, left == 0 ? NothingReason.NothingLeft : NothingReason.RoundsToZero);
        }

        // A fixed amount is its own bound.
        var cap = offer.Kind == OfferKind.Fixed ? long.MaxValue : offer.CapMinor ?? long.MaxValue;
        return new OfferPrice(total > cap ? Spread.Over(discounts, cap) : discounts, 0, [], null);
    }

    private static int? Piece(Offer offer, OfferLines lines) => offer.Target switch
    {
        OfferTarget.CheapestItem => lines.Cheapest(),
        OfferTarget.DearestItem => lines.Dearest(),
        _ => null,
    };

    private static ImmutableArray<long> One(Cart cart, int at, long discount) => [.. cart.Lines.Select((_, index) => index == at ? discount : 0)];

    private static ImmutableArray<long> None(Cart cart) => [.. cart.Lines.Select(_ => 0L)];

    private static OfferPrice Nothing(Cart cart, NothingReason reason) => new(None(cart), 0, [], reason);
}
