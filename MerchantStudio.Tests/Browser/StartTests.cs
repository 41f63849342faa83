using Microsoft.Playwright;
using Xunit;

namespace MerchantStudio.Tests.Browser;

[Collection(BrowserTests.Name)]
public sealed class StartTests(Chromium chromium)
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_person_sets_up_a_shop_with_the_code_from_the_console()
    {
        await using var server = await StudioServer.StartAsync(Now, "--Studio:Demo=false");
        await using var context = await chromium.OpenAsync(server.Address);
        var page = await context.NewPageAsync();
        var shop = await page.SetUpShopAsync(server, "Tea & Thyme");
        Assert.Equal("tea-thyme", shop);
        await page.ReadyAsync();
        var faults = await page.SeriousFindingsAsync("home of an empty shop");
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public async Task A_wrong_code_is_refused_in_words()
    {
        await using var server = await StudioServer.StartAsync(Now, "--Studio:Demo=false");
        await using var context = await chromium.OpenAsync(server.Address);
        var page = await context.NewPageAsync();
        await page.GotoAsync("/setup");
        await page.GetByLabel("Setup code").FillAsync("0000000000");
        await page.GetByLabel("Your name").FillAsync("Mallory");
        await page.GetByLabel("E-mail").FillAsync(Visit.Email);
        await page.GetByLabel("Password").FillAsync(Visit.Password);
        await page.GetByLabel("Name of the shop").FillAsync("Not mine");
        await page.Locator("form button[type=submit]").ClickAsync();
        await page.GetByRole(AriaRole.Alert).WaitForAsync();
        Assert.EndsWith("/setup", page.Url, StringComparison.Ordinal);
    }
}
