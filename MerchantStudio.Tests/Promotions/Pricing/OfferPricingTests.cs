using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Promotions;
using MerchantStudio.Core.Promotions.Pricing;
using Xunit;

namespace MerchantStudio.Tests.Promotions.Pricing;

public sealed class OfferPricingTests
{
    /// <summary>A scarf of 19.99 three times, a lamp of 45.50, a candle on sale of 5.00 twice.</summary>
    private static readonly Cart Basket = new(
    [
        new CartLine("scarf", "Clothing", "Lark", 3, 1999),
        new CartLine("lamp", "Lighting", "Linden", 1, 4550),
        new CartLine("candle", "Lighting", "Lark", 2, 500, OnSale: true),
    ], 490, "EUR");

    [Fact]
    public void A_percentage_is_rounded_once_for_each_line() =>
        Assert.Equal([900, 683, 150], OfferPricing.Price(new Offer(OfferKind.Percent, 1500), Basket).LinesMinor);

    [Fact]
    public void Half_a_cent_goes_away_from_zero() =>
        Assert.Equal([5], OfferPricing.Price(new Offer(OfferKind.Percent, 5000), Of(new CartLine("a", null, null, 1, 9))).LinesMinor);

    [Fact]
    public void A_cap_is_divided_by_largest_remainder()
    {
        var price = OfferPricing.Price(new Offer(OfferKind.Percent, 1500, CapMinor: 1000), Basket);
        Assert.Equal([519, 394, 87], price.LinesMinor);
        Assert.Equal(1000, price.DiscountMinor);
    }

    [Fact]
    public void A_fixed_amount_is_never_more_than_what_is_left()
    {
        Assert.Equal([1562, 1185, 253], OfferPricing.Price(new Offer(OfferKind.Fixed, AmountMinor: 3000), Basket, [0, 0, 29]).LinesMinor);
        Assert.Equal([5997, 4550, 1000], OfferPricing.Price(new Offer(OfferKind.Fixed, AmountMinor: 99_999), Basket).LinesMinor);
        Assert.Equal(NothingReason.NothingLeft, OfferPricing.Price(new Offer(OfferKind.Fixed, AmountMinor: 100), Basket, [5997, 4550, 1000]).Nothing);
    }

    [Fact]
    public void The_base_says_whether_earlier_discounts_count()
    {
        ImmutableArray<long> given = [5997, 0, 0];
        Assert.Equal([0, 455, 100], OfferPricing.Price(new Offer(OfferKind.Percent, 1000), Basket, given).LinesMinor);
        Assert.Equal([0, 455, 100], OfferPricing.Price(new Offer(OfferKind.Percent, 1000) { Base = DiscountBase.Original }, Basket, given).LinesMinor);
        Assert.Equal([600, 455, 100], OfferPricing.Price(new Offer(OfferKind.Percent, 1000) { Base = DiscountBase.Original }, Basket, [3000, 0, 0]).LinesMinor);
        Assert.Equal(NothingReason.MinimumNotMet, OfferPricing.Price(new Offer(OfferKind.Percent, 1000, MinimumSpendMinor: 6000), Basket, given).Nothing);
        Assert.Null(OfferPricing.Price(new Offer(OfferKind.Percent, 1000, MinimumSpendMinor: 6000) { Base = DiscountBase.Original }, Basket, given).Nothing);
    }

    [Fact]
    public void Only_the_lines_that_are_meant_count()
    {
        Assert.Equal([600, 455, 0], OfferPricing.Price(new Offer(OfferKind.Percent, 1000) { SaleItemsExcluded = true }, Basket).LinesMinor);
        Assert.Equal([600, 0, 100], OfferPricing.Price(new Offer(OfferKind.Percent, 1000) { Include = new ItemChoice([], ["Lark"], []) }, Basket).LinesMinor);
        Assert.Equal([600, 0, 0], OfferPricing.Price(new Offer(OfferKind.Percent, 1000) { Include = new ItemChoice([], ["Lark"], []), Exclude = new ItemChoice(["Lighting"], [], []) }, Basket).LinesMinor);
        Assert.Equal(NothingReason.NoEligibleItem, OfferPricing.Price(new Offer(OfferKind.Percent, 1000) { Include = new ItemChoice([], [], ["rug"]) }, Basket).Nothing);
    }

    [Fact]
    public void The_minimum_is_held_against_the_whole_order_or_the_eligible_lines()
    {
        var offer = new Offer(OfferKind.Percent, 1000, MinimumSpendMinor: 10_000) { SaleItemsExcluded = true, Exclude = new ItemChoice([], ["Linden"], []) };
        Assert.Equal([600, 0, 0], OfferPricing.Price(offer, Basket).LinesMinor);
        Assert.Equal(NothingReason.MinimumNotMet, OfferPricing.Price(offer with { MinimumOn = MinimumMeasure.EligibleItems }, Basket).Nothing);
    }

    [Fact]
    public void One_piece_of_the_cheapest_or_the_dearest_line_is_meant()
    {
        Assert.Equal([0, 0, 250], OfferPricing.Price(new Offer(OfferKind.Percent, 5000) { Target = OfferTarget.CheapestItem }, Basket).LinesMinor);
        Assert.Equal([1000, 0, 0], OfferPricing.Price(new Offer(OfferKind.Percent, 5000) { Target = OfferTarget.CheapestItem, SaleItemsExcluded = true }, Basket).LinesMinor);
        Assert.Equal([0, 4550, 0], OfferPricing.Price(new Offer(OfferKind.Fixed, AmountMinor: 9000) { Target = OfferTarget.DearestItem }, Basket).LinesMinor);
        Assert.Equal([1999, 0, 0], OfferPricing.Price(new Offer(OfferKind.Fixed, AmountMinor: 9000) { Target = OfferTarget.CheapestItem, SaleItemsExcluded = true }, Basket).LinesMinor);
    }

    [Theory]
    [InlineData(2, 1, null, new long[] { 0, 0, 1000 })]
    [InlineData(2, 1, 1, new long[] { 0, 0, 500 })]
    [InlineData(1, 1, null, new long[] { 1999, 0, 1000 })]
    [InlineData(5, 1, null, new long[] { 0, 0, 500 })]
    [InlineData(4, 4, null, new long[] { 0, 0, 1000 })]
    public void The_cheapest_pieces_come_free(int buy, int get, int? turns, long[] expected) =>
        Assert.Equal(expected, OfferPricing.Price(new Offer(OfferKind.BuyGet) { BuyGet = new BuyGet(buy, get, MostTurns: turns) }, Basket).LinesMinor);

    [Fact]
    public void Pieces_may_be_got_from_elsewhere_and_at_a_percentage()
    {
        var offer = new Offer(OfferKind.BuyGet) { Include = new ItemChoice(["Clothing"], [], []), BuyGet = new BuyGet(2, 1, 5000, GetFrom: new ItemChoice(["Lighting"], [], [])) };
        Assert.Equal([0, 0, 250], OfferPricing.Price(offer, Basket).LinesMinor);
        Assert.Equal(NothingReason.TooFewPieces, OfferPricing.Price(offer with { BuyGet = offer.BuyGet! with { Buy = 4 } }, Basket).Nothing);
        Assert.Equal([0, 0, 100], OfferPricing.Price(offer with { CapMinor = 100 }, Basket).LinesMinor);
    }

    [Fact]
    public void Shipping_comes_free_up_to_its_bound()
    {
        Assert.Equal(490, OfferPricing.Price(new Offer(OfferKind.FreeShipping), Basket).ShippingMinor);
        Assert.Equal(300, OfferPricing.Price(new Offer(OfferKind.FreeShipping, CapMinor: 300), Basket).ShippingMinor);
        Assert.Equal(NothingReason.NoShippingCost, OfferPricing.Price(new Offer(OfferKind.FreeShipping), Basket, shippingGivenMinor: 490).Nothing);
    }

    [Fact]
    public void A_gift_takes_nothing_off_but_has_its_worth()
    {
        var price = OfferPricing.Price(new Offer(OfferKind.Gift, MinimumSpendMinor: 10_000) { Gift = new GiftItem("soap", "Olive soap", 350) }, Basket);
        Assert.Equal((0, 350, "soap"), (price.DiscountMinor, price.WorthMinor, price.Gifts.Single().ItemId));
    }

    [Fact]
    public void The_highest_tier_that_is_reached_counts()
    {
        var offer = new Offer(OfferKind.Tiered) { Tiers = [new OfferTier(5000, PercentBasisPoints: 500), new OfferTier(10_000, AmountMinor: 1500), new OfferTier(20_000, PercentBasisPoints: 2000)] };
        Assert.Equal(1500, OfferPricing.Price(offer, Basket).DiscountMinor);
        Assert.Equal([300, 228, 50], OfferPricing.Price(offer, Basket, [0, 0, 0]).Nothing is null ? OfferPricing.Price(offer with { Tiers = [offer.Tiers[0]] }, Basket).LinesMinor : []);
        Assert.Equal(NothingReason.TierNotReached, OfferPricing.Price(offer with { Tiers = [offer.Tiers[2]] }, Basket).Nothing);
    }

    /// <summary>Two thousand offers on baskets of all shapes: nothing below zero, no line above its worth, caps kept, the lines sum to the total.</summary>
    [Fact]
    public void No_offer_ever_takes_more_than_there_is()
    {
        var random = new Random(20261123);
        for (var round = 0; round < 2000; round++)
        {
            var cart = RandomPricing.Cart(random);
            var offer = RandomPricing.Offer(random);
            ImmutableArray<long> given = [.. cart.Lines.Select(line => random.Next(3) == 0 ? random.NextInt64(line.TotalMinor + 1) : 0)];
            var price = OfferPricing.Price(offer, cart, given);
            for (var line = 0; line < cart.Lines.Length; line++) Assert.InRange(price.LinesMinor[line], 0, cart.Lines[line].TotalMinor - given[line]);
            Assert.InRange(price.ShippingMinor, 0, cart.ShippingMinor);
            Assert.Equal(price.Nothing is null, price.DiscountMinor > 0 || price.Gifts.Length > 0);
            if (offer.MostPerUseMinor is { } most) Assert.InRange(price.WorthMinor, 0, most);
            if (offer is { Kind: OfferKind.Percent, Target: OfferTarget.Order, CapMinor: null, Include: null, Exclude: null, SaleItemsExcluded: false } && price.Nothing is null && given.All(amount => amount == 0))
                Assert.InRange(price.DiscountMinor - (cart.ItemsMinor * (decimal)offer.PercentBasisPoints!.Value / 10_000m), -0.5m * cart.Lines.Length, 0.5m * cart.Lines.Length);
        }
    }

    private static Cart Of(params ImmutableArray<CartLine> lines) => new(lines, 0, "EUR");
}
