using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MerchantStudio.Tests.Demo;
using Microsoft.Playwright;
using Xunit;

namespace MerchantStudio.Tests.Browser;

/// <summary>Versions side by side, one put to use and taken back, and what the one in use says of a shopper.</summary>
[Collection(BrowserTests.Name)]
public sealed class ServingJourneyTests(Chromium chromium)
{
    private const float Long = 180_000;
    private const string Shopper = "u4190";

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_version_is_put_to_use_and_one_click_leads_back_and_a_key_reads_its_scores()
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
        Assert.True(faults.Count == 0, string.Join('\n', faults));

        // A key made for it reads the score of the version in use.
        using var client = new HttpClient { BaseAddress = server.Address };
        var score = await ScoreAsync(client, await KeyAsync(page, shop, "Read scores"));
        Assert.False(score.GetProperty("is_live").GetBoolean());
        Assert.Equal([7, 30], score.GetProperty("scores").EnumerateArray().Select(one => one.GetProperty("horizon_days").GetInt32()));
        Assert.Equal(3, score.GetProperty("scores")[0].GetProperty("model").GetProperty("version").GetInt32());
    }

    /// <summary>As of three moments a week and more apart, so that the outcomes of the second scoring are known at the third.</summary>
    private static async Task<string> ThreeRunsAsync(IPage page, StudioServer server)
    {
        var shop = await page.SetUpShopAsync(server, "Own shop");
        var imported = await server.CommandAsync(Now, "import", "--workspace", shop, SampleData.File("events.csv.gz"));
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
        await page.WaitForURLAsync("**/models?model=*");
        var first = page.Url.Split("model=")[1];
        await Versions(page).Nth(1).ClickAsync();
        await page.WaitForURLAsync(address => address.Contains("model=", StringComparison.Ordinal) && !address.Contains(first, StringComparison.Ordinal));
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
