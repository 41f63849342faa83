using MerchantStudio.Tests.Demo;
using Microsoft.Playwright;
using Xunit;

namespace MerchantStudio.Tests.Browser;

/// <summary>A model of the merchant's own, from the file to a version that a person may promote.</summary>
[Collection(BrowserTests.Name)]
public sealed class BringModelTests(Chromium chromium)
{
    private const float TrialLimit = 120_000;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact(Explicit = true), Trait("Size", "Full")]
    public async Task A_model_file_is_refused_with_a_reason_or_tried_beside_the_one_in_use_and_kept()
    {
        await using var server = await StudioServer.StartAsync(Now, "--Studio:Demo=false");
        await using var context = await chromium.OpenAsync(server.Address);
        var page = await context.NewPageAsync();
        var shop = await page.SetUpShopAsync(server, "Own shop");
        var journey = new Journey(page, server, shop);
        await journey.ImportAsync(SampleData.File("events.csv.gz"));
        await journey.RunPipelineAsync();
        await page.OpenAsync($"/w/{shop}/models");
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Save as ONNX" }).ClickAsync());
        var file = await download.PathAsync();
        var faults = new List<string>();

        foreach (var (language, width) in (IEnumerable<(string, int)>)[("zh-CN", 1440), ("zh-CN", 390), ("en", 390), ("en", 1440)])
        {
            await page.SetViewportSizeAsync(width, 900);
            await page.GotoAsync($"/culture?language={language}&to=/w/{shop}/models/bring");
            await page.ReadyAsync();
            await GiveAsync("broken.onnx", "no model at all"u8.ToArray());
            await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync(language == "en" ? "not an ONNX file" : "不是 ONNX 文件");
            await LookAsync("refused");
            await GiveAsync("mine.onnx", await File.ReadAllBytesAsync(file, Now));
            await LookAsync("columns");
            await page.GetByRole(AriaRole.Button, new() { Name = language == "en" ? "Try it" : "试运行" }).ClickAsync();
            await Assertions.Expect(page.Locator("h1")).ToContainTextAsync(language == "en" ? "log-loss" : "对数损失", new() { Timeout = TrialLimit });
            await LookAsync("trial");

            async Task LookAsync(string state)
            {
                faults.AddRange(await page.FindingsInBothThemesAsync($"{state}, {language}, {width}"));
                if (await page.ScrollsSidewaysAsync()) faults.Add($"{state}, {language}: scrolls sideways at {width}");
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
        await page.GetByRole(AriaRole.Button, new() { Name = "Keep as a version" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "See the version" }).ClickAsync();
        await Assertions.Expect(page.GetByText("It came as the file mine.onnx")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Put it to use" })).ToBeVisibleAsync();

        Task GiveAsync(string name, byte[] content) => page.Locator(".drop input[type=file]").SetInputFilesAsync(new FilePayload { Name = name, MimeType = "application/octet-stream", Buffer = content });
    }
}
