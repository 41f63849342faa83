using MerchantStudio.Core.Shop;
using Xunit;

namespace MerchantStudio.Tests.Shop;

public sealed class MoneyTests
{
    [Theory]
    [InlineData("12.345", "EUR", 1235)]
    [InlineData("-12.345", "EUR", -1235)]
    [InlineData("12.5", "JPY", 13)]
    [InlineData("1.0005", "KWD", 1001)]
    public void An_amount_is_rounded_half_away_from_zero_to_its_currencys_minor_unit(string amount, string currency, long minor) =>
        Assert.Equal(minor, Money.Of(decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture), currency).Minor);
}
