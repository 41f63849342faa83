using System.Globalization;
using MerchantStudio.Components.Pages.Settings;
using MerchantStudio.Localization;
using Xunit;

namespace MerchantStudio.Tests.Pages.Settings;

public sealed class AuditWordsTests
{
    [Theory]
    [InlineData("en", "Live; revision 1; audience 250; budget 50000 minor EUR", "Live; revision 1; audience 250; budget €500.00")]
    [InlineData("en", "Draft; revision 0; audience open; budget none minor EUR", "Draft; revision 0; audience not frozen yet; budget none")]
    [InlineData("zh-CN", "Analyst", "分析师")]
    [InlineData("zh-CN", "Draft", "草稿")]
    [InlineData("zh-CN", "true", "是")]
    [InlineData("en", "Lark; EUR; paid: shipped", "Lark; EUR; paid: shipped")]
    [InlineData("en", null, null)]
    public void Fixed_words_are_said_in_the_readers_language_and_names_stay(string language, string? kept, string? said)
    {
        var former = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
        try
        {
            Assert.Equal(said, AuditWords.Say(new Texts(), kept));
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = former;
        }
    }
}
