using MerchantStudio.Tests.Architecture;
using Microsoft.Playwright;
using Xunit;

namespace MerchantStudio.Tests.Browser;

/// <summary>Takes every page at two widths, in both themes and languages, into artifacts/screens. Run it by name; it is not part of the gate.</summary>
[Collection(BrowserTests.Name)]
public sealed class Screenshots(Chromium chromium, DemoStudio demo) : IClassFixture<DemoStudio>
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory(Explicit = true)]
    [InlineData("en", "light", 1440)]
    [InlineData("en", "dark", 1440)]
    [InlineData("en", "light", 390)]
    [InlineData("en", "dark", 390)]
    [InlineData("zh-CN", "light", 1440)]
    [InlineData("zh-CN", "dark", 1440)]
    [InlineData("zh-CN", "light", 390)]
    [InlineData("zh-CN", "dark", 390)]
    public async Task Of_every_page(string language, string theme, int width)
    {
        var address = await demo.AddressAsync(Now);
        await using var context = await chromium.OpenAsync(address, width, width == 390 ? 844 : 900, scheme: theme == "dark" ? ColorScheme.Dark : ColorScheme.Light);
        await context.ThemeAsync(address, theme);
        var page = await context.NewPageAsync();
        await page.GotoAsync($"/culture?language={language}&to=/start");
        await ShootAsync(page, language, theme, width, "start");
        await page.Locator("form[action='/start/demo'] button").ClickAsync();
        await page.WaitForURLAsync("**/w/demo**");
        foreach (var path in StudioPages.Demo)
        {
            await page.OpenAsync($"/w/demo/{path}");
            await page.DrawnAsync();
            await ShootAsync(page, language, theme, width, StudioPages.Name(path));
        }
    }

    /// <summary>What README and guide show, into artifacts/guide. Reduced to 256 colours the files go to docs/guide/images.</summary>
    [Fact(Explicit = true)]
    public async Task Of_the_guide()
    {
        var address = await demo.AddressAsync(Now);
        var folder = Directory.CreateDirectory(Repository.Path("artifacts", "guide")).FullName;
        foreach (var (language, width) in (IEnumerable<(string, int)>)[("en", 1440), ("zh-CN", 1440), ("en", 390)])
        {
            await using var context = await chromium.OpenAsync(address, width, width == 390 ? 844 : 900, scheme: ColorScheme.Light);
            await context.ThemeAsync(address, "light");
            var page = await context.NewPageAsync();
            await page.LookAtDemoAsync();
            await page.GotoAsync($"/culture?language={language}&to=/start");
            foreach (var (_, _, path, name) in StudioPages.Guide.Where(picture => picture.Language == language && picture.Width == width))
            {
                await page.OpenAsync($"/w/demo/{path}");
                await page.DrawnAsync();
                await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png") });
            }
        }
    }

    /// <summary>The top of the page as it is first seen, and the whole of it.</summary>
    private static async Task ShootAsync(IPage page, string language, string theme, int width, string name)
    {
        var folder = Directory.CreateDirectory(Repository.Path("artifacts", "screens", $"{language}-{theme}-{width}")).FullName;
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png") });
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-full.png"), FullPage = true });
    }
}
