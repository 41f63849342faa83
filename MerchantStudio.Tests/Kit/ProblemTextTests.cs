using System.Globalization;
using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Pipeline;
using Xunit;

namespace MerchantStudio.Tests.Kit;

public sealed class ProblemTextTests
{
    [Theory]
    [InlineData("en", "The file of model 3 for a purchase within 7 days is missing or damaged, so it cannot be used. Refresh the insights to train a new one.")]
    [InlineData("zh-CN", "“7 天内购买”的第 3 版模型文件缺失或损坏，无法启用。请更新洞察以训练新模型。")]
    public void A_forecast_is_named_in_the_merchants_words(string language, string said)
    {
        var before = CultureInfo.CurrentUICulture;
        try
        {
            CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
            Assert.Equal(said, ProblemText.Of(new ModelFileGone("intent-7", 3)));
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }
}
