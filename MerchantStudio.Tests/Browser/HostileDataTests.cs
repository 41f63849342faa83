using System.Globalization;
using System.Text;
using Microsoft.Playwright;
using Xunit;

namespace MerchantStudio.Tests.Browser;

/// <summary>Reviews, product names, categories and customers' ids that try to be markup or formulas: every page shows them as text, no file computes them.</summary>
[Collection(BrowserTests.Name)]
public sealed class HostileDataTests(Chromium chromium)
{
    private const string Script = "<script>window.__xss=1</script>";
    private const string Image = "\"><img src=x onerror=window.__xss=2>";
    private const string Frame = "</td><svg onload=window.__xss=3><iframe srcdoc='<script>parent.__xss=4</script>'>";
    private const string Formula = "=HYPERLINK(\"http://evil.test\",\"win\")";
    private const string Handler = "' onmouseover='window.__xss=5' x='";

    private static readonly string[] Payloads = [Script, Image, Frame, Formula, Handler];

    private readonly List<string> _faults = [];

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Is_shown_as_text_on_every_page_and_stays_text_in_every_file()
    {
        await using var server = await StudioServer.StartAsync(Now, "--Studio:Demo=false");
        await using var context = await chromium.OpenAsync(server.Address);
        var page = await context.NewPageAsync();
        page.Dialog += (_, dialog) => _faults.Add($"{page.Url}: a dialog opened: {dialog.Message}");
        page.Console += (_, line) =>
        {
            if (line.Text.Contains("Content Security Policy", StringComparison.OrdinalIgnoreCase)) _faults.Add($"{page.Url}: {line.Text}");
        };
        var shop = await page.SetUpShopAsync(server, "Tea <b>& Thyme");
        var journey = new Journey(page, server, shop);
        var folder = Directory.CreateDirectory(Path.Combine(server.DataFolder, "hostile")).FullName;
        Assert.Equal((5, 5), await journey.ImportAsync(await WriteAsync(folder, "<img src=x onerror=window.__xss=6>.csv", Products())));
        Assert.Equal((150, 150), await journey.ImportAsync(await WriteAsync(folder, "reviews.csv", Reviews())));
        var (read, accepted) = await journey.ImportAsync(await WriteAsync(folder, "events.csv", Events()));
        Assert.Equal(read, accepted);
        await LookAsync(page, "import");
        await journey.RunPipelineAsync();

        string[] paths =
        [
            .. StudioPages.Demo.Where(path => path is not "truth" && !path.StartsWith("customers/", StringComparison.Ordinal)),
            .. Payloads.Select(payload => $"customers/{Uri.EscapeDataString(payload)}"), $"customers?category={Uri.EscapeDataString(Image)}", $"segments/{Uri.EscapeDataString(Script)}", "settings/shop", "settings/audit",
        ];
        foreach (var path in paths)
        {
            await page.OpenAsync($"/w/{shop}/{path}");
            await LookAsync(page, path);
        }

        await ShowsAsync(page, $"/w/{shop}/customers", Script, Image, Formula);
        await ShowsAsync(page, $"/w/{shop}/reviews", Script, Image, Frame);
        await ShowsAsync(page, $"/w/{shop}/customers/{Uri.EscapeDataString(Image)}", Image);
        await NoFormulaAsync(page, $"/w/{shop}/customers");
        await NoFormulaAsync(page, $"/w/{shop}/reviews");
        Assert.True(_faults.Count == 0, string.Join('\n', _faults));
    }

    private async Task LookAsync(IPage page, string name)
    {
        var ran = await page.EvaluateAsync<string?>("window.__xss === undefined ? null : String(window.__xss)");
        if (ran is not null) _faults.Add($"{name}: script {ran} ran");
        var made = await page.EvaluateAsync<int>("document.querySelectorAll(\"img[src='x'], iframe, [onerror], [onload], [onmouseover]\").length + [...document.scripts].filter(one => one.text.includes('__xss')).length");
        if (made > 0) _faults.Add($"{name}: {made} elements were made from data");
    }

    private static async Task ShowsAsync(IPage page, string address, params string[] payloads)
    {
        await page.OpenAsync(address);
        foreach (var payload in payloads) await Assertions.Expect(page.Locator("main").GetByText(payload).Locator("visible=true").First).ToBeVisibleAsync();
    }

    /// <summary>The page's CSV holds the formula, and every cell that would be one has its apostrophe.</summary>
    private async Task NoFormulaAsync(IPage page, string address)
    {
        await page.OpenAsync(address);
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "CSV" }).First.ClickAsync());
        var text = await File.ReadAllTextAsync(await download.PathAsync(), Now);
        Assert.Contains("\"'=HYPERLINK(", text, StringComparison.Ordinal);
        foreach (var start in (string[])["\n=", ",=", "\"=", "\n@", ",@", "\"@"])
        {
            if (text.Contains(start, StringComparison.Ordinal)) _faults.Add($"{address}: a cell of the CSV begins a formula after {start.Trim()}");
        }
    }

    private static async Task<string> WriteAsync(string folder, string name, IEnumerable<string[]> rows)
    {
        var file = Path.Combine(folder, name);
        var text = new StringBuilder();
        foreach (var row in rows) text.AppendJoin(',', row.Select(cell => $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")).Append('\n');
        await File.WriteAllTextAsync(file, text.ToString(), Now);
        return file;
    }

    private static IEnumerable<string[]> Products()
    {
        yield return ["item_id", "name", "category", "price"];
        for (var item = 0; item < Payloads.Length; item++) yield return [$"P{item}", Payloads[item], Payloads[(item + 1) % Payloads.Length], "20.00"];
    }

    private static IEnumerable<string[]> Reviews()
    {
        yield return ["review_id", "user_id", "item_id", "timestamp", "rating", "title", "text"];
        for (var review = 0; review < 150; review++)
        {
            var payload = Payloads[review % Payloads.Length];
            yield return [$"r{review}", Payloads[(review + 2) % Payloads.Length], $"P{review % Payloads.Length}", Time(review), $"{1 + (review % 5)}", payload, review % 2 == 0 ? $"{payload} bad number {review}" : $"good number {review} {payload}"];
        }
    }

    private static IEnumerable<string[]> Events()
    {
        yield return ["user_id", "event_type", "item_id", "timestamp", "category", "price", "quantity", "order_id", "device", "channel"];
        for (var number = 0; number < 400; number++)
        {
            var payload = Payloads[number % Payloads.Length];
            var shopper = number % 8 < Payloads.Length ? Payloads[number % 8] : $"s{number % 40}";
            string[] kinds = ["view", "add_to_cart", "purchase"];
            var kind = kinds[number / 8 % 3];
            yield return [shopper, kind, $"P{number % Payloads.Length}", Time(number), Payloads[(number + 1) % Payloads.Length], "20.00", "1", kind == "purchase" ? $"{payload} {number}" : "", payload, payload];
        }
    }

    private static string Time(int number) => new DateTimeOffset(2026, 1, 5, 8, 0, 0, TimeSpan.Zero).AddHours(number * 5).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
