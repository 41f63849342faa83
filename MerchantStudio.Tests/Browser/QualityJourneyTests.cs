using System.Text;
using Microsoft.Playwright;
using Xunit;

namespace MerchantStudio.Tests.Browser;

/// <summary>Somebody looks at the quality of the demo's data, tries cleaning steps out, and an owner gives exchange rates.</summary>
[Collection(BrowserTests.Name)]
public sealed class QualityJourneyTests(Chromium chromium, DemoStudio demo)
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1440)]
    [InlineData(390)]
    public async Task Steps_are_tried_out_before_they_run_and_drift_is_compared_on_demand(int width)
    {
        var address = await demo.AddressAsync(Now);
        await using var context = await chromium.OpenAsync(address, width);
        var page = await context.NewPageAsync();
        await page.GotoAsync("/");
        await page.LookAtDemoAsync();
        await page.OpenAsync("/w/demo/data/cleaning");
        var outliers = page.Locator(".steps-list li").Filter(new() { HasText = "Unusually large amounts" });
        await Assertions.Expect(outliers).ToContainTextAsync("rows would match");
        await outliers.Locator("input[inputmode=decimal]").FillAsync("2");
        await outliers.Locator("input[role=switch]").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Count again" }).ClickAsync();
        await Assertions.Expect(outliers).ToContainTextAsync("rows left out");
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("would be left out");
        Assert.Empty(await page.FindingsInBothThemesAsync("cleaning"));
        Assert.False(await page.ScrollsSidewaysAsync());

        await page.OpenAsync("/w/demo/data/quality");
        await page.GetByRole(AriaRole.Button, new() { Name = "Compare with today's data" }).ClickAsync();
        await Assertions.Expect(page.GetByText("compared just now", new() { Exact = false })).ToBeVisibleAsync(new() { Timeout = 60_000 });
        Assert.Empty(await page.FindingsInBothThemesAsync("quality"));
        Assert.False(await page.ScrollsSidewaysAsync());
    }

    [Fact]
    public async Task An_owner_says_once_how_rates_are_quoted_and_gives_them_by_file_and_by_hand()
    {
        await using var server = await StudioServer.StartAsync(Now, "--Studio:Demo=false");
        await using var context = await chromium.OpenAsync(server.Address);
        var page = await context.NewPageAsync();
        var shop = await page.SetUpShopAsync(server, "Tea & Thyme");
        await page.OpenAsync($"/w/{shop}/settings/rates");
        await Assertions.Expect(page.Locator(".drop input")).ToBeDisabledAsync();
        await page.GetByLabel("What do the figures say?").SelectOptionAsync(new SelectOptionValue { Index = 2 });
        await page.Locator(".drop input").SetInputFilesAsync(new FilePayload { Name = "eurofxref.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes("Date,USD,JPY\n2026-06-01,1.0870,171.2\n2026-06-02,1.0911,N/A\nyesterday,1,1\n") });
        await Assertions.Expect(page.GetByText("5 read: 3 new")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("“yesterday” is not a date").First).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("1 EUR = 1.0911 USD")).ToBeVisibleAsync();
        await page.GetByLabel("Day", new() { Exact = true }).FillAsync("2026-06-03");
        await page.GetByLabel("Currency", new() { Exact = true }).FillAsync("chf");
        await page.GetByLabel("Rate", new() { Exact = true }).FillAsync("0.95");
        await page.Keyboard.PressAsync("Tab");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByText("1 EUR = 0.95 CHF")).ToBeVisibleAsync();
        Assert.Empty(await page.FindingsInBothThemesAsync("rates"));
        await page.OpenAsync($"/w/{shop}/settings/rates");
        await Assertions.Expect(page.Locator(".drop input")).ToBeEnabledAsync();
    }
}
