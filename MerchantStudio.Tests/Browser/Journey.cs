using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;

namespace MerchantStudio.Tests.Browser;

/// <summary>The way of a new user through the studio, one step a method, by what stands on the pages.</summary>
internal sealed partial class Journey(IPage page, StudioServer server, string shop)
{
    private const float ImportLimit = 120_000;

    /// <summary>Uploads a file, takes the suggested columns and imports it; checks that the result adds up.</summary>
    /// <param name="answer">What the page must say of the file before it is imported; null for anything.</param>
    /// <returns>Rows read and rows accepted.</returns>
    public Task<(long Read, long Accepted)> ImportAsync(string file, string? answer = null) =>
        ImportAsync(() => page.GetByLabel("Drop a file here, or choose one").SetInputFilesAsync(file), answer);

    /// <param name="giveFile">Hands the file to the open import page.</param>
    /// <inheritdoc cref="ImportAsync(string, string?)"/>
    public async Task<(long Read, long Accepted)> ImportAsync(Func<Task> giveFile, string? answer = null)
    {
        await page.OpenAsync($"/w/{shop}/data/import");
        await giveFile();
        await page.ArriveAsync(Visit.ImportedFile, ImportLimit);
        await page.ReadyAsync();
        var start = page.GetByRole(AriaRole.Button, new() { NameRegex = ImportButton() });
        await Assertions.Expect(start).ToBeEnabledAsync(new() { Timeout = ImportLimit });
        if (answer is not null) await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync(answer, new() { Timeout = ImportLimit });
        await start.ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("are in your data", new() { Timeout = ImportLimit });
        var read = await FactAsync("Read");
        var accepted = await FactAsync("Accepted");
        Assert.Equal(read, accepted + await FactAsync("Duplicates") + await FactAsync("Set aside"));
        return (read, accepted);
    }

    public async Task RunPipelineAsync()
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Refresh the insights now" }).ClickAsync();
        await server.UntilPublishedAsync(shop, 1, TestContext.Current.CancellationToken);
    }

    /// <summary>Opens a page and gives its answer.</summary>
    public async Task<string> AnswerAsync(string path)
    {
        await page.OpenAsync($"/w/{shop}/{path}");
        return (await page.Locator("h1").InnerTextAsync()).Trim();
    }

    /// <summary>Makes a percent rule for the condition, activates it and gives the number of codes.</summary>
    public async Task<int> ActivateRuleAsync(string name, string conditionJson)
    {
        await page.OpenAsync($"/w/{shop}/rules/new?when={Uri.EscapeDataString(conditionJson)}");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
        await page.GetByLabel("Name", new() { Exact = true }).BlurAsync();
        await page.GetByLabel("Percent off").FillAsync("10");
        await page.GetByLabel("Percent off").BlurAsync();
        var activate = page.GetByRole(AriaRole.Button, new() { NameRegex = ActivateButton() });
        await Assertions.Expect(activate.First).ToBeEnabledAsync();
        await activate.First.ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { NameRegex = ActivateButton() }).ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("given out");
        var codes = page.GetByRole(AriaRole.Link, new() { NameRegex = CodesLink() });
        return int.Parse(Figures().Replace(await codes.First.InnerTextAsync(), ""), CultureInfo.InvariantCulture);
    }

    /// <summary>Downloads the codes and compares every row on the screen with the file.</summary>
    public async Task CodesAreExportedAsync(int given)
    {
        await page.OpenAsync($"/w/{shop}/codes");
        await page.GetByRole(AriaRole.Button, new() { Name = "Download" }).ClickAsync();
        var rows = await DownloadAsync(page.GetByRole(AriaRole.Menuitem, new() { Name = "CSV" }));
        Assert.Equal(given, rows.Count);
        var file = rows.ToDictionary(row => row["code"], row => row["shopper"], StringComparer.Ordinal);
        var screen = await TableAsync(page.Locator("table").First);
        Assert.NotEmpty(screen);
        Assert.All(screen, row => Assert.Equal(file[row["Code"]], row["Shopper"]));
    }

    /// <summary>The CSV of the page's table holds the rows and figures that the screen shows.</summary>
    public async Task TableEqualsItsCsvAsync(string path, string keyColumn, params string[] figures)
    {
        await page.OpenAsync($"/w/{shop}/{path}");
        var section = page.Locator("section.data-table").Filter(new() { Has = page.GetByRole(AriaRole.Columnheader, new() { Name = keyColumn }) }).First;
        var file = await DownloadAsync(section.GetByRole(AriaRole.Button, new() { Name = "CSV" }));
        var screen = await TableAsync(section.Locator("table").First);
        Assert.NotEmpty(screen);
        Assert.Equal(screen.Select(row => row[keyColumn]), file.Select(row => row[keyColumn]).Take(screen.Count));
        for (var i = 0; i < screen.Count; i++)
        {
            foreach (var figure in figures) Assert.Equal(Figures().Replace(screen[i][figure], ""), Figures().Replace(file[i][figure], ""));
        }
    }

    private async Task<long> FactAsync(string name)
    {
        var value = page.Locator("dl.facts dt").Filter(new() { HasTextRegex = new Regex($"^\\s*{Regex.Escape(name)}\\s*$") }).First.Locator("xpath=following-sibling::dd[1]");
        return long.Parse(Figures().Replace(await value.InnerTextAsync(), ""), CultureInfo.InvariantCulture);
    }

    private async Task<List<Dictionary<string, string>>> DownloadAsync(ILocator button)
    {
        var download = await page.RunAndWaitForDownloadAsync(() => button.ClickAsync());
        var records = Records(await File.ReadAllTextAsync(await download.PathAsync(), TestContext.Current.CancellationToken)).ToList();
        return [.. records.Skip(1).Select(record => records[0].Zip(record).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal))];
    }

    /// <summary>RFC 4180, read here on its own so that the studio's reader does not judge the studio's writer.</summary>
    private static IEnumerable<List<string>> Records(string csv)
    {
        var record = new List<string>();
        foreach (Match cell in Cell().Matches(csv))
        {
            var text = cell.Groups[1].Value;
            record.Add(text.StartsWith('"') ? text[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : text);
            if (cell.Groups[2].Value == ",") continue;
            if (record.Count > 1 || record[0].Length > 0) yield return record;
            record = [];
        }
    }

    private static async Task<List<Dictionary<string, string>>> TableAsync(ILocator table)
    {
        var heads = (await table.Locator("thead th").AllInnerTextsAsync()).Select(head => head.Trim()).ToList();
        var rows = new List<Dictionary<string, string>>();
        foreach (var row in await table.Locator("tbody tr").AllAsync())
        {
            var cells = (await row.Locator("td, th").AllInnerTextsAsync()).Select(cell => cell.Trim()).ToList();
            if (cells.Count == heads.Count) rows.Add(heads.Zip(cells).Where(pair => pair.First.Length > 0).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal));
        }
        return rows;
    }

    [GeneratedRegex("(\"(?:[^\"]|\"\")*\"|[^,\\r\\n]*)(,|\\r\\n|\\n|$)")]
    private static partial Regex Cell();

    [GeneratedRegex(@"^\s*Import [\d,]+ rows")]
    private static partial Regex ImportButton();

    [GeneratedRegex(@"^\s*Activate and give out [\d,]+ codes")]
    private static partial Regex ActivateButton();

    [GeneratedRegex(@"^\s*[\d,]+ codes")]
    private static partial Regex CodesLink();

    [GeneratedRegex(@"[^0-9.\-]")]
    private static partial Regex Figures();
}
