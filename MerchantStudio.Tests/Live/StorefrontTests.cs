using System.Collections.Concurrent;
using MerchantStudio.Tests.Browser;
using MerchantStudio.Tests.Hosting;
using Microsoft.Playwright;
using Xunit;

namespace MerchantStudio.Tests.Live;

/// <summary>The preview of a shop in a browser: what is sent, what is not, and that it arrives.</summary>
[Collection(BrowserTests.Name)]
public sealed class StorefrontTests(Chromium chromium)
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_visit_arrives_after_consent_and_nothing_is_kept_or_sent_before_it()
    {
        await using var server = await StudioServer.StartAsync(Now, "--Studio:Demo=false");
        await using var context = await chromium.OpenAsync(server.Address);
        var watching = await context.NewPageAsync();
        var shop = await watching.SetUpShopAsync(server, "Tea & Thyme");
        await ImportProductsAsync(server, shop);
        await watching.OpenAsync($"/w/{shop}/data/live");
        await Assertions.Expect(watching.Locator("main .state-title")).ToHaveTextAsync("Nothing has come in yet");

        var page = await context.NewPageAsync();
        var sent = new ConcurrentQueue<string>();
        page.Request += (_, request) => Note(sent, request);
        await page.GotoAsync($"/storefront/{shop}");
        await page.GetByRole(AriaRole.Link, new() { Name = "Blue cup" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add to cart" }).ClickAsync();
        await Task.Delay(3_000, Now);   // longer than the snippet waits before it sends
        Assert.Empty(sent);
        Assert.DoesNotContain(await context.CookiesAsync(), cookie => cookie.Name.StartsWith("ms_", StringComparison.Ordinal));
        Assert.Equal(0, await page.EvaluateAsync<int>("Object.keys(localStorage).filter(key => key.startsWith('ms_')).length"));

        await page.GetByRole(AriaRole.Button, new() { Name = "Agree" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add to cart" }).ClickAsync();
        await page.GetByRole(AriaRole.Searchbox).FillAsync("pot");
        await page.GetByRole(AriaRole.Searchbox).PressAsync("Enter");
        await page.GetByRole(AriaRole.Link, new() { Name = "Tea pot" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add to cart" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new("^Cart") }).ClickAsync();
        await page.GetByLabel("E-mail (optional)").FillAsync("Mei@Example.test");
        await page.GetByRole(AriaRole.Button, new() { Name = "Place the order" }).ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Thank you for your order");

        // The page of live events was open all the while and follows by itself.
        await Assertions.Expect(watching.GetByRole(AriaRole.Cell, new() { Name = "Bought" }).First).ToBeVisibleAsync();
        await Assertions.Expect(watching.GetByRole(AriaRole.Cell, new() { Name = "Tea pot" }).First).ToBeVisibleAsync();
        await Assertions.Expect(watching.GetByRole(AriaRole.Cell, new() { Name = "“pot”" })).ToBeVisibleAsync();
        await Assertions.Expect(watching.Locator("h1")).ToContainTextAsync("came in during the last 24 hours");
        var kinds = await watching.Locator("section.data-table").First.Locator("tbody tr td:nth-child(2)").AllInnerTextsAsync();
        Assert.Equal(2, kinds.Count(kind => kind == "Bought"));
        Assert.Equal(1, kinds.Count(kind => kind == "Searched"));

        // The order named an address: the visitor is somebody now.
        await watching.OpenAsync($"/w/{shop}/data/identities");
        await Assertions.Expect(watching.Locator("h1")).ToContainTextAsync("1 visitor belongs to 1 known customer");
        await watching.GetByRole(AriaRole.Button, new() { Name = "Part" }).ClickAsync();
        await Assertions.Expect(watching.GetByRole(AriaRole.Button, new() { Name = "Join again" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_browser_that_says_no_is_never_followed_even_with_consent()
    {
        await using var server = await StudioServer.StartAsync(Now, "--Studio:Demo=false");
        await using var context = await chromium.OpenAsync(server.Address);
        var shop = await (await context.NewPageAsync()).SetUpShopAsync(server, "Tea & Thyme");
        await ImportProductsAsync(server, shop);
        foreach (var (signal, value) in (ValueTuple<string, string>[])[("globalPrivacyControl", "true"), ("doNotTrack", "'1'")])
        {
            var page = await context.NewPageAsync();
            await page.AddInitScriptAsync($"Object.defineProperty(navigator, '{signal}', {{ get: () => {value} }})");
            var sent = new ConcurrentQueue<string>();
            page.Request += (_, request) => Note(sent, request);
            await page.GotoAsync($"/storefront/{shop}");
            await page.GetByRole(AriaRole.Link, new() { Name = "Blue cup" }).ClickAsync();
            await page.EvaluateAsync("studio('consent', true)");
            await page.GetByRole(AriaRole.Button, new() { Name = "Add to cart" }).ClickAsync();
            await Task.Delay(3_000, Now);
            Assert.Empty(sent);
            Assert.Equal(0, await page.EvaluateAsync<int>("Object.keys(localStorage).filter(key => key.startsWith('ms_')).length"));
        }
    }

    [Fact]
    public async Task A_key_is_made_shown_once_and_revoked()
    {
        await using var server = await StudioServer.StartAsync(Now, "--Studio:Demo=false");
        await using var context = await chromium.OpenAsync(server.Address);
        var page = await context.NewPageAsync();
        var shop = await page.SetUpShopAsync(server, "Tea & Thyme");
        await page.OpenAsync($"/w/{shop}/settings/keys");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make a key" }).First.ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name").FillAsync("Online shop");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Make a key" }).ClickAsync();
        var key = await page.GetByLabel("Key", new() { Exact = true }).InputValueAsync();
        Assert.StartsWith("msw_", key, StringComparison.Ordinal);
        Assert.Contains($"data-key=\"{key}\"", await page.GetByLabel("The line for your pages").InnerTextAsync(), StringComparison.Ordinal);
        await page.GetByRole(AriaRole.Button, new() { Name = "I have copied it" }).ClickAsync();
        await page.ReloadAsync();
        await page.ReadyAsync();
        Assert.DoesNotContain(key, await page.ContentAsync(), StringComparison.Ordinal);
        await Assertions.Expect(page.GetByText(key[..10] + "…")).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Revoked", new() { Exact = false }).First).ToBeVisibleAsync();
        using var client = new HttpClient { BaseAddress = server.Address };
        client.DefaultRequestHeaders.Add("X-API-Key", key);
        using var answer = await client.PostAsync("/api/v1/events", new StringContent("""{"event":"view","user_id":"u"}"""), Now);
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    /// <summary>A shop's own page on another origin: what it sends while it is left arrives, and its key never stands in an address.</summary>
    [Fact, Trait("Row", "A7")]
    public async Task A_shops_own_page_sends_while_it_is_left_and_never_shows_its_key_in_an_address()
    {
        await using var server = await StudioServer.StartAsync(Now, "--Studio:Demo=false");
        await using var context = await chromium.OpenAsync(server.Address);
        var studio = await context.NewPageAsync();
        var shop = await studio.SetUpShopAsync(server, "Tea & Thyme");
        await studio.OpenAsync($"/w/{shop}/settings/keys");
        await studio.GetByRole(AriaRole.Button, new() { Name = "Make a key" }).First.ClickAsync();
        var dialog = studio.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name").FillAsync("Online shop");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Make a key" }).ClickAsync();
        var line = await studio.GetByLabel("The line for your pages").InnerTextAsync();
        var key = await studio.GetByLabel("Key", new() { Exact = true }).InputValueAsync();

        // A browser tells nobody of what a page sends while it is left, so that the page itself does.
        const string Told = "<script>const was = navigator.sendBeacon.bind(navigator); navigator.sendBeacon = (to, body) => was('/told', to + ' ' + body) && was(to, body);</script>";
        await using var pages = await ShopPages.StartAsync($"<!DOCTYPE html><title>Tea</title><h1>Tea</h1>{Told}{line}", Now);
        await studio.OpenAsync($"/w/{shop}/data/live");
        await studio.GetByLabel("Addresses").FillAsync(pages.Address.GetLeftPart(UriPartial.Authority));
        await studio.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();

        var page = await context.NewPageAsync();
        await page.GotoAsync(pages.Address.ToString());
        await page.WaitForFunctionAsync("window.studio && studio.ready");
        await page.EvaluateAsync("studio('consent', true); studio('track', 'view', { item_id: 'cup', message_id: 'left' })");
        await page.GotoAsync("about:blank");   // at once: the snippet would have waited two seconds

        await Assertions.Expect(studio.GetByRole(AriaRole.Cell, new() { Name = "cup" }).First).ToBeVisibleAsync();
        Assert.StartsWith($"{server.Address}api/v1/events/batch {{\"key\":\"{key}\"", Assert.Single(pages.Told), StringComparison.Ordinal);
        Assert.DoesNotContain("msw_", string.Join(' ', pages.Asked), StringComparison.Ordinal);
    }

    private static void Note(ConcurrentQueue<string> sent, IRequest request)
    {
        if (request.Url.Contains("/api/v1/events", StringComparison.Ordinal)) sent.Enqueue(request.Url);
        Assert.DoesNotContain("key=", request.Url, StringComparison.Ordinal);
    }

    private static async Task ImportProductsAsync(StudioServer server, string shop)
    {
        var file = Path.Combine(server.DataFolder, "products.csv");
        await File.WriteAllTextAsync(file, "item_id,item_name,category,price\ncup,Blue cup,Cups,12.50\npot,Tea pot,Pots,40.00\n", Now);
        var ending = await StudioProcess.RunAsync("import", "--data", server.DataFolder, "--workspace", shop, "--kind", "products", file);
        Assert.True(ending.Code == 0, ending.Error);
    }
}
