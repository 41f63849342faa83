using MerchantStudio.Tests.Demo;
using MerchantStudio.Tests.Hosting;
using Microsoft.Playwright;
using Xunit;

namespace MerchantStudio.Tests.Browser;

/// <summary>A merchant answers for shoppers on whom models disagree, and has models of the next product trained and put in use.</summary>
[Collection(BrowserTests.Name)]
public sealed class DebateJourneyTests(Chromium chromium)
{
    private const float Long = 240_000;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Answers_are_given_and_taken_back_and_the_next_products_reach_a_customers_page()
    {
        await using var server = await StudioServer.StartAsync(Now, "--Studio:Demo=false");
        await using var context = await chromium.OpenAsync(server.Address);
        await context.ThemeAsync(server.Address, "light");
        var page = await context.NewPageAsync();
        var shop = await page.SetUpShopAsync(server, "Hill and Leaf");
        await RunAsync("import", "--workspace", shop, "--kind", "events", SampleData.ThirdOfEvents(server.DataFolder), "--data", server.DataFolder);
        await RunAsync("pipeline", "--workspace", shop, "--horizon-days", "7", "--override-quality", "trial", "--data", server.DataFolder);
        await RunAsync("train", "--workspace", shop, "--models", "bayes,logistic,trees", "--time-budget", "120", "--data", server.DataFolder);
        await RunAsync("train", "next-product", "--workspace", shop, "--models", "item-knn", "--data", server.DataFolder);

        await page.OpenAsync($"/w/{shop}/debate");
        List<string> faults = [.. await page.FindingsInBothThemesAsync("debate")];
        var first = page.Locator("section.panel:has(.score)").First;
        var disputed = await first.Locator("h2").InnerTextAsync();
        await first.GetByRole(AriaRole.Textbox).FillAsync("asked for a quote");
        await first.GetByRole(AriaRole.Button, new() { Name = "Will buy" }).ClickAsync();
        var given = page.Locator("section.data-table").Filter(new() { HasText = "Answers given" });
        await Assertions.Expect(given.Locator("tbody tr")).ToHaveCountAsync(1, new() { Timeout = Long });
        await Assertions.Expect(given).ToContainTextAsync(disputed);
        await Assertions.Expect(given).ToContainTextAsync("asked for a quote");
        await Assertions.Expect(page.GetByText("The next training learns from 1 of your answer")).ToBeVisibleAsync();
        await given.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Assertions.Expect(given).ToContainTextAsync("No answers yet.", new() { Timeout = Long });

        await page.OpenAsync($"/w/{shop}/training/next");
        await page.Locator("dl.facts").First.WaitForAsync(new() { Timeout = Long });
        await page.GetByLabel("Transformer (SASRec)").UncheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Train again" }).ClickAsync();
        var board = page.Locator("section.data-table").Filter(new() { HasText = "Which model names the next product best" });
        await Assertions.Expect(board.Locator("tbody tr")).ToHaveCountAsync(5, new() { Timeout = Long });
        await page.ReadyAsync();
        faults.AddRange(await page.FindingsInBothThemesAsync("next product"));
        var versions = page.Locator("section.data-table").Filter(new() { HasText = "What trainings have made" });
        foreach (var (press, row) in (ValueTuple<string, int>[])[("Put it to use", 0), ("Put it to use", 1), ("Back to version", 0)])
        {
            await versions.Locator("tbody tr").Nth(row).GetByRole(AriaRole.Button, new() { Name = press }).ClickAsync();
            await page.Locator("dialog .button.primary").ClickAsync();
            await Assertions.Expect(page.Locator("dialog")).ToHaveCountAsync(0, new() { Timeout = Long });
            await Assertions.Expect(versions.Locator("tbody tr").Nth(row)).ToContainTextAsync("In use");
        }

        // The other question is a press away, with the same settings, and the way back too.
        foreach (var (question, heading) in (ValueTuple<string, string>[])[("Who will buy soon", "buys within"), ("Which product next", "names the next product")])
        {
            await page.GetByRole(AriaRole.Radio, new() { Name = question }).ClickAsync();
            await Assertions.Expect(page.Locator("main h1")).ToContainTextAsync(heading);
            await Assertions.Expect(page.GetByRole(AriaRole.Radiogroup, new() { Name = "At most this much memory" })).ToBeVisibleAsync();
        }

        // A network is handed out as a smaller file; of what solves equations the page says why there is none.
        await page.OpenAsync($"/w/{shop}/models");
        var models = page.Locator("section.data-table").First.Locator("tbody tr").Filter(new() { HasText = "Which product next" });
        await models.Filter(new() { HasText = "(GRU)" }).ClickAsync();
        var file = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "As 8-bit ONNX" }).ClickAsync(), new() { Timeout = Long });
        Assert.EndsWith("-8bit.onnx", file.SuggestedFilename, StringComparison.Ordinal);
        await Assertions.Expect(page.GetByText("is among the first ten for")).ToBeVisibleAsync();
        await models.Filter(new() { HasText = "(iALS)" }).ClickAsync();
        await Assertions.Expect(page.GetByText("solves equations for each shopper")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Save as ONNX" })).ToHaveCountAsync(0);
        faults.AddRange(await page.FindingsInBothThemesAsync("no file"));

        await page.OpenAsync($"/w/{shop}/customers/{disputed}");
        await Assertions.Expect(page.GetByText("Likely next products")).ToBeVisibleAsync();
        faults.AddRange(await page.FindingsInBothThemesAsync("customer"));
        await page.SetViewportSizeAsync(390, 844);
        foreach (var path in (string[])["debate", "training/next"])
        {
            await page.OpenAsync($"/w/{shop}/{path}");
            Assert.False(await page.ScrollsSidewaysAsync());
        }
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    private static async Task RunAsync(params string[] words)
    {
        var ending = await StudioProcess.RunAsync(words);
        Assert.True(ending.Code == 0, ending.Error);
    }
}
