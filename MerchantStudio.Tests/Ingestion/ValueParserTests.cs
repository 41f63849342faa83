using System.Globalization;
using System.Text;
using MerchantStudio.Core.Ingestion.Values;
using Xunit;

namespace MerchantStudio.Tests.Ingestion;

public sealed class ValueParserTests
{
    [Theory]
    [InlineData("2026-06-01T12:30:00Z", "2026-06-01T12:30:00Z")]
    [InlineData("2026-06-01T12:30:00.250+02:00", "2026-06-01T10:30:00.250Z")]
    [InlineData("2026-06-01 10:00:00 +0000", "2026-06-01T10:00:00Z")]
    [InlineData("2026-06-01 12:30:00", "2026-06-01T10:30:00Z")]
    [InlineData("2026-01-01 12:30", "2026-01-01T11:30:00Z")]
    [InlineData("2026-03-29 02:30:00", "2026-03-29T01:30:00Z")]
    [InlineData("2026/6/1", "2026-05-31T22:00:00Z")]
    [InlineData("2026年6月1日 8:05", "2026-06-01T06:05:00Z")]
    [InlineData("31.12.2025 23:59", "2025-12-31T22:59:00Z")]
    [InlineData("12/31/2025 1:05 PM", "2025-12-31T12:05:00Z")]
    [InlineData("20260601", "2026-05-31T22:00:00Z")]
    [InlineData("1511544070", "2017-11-24T17:21:10Z")]
    [InlineData("1511544070123", "2017-11-24T17:21:10.123Z")]
    [InlineData("1396860669.277", "2014-04-07T08:51:09.277Z")]
    public void Times_are_read_in_the_stores_zone_unless_they_say_their_own(string text, string instant)
    {
        var parser = new TimestampParser(TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"), null);
        Assert.True(parser.TryParse(Encoding.UTF8.GetBytes(text), out var micros));
        Assert.Equal(DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture), DateTimeOffset.UnixEpoch.AddTicks(micros * 10));
    }

    [Theory]
    [InlineData("0000-00-00 00:00:00")]
    [InlineData("2026-02-30")]
    [InlineData("2026-13-01")]
    [InlineData("3/4/2026")]
    [InlineData("25:00")]
    [InlineData("2026-06-01 24:61:00")]
    [InlineData("yesterday")]
    [InlineData("12345")]
    [InlineData("99999999999999999999")]
    public void What_is_no_time_or_may_be_two_is_not_read(string text) =>
        Assert.False(new TimestampParser(TimeZoneInfo.Utc, null).TryParse(Encoding.UTF8.GetBytes(text), out _));

    [Theory]
    [InlineData("12.50", false, 125_000)]
    [InlineData("-3", false, -30_000)]
    [InlineData("(3.5)", false, -35_000)]
    [InlineData("€ 1,234.50", false, 12_345_000)]
    [InlineData("1.234,50 €", true, 12_345_000)]
    [InlineData("12,50", true, 125_000)]
    [InlineData("1,234", false, 12_340_000)]
    [InlineData("￥99", false, 990_000)]
    [InlineData("2.00005", false, 20_001)]
    [InlineData("1e3", false, 10_000_000)]
    public void Amounts_are_read_as_shops_write_them(string text, bool decimalComma, long tenThousandths)
    {
        Assert.True(new NumberParser(decimalComma).TryAmount(Encoding.UTF8.GetBytes(text), out var amount));
        Assert.Equal(tenThousandths, amount);
    }

    [Theory]
    [InlineData("12,5O")]
    [InlineData("12,50")]
    [InlineData("1.2.3")]
    [InlineData("abc")]
    [InlineData("-")]
    [InlineData("99999999999999999999")]
    public void What_is_no_amount_is_not_read(string text) =>
        Assert.False(new NumberParser(decimalComma: false).TryAmount(Encoding.UTF8.GetBytes(text), out _));
}
