using MerchantStudio.Core.Ingestion.Values;
using Xunit;

namespace MerchantStudio.Tests.Ingestion;

public sealed class LinkParametersTests
{
    [Theory]
    [InlineData("https://shop.test/cup?a=1&utm_source=news&utm_campaign=spring+sale#top", "utm_source=news utm_campaign=spring sale")]
    [InlineData("http://shop.test?UTM_Source=%E5%B0%8F%E7%BA%A2%E4%B9%A6", "utm_source=小红书")]
    [InlineData("/cup?utm_source=path", "utm_source=path")]
    [InlineData(" https://shop.test/blue cup?utm_source=typed ", "utm_source=typed")]
    [InlineData("https://shop.test/?utm_source=first&utm_source=second", "utm_source=first")]
    [InlineData("https://shop.test/?utm_source=&utm_medium=mail&utm_campaign", "utm_medium=mail")]
    [InlineData("https://shop.test/?utm_campaign=100%", "utm_campaign=100%")]
    [InlineData("https://shop.test/?utm_source=%FF", "")]
    [InlineData("https://shop.test/?utm_source=a%00b", "")]
    [InlineData("https://shop.test/?utm_source=ann%40home.test", "")]
    [InlineData("https://shop.test/#?utm_source=behind", "")]
    [InlineData("https://shop.test/?next=utm_source%3Dinside", "")]
    [InlineData("//shop.test/?utm_source=x", "")]
    [InlineData("shop ?utm_source=x", "")]
    [InlineData("https://?utm_source=x", "")]
    [InlineData("javascript:alert(1)?utm_source=x", "")]
    [InlineData("utm_source=x", "")]
    [InlineData("", "")]
    [InlineData(null, "")]
    public void The_parameters_of_a_link_are_read_decoded_from_addresses_and_from_nothing_else(string? address, string expected) =>
        Assert.Equal(expected, string.Join(" ", LinkParameters.Of(address).Select(pair => $"{pair.Key}={pair.Value}")));

    [Fact]
    public void Values_and_addresses_beyond_all_measure_are_left_out()
    {
        Assert.Empty(LinkParameters.Of($"https://shop.test/?utm_source={new string('x', 201)}"));
        Assert.Empty(LinkParameters.Of($"https://shop.test/{new string('x', 8_000)}?utm_source=x"));
    }
}
