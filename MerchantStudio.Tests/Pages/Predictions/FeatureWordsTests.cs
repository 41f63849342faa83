using MerchantStudio.Components.Pages.Predictions;
using MerchantStudio.Core.Shop;
using MerchantStudio.Localization;
using Xunit;

namespace MerchantStudio.Tests.Pages.Predictions;

public sealed class FeatureWordsTests
{
    [Theory]
    [InlineData(2.43, "last seen 2.4 hours ago")]
    [InlineData(12.2, "last seen 12 hours ago")]
    [InlineData(3840, "last seen 160 days ago")]
    public void Long_ago_is_told_in_days_and_without_decimals(double hours, string words) =>
        Assert.Equal(words, FeatureWords.Reason(new Texts(), "hours_since_event", hours, "EUR"));

    [Theory]
    [InlineData(41_533, "€415")]
    [InlineData(950, "€9.50")]
    public void An_estimate_does_not_seem_exact(long minor, string words) =>
        Assert.Equal(words, Show.About(new Money(minor, "EUR")));
}
