using System.Text.Json;
using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace MerchantStudio.Tests.Browser;

/// <summary>What a person does in the browser, by the words she reads.</summary>
internal static class Visit
{
    public const string Email = "owner@example.test";
    public const string Password = "an orchard in late autumn";

    /// <summary>The address of a file that was handed over, as a pattern.</summary>
    public const string ImportedFile = "/data/import/[0-9a-f-]{36}";

    private const string Shop = "/w/([a-z0-9-]+)";

    private static readonly string[] Serious = ["serious", "critical"];

    /// <summary>All that another theme changes.</summary>
    private const string OnlyContrast = """{"runOnly":["color-contrast"],"resultTypes":["violations"]}""";

    /// <summary>Of what is in order nothing is written down, which takes axe longer than looking.</summary>
    private const string Everything = """{"resultTypes":["violations"]}""";

    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();

    /// <summary>Becomes the owner of a new shop as somebody would who reads the code in the console.</summary>
    /// <returns>The shop's short name.</returns>
    public static async Task<string> SetUpShopAsync(this IPage page, StudioServer server, string shop, string currency = "EUR", string zone = "Europe/Vienna")
    {
        await page.GotoAsync("/");
        await page.GetByRole(AriaRole.Link, new() { Name = "Set up my shop" }).ClickAsync();
        await page.GetByLabel("Setup code").FillAsync(server.SetupCode);
        await page.GetByLabel("Your name").FillAsync("Mei");
        await page.GetByLabel("E-mail").FillAsync(Email);
        await page.GetByLabel("Password").FillAsync(Password);
        await page.GetByLabel("Name of the shop").FillAsync(shop);
        await page.GetByLabel("Currency").SelectOptionAsync(currency);
        await page.GetByLabel("Time zone").SelectOptionAsync(zone);
        await page.Locator("form button[type=submit]").ClickAsync();
        await page.ArriveAsync(Shop);
        return Regex.Match(page.Url, Shop).Groups[1].Value;
    }

    public static async Task LookAtDemoAsync(this IPage page)
    {
        await page.GotoAsync("/");
        await page.GetByRole(AriaRole.Button, new() { Name = "Look at the demo" }).ClickAsync();
        await page.ArriveAsync(Shop);
        await page.ReadyAsync();
    }

    /// <summary>Waits until the page of the shop has said its answer (or its problem) and stopped loading.</summary>
    public static async Task ReadyAsync(this IPage page)
    {
        await page.Locator("main h1").First.WaitForAsync();
        await Assertions.Expect(page.Locator("main [aria-busy=true]")).ToHaveCountAsync(0, new() { Timeout = 60_000 });
        await Assertions.Expect(page.Locator(".chart-loading")).ToHaveCountAsync(0, new() { Timeout = 60_000 });
        await Assertions.Expect(page.Locator("#blazor-error-ui")).ToBeHiddenAsync();
    }

    /// <summary>Waits until the address has that in it. Asks again and again: the driver's own wait listens for events and misses one that comes while it begins to.</summary>
    public static Task ArriveAsync(this IPage page, string pattern, float limit = 60_000) =>
        Assertions.Expect(page).ToHaveURLAsync(new Regex(pattern), new() { Timeout = limit });

    /// <summary>Waits until every chart holds its drawing.</summary>
    public static async Task DrawnAsync(this IPage page) =>
        await Assertions.Expect(page.Locator(".chart-plot:not(:has(.main-svg))")).ToHaveCountAsync(0, new() { Timeout = 30_000 });

    public static async Task OpenAsync(this IPage page, string address)
    {
        var answer = await page.GotoAsync(address);
        if (answer is { Ok: false }) throw new InvalidOperationException($"{address} answers {answer.Status}.");
        await page.ReadyAsync();
    }

    /// <summary>The rule and the elements of every serious or critical finding.</summary>
    public static Task<List<string>> SeriousFindingsAsync(this IPage page, string name) => page.FindingsAsync(name, Everything);

    /// <summary>Runs axe in the page itself: no page here has frames of other sites, for which a second page would be opened each time to put the parts together.</summary>
    private static async Task<List<string>> FindingsAsync(this IPage page, string name, string options)
    {
        await page.EvaluateAsync($"() => {{ if (!window.axe) {{ {Axe} }} }}");
        var found = await page.EvaluateAsync<string>("async options => JSON.stringify((await axe.run(document, JSON.parse(options))).violations)", options);
        return [.. JsonSerializer.Deserialize<Finding[]>(found, JsonSerializerOptions.Web)!.Where(finding => Serious.Contains(finding.Impact))
            .Select(finding => $"{name}: {finding.Id} ({finding.Impact}) {string.Join(" | ", finding.Nodes.Take(3).Select(node => node.Html[..Math.Min(node.Html.Length, 160)]))}")];
    }

    /// <summary>The serious findings in the theme that stands, and what the other theme makes unreadable; the theme stays as it was.</summary>
    public static async Task<List<string>> FindingsInBothThemesAsync(this IPage page, string name)
    {
        var theme = await page.EvaluateAsync<string>("document.documentElement.dataset.theme");
        var other = theme == "dark" ? "light" : "dark";
        var faults = await page.SeriousFindingsAsync($"{name}, {theme}");
        await page.EvaluateAsync("theme => window.studio.chooseTheme(theme)", other);
        faults.AddRange(await page.FindingsAsync($"{name}, {other}", OnlyContrast));
        await page.EvaluateAsync("theme => window.studio.chooseTheme(theme)", theme);
        return faults;
    }

    /// <summary>Nothing is wider than the window.</summary>
    public static async Task<bool> ScrollsSidewaysAsync(this IPage page) =>
        await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1");

    public static async Task ThemeAsync(this IBrowserContext context, Uri address, string theme) =>
        await context.AddCookiesAsync([new() { Name = "studio-theme", Value = theme, Url = address.ToString() }]);

    /// <summary>Drags a file from the desktop over the drop area and lets it go, as the browser itself reports it.</summary>
    public static async Task DropAsync(this IPage page, string file)
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

    private sealed record Finding(string Id, string? Impact, Element[] Nodes);

    private sealed record Element(string Html);
}
