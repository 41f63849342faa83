using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;

namespace MerchantStudio.Tests.Browser;

/// <summary>What only an owner sees, the pages before signing in, and every other page while the shop is still empty.</summary>
[Collection(BrowserTests.Name)]
public sealed partial class OwnerPageTests(Chromium chromium)
{
    private const int Wide = 1440;
    private const int Phone = 390;
    private const int High = 900;

    private readonly List<string> _faults = [];

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_page_of_an_empty_shop_has_a_serious_accessibility_fault_or_scrolls_sideways()
    {
        await using var server = await StudioServer.StartAsync(Now, "--Studio:Demo=false");
        await using var context = await chromium.OpenAsync(server.Address);
        var page = await context.NewPageAsync();
        page.PageError += (_, error) => _faults.Add($"{page.Url}: script error {error}");
        await page.GotoAsync("/setup");
        await LookAsync(page, "setup");
        var shop = await page.SetUpShopAsync(server, "Tea & Thyme, the trading company of Mei and her brother");
        foreach (var path in StudioPages.Owner.Concat(StudioPages.Demo.Except(NeedsDemo)))
        {
            await page.OpenAsync($"/w/{shop}/{path}");
            await LookAsync(page, StudioPages.Name(path), bothThemes: StudioPages.Owner.Contains(path));
        }

        await page.OpenAsync($"/w/{shop}/settings/team");
        var invitation = await LinkAsync(page, async () =>
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "Invite somebody" }).ClickAsync();
            await LookAsync(page, "invite dialog");
            await page.GetByRole(AriaRole.Button, new() { Name = "Make the link" }).ClickAsync();
        });
        var reset = await LinkAsync(page, async () =>
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "More for Mei" }).ClickAsync();
            await page.GetByText("Make a link for a new password").ClickAsync();
        });

        await using var stranger = await chromium.OpenAsync(server.Address);
        page = await stranger.NewPageAsync();
        foreach (var address in (string[])["/sign-in", invitation, reset, "/nowhere"])
        {
            await page.GotoAsync(address);
            await LookAsync(page, Token().Replace(address, ""));
        }

        Assert.True(_faults.Count == 0, string.Join('\n', _faults));
    }

    /// <summary>The demo's truth and its first run are nowhere else.</summary>
    private static string[] NeedsDemo => ["truth", "runs/1"];

    private async Task LookAsync(IPage page, string name, bool bothThemes = true)
    {
        _faults.AddRange(await (bothThemes ? page.FindingsInBothThemesAsync(name) : page.SeriousFindingsAsync(name)));
        if (await page.ScrollsSidewaysAsync()) _faults.Add($"{name}: scrolls sideways at {Wide}");
        await page.SetViewportSizeAsync(Phone, High);
        if (await page.ScrollsSidewaysAsync()) _faults.Add($"{name}: scrolls sideways at {Phone}");
        await page.SetViewportSizeAsync(Wide, High);
    }

    /// <summary>The address in the dialog that hands over a link, once.</summary>
    private static async Task<string> LinkAsync(IPage page, Func<Task> ask)
    {
        await ask();
        var field = page.Locator("dialog[open] input[readonly]");
        await field.WaitForAsync();
        var link = await field.InputValueAsync();
        await page.Locator("dialog[open] .button.primary").ClickAsync();
        await field.WaitForAsync(new() { State = WaitForSelectorState.Detached });
        return new Uri(link).PathAndQuery;
    }

    [GeneratedRegex("(?<=/(invite|reset)/).*")]
    private static partial Regex Token();
}
