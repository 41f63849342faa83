using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;

namespace MerchantStudio.Tests.Browser;

/// <summary>What a visitor of the demo does in one sitting: a customer's chance if something were otherwise, and a campaign from its template to its results.</summary>
[Collection(BrowserTests.Name)]
public sealed partial class DemoVisitTests(Chromium chromium, DemoStudio demo)
{
    [Fact]
    public async Task Moving_a_slider_moves_the_chance_and_as_things_are_brings_it_back()
    {
        await using var context = await chromium.OpenAsync(await demo.AddressAsync(TestContext.Current.CancellationToken));
        var page = await context.NewPageAsync();
        await page.GotoAsync("/");
        await page.LookAtDemoAsync();
        await page.OpenAsync("/w/demo/customers/u1003");
        var panel = page.Locator("section.panel", new PageLocatorOptions { Has = page.Locator("input[type=range]") });
        var chance = panel.Locator(".score .figure");
        var before = await chance.InnerTextAsync();
        var slider = panel.Locator("input[type=range]").First;
        var ends = await slider.EvaluateAsync<string[]>("one => [one.min, one.max, one.value]");
        await slider.EvaluateAsync("(one, value) => { one.value = value; one.dispatchEvent(new Event('input', { bubbles: true })); }", ends[2] == ends[1] ? ends[0] : ends[1]);
        await Assertions.Expect(chance).Not.ToHaveTextAsync(before);
        await panel.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(chance).ToHaveTextAsync(before);
        Assert.True(await panel.Locator("p, li").CountAsync() > 0);
    }

    [Fact]
    public async Task From_win_back_customers_who_left_to_a_live_budgeted_campaign_whose_messages_are_delivered_and_counted()
    {
        await using var context = await chromium.OpenAsync(await demo.AddressAsync(TestContext.Current.CancellationToken));
        var page = await context.NewPageAsync();
        await page.GotoAsync("/");
        await page.LookAtDemoAsync();
        await page.GetByRole(AriaRole.Link, new() { NameRegex = WinThemBack() }).ClickAsync();
        await Assertions.Expect(page.Locator(".campaign-audience")).ToContainTextAsync("At risk or Previously loyal");
        await page.GetByRole(AriaRole.Button, new() { NameRegex = WinBack() }).ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("would get", new() { Timeout = 20_000 });
        var sentence = await page.Locator(".read-back").First.InnerTextAsync();
        Assert.Contains("At risk or Previously loyal", sentence, StringComparison.Ordinal);
        Assert.Contains("10% of them are held back", sentence, StringComparison.Ordinal);

        await page.GetByRole(AriaRole.Button, new() { Name = "Launch" }).First.ClickAsync();
        var dialog = page.Locator("dialog[open]");
        await Assertions.Expect(dialog).ToContainTextAsync("can never give away more than", new() { Timeout = 20_000 });
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Launch" }).ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("codes are out", new() { Timeout = 30_000 });
        var (waiting, held) = (await FigureAsync(page, "waiting"), await FigureAsync(page, "Held back"));
        Assert.True(waiting > 0 && held > 0, $"{waiting} waiting, {held} held back");

        // The file that is downloaded holds those who wait, and downloading it is sending.
        await page.GetByRole(AriaRole.Button, new() { Name = "Download" }).First.ClickAsync();
        var file = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Menuitem, new() { Name = "CSV" }).ClickAsync());
        Assert.Equal(waiting, (await File.ReadAllTextAsync(await file.PathAsync(), TestContext.Current.CancellationToken)).Split("\n").Count(line => Line().IsMatch(line)));
        await Assertions.Expect(page.Locator(".kpi", new() { HasText = "Sent" }).Locator(".kpi-figure")).ToHaveTextAsync(waiting.ToString("N0", CultureInfo.GetCultureInfo("en")));

        // Each reason leads to its people.
        var reason = page.Locator(".reasons a").First;
        var count = int.Parse(NoFigure().Replace((await reason.InnerTextAsync()).Split('·')[0], ""), CultureInfo.InvariantCulture);
        await reason.ClickAsync();
        await Assertions.Expect(page.GetByText("Only:")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".panel", new() { HasText = "Why" }).Last).ToContainTextAsync(count.ToString("N0", CultureInfo.GetCultureInfo("en")));
    }

    [Fact]
    public async Task What_stands_against_a_rule_asks_for_a_reason_which_is_shown_beside_it_at_once()
    {
        await using var context = await chromium.OpenAsync(await demo.AddressAsync(TestContext.Current.CancellationToken));
        var page = await context.NewPageAsync();
        await page.GotoAsync("/");
        await page.LookAtDemoAsync();
        await page.OpenAsync("/w/demo/rules/new?when=" + Uri.EscapeDataString("""{"segments":["rfm:at_risk"]}"""));
        await page.GetByLabel("Percent off").FillAsync("55");
        await page.GetByLabel("Percent off").BlurAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save draft" }).ClickAsync();
        var ask = page.GetByRole(AriaRole.Button, new() { Name = "Give a reason" });
        await ask.ClickAsync(new() { Timeout = 30_000 });
        var dialog = page.Locator("dialog[open]");
        var keep = dialog.GetByRole(AriaRole.Button, new() { Name = "Keep this reason" });
        await dialog.Locator("textarea").FillAsync("Stock");
        await keep.ClickAsync();
        await Assertions.Expect(dialog).ToContainTextAsync("Say in 20 to 2000 letters");
        await dialog.Locator("textarea").FillAsync("The summer stock has to go, and we accept the loss.");
        await keep.ClickAsync();
        await Assertions.Expect(page.Locator(".guards")).ToContainTextAsync("The summer stock has to go, and we accept the loss.");
        await Assertions.Expect(ask).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_shops_page_shows_the_message_that_waits_as_text_and_asks_no_other_site()
    {
        var studio = await demo.AddressAsync(TestContext.Current.CancellationToken);
        await using var context = await chromium.OpenAsync(studio);
        var page = await context.NewPageAsync();
        var asked = 0;
        await page.RouteAsync("**/shop.html", route => route.FulfillAsync(new()
        {
            ContentType = "text/html",
            Body = """<div id="own" data-merchantstudio-message="/my/message" hidden></div><div id="other" data-merchantstudio-message="https://elsewhere.example/message" hidden></div><script src="/js/message.js"></script>""",
        }));
        await page.RouteAsync("**/my/message", route => route.FulfillAsync(new()
        {
            ContentType = "application/json",
            Body = """{"language":"en","subject":"For <b>you</b>","text":"Use T-1.\n\n<img src=x onerror='document.title=1'>","button_text":"Shop","button_link":"javascript:document.title=1"}""",
        }));
        await page.RouteAsync("https://elsewhere.example/**", route =>
        {
            asked++;
            return route.AbortAsync();
        });
        await page.GotoAsync("/shop.html");
        await Assertions.Expect(page.Locator("#own")).ToBeVisibleAsync();
        Assert.Equal("For <b>you</b>", await page.Locator("#own strong").InnerTextAsync());
        Assert.Equal(["Use T-1.", "<img src=x onerror='document.title=1'>"], await page.Locator("#own p").AllInnerTextsAsync());
        Assert.Equal((0, 0, 0, false), (await page.Locator("#own img").CountAsync(), await page.Locator("#own a").CountAsync(), asked, await page.Locator("#other").IsVisibleAsync()));
        Assert.Equal("", await page.TitleAsync());
    }

    private static async Task<int> FigureAsync(IPage page, string name)
    {
        var tile = page.Locator(".kpi", new() { HasText = name });
        var text = name == "waiting" ? await tile.Locator(".kpi-change").First.InnerTextAsync() : await tile.Locator(".kpi-figure").First.InnerTextAsync();
        return int.Parse(NoFigure().Replace(text, ""), CultureInfo.InvariantCulture);
    }

    /// <summary>What the shop's first page offers to do.</summary>
    [GeneratedRegex("^Win back [0-9]+ customers$")]
    private static partial Regex WinThemBack();

    [GeneratedRegex("^Win back customers who left")]
    private static partial Regex WinBack();

    [GeneratedRegex("[^0-9]")]
    private static partial Regex NoFigure();

    /// <summary>A row of the file begins with the message's id; its text may go over several lines.</summary>
    [GeneratedRegex("^[0-9a-f]{8}-[0-9a-f]{4}-")]
    private static partial Regex Line();
}
