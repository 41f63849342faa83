using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using MerchantStudio.Tests.Demo;
using Microsoft.Playwright;
using Xunit;

namespace MerchantStudio.Tests.Browser;

/// <summary>What an owner sets off on the pages: limits that hold, an import that fails and says why, a run that is followed.</summary>
[Collection(BrowserTests.Name)]
public sealed class OwnerActionTests(Chromium chromium)
{
    private const float Long = 120_000;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Limits_are_checked_and_kept_and_an_import_beyond_them_says_why_it_failed()
    {
        await using var server = await StudioServer.StartAsync(Now, "--Studio:Demo=false");
        await using var context = await chromium.OpenAsync(server.Address);
        var page = await context.NewPageAsync();
        var shop = await page.SetUpShopAsync(server, "Small shelf");
        await page.OpenAsync($"/w/{shop}/settings/limits");
        await FillAsync(page, "Disk", "");
        await SaveAsync(page);
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("A shop may use 100 MB or more");
        await FillAsync(page, "Disk", "1.5");
        await FillAsync(page, "Rows", "2");
        await SaveAsync(page);
        await Assertions.Expect(page.GetByText("Saved.")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);
        await page.OpenAsync($"/w/{shop}/settings/limits");
        await Assertions.Expect(page.GetByLabel("Disk")).ToHaveValueAsync("1.5");
        await Assertions.Expect(page.GetByLabel("Rows")).ToHaveValueAsync("2");
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("1.5 GB");

        await GiveAsync(page, shop, "user_id,event_type,item_id,timestamp\nann,view,tea,2026-03-01T10:00:00Z\nbob,view,tea,2026-03-01T10:01:00Z\neve,view,tea,2026-03-01T10:02:00Z\n");
        await Assertions.Expect(page.GetByText("Why it failed")).ToBeVisibleAsync(new() { Timeout = Long });
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("may hold 2 rows");
        Assert.Empty(await page.FindingsInBothThemesAsync("import-failed"));
        await page.ReloadAsync();
        await page.ReadyAsync();
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("may hold 2 rows");
    }

    [Fact]
    public async Task Rows_that_were_set_aside_leave_in_every_format()
    {
        await using var server = await StudioServer.StartAsync(Now, "--Studio:Demo=false");
        await using var context = await chromium.OpenAsync(server.Address);
        var page = await context.NewPageAsync();
        var shop = await page.SetUpShopAsync(server, "Set aside");
        await GiveAsync(page, shop, "user_id,event_type,item_id,timestamp\nann,view,tea,2026-03-01T10:00:00Z\nbob,view,tea,yesterday\n");
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("in your data", new() { Timeout = Long });
        Assert.Contains("yesterday", Encoding.UTF8.GetString(await DownloadAsync(page, "CSV", "rejects-1.csv")), StringComparison.Ordinal);
        using var json = JsonDocument.Parse(await DownloadAsync(page, "JSON", "rejects-1.json"));
        Assert.Equal("yesterday", Assert.Single(json.RootElement.EnumerateArray()).GetProperty("value").GetString());
        Assert.StartsWith("PAR1", Encoding.ASCII.GetString(await DownloadAsync(page, "Parquet", "rejects-1.parquet")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_button_starts_a_run_whose_progress_is_followed_and_changed_settings_ask_for_another()
    {
        await using var server = await StudioServer.StartAsync(Now, "--Studio:Demo=false");
        await using var context = await chromium.OpenAsync(server.Address);
        var page = await context.NewPageAsync();
        var shop = await page.SetUpShopAsync(server, "First run");
        var events = Path.Combine(server.DataFolder, "first-weeks.csv");
        await File.WriteAllLinesAsync(events, SampleData.Lines("events.csv.gz", 20_000), Now);
        var imported = await server.CommandAsync(Now, "import", "--workspace", shop, events);
        Assert.True(imported.Code == 0, imported.Error);
        await page.OpenAsync($"/w/{shop}/runs");
        await page.GetByRole(AriaRole.Button, new() { Name = "Refresh the insights" }).First.ClickAsync();
        await page.ArriveAsync($"/w/{shop}/runs/1$");
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("Run 1 is", new() { Timeout = 30_000 });
        var first = await page.Locator("h1").InnerTextAsync();
        await Assertions.Expect(page.Locator("h1")).Not.ToHaveTextAsync(first, new() { Timeout = Long });
        await server.UntilPublishedAsync(shop, 1, Now);
        await Assertions.Expect(page.Locator(".page-actions a.button.primary")).ToBeVisibleAsync(new() { Timeout = Long });

        await page.OpenAsync($"/w/{shop}/settings/rates");
        var note = page.GetByText("settings have changed");
        await Assertions.Expect(note).ToHaveCountAsync(0);
        await FillAsync(page, "A rate stays in force without a new one for", "9");
        await Assertions.Expect(note).ToBeVisibleAsync(new() { Timeout = 30_000 });
        Assert.Empty(await page.FindingsInBothThemesAsync("refresh-note"));
        await page.OpenAsync($"/w/{shop}");
        await note.WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Refresh the insights" }).ClickAsync();
        await Assertions.Expect(note).ToHaveCountAsync(0);
        await server.UntilPublishedAsync(shop, 2, Now);
        await Assertions.Expect(note).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_page_that_follows_live_events_stays_in_the_readers_language()
    {
        await using var server = await StudioServer.StartAsync(Now, "--Studio:Demo=false");
        await using var context = await chromium.OpenAsync(server.Address);
        var page = await context.NewPageAsync();
        var shop = await page.SetUpShopAsync(server, "Two tongues");
        await page.OpenAsync($"/w/{shop}/settings/keys");
        await page.Locator("main .button.primary").First.ClickAsync();
        await page.Locator("dialog input").FillAsync("Shop");
        await page.Locator("dialog .button.primary").ClickAsync();
        var secret = await page.Locator("dialog input[readonly]").InputValueAsync();
        await page.GotoAsync($"/culture?language=zh-CN&to=/w/{shop}/data/live");
        await page.ReadyAsync();
        using var client = new HttpClient { BaseAddress = server.Address };
        client.DefaultRequestHeaders.Add("X-API-Key", secret);
        for (var sent = 1; sent <= 2; sent++)
        {
            using var answer = await client.PostAsJsonAsync("/api/v1/events", new { @event = "view", user_id = "mei", item_id = $"cup-{sent}" }, Now);
            answer.EnsureSuccessStatusCode();
            await page.GetByText($"cup-{sent}").First.WaitForAsync(new() { Timeout = 60_000 });
            await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("小时");
        }
    }

    private static async Task FillAsync(IPage page, string label, string value)
    {
        var field = page.GetByLabel(label);
        await field.FillAsync(value);
        await field.BlurAsync();
    }

    private static Task SaveAsync(IPage page) => page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();

    /// <summary>Hands a file over and starts its import as it is suggested.</summary>
    private static async Task GiveAsync(IPage page, string shop, string text)
    {
        await page.OpenAsync($"/w/{shop}/data/import");
        await page.Locator("main input[type=file]").SetInputFilesAsync(new FilePayload { Name = "events.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(text) });
        await page.ArriveAsync(Visit.ImportedFile);
        await page.ReadyAsync();
        var start = page.Locator(".page-actions .button.primary");
        await Assertions.Expect(start).ToBeEnabledAsync(new() { Timeout = Long });
        await start.ClickAsync();
    }

    private static async Task<byte[]> DownloadAsync(IPage page, string format, string name)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "As a file: Download" }).ClickAsync();
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Menuitem, new() { Name = format }).ClickAsync());
        Assert.Equal(name, download.SuggestedFilename);
        return await File.ReadAllBytesAsync(await download.PathAsync(), Now);
    }
}
