using System.Text.RegularExpressions;
using MerchantStudio.Tests.Browser;
using Microsoft.Playwright;
using Xunit;

namespace MerchantStudio.Tests.Access;

/// <summary>An owner and a colleague, each in a browser of her own, on the real program.</summary>
[Collection(BrowserTests.Name)]
public sealed class TeamJourneyTests(Chromium chromium)
{
    private const string OwnerPassword = "an orchard in late autumn";
    private const string NewPassword = "a harbour in early spring";

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_shop_is_set_up_changed_shared_and_left()
    {
        await using var server = await StudioServer.StartAsync(Now, "--Studio:Demo=false");
        await using var ownersBrowser = await chromium.OpenAsync(server.Address);
        var owner = await ownersBrowser.NewPageAsync();
        await SetUpAsync(owner, server);

        // The shop's settings, which the frame shows as well.
        await OpenAsync(owner, "/w/tea-thyme/settings/shop");
        await ShootAsync(owner, "settings-shop");
        await owner.GetByLabel("Name of the shop").FillAsync("Tea and Thyme");
        await owner.GetByLabel("Name of the shop").BlurAsync();
        await owner.GetByText("Every day").ClickAsync();
        await owner.GetByRole(AriaRole.Button, new() { Name = "Save changes" }).ClickAsync();
        await owner.Locator("h1", new() { HasText = "Tea and Thyme" }).WaitForAsync();

        // An invitation, taken up in another browser.
        await OpenAsync(owner, "/w/tea-thyme/settings/team");
        await owner.GetByRole(AriaRole.Button, new() { Name = "Invite somebody" }).ClickAsync();
        await owner.GetByLabel("Role", new() { Exact = true }).SelectOptionAsync(new SelectOptionValue { Label = "Analyst" });
        await owner.GetByRole(AriaRole.Button, new() { Name = "Make the link" }).ClickAsync();
        var link = await owner.GetByLabel("Link", new() { Exact = true }).InputValueAsync();
        await owner.GetByRole(AriaRole.Button, new() { Name = "Done" }).ClickAsync();
        await ShootAsync(owner, "settings-team");

        await using var colleaguesBrowser = await chromium.OpenAsync(server.Address);
        var colleague = await colleaguesBrowser.NewPageAsync();
        await colleague.GotoAsync(link);
        await colleague.GetByLabel("Your name").FillAsync("Ravi");
        await colleague.GetByLabel("E-mail").FillAsync("ravi@example.test");
        await colleague.GetByLabel("Password").FillAsync("three green kettles");
        await ShootAsync(colleague, "invite");
        await colleague.GetByRole(AriaRole.Button, new() { Name = "Join" }).ClickAsync();
        await Assertions.Expect(colleague).ToHaveURLAsync(new Regex("/w/tea-thyme$"), new() { Timeout = 60_000 });

        // An analyst has no business in the team; a removed one none in the shop, not even in an open page.
        await OpenAsync(colleague, "/w/tea-thyme/settings/team");
        await colleague.GetByText("Your role does not allow this").WaitForAsync();
        await OpenAsync(colleague, "/w/tea-thyme/account");
        await ShootAsync(colleague, "account");
        await OpenAsync(owner, "/w/tea-thyme/settings/team");
        await owner.GetByLabel("More for Ravi").ClickAsync();
        await owner.GetByRole(AriaRole.Menuitem, new() { Name = "Remove from the team" }).ClickAsync();
        await owner.GetByRole(AriaRole.Button, new() { Name = "Remove", Exact = true }).ClickAsync();
        await owner.GetByText("Ravi is no longer in the team.").WaitForAsync();
        var gone = await colleague.GotoAsync("/w/tea-thyme/account");
        Assert.Equal(404, gone!.Status);

        // Everything stands in the audit trail.
        await OpenAsync(owner, "/w/tea-thyme/settings/audit");
        foreach (var deed in (string[])["Shop made", "Shop settings changed", "Invitation made", "Joined the team", "Removed from the team"])
            await owner.GetByRole(AriaRole.Cell, new() { Name = deed }).First.WaitForAsync();
        await ShootAsync(owner, "settings-audit");

        // A new password keeps this browser signed in.
        await OpenAsync(owner, "/w/tea-thyme/account");
        await owner.GetByLabel("Current password").FillAsync(OwnerPassword);
        await owner.GetByLabel("New password").FillAsync(NewPassword);
        await owner.GetByRole(AriaRole.Button, new() { Name = "Change the password" }).ClickAsync();
        await owner.GetByText("The password is changed.").WaitForAsync();

        // Out, and in again with the new one only.
        await owner.Locator("header.top .avatar").ClickAsync();
        await owner.GetByRole(AriaRole.Menuitem, new() { Name = "Sign out" }).ClickAsync();
        await Assertions.Expect(owner).ToHaveURLAsync(new Regex("/sign-in$"), new() { Timeout = 60_000 });
        await ShootAsync(owner, "sign-in");
        await SignInAsync(owner, OwnerPassword);
        await owner.GetByRole(AriaRole.Alert).WaitForAsync();
        await SignInAsync(owner, NewPassword);
        await Assertions.Expect(owner).ToHaveURLAsync(new Regex("/w/tea-thyme$"), new() { Timeout = 60_000 });
    }

    private static async Task SetUpAsync(IPage page, StudioServer server)
    {
        await page.GotoAsync("/");
        await ShootAsync(page, "start");
        await page.GetByRole(AriaRole.Link, new() { Name = "Set up my shop" }).ClickAsync();
        await page.GetByLabel("Setup code").FillAsync(server.SetupCode);
        await page.GetByLabel("Your name").FillAsync("Mei");
        await page.GetByLabel("E-mail").FillAsync("mei@example.test");
        await page.GetByLabel("Password").FillAsync(OwnerPassword);
        await page.GetByLabel("Name of the shop").FillAsync("Tea & Thyme");
        await page.GetByLabel("Currency").SelectOptionAsync("EUR");
        await page.GetByLabel("Time zone").SelectOptionAsync("Europe/Vienna");
        await ShootAsync(page, "setup");
        await page.GetByRole(AriaRole.Button, new() { Name = "Open my shop" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/w/tea-thyme$"), new() { Timeout = 60_000 });
    }

    private static async Task SignInAsync(IPage page, string password)
    {
        await page.GetByLabel("E-mail").FillAsync("mei@example.test");
        await page.GetByLabel("Password").FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }

    private static async Task OpenAsync(IPage page, string address)
    {
        await page.GotoAsync(address);
        await page.Locator("main h1").First.WaitForAsync();
        await Assertions.Expect(page.Locator("main [aria-busy=true]")).ToHaveCountAsync(0);
    }

    /// <summary>Keeps a picture where MERCHANTSTUDIO_SHOTS names a folder.</summary>
    private static async Task ShootAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("MERCHANTSTUDIO_SHOTS") is { Length: > 0 } folder) await page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png"), FullPage = true });
    }
}
