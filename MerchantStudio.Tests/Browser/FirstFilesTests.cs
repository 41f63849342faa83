using System.Globalization;
using System.Text;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using MerchantStudio.Tests.Ingestion.Formats;
using MerchantStudio.Tests.Worlds;
using Xunit;

namespace MerchantStudio.Tests.Browser;

/// <summary>Five files as platforms write them, dropped one after another into a new shop: each arrives as what it is, and no column is chosen by hand.</summary>
[Collection(BrowserTests.Name)]
public sealed class FirstFilesTests(Chromium chromium)
{
    private const int Events = 400;
    private const int Reviews = 60;
    private const int Parquet = 300;
    private static readonly string[] Opinions = ["茶叶很香，包装精美，下次还会再来", "杯子有裂纹，客服态度也不好", "Lovely tea, arrived quickly, would buy it again"];

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Files_of_five_platforms_dropped_into_a_new_shop_arrive_as_what_they_are()
    {
        using var made = new FormatWorld();
        var (taobaoFile, taobao) = PlatformJourneyTests.Taobao(made.Folder, orders: 90);
        var (shopifyFile, shopify) = PlatformJourneyTests.Shopify(made.Folder, orders: 60);
        await using var server = await StudioServer.StartAsync(Now, "--Studio:Demo=false");
        string shop;
        await using (var context = await chromium.OpenAsync(server.Address))
        {
            var page = await context.NewPageAsync();
            shop = await page.SetUpShopAsync(server, "First files", "CNY", "Asia/Shanghai");
            var journey = new Journey(page, server, shop);
            Assert.Equal((90, 90), await journey.ImportAsync(() => page.DropAsync(taobaoFile), "Taobao orders, 90 rows, 90 orders."));
            Assert.Equal((shopify.Rows, shopify.Rows), await journey.ImportAsync(() => page.DropAsync(shopifyFile), $"Shopify orders, {shopify.Rows} rows, 60 orders."));
            Assert.Equal((Events, Events), await journey.ImportAsync(() => page.DropAsync(UserBehavior(made.Folder)), $"This file reads as Taobao UserBehavior: about {Events} rows."));
            Assert.Equal((Reviews, Reviews), await journey.ImportAsync(() => page.DropAsync(Workbook(made.Folder)), $"This file reads as Shop reviews: about {Reviews} rows."));
            Assert.Equal((Parquet, Parquet), await journey.ImportAsync(() => page.DropAsync(ParquetFile(made)), $"This file reads as Shop events: about {Parquet} rows."));
            await page.OpenAsync($"/w/{shop}/data/datasets");
            var sets = await page.Locator("section.data-table").First.Locator("tbody tr").AllInnerTextsAsync();
            Assert.Contains(sets, row => row.StartsWith("Reviews", StringComparison.Ordinal) && row.Contains($"{Reviews}", StringComparison.Ordinal));
        }

        await server.KillAsync();
        await using var studio = await TemporaryStudio.OpenAsync(folder: server.DataFolder);
        var warehouse = await studio.Get<WarehouseRegistry>().OpenAsync(new WorkspaceId(shop), Now);
        Assert.Equal(("明前龙井 ，青瓷杯", taobao.Orders), (await warehouse.QueryAsync("select any_value(item_name), count(distinct order_id) from events where import_id = 1", row => (row.Text(0), row.Long(1)), [], Now))[0]);
        Assert.Equal(["add_to_cart", "favorite", "purchase", "view"], await warehouse.QueryAsync("select distinct event_type from events where import_id = 3 order by 1", row => row.Text(0), [], Now));
        Assert.Equal(Opinions.Order(StringComparer.Ordinal), (await warehouse.QueryAsync("select distinct text from reviews", row => row.Text(0), [], Now)).Order(StringComparer.Ordinal));
        Assert.Equal(Parquet, (await warehouse.QueryAsync("select count(*) from events where import_id = 5", row => row.Long(0), [], Now))[0]);
    }

    /// <summary>User, product, category, behaviour and seconds without a line of names, as Tianchi gives it.</summary>
    private static string UserBehavior(string folder)
    {
        string[] kinds = ["pv", "pv", "pv", "cart", "fav", "pv", "buy"];
        var text = new StringBuilder();
        for (var row = 0; row < Events; row++) text.Append(CultureInfo.InvariantCulture, $"{1000 + (row % 40)},{2_000_000 + (row % 90)},{400_000 + (row % 8)},{kinds[row % kinds.Length]},{1_511_544_070 + (row * 137)}\n");
        var path = Path.Combine(folder, "UserBehavior.csv");
        File.WriteAllText(path, text.ToString());
        return path;
    }

    private static string Workbook(string folder)
    {
        var rows = Enumerable.Range(1, Reviews).Select(row => new[] { $"r{row}", $"item-{row % 7}", row % 3 == 1 ? "1" : "5", Opinions[row % 3], $"2026-03-{1 + (row % 28):00}" });
        var path = Path.Combine(folder, "评价.xlsx");
        File.WriteAllBytes(path, new SmallWorkbook().Sheet("评价", SmallWorkbook.Rows(1, [["review_id", "item_id", "rating", "text", "created_at"], .. rows])).ToBytes());
        return path;
    }

    private static string ParquetFile(FormatWorld made)
    {
        var path = Path.Combine(made.Folder, "events.parquet");
        File.WriteAllBytes(path, Good.Parquet(made, Parquet));
        return path;
    }
}
