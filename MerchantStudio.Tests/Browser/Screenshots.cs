using System.Net.Http.Json;
using MerchantStudio.Tests.Architecture;
using MerchantStudio.Tests.Ingestion.Formats;
using Microsoft.Playwright;
using Xunit;

namespace MerchantStudio.Tests.Browser;

/// <summary>Takes every page at two widths, in both themes and languages, into artifacts/screens. Run it by name; it is not part of the gate.</summary>
[Collection(BrowserTests.Name)]
public sealed class Screenshots(Chromium chromium, DemoStudio demo)
{
    private static readonly string[] Happenings = ["view", "view", "add_to_cart", "view", "purchase"];

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory(Explicit = true)]
    [InlineData("en", "light", 1440)]
    [InlineData("en", "dark", 1440)]
    [InlineData("en", "light", 390)]
    [InlineData("en", "dark", 390)]
    [InlineData("zh-CN", "light", 1440)]
    [InlineData("zh-CN", "dark", 1440)]
    [InlineData("zh-CN", "light", 390)]
    [InlineData("zh-CN", "dark", 390)]
    public async Task Of_every_page(string language, string theme, int width)
    {
        var address = await demo.AddressAsync(Now);
        await using var context = await chromium.OpenAsync(address, width, width == 390 ? 844 : 900, scheme: theme == "dark" ? ColorScheme.Dark : ColorScheme.Light);
        await context.ThemeAsync(address, theme);
        var page = await context.NewPageAsync();
        await page.GotoAsync($"/culture?language={language}&to=/start");
        await ShootAsync(page, language, theme, width, "start");
        await page.Locator("form[action='/start/demo'] button").ClickAsync();
        await page.ArriveAsync("/w/demo");
        foreach (var path in StudioPages.Demo)
        {
            await page.OpenAsync($"/w/demo/{path}");
            await page.DrawnAsync();
            await ShootAsync(page, language, theme, width, StudioPages.Name(path));
        }
    }

    /// <summary>What README and guide show, into artifacts/guide. Reduced to 256 colours the files go to docs/guide/images.</summary>
    [Fact(Explicit = true)]
    public async Task Of_the_guide()
    {
        var address = await demo.AddressAsync(Now);
        var folder = Directory.CreateDirectory(Repository.Path("artifacts", "guide")).FullName;
        foreach (var (language, width) in (IEnumerable<(string, int)>)[("en", 1440), ("zh-CN", 1440), ("en", 390)])
        {
            await using var context = await chromium.OpenAsync(address, width, width == 390 ? 844 : 900, scheme: ColorScheme.Light);
            await context.ThemeAsync(address, "light");
            var page = await context.NewPageAsync();
            await page.LookAtDemoAsync();
            await page.GotoAsync($"/culture?language={language}&to=/start");
            foreach (var (_, _, path, name) in StudioPages.Guide.Where(picture => picture.Language == language && picture.Width == width))
            {
                await page.OpenAsync($"/w/demo/{path}");
                await page.DrawnAsync();
                await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png") });
            }
        }
    }

    /// <summary>What the guide shows of a merchant's own shop: files of platforms, live events, a key, rates. Into artifacts/guide too.</summary>
    [Theory(Explicit = true)]
    [InlineData("en", "")]
    [InlineData("zh-CN", "-zh")]
    public async Task Of_the_guides_own_shop(string language, string mark)
    {
        var folder = Directory.CreateDirectory(Repository.Path("artifacts", "guide")).FullName;
        using var made = new FormatWorld();
        await using var server = await StudioServer.StartAsync(Now, "--Studio:Demo=false");
        await using var context = await chromium.OpenAsync(server.Address, height: 1000);
        await context.ThemeAsync(server.Address, "light");
        var page = await context.NewPageAsync();
        var shop = await page.SetUpShopAsync(server, language == "en" ? "Hill & Leaf" : "山叶茶铺");
        await page.GotoAsync($"/culture?language={language}&to=/w/{shop}/data/import");
        await PictureAsync("import");
        await GiveAsync(PlatformJourneyTests.Shopify(made.Folder, 150).File);
        await PictureAsync("import-shopify");
        await page.Locator(".page-actions .button.primary").ClickAsync();
        await page.Locator(".tag.good").First.WaitForAsync();
        await page.ReadyAsync();
        await PictureAsync("import-done");
        await GiveAsync(PlatformJourneyTests.Taobao(made.Folder, 240).File);
        await PictureAsync("import-taobao");
        var unknown = Path.Combine(made.Folder, "list.csv");
        await File.WriteAllTextAsync(unknown, "who;what;day;path\nann;tea;01.03.2026;Home > Tea > Green\nbob;cup;22.03.2026;Home > Cups\n", Now);
        await GiveAsync(unknown);
        await PictureAsync("import-unknown");
        await page.OpenAsync($"/w/{shop}/settings/keys");
        await page.Locator("main .button.primary").First.ClickAsync();
        await page.Locator("dialog input").FillAsync(language == "en" ? "Online shop" : "网店");
        await page.Locator("dialog .button.primary").ClickAsync();
        var secret = await page.Locator("dialog input[readonly]").InputValueAsync();
        await PictureAsync("key");
        using (var client = new HttpClient { BaseAddress = server.Address })
        {
            client.DefaultRequestHeaders.Add("X-API-Key", secret);
            for (var visit = 0; visit < 60; visit++)
            {
                var at = TimeProvider.System.GetUtcNow().AddMinutes(-visit * 0.9).ToString("O");
                using var sent = await client.PostAsJsonAsync("/api/v1/events", new { @event = Happenings[visit % Happenings.Length], user_id = $"customer-{visit % 9}", item_id = $"cup-{visit % 4}", price = 12.5, currency = "EUR", order_id = $"{1000 + visit}", message_id = $"{visit}", timestamp = at }, Now);
                sent.EnsureSuccessStatusCode();
            }
        }

        await page.OpenAsync($"/w/{shop}/data/live");
        await page.Locator("section.data-table tbody tr").First.WaitForAsync();
        await page.DrawnAsync();
        await PictureAsync("live");
        await page.OpenAsync($"/w/{shop}/settings/rates");
        await page.Locator("main select").First.SelectOptionAsync(new SelectOptionValue { Index = 2 });
        var rates = Path.Combine(made.Folder, "rates.csv");
        await File.WriteAllTextAsync(rates, "Date,USD,CNY,GBP\n2026-05-04,1.1312,8.2204,0.8651\n2026-05-05,1.1290,8.2110,0.8644\n2026-05-06,1.1334,8.2377,0.8660\n", Now);
        await page.Locator("main input[type=file]").SetInputFilesAsync(rates);
        await page.Locator("section.data-table tbody tr").First.WaitForAsync();
        await PictureAsync("rates");

        async Task GiveAsync(string file)
        {
            await page.OpenAsync($"/w/{shop}/data/import");
            await page.Locator("main input[type=file]").SetInputFilesAsync(file);
            await page.ArriveAsync(Visit.ImportedFile);
            await page.ReadyAsync();
            await page.WaitForTimeoutAsync(2_500);   // the dry run beside the columns
        }

        async Task PictureAsync(string name)
        {
            await page.WaitForTimeoutAsync(500);
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}{mark}.png") });
        }
    }

    /// <summary>The top of the page as it is first seen, and the whole of it.</summary>
    private static async Task ShootAsync(IPage page, string language, string theme, int width, string name)
    {
        var folder = Directory.CreateDirectory(Repository.Path("artifacts", "screens", $"{language}-{theme}-{width}")).FullName;
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png") });
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-full.png"), FullPage = true });
    }
}
