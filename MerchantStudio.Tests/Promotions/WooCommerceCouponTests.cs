using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Promotions;
using Xunit;

namespace MerchantStudio.Tests.Promotions;

/// <summary>What WooCommerce's coupons can hold is written exactly; everything else is refused by its name.</summary>
public sealed class WooCommerceCouponTests
{
    private static readonly ItemChoice Tea = new(["tea"], [], []);
    private static readonly ItemChoice Cups = new([], [], ["17", "18"]);

    public static TheoryData<string, Offer> Refused => new()
    {
        { "woo.buy-get", new Offer(OfferKind.BuyGet) { BuyGet = new BuyGet(2, 1) } },
        { "woo.gift", new Offer(OfferKind.Gift) { Gift = new GiftItem("cup", "Cup", 300) } },
        { "woo.tiers", new Offer(OfferKind.Tiered) { Tiers = [new OfferTier(1_000, 500), new OfferTier(5_000, 1_000)] } },
        { "woo.piece", new Offer(OfferKind.Percent, 1_000) { Target = OfferTarget.CheapestItem } },
        { "woo.piece", new Offer(OfferKind.Fixed, AmountMinor: 100) { Target = OfferTarget.DearestItem } },
        { "woo.fixed-items", new Offer(OfferKind.Fixed, AmountMinor: 100) { Target = OfferTarget.Items, Include = Tea } },
        { "woo.fixed-items", new Offer(OfferKind.Fixed, AmountMinor: 100) { SaleItemsExcluded = true } },
        { "woo.fixed-items", new Offer(OfferKind.FreeShipping) { Exclude = Tea } },
        { "woo.minimum", new Offer(OfferKind.Percent, 1_000, MinimumSpendMinor: 1_000) { Target = OfferTarget.Items, Include = Tea, MinimumOn = MinimumMeasure.EligibleItems } },
        { "woo.brands", new Offer(OfferKind.Percent, 1_000) { Target = OfferTarget.Items, Include = new ItemChoice([], ["Lark"], []) } },
        { "woo.item-ids", new Offer(OfferKind.Percent, 1_000) { Exclude = new ItemChoice([], [], ["cup-blue"]) } },
        { "woo.category-name", new Offer(OfferKind.Percent, 1_000) { Target = OfferTarget.Items, Include = new ItemChoice(["tea, green"], [], []) } },
        { "woo.shipping-cap", new Offer(OfferKind.FreeShipping, CapMinor: 500) },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_it_cannot_hold_is_refused_and_says_why(string problem, Offer offer) => Assert.Equal(problem, WooCommerceCoupon.Of("Spring", offer, null).Problem?.Code);

    [Fact]
    public void A_margin_floor_is_refused() => Assert.IsType<WooCommerceMargin>(WooCommerceCoupon.Of("Spring", new Offer(OfferKind.Percent, 1_000), 2_000).Problem);

    [Fact]
    public void Free_shipping_one_tier_and_chosen_items_are_written_as_they_are()
    {
        Assert.Equal(new WooCommerceCoupon("fixed_cart", null, 0, true, 3_000, null, null, false), WooCommerceCoupon.Of("Spring", new Offer(OfferKind.FreeShipping, MinimumSpendMinor: 3_000), null).Value);
        Assert.Equal(new WooCommerceCoupon("percent", 1_500, 0, false, 5_000, null, null, false), WooCommerceCoupon.Of("Spring", new Offer(OfferKind.Tiered, MinimumSpendMinor: 1_000) { Tiers = [new OfferTier(5_000, 1_500)] }, null).Value);
        Assert.Equal(new WooCommerceCoupon("fixed_cart", null, 700, false, 5_000, null, null, false), WooCommerceCoupon.Of("Spring", new Offer(OfferKind.Tiered) { Tiers = [new OfferTier(5_000, null, 700)] }, null).Value);
        var chosen = WooCommerceCoupon.Of("Spring", new Offer(OfferKind.Percent, 1_000) { Target = OfferTarget.Items, Include = Cups, Exclude = Tea, SaleItemsExcluded = true }, null).Value;
        Assert.Equal(("17, 18", "", "", "tea", true), (WooCommerceCoupon.Items(chosen.Include), WooCommerceCoupon.Items(chosen.Exclude), WooCommerceCoupon.Categories(chosen.Include), WooCommerceCoupon.Categories(chosen.Exclude), chosen.ExcludeSaleItems));
    }
}
