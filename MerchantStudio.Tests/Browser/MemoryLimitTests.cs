using System.Globalization;
using System.Runtime.Versioning;
using MerchantStudio.Tests.Hosting;
using Microsoft.Playwright;
using Xunit;

namespace MerchantStudio.Tests.Browser;

/// <summary>The whole studio in one gigabyte: an import, a run and open pages at once. The system ends a process that takes more, so whatever is still there has kept to it.</summary>
[Collection(BrowserTests.Name)]
[SupportedOSPlatform("linux")]
public sealed class MemoryLimitTests(Chromium chromium)
{
    private const long Gigabyte = 1L << 30;
    private const long MostIdle = 600L << 20;
    private const float Patience = 180_000;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(90);
    private static readonly string[] Paths = ["", "data/datasets", "data/quality", "data/cleaning", "customers", "segments", "features", "intent", "models", "runs"];

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact, Trait("Row", "C8")]
    public Task The_studio_lives_in_a_gigabyte_with_thirty_thousand_rows_and_ten_pages() => LiveAsync(rows: 30_000, pages: 10, mayBeTooLarge: false);

    [Fact(Explicit = true), Trait("Size", "Full"), Trait("Row", "C8")]
    public Task The_studio_lives_in_a_gigabyte_with_two_million_rows_and_fifty_pages() => LiveAsync(rows: 2_000_000, pages: 50, mayBeTooLarge: true);

    /// <param name="mayBeTooLarge">Whether the run may fail for want of memory: alone, and saying so.</param>
    private async Task LiveAsync(int rows, int pages, bool mayBeTooLarge)
    {
        var folder = Directory.CreateTempSubdirectory("studio-browser-").FullName;
        using var group = MemoryGroup.Create(Gigabyte);
        await using var server = await StudioServer.StartUnderAsync(group.Before, folder, Now, "--Studio:Demo=false");
        await using var context = await chromium.OpenAsync(server.Address);
        var first = await context.NewPageAsync();
        await first.GotoAsync("/setup");
        var shop = await first.SetUpShopAsync(server, "Tea");
        var file = Path.Combine(folder, "events.csv");
        await WriteAsync(file, rows);
        await first.CloseAsync();

        var import = server.CommandAsync(Now, "import", "--workspace", shop, file);
        var open = new List<IPage>();
        while (open.Count < pages)
        {
            var page = await context.NewPageAsync();
            page.SetDefaultTimeout(Patience);
            await ShowAsync(page, $"/w/{shop}/{Paths[open.Count % Paths.Length]}");
            open.Add(page);
        }

        var imported = await import;
        Assert.True(imported.Code == 0, imported.Error);
        var loaded = server.ResidentBytes;
        var published = await server.CommandAsync(Now, "pipeline", "--workspace", shop);
        var tooLarge = published.Error.Contains("(job.memory)", StringComparison.Ordinal) || published.Error.Contains("(data.memory)", StringComparison.Ordinal);
        Assert.True(published.Code == 0 || (mayBeTooLarge && tooLarge), published.Error);
        var busy = server.ResidentBytes;

        foreach (var page in open)
        {
            Assert.False(await page.Locator("#components-reconnect-modal[open], #blazor-error-ui").First.IsVisibleAsync(), page.Url);
            await ShowAsync(page, new Uri(page.Url).PathAndQuery);
        }

        var until = Environment.TickCount64 + (long)Rest.TotalMilliseconds;
        while (server.ResidentBytes > MostIdle && Environment.TickCount64 < until) await Task.Delay(500, Now);
        var idle = server.ResidentBytes;
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{rows} rows, {pages} pages, the run {(tooLarge ? "failed alone and said how much memory there is" : "published")}: after the import {loaded >> 20} MB, after the run {busy >> 20} MB, at rest {idle >> 20} MB resident; the group's peak {group.Peak >> 20} MB with cached files, {group.Killed} processes ended"));
        Assert.Equal(0, group.Killed);
        Assert.InRange(idle, 1, MostIdle);
    }

    /// <summary>Waits for the page's own words, which a circuit brings; its figures may take longer while so much else goes on.</summary>
    private static async Task ShowAsync(IPage page, string address)
    {
        await page.GotoAsync(address);
        await page.Locator("main h1, main .state").First.WaitForAsync();
        Assert.False(await page.Locator("#blazor-error-ui").IsVisibleAsync(), address);
    }

    private static async Task WriteAsync(string path, int rows)
    {
        var random = new Random(8);
        await using var file = new StreamWriter(path, new FileStreamOptions { Access = FileAccess.Write, Mode = FileMode.Create, BufferSize = 1 << 20 });
        await file.WriteAsync("user_id,event_type,item_id,timestamp,category,price,quantity\n");
        var shoppers = rows / 20;
        for (var row = 0; row < rows; row++)
        {
            var kind = random.NextDouble() switch { < 0.05 => "purchase", < 0.15 => "add_to_cart", _ => "view" };
            await file.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"u{(int)(shoppers * Math.Pow(random.NextDouble(), 1.3))},{kind},item-{random.Next(5_000)},2026-0{1 + random.Next(6)}-{1 + random.Next(28):00}T{random.Next(24):00}:{random.Next(60):00}:{random.Next(60):00}Z,cat{random.Next(30)},{random.Next(1, 90)}.5,1\n"));
        }
    }
}
