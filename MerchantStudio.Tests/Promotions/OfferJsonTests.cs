using MerchantStudio.Core.Promotions;
using MerchantStudio.Tests.Promotions.Pricing;
using Xunit;

namespace MerchantStudio.Tests.Promotions;

public sealed class OfferJsonTests
{
    [Theory]
    [InlineData("", "$")]
    [InlineData("null", "$")]
    [InlineData("[]", "$")]
    [InlineData("{}", "$")]
    [InlineData("""{"kind":"percentage"}""", "$.kind")]
    [InlineData("""{"kind":0}""", "$.kind")]
    [InlineData("""{"kind":"percent","kind":"fixed"}""", "$")]
    [InlineData("""{"kind":"percent","colour":1}""", "$.colour")]
    [InlineData("""{"kind":"percent","percent_basis_points":"15"}""", "$.percent_basis_points")]
    [InlineData("""{"kind":"percent","percent_basis_points":1.5}""", "$.percent_basis_points")]
    [InlineData("""{"kind":"fixed","amount_minor":9223372036854775808}""", "$.amount_minor")]
    [InlineData("""{"kind":"gift","gift":{"item_id":"a"}}""", "$.gift")]
    [InlineData("""{"kind":"tiered","tiers":[{"percent_basis_points":5}]}""", "$.tiers[0]")]
    [InlineData("""{"kind":"percent","include":{"brands":"Lark"}}""", "$.include.brands")]
    public void What_is_not_exactly_an_offer_is_refused(string json, string place)
    {
        var problem = OfferJson.Read(json).Problem;
        Assert.Equal("rule.unreadable-offer", problem?.Code);
        Assert.StartsWith(place, (string)problem!.Arguments[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Every_offer_comes_back_as_it_was_written()
    {
        var random = new Random(5);
        for (var round = 0; round < 500; round++)
        {
            var json = OfferJson.Write(RandomPricing.Offer(random));
            Assert.Equal(json, OfferJson.Write(OfferJson.Read(json).Value));
        }
    }

    [Fact]
    public void What_a_kind_has_no_use_for_is_not_kept()
    {
        var offer = new Offer(MerchantStudio.Core.AppState.OfferKind.Fixed, 1500, 500, 2000, 100) { Include = new ItemChoice(["Lighting"], [], []), Gift = new GiftItem("a", "b", 1), Exclude = new ItemChoice([], [], []) };
        Assert.Equal("""{"kind":"fixed","amount_minor":500,"minimum_minor":100}""", OfferJson.Write(offer));
    }
}
