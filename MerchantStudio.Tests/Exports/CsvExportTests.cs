using System.Globalization;
using System.Text;
using MerchantStudio.Core.Exports;
using Xunit;

namespace MerchantStudio.Tests.Exports;

public sealed class CsvExportTests
{
    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1+1", "'+1+1")]
    [InlineData("-1+1", "'-1+1")]
    [InlineData("@sum(A1)", "'@sum(A1)")]
    [InlineData("＝1+1", "'＝1+1")]
    [InlineData("＠x", "'＠x")]
    [InlineData("\tx", "'\tx")]
    [InlineData("-12.5", "-12.5")]
    [InlineData("+49170", "+49170")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"hi\"", "\"say \"\"hi\"\"\"")]
    [InlineData("=\"a\"", "\"'=\"\"a\"\"\"")]
    public async Task A_cell_is_quoted_and_never_taken_for_a_formula(string text, string cell) =>
        Assert.Equal(cell, await WriteAsync(csv => csv.Text(text)));

    [Fact]
    public async Task Numbers_have_a_point_and_times_stand_in_the_stores_zone_in_any_culture()
    {
        var culture = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("de-DE");
        try
        {
            Assert.Equal(
                "1234.50,-3,0.333,2026-03-01T11:00:00+01:00,2026-03-01,,",
                await WriteAsync(csv => csv.Number(1234.5m, 2).Number(-3).Number(1 / 3d, 3).Instant(new DateTimeOffset(2026, 3, 1, 10, 0, 0, TimeSpan.Zero)).Day(new DateOnly(2026, 3, 1)).Number(double.NaN, 2).Text(null)));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    private static async Task<string> WriteAsync(Action<CsvExport> write)
    {
        var target = new MemoryStream();
        var csv = new CsvExport(target, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));
        write(csv);
        await csv.EndRowAsync(TestContext.Current.CancellationToken);
        await csv.FlushAsync(TestContext.Current.CancellationToken);
        var bytes = target.ToArray();
        Assert.Equal(Encoding.UTF8.Preamble.ToArray(), bytes[..3]);
        return Encoding.UTF8.GetString(bytes[3..]).TrimEnd('\n', '\r');
    }
}
