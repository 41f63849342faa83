using System.Globalization;
using MerchantStudio.Tests.Ingestion.Formats;
using Microsoft.Playwright;
using Xunit;

namespace MerchantStudio.Tests.Browser;

/// <summary>Files of any format, dropped on the import page as from the desktop, arrive with no choice made by hand.</summary>
[Collection(BrowserTests.Name)]
public sealed class ImportDropTests(Chromium chromium)
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_workbook_of_reviews_and_a_parquet_file_of_events_arrive_by_drag_and_drop()
    {
        using var made = new FormatWorld();
        await using var server = await StudioServer.StartAsync(Now, "--Studio:Demo=false");
        await using var context = await chromium.OpenAsync(server.Address);
        var page = await context.NewPageAsync();
        var journey = new Journey(page, server, await page.SetUpShopAsync(server, "Any format"));

        var reviews = new SmallWorkbook()
            .Sheet("Reviews", SmallWorkbook.Rows(1, [["review_id", "item_id", "rating", "text", "created_at"], .. Enumerable.Range(1, 60).Select(row => new[] { $"r{row}", $"item-{row % 7}", $"{1 + row % 5}", row % 2 == 0 ? "Lovely tea, arrived quickly, would buy it again" : "The box was broken & the cup had a crack", $"2026-03-{1 + row % 28:00}" })]))
            .Sheet("Notes", SmallWorkbook.Rows(1, ["exported by the shop"]));
        var workbook = Path.Combine(made.Folder, "reviews.xlsx");
        await File.WriteAllBytesAsync(workbook, reviews.ToBytes(), Now);
        Assert.Equal((60, 60), await journey.ImportAsync(() => DropAsync(page, workbook)));

        var parquet = Path.Combine(made.Folder, "events.parquet");
        await File.WriteAllBytesAsync(parquet, Good.Parquet(made, 400), Now);
        Assert.Equal((400, 400), await journey.ImportAsync(() => DropAsync(page, parquet)));
        Assert.Contains((400).ToString("N0", CultureInfo.InvariantCulture), await page.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
    }

    /// <summary>Drags a file from the desktop over the drop area and lets it go, as the browser itself reports it.</summary>
    private static async Task DropAsync(IPage page, string file)
    {
        var area = await page.Locator(".drop").BoundingBoxAsync() ?? throw new InvalidOperationException("There is nowhere to drop a file.");
        var session = await page.Context.NewCDPSessionAsync(page);
        foreach (var type in (string[])["dragEnter", "dragOver", "drop"])
        {
            await session.SendAsync("Input.dispatchDragEvent", new Dictionary<string, object>
            {
                ["type"] = type,
                ["x"] = area.X + area.Width / 2,
                ["y"] = area.Y + area.Height / 2,
                ["data"] = new Dictionary<string, object> { ["items"] = Array.Empty<object>(), ["files"] = new[] { file }, ["dragOperationsMask"] = 1 },
            });
        }

        await session.DetachAsync();
    }
}
