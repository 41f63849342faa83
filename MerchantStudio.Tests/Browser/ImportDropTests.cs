using System.Globalization;
using System.Text;
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
        Assert.Equal((60, 60), await journey.ImportAsync(() => page.DropAsync(workbook)));

        var parquet = Path.Combine(made.Folder, "events.parquet");
        await File.WriteAllBytesAsync(parquet, Good.Parquet(made, 400), Now);
        Assert.Equal((400, 400), await journey.ImportAsync(() => page.DropAsync(parquet)));
        Assert.Contains((400).ToString("N0", CultureInfo.InvariantCulture), await page.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_comes_before_the_page_listens_for_it_is_taken()
    {
        const string DropsBeforeItListens = """
            text => {
              const blazor = Blazor._internal.InputFile, listen = blazor.init;
              blazor.init = (circuit, input) => {
                const dropped = new DataTransfer();
                dropped.items.add(new File([text], "events.csv"));
                input.files = dropped.files;
                input.dispatchEvent(new Event("change", { bubbles: true }));
                return listen(circuit, input);
              };
            }
            """;
        await using var server = await StudioServer.StartAsync(Now, "--Studio:Demo=false");
        await using var context = await chromium.OpenAsync(server.Address);
        var page = await context.NewPageAsync();
        var shop = await page.SetUpShopAsync(server, "Early bird");
        await page.OpenAsync($"/w/{shop}/data/datasets");
        await page.EvaluateAsync(DropsBeforeItListens, "user_id,event_type,item_id,timestamp\n" + string.Concat(Enumerable.Repeat("zoe,view,tea,2026-01-01\n", 50)));

        await page.Locator("main a[href$='/data/import']").First.ClickAsync();

        await page.ArriveAsync(Visit.ImportedFile);
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Import 50 rows" })).ToBeEnabledAsync(new() { Timeout = 60_000 });
    }

    [Fact]
    public async Task An_encoding_that_is_not_recognised_is_chosen_below_the_problem()
    {
        using var made = new FormatWorld();
        await using var server = await StudioServer.StartAsync(Now, "--Studio:Demo=false");
        await using var context = await chromium.OpenAsync(server.Address);
        var page = await context.NewPageAsync();
        var shop = await page.SetUpShopAsync(server, "Western letters");
        var file = Path.Combine(made.Folder, "western.csv");
        await File.WriteAllBytesAsync(file, Encoding.Latin1.GetBytes("user_id,event_type,item_id,timestamp\n" + string.Concat(Enumerable.Repeat("zoë,view,thé vert,2026-01-01\n", 50))), Now);
        await page.OpenAsync($"/w/{shop}/data/import");
        await page.GetByLabel("Drop a file here, or choose one").SetInputFilesAsync(file);
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("encoding that is not known", new() { Timeout = 60_000 });
        await page.GetByLabel("Encoding").SelectOptionAsync(new SelectOptionValue { Label = "Western European (Windows-1252, Latin-1)" });
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("thé vert", new() { Timeout = 60_000 });
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Import 50 rows" })).ToBeEnabledAsync(new() { Timeout = 60_000 });
    }
}
