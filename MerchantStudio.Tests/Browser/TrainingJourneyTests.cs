using MerchantStudio.Tests.Architecture;
using Microsoft.Playwright;
using Xunit;

namespace MerchantStudio.Tests.Browser;

/// <summary>A merchant trains models in the browser, leaves meanwhile, and finds which foretells best.</summary>
[Collection(BrowserTests.Name)]
public sealed class TrainingJourneyTests(Chromium chromium, DemoStudio demo)
{
    private const float Long = 180_000;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_training_is_planned_started_left_and_found_done()
    {
        var address = await demo.AddressAsync(Now);
        await using var context = await chromium.OpenAsync(address);
        var page = await context.NewPageAsync();
        await page.LookAtDemoAsync();
        var scores = await ScoresAsync(page);
        await page.OpenAsync("/w/demo/training");
        var start = page.GetByRole(AriaRole.Button, new() { Name = "Start training" });
        await Assertions.Expect(page.GetByText("Together")).ToBeVisibleAsync(new() { Timeout = Long });
        List<string> faults = [.. await page.FindingsInBothThemesAsync("plan")];
        await page.GetByLabel("Neural network").UncheckAsync();
        await page.GetByLabel("Gaussian interest").UncheckAsync();
        await start.ClickAsync();
        await page.Locator(".stages").WaitForAsync(new() { Timeout = Long });

        // The browser goes away; the training does not.
        await page.CloseAsync();
        page = await context.NewPageAsync();
        await page.OpenAsync("/w/demo/training");
        var board = page.Locator("section.data-table").Filter(new() { HasText = "Which model foretells best" });
        await Assertions.Expect(board.Locator("tbody tr")).ToHaveCountAsync(5, new() { Timeout = Long });
        await Assertions.Expect(page.Locator("main h1")).ToContainTextAsync("who buys within 7 days");
        await page.DrawnAsync();
        faults.AddRange(await page.FindingsInBothThemesAsync("done"));
        await page.SetViewportSizeAsync(390, 844);
        await page.OpenAsync("/w/demo/training");
        await page.DrawnAsync();
        Assert.False(await page.ScrollsSidewaysAsync());
        await page.SetViewportSizeAsync(1440, 900);
        Assert.Equal(scores, await ScoresAsync(page));

        // Who looks at the demo is a marketer: she sees every version and puts none to use.
        await page.OpenAsync("/w/demo/models");
        var versions = page.Locator("section.data-table").First.Locator("tbody tr").Filter(new() { HasText = "7 days" });
        foreach (var row in (int[])[1, 0])
        {
            var number = await versions.Nth(row).Locator("td").Nth(1).InnerTextAsync();
            await versions.Nth(row).ClickAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { NameRegex = new($"version {number.Trim()}$") })).ToBeVisibleAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { NameRegex = new("^(Put it to use|Back to version)") })).ToHaveCountAsync(0);
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    /// <summary>Into artifacts/training: before the start, at work and done, in both languages and themes, wide and on a phone.</summary>
    [Theory(Explicit = true)]
    [InlineData("en", "light", 1440)]
    [InlineData("zh-CN", "light", 1440)]
    [InlineData("en", "dark", 1440)]
    [InlineData("zh-CN", "dark", 390)]
    [InlineData("en", "light", 390)]
    public async Task Pictures_of_a_training(string language, string theme, int width)
    {
        var address = await demo.AddressAsync(Now);
        await using var context = await chromium.OpenAsync(address, width, width == 390 ? 844 : 900, scheme: theme == "dark" ? ColorScheme.Dark : ColorScheme.Light);
        await context.ThemeAsync(address, theme);
        var page = await context.NewPageAsync();
        await page.LookAtDemoAsync();
        await page.GotoAsync($"/culture?language={language}&to=/w/demo/training");
        await page.Locator("dl.facts").First.WaitForAsync(new() { Timeout = Long });
        await ShootAsync("plan");
        await page.Locator(".panel-foot .button.primary").ClickAsync();
        await page.Locator(".main-svg").First.WaitForAsync(new() { Timeout = Long });
        await page.WaitForTimeoutAsync(1_000);
        await ShootAsync("working");
        await Assertions.Expect(page.Locator(".stages")).ToHaveCountAsync(0, new() { Timeout = Long });
        await page.Locator("dl.facts").First.WaitForAsync(new() { Timeout = Long });
        await page.DrawnAsync();
        await ShootAsync("done");
        await page.Locator("section.data-table tbody a").First.ClickAsync();
        await page.ArriveAsync(@"/models\?");
        await page.ReadyAsync();
        await ShootAsync("card");

        async Task ShootAsync(string name)
        {
            var folder = Directory.CreateDirectory(Repository.Path("artifacts", "training")).FullName;
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{language}-{theme}-{width}.png"), FullPage = true });
        }
    }

    private static async Task<string> ScoresAsync(IPage page)
    {
        await page.OpenAsync("/w/demo/intent");
        return await page.Locator("main h1").InnerTextAsync();
    }
}
