using System.Globalization;
using MerchantStudio.Core.Shop;
using MerchantStudio.Localization;
using Xunit;

namespace MerchantStudio.Tests.Localization;

/// <summary>Figures and times as they are read.</summary>
public sealed class ShowTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(-0.12, 2, "−0.12")]
    [InlineData(-1234.5, 1, "−1,234.5")]
    [InlineData(-0.004, 2, "0.00")]
    [InlineData(3.14, 1, "3.1")]
    public void A_number_below_zero_has_a_minus_sign_and_none_when_it_rounds_to_zero(double value, int decimals, string shown) => Assert.Equal(shown, Show.Number(value, decimals));

    [Theory]
    [InlineData(18, 0, "+18")]
    [InlineData(-8, 0, "−8")]
    [InlineData(0.3, 0, "0")]
    [InlineData(-0.3, 0, "0")]
    public void A_change_has_its_sign(double value, int decimals, string shown) => Assert.Equal(shown, Show.Signed(value, decimals));

    [Fact]
    public void The_price_of_one_piece_has_as_many_decimals_as_it_needs()
    {
        Assert.Equal(["€0.045", "€0.05", "€0.0001", "€1.00"], new[] { 0.045m, 0.05m, 0.0001m, 1m }.Select(amount => Show.PieceMoney(amount, "EUR")));
        Assert.Equal(["¥0.5", "¥3"], new[] { 0.5m, 3.000m }.Select(amount => Show.PieceMoney(amount, "JPY")));
    }

    [Fact]
    public void Changes_of_money_stand_in_whole_units_from_ten_up()
    {
        Assert.Equal("−€632", Show.SignedAbout(Money.Of(-632.10m, "EUR")));
        Assert.Equal("+€1,952", Show.SignedAbout(Money.Of(1952.40m, "EUR")));
        Assert.Equal("+€4.20", Show.SignedAbout(Money.Of(4.20m, "EUR")));
    }

    [Theory]
    [InlineData(new[] { 0, 2.5, 5, 7.5 }, "€0 €2.5 €5.0 €7.5")]
    [InlineData(new[] { -5.0, 0, 5, 10 }, "−€5 €0 €5 €10")]
    [InlineData(new[] { 0, 0.1, 0.2, 0.1 * 3 }, "€0 €0.1 €0.2 €0.3")]
    [InlineData(new[] { 0, 5_000.0, 10_000, 15_000 }, "€0 €5k €10k €15k")]
    [InlineData(new[] { -500_000.0, 0, 500_000, 1_000_000 }, "−€0.5M €0 €0.5M €1.0M")]
    public void Amounts_along_one_axis_have_the_same_unit_and_decimals(double[] ticks, string shown) => Assert.Equal(shown, string.Join(' ', Show.MoneyTicks(ticks, "EUR")));

    [Theory]
    [InlineData(0, "just now", "刚刚")]
    [InlineData(4, "just now", "刚刚")]
    [InlineData(5, "5 s ago", "5 秒前")]
    [InlineData(180, "3 min ago", "3 分钟前")]
    [InlineData(100_000, "yesterday", "昨天")]
    public void How_long_ago_begins_with_just_now(int seconds, string english, string chinese)
    {
        Assert.Equal(english, Show.Ago(Now.AddSeconds(-seconds), Now));
        var reader = CultureInfo.CurrentUICulture;
        try
        {
            CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("zh-CN");
            Assert.Equal(chinese, Show.Ago(Now.AddSeconds(-seconds), Now));
        }
        finally
        {
            CultureInfo.CurrentUICulture = reader;
        }
    }

    [Fact]
    public void A_clock_that_runs_behind_says_just_now() => Assert.Equal("just now", Show.Ago(Now.AddSeconds(30), Now));
}
