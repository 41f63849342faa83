using System.Globalization;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Promotions;
using Xunit;

namespace MerchantStudio.Tests.Promotions;

public sealed class OfferSentenceTests
{
    private static readonly SentenceStyle English = new(CultureInfo.GetCultureInfo("en-GB"), "EUR", key => key);
    private static readonly SentenceStyle Chinese = new(CultureInfo.GetCultureInfo("zh-CN"), "CNY", key => key);
    private static readonly ItemChoice Lamps = new(["Lighting"], ["Lark"], []);

    public static TheoryData<Offer, string, string> Offers => new()
    {
        { new Offer(OfferKind.Percent, 1500, CapMinor: 2000) { SaleItemsExcluded = true }, "15% off, not on sale items, at most €20", "立减 15%（8.5 折），促销商品除外，最多减 ¥20" },
        { new Offer(OfferKind.Percent, 5000) { Target = OfferTarget.CheapestItem }, "50% off the cheapest item", "最低价一件立减 50%（5 折）" },
        { new Offer(OfferKind.Percent, 1000) { Target = OfferTarget.Items, Include = Lamps, Base = DiscountBase.Original }, "10% off Lighting or the brand Lark, of the prices before other discounts", "Lighting、Lark品牌立减 10%（9 折），按原价计算" },
        { new Offer(OfferKind.Fixed, AmountMinor: 1050) { Exclude = new ItemChoice([], [], ["rug"]) }, "€10.50 off, not on the item rug", "立减 ¥10.50，商品 rug除外" },
        { new Offer(OfferKind.FreeShipping, CapMinor: 500), "free shipping, at most €5", "包邮，最多减 ¥5" },
        { new Offer(OfferKind.BuyGet) { BuyGet = new BuyGet(2, 1) }, "1 item free with every 2 bought, the cheapest first", "买 2 送 1（最低价商品）" },
        { new Offer(OfferKind.BuyGet) { Include = Lamps, BuyGet = new BuyGet(1, 2, 5000, 3) }, "2 items at 50% off with every 1 bought of Lighting or the brand Lark, the cheapest first, at most 3 times an order",
            "Lighting、Lark品牌买 1 件，另 2 件最低价商品立减 50%（5 折），每单最多 3 次" },
        { new Offer(OfferKind.Gift) { Gift = new GiftItem("soap", "Olive soap", 350) }, "Olive soap as a gift", "赠品：Olive soap" },
        { new Offer(OfferKind.Tiered) { Tiers = [new OfferTier(5000, 500), new OfferTier(10_000, AmountMinor: 1500)] }, "5% off from €50, €15 off from €100", "满 ¥50 减 5%、满 ¥100 减 ¥15" },
    };

    [Theory]
    [MemberData(nameof(Offers), DisableDiscoveryEnumeration = true)]
    public void Every_kind_reads_back_with_its_limits_in_both_languages(Offer offer, string english, string chinese)
    {
        Assert.Equal(english, RuleSentence.Offer(offer, English));
        Assert.Equal(chinese, RuleSentence.Offer(offer, Chinese));
    }

    [Fact]
    public void The_rule_says_what_it_combines_with_and_its_floor()
    {
        var draft = PromotionWorld.Draft(Condition.Everybody, new Offer(OfferKind.Percent, 1000, CapMinor: 500, MinimumSpendMinor: 3000) { MinimumOn = MinimumMeasure.EligibleItems, SaleItemsExcluded = true }) with
        { BudgetMinor = null, CombinesWith = OfferClasses.Shipping | OfferClasses.Item, MarginFloorBasisPoints = 2550 };
        Assert.Equal("All shoppers get 10% off, not on sale items, at most €5, on orders with €30 or more of these items, once each, together with item offers and free shipping, never below a margin of 25.5%.",
            RuleSentence.Of(draft, English).Plain());
        Assert.Equal("向全部顾客发券：立减 10%（9 折），促销商品除外，最多减 ¥5，参与商品满 ¥30 可用，每人限用 1 次，可与商品优惠、包邮叠加，毛利不低于 25.5%。", RuleSentence.Of(draft, Chinese).Plain());
    }
}
