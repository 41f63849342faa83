using MerchantStudio.Core.Promotions;
using MerchantStudio.Tests.Promotions.Redemptions;
using MerchantStudio.Tests.Worlds;
using Xunit;

namespace MerchantStudio.Tests.Promotions;

public sealed class CodeSheetTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void A_picture_has_its_three_corners_and_a_quiet_zone_around_them()
    {
        var picture = QrPicture.Of("SPRING10");
        Assert.Equal(21 + 8, picture.Size);
        Assert.StartsWith("M4 4h7v1H4z", picture.Path, StringComparison.Ordinal);
        Assert.Contains("M18 4h7v1H18z", picture.Path, StringComparison.Ordinal);
        Assert.Contains("M4 24h7v1H4z", picture.Path, StringComparison.Ordinal);
        Assert.NotEqual(picture.Path, QrPicture.Of("SPRING11").Path);
        Assert.Contains(picture.Path, picture.Svg, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sheet_holds_every_code_of_the_question_and_an_address_must_have_room_for_it()
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        var shop = await studio.WorkspaceAsync();
        var rule = await TestRules.AddAsync(studio, shop, "SPRING10");
        await TestRules.AddAsync(studio, shop, "OTHER");
        var sheets = studio.Get<CodeSheets>();
        var sheet = (await sheets.WriteAsync(shop, new CodeQuestion(rule.Id), "", _ => "<b>5 off</b>", Token)).Value;
        Assert.Contains("<b>SPRING10</b><span>&lt;b&gt;5 off&lt;/b&gt;</span>", sheet, StringComparison.Ordinal);
        Assert.DoesNotContain("OTHER", sheet, StringComparison.Ordinal);
        Assert.Contains(QrPicture.Of("SPRING10").Path, sheet, StringComparison.Ordinal);
        var linked = (await sheets.WriteAsync(shop, new CodeQuestion(rule.Id), "https://shop.example/?c=[code]", _ => "", Token)).Value;
        Assert.Contains(QrPicture.Of("https://shop.example/?c=SPRING10").Path, linked, StringComparison.Ordinal);
        foreach (var unfit in (string[])["https://shop.example/", "javascript:[code]", "[code]", $"https://x.example/{new string('a', 500)}[code]"])
            Assert.Equal("codes.unfit-address", (await sheets.WriteAsync(shop, new CodeQuestion(rule.Id), unfit, _ => "", Token)).Problem?.Code);
    }
}
