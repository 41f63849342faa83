using Microsoft.Playwright;
using Xunit;

namespace MerchantStudio.Tests.Browser;

/// <summary>Every page of the filled demo shop: wide in both themes, on a phone in the dark.</summary>
[Collection(BrowserTests.Name)]
public sealed class PageTests(Chromium chromium, DemoStudio demo)
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("light", 1440)]
    [InlineData("dark", 390)]
    public async Task No_page_has_a_serious_accessibility_fault_or_scrolls_sideways(string theme, int width)
    {
        var address = await demo.AddressAsync(Now);
        await using var context = await chromium.OpenAsync(address, width, scheme: theme == "dark" ? ColorScheme.Dark : ColorScheme.Light);
        await context.ThemeAsync(address, theme);
        var page = await context.NewPageAsync();
        var faults = new List<string>();
        page.PageError += (_, error) => faults.Add($"{page.Url}: script error {error}");
        await page.GotoAsync("/");
        faults.AddRange(await page.SeriousFindingsAsync("start"));
        await page.LookAtDemoAsync();
        foreach (var path in StudioPages.Demo)
        {
            await page.OpenAsync($"/w/demo/{path}");
            faults.AddRange(await (width == 390 ? page.SeriousFindingsAsync(StudioPages.Name(path)) : page.FindingsInBothThemesAsync(StudioPages.Name(path))));
            if (await page.ScrollsSidewaysAsync()) faults.Add($"{StudioPages.Name(path)}: scrolls sideways at {width}");
        }
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public async Task A_picture_without_words_a_nameless_button_and_a_faint_text_are_found_out()
    {
        await using var context = await chromium.OpenAsync(await demo.AddressAsync(Now));
        var page = await context.NewPageAsync();
        await page.SetContentAsync("<html lang='en'><title>Shop</title><body><main><h1>Shop</h1><img src='x'><button></button><p style='color:#ccc;background:#fff'>Faint</p></main></body></html>");
        var found = string.Join('\n', await page.SeriousFindingsAsync("made up"));
        Assert.All(["image-alt", "button-name", "color-contrast"], fault => Assert.Contains(fault, found, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_model_is_saved_as_a_file_after_it_was_checked()
    {
        await using var context = await chromium.OpenAsync(await demo.AddressAsync(Now));
        var page = await context.NewPageAsync();
        await page.GotoAsync("/");
        await page.LookAtDemoAsync();
        await page.OpenAsync("/w/demo/models");
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Save as ONNX" }).ClickAsync());
        Assert.Matches("^intent-7-v\\d+\\.onnx$", download.SuggestedFilename);
        await Assertions.Expect(page.GetByText("ONNX Runtime gave the same chances for")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_demo_is_filled_and_says_so_in_both_languages()
    {
        var address = await demo.AddressAsync(Now);
        await using var context = await chromium.OpenAsync(address);
        var page = await context.NewPageAsync();
        await page.LookAtDemoAsync();
        await page.OpenAsync("/w/demo/truth");
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("The intent model went");
        await page.GotoAsync("/culture?language=zh-CN&to=/w/demo/truth");
        await page.ReadyAsync();
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("购买意向模型");
    }
}
