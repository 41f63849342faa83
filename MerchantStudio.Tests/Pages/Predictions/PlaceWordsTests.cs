using System.Globalization;
using MerchantStudio.Components.Pages.Predictions;
using MerchantStudio.Core.Pipeline.Debate;
using MerchantStudio.Localization;
using Xunit;

namespace MerchantStudio.Tests.Pages.Predictions;

public sealed class PlaceWordsTests
{
    [Theory]
    [InlineData("en", 1, "place 12 of 5,776; says “will buy” from 40% on")]
    [InlineData("en", 2, "shares places 12 to 13 of 5,776 with 1 other shopper of the same chance; says “will buy” from 40% on")]
    [InlineData("en", 3211, "shares places 12 to 3,222 of 5,776 with 3,210 other shoppers of the same chance; says “will buy” from 40% on")]
    [InlineData("en", 5776, "gives all 5,776 shoppers the same chance, so it says nothing about this one")]
    [InlineData("zh-CN", 5776, "给全部 5,776 位顾客相同的概率，因此对这位顾客没有任何判断")]
    [InlineData("zh-CN", 1, "第 12 名，共 5,776 名；达到 40% 即认为“会购买”")]
    [InlineData("zh-CN", 3211, "与另外 3,210 位顾客概率相同，并列第 12 至 3,222 名，共 5,776 名；达到 40% 即认为“会购买”")]
    public void A_place_that_many_share_is_said_to_be_shared(string language, int sharing, string expected)
    {
        var before = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
            Assert.Equal(expected, PlaceWords.Of(new Texts(), new DebateView("gaussian", 1, 0.5, 0.4, 0.6, 0.4, new SharedPlace(sharing == 5776 ? 1 : 12, sharing), sharing < 5776, []), 5776));
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = before;
        }
    }
}
