using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using MerchantStudio.Tests.Architecture;
using MerchantStudio.Tests.Demo;
using Microsoft.Playwright;
using Xunit;

namespace MerchantStudio.Tests.Browser;

/// <summary>Versions side by side, one put to use and taken back, and what the one in use says of a shopper as things happen.</summary>
[Collection(BrowserTests.Name)]
public sealed class ServingJourneyTests(Chromium chromium)
{
    private const float Long = 180_000;
    private const string Shopper = "u4190";

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_version_is_put_to_use_and_one_click_leads_back_and_a_shopper_is_scored_as_she_comes()
    {
        await using var server = await StudioServer.StartAsync(Now, "--Studio:Demo=false");
        await using var context = await chromium.OpenAsync(server.Address);
        var page = await context.NewPageAsync();
        var shop = await ThreeRunsAsync(page, server);
        List<string> faults = [];

        // The version of the second run beside that of the first: both scored the same shoppers then, and what those did since is known.
        await page.OpenAsync(await BesideAsync(page, shop));
        var rows = Versions(page);
        await Assertions.Expect(page.GetByText("What would change")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("They agree on")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("Who was right about")).ToBeVisibleAsync();
        await page.DrawnAsync();
        faults.AddRange(await page.FindingsInBothThemesAsync("beside"));

        await page.GetByRole(AriaRole.Button, new() { Name = "Put it to use" }).ClickAsync();
        await page.Locator("dialog[open]").GetByRole(AriaRole.Button, new() { Name = "Put it to use" }).ClickAsync();
        var back = page.GetByRole(AriaRole.Button, new() { Name = "Back to version 3" });
        await Assertions.Expect(back).ToBeVisibleAsync(new() { Timeout = Long });
        await Assertions.Expect(rows.Nth(1)).ToContainTextAsync("In use");
        await back.ClickAsync();
        await Assertions.Expect(rows.Nth(0)).ToContainTextAsync("In use", new() { Timeout = Long });
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Back to version 2" })).ToBeVisibleAsync(new() { Timeout = Long });
        await VisitModelAsync(page, server, shop);
        faults.AddRange(await page.FindingsInBothThemesAsync("how visits end"));
        await page.OpenAsync($"/w/{shop}/models");
        await page.Locator("section.data-table").First.Locator("tbody tr").Filter(new() { HasText = "Will this visit end" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { NameRegex = new("^Will this visit end in a purchase") })).ToBeVisibleAsync();
        var file = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Save as ONNX" }).ClickAsync());
        Assert.Equal("session-end-v1.onnx", file.SuggestedFilename);
        await Assertions.Expect(page.GetByText("of your visits; the largest difference")).ToBeVisibleAsync();
        Assert.True(faults.Count == 0, string.Join('\n', faults));

        using var client = new HttpClient { BaseAddress = server.Address };
        var (sends, reads) = (await KeyAsync(page, shop, "Send events"), await KeyAsync(page, shop, "Read scores"));
        var before = await ScoreAsync(client, reads);
        Assert.False(before.GetProperty("is_live").GetBoolean());
        Assert.False(before.TryGetProperty("visit", out _));
        Assert.Equal([7, 30], before.GetProperty("scores").EnumerateArray().Select(one => one.GetProperty("horizon_days").GetInt32()));
        using var sent = new HttpRequestMessage(HttpMethod.Post, "/api/v1/events") { Content = JsonContent.Create(new { @event = "add_to_cart", user_id = Shopper, item_id = "P134", price = 12.5 }) };
        sent.Headers.Add("X-API-Key", sends);
        using var taken = await client.SendAsync(sent, Now);
        Assert.Equal(HttpStatusCode.Accepted, taken.StatusCode);
        var watch = Stopwatch.StartNew();
        JsonElement live;
        do
        {
            await Task.Delay(500, Now);
            live = await ScoreAsync(client, reads);
        }
        while (!live.GetProperty("is_live").GetBoolean() && watch.Elapsed < TimeSpan.FromMinutes(2));
        TestContext.Current.TestOutputHelper!.WriteLine(FormattableString.Invariant($"{watch.Elapsed.TotalSeconds:0.0} s from the event to the score"));
        Assert.True(live.GetProperty("as_of").GetDateTimeOffset() > before.GetProperty("as_of").GetDateTimeOffset());
        Assert.NotEqual(before.GetProperty("scores")[0].GetRawText(), live.GetProperty("scores")[0].GetRawText());
        var visit = live.GetProperty("visit");
        Assert.Equal((1, "logistic"), (visit.GetProperty("events").GetInt32(), visit.GetProperty("model").GetProperty("family").GetString()));
        Assert.InRange(visit.GetProperty("probability").GetDouble(), visit.GetProperty("low").GetDouble(), visit.GetProperty("high").GetDouble());
        await page.OpenAsync($"/w/{shop}/customers/{Shopper}");
        await Assertions.Expect(page.GetByText("As of her last event")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("In the shop now")).ToBeVisibleAsync();
        Assert.Empty(await page.FindingsInBothThemesAsync("live chances"));
        await page.OpenAsync($"/w/{shop}/data/live");
        await Assertions.Expect(page.GetByRole(AriaRole.Columnheader, new() { Name = "Buys this visit" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Put into the cart" })).ToContainTextAsync("%");
        Assert.Empty(await page.FindingsInBothThemesAsync("live events"));
    }

    /// <summary>Into artifacts/serving: versions side by side, keys, and a customer with live chances, in both languages and themes, wide and on a phone.</summary>
    [Fact(Explicit = true)]
    public async Task Pictures()
    {
        await using var server = await StudioServer.StartAsync(Now, "--Studio:Demo=false");
        await using var context = await chromium.OpenAsync(server.Address);
        var page = await context.NewPageAsync();
        var shop = await ThreeRunsAsync(page, server);
        var (sends, reads) = (await KeyAsync(page, shop, "Send events"), await KeyAsync(page, shop, "Read scores"));
        using var client = new HttpClient { BaseAddress = server.Address };
        client.DefaultRequestHeaders.Add("X-API-Key", sends);
        using var taken = await client.PostAsJsonAsync("/api/v1/events", new { @event = "add_to_cart", user_id = Shopper, item_id = "P134", price = 12.5 }, Now);
        client.DefaultRequestHeaders.Remove("X-API-Key");
        while (!(await ScoreAsync(client, reads)).GetProperty("is_live").GetBoolean()) await Task.Delay(500, Now);
        var models = await BesideAsync(page, shop);
        foreach (var (language, theme, width) in (IEnumerable<(string, string, int)>)[("en", "light", 1440), ("zh-CN", "dark", 1440), ("en", "dark", 390), ("zh-CN", "light", 390)])
        {
            await context.ThemeAsync(server.Address, theme);
            await page.SetViewportSizeAsync(width, 900);
            foreach (var (name, address) in (IEnumerable<(string, string)>)[("models", models), ("customer", $"/w/{shop}/customers/{Shopper}"), ("keys", $"/w/{shop}/settings/keys")])
            {
                await page.GotoAsync($"/culture?language={language}&to={Uri.EscapeDataString(address)}");
                await page.ReadyAsync();
                await page.DrawnAsync();
                Assert.False(await page.ScrollsSidewaysAsync(), name);
                await ShootAsync($"{name}-{language}-{theme}-{width}");
            }

            await page.Locator("main .button.primary").First.ClickAsync();
            await page.Locator("dialog[open]").WaitForAsync();
            await ShootAsync($"key-{language}-{theme}-{width}");
        }

        Task ShootAsync(string name) => page.ScreenshotAsync(new() { Path = Path.Combine(Directory.CreateDirectory(Repository.Path("artifacts", "serving")).FullName, name + ".png"), FullPage = true });
    }

    /// <summary>Trains one on the command line and puts it to use on its page.</summary>
    private static async Task VisitModelAsync(IPage page, StudioServer server, string shop)
    {
        var trained = await server.CommandAsync(Now, "train", "session", "--workspace", shop, "--models", "logistic", "--time-budget", "30");
        Assert.True(trained.Code == 0, trained.Error);
        await page.OpenAsync($"/w/{shop}/training/visit");
        await page.GetByRole(AriaRole.Button, new() { Name = "Put it to use" }).ClickAsync();
        await page.Locator("dialog[open] .button.primary").ClickAsync();
        var version = page.Locator("section.data-table").Filter(new() { HasText = "What trainings have made" }).Locator("tbody tr");
        await Assertions.Expect(version).ToContainTextAsync("In use", new() { Timeout = Long });
        await page.ReadyAsync();
    }

    /// <summary>As of three moments a week and more apart, so that the outcomes of the second scoring are known at the third.</summary>
    private static async Task<string> ThreeRunsAsync(IPage page, StudioServer server)
    {
        var shop = await page.SetUpShopAsync(server, "Own shop");
        var imported = await server.CommandAsync(Now, "import", "--workspace", shop, SampleData.ThirdOfEvents(server.DataFolder));
        Assert.True(imported.Code == 0, imported.Error);
        foreach (var words in (string[][])[["--as-of", "2026-10-01T00:00:00Z", "--horizon-days", "7"], ["--as-of", "2026-10-14T00:00:00Z", "--horizon-days", "7"], []])
        {
            var published = await server.CommandAsync(Now, ["pipeline", "--workspace", shop, .. words]);
            Assert.True(published.Code == 0, published.Error);
        }

        return shop;
    }

    /// <summary>Newest first.</summary>
    private static ILocator Versions(IPage page) => page.Locator("section.data-table").First.Locator("tbody tr").Filter(new() { HasText = "7 days" });

    /// <returns>Where the second version stands beside the first.</returns>
    private static async Task<string> BesideAsync(IPage page, string shop)
    {
        await page.OpenAsync($"/w/{shop}/models");
        await Versions(page).Nth(2).ClickAsync();
        await page.ArriveAsync(@"/models\?model=");
        var first = page.Url.Split("model=")[1];
        await Versions(page).Nth(1).ClickAsync();
        await page.ArriveAsync($"model=(?!{Regex.Escape(first)})");
        return $"{new Uri(page.Url).PathAndQuery}&beside={first}";
    }

    private static async Task<string> KeyAsync(IPage page, string shop, string may)
    {
        await page.OpenAsync($"/w/{shop}/settings/keys");
        await page.Locator("main .button.primary").First.ClickAsync();
        await page.Locator("dialog[open]").GetByRole(AriaRole.Radio, new() { Name = may }).ClickAsync();
        await page.Locator("dialog[open] input").FillAsync("Shop");
        await page.Locator("dialog[open] .button.primary").ClickAsync();
        return await page.Locator("dialog[open] input[readonly]").InputValueAsync();
    }

    private static async Task<JsonElement> ScoreAsync(HttpClient client, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/shoppers/{Shopper}/score");
        request.Headers.Add("X-API-Key", key);
        using var answer = await client.SendAsync(request, Now);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Now);
    }
}
