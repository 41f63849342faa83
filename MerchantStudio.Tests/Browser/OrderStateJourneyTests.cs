using Microsoft.Playwright;
using Xunit;

namespace MerchantStudio.Tests.Browser;

/// <summary>The wizard asks what unknown order states mean; answered without a mouse, in either language.</summary>
[Collection(BrowserTests.Name)]
public sealed class OrderStateJourneyTests(Chromium chromium)
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Unknown_states_are_answered_by_keyboard_before_the_import_and_kept()
    {
        await using var server = await StudioServer.StartAsync(Now, "--Studio:Demo=false");
        await using var context = await chromium.OpenAsync(server.Address);
        var page = await context.NewPageAsync();
        var shop = await page.SetUpShopAsync(server, "Tea & Thyme");
        await GiveAsync(page, shop, File(server, "one.csv", "2026-06-01"));
        await Assertions.Expect(page.GetByText("“Awaiting pickup” is an order state that is not known: 2 rows")).ToBeVisibleAsync();
        var awaiting = page.GetByRole(AriaRole.Radiogroup, new() { Name = "What does “Awaiting pickup” mean?" });
        Assert.Empty(await page.FindingsInBothThemesAsync("order states"));

        await page.GetByText("is an order state").First.EvaluateAsync("text => { text.tabIndex = -1; text.focus(); }");
        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(awaiting.GetByRole(AriaRole.Radio, new() { Name = "Paid", Exact = true })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(awaiting.GetByRole(AriaRole.Radio, new() { Name = "Paid", Exact = true })).ToHaveAttributeAsync("aria-checked", "true");
        await Assertions.Expect(awaiting.GetByRole(AriaRole.Radio, new() { Name = "Paid", Exact = true })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        var lost = page.GetByRole(AriaRole.Radiogroup, new() { Name = "What does “Lost” mean?" });
        await page.Keyboard.PressAsync("ArrowRight");
        await page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(lost.GetByRole(AriaRole.Radio, new() { Name = "Cancelled" })).ToHaveAttributeAsync("aria-checked", "true");
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Import ") }).ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("are in your data", new() { Timeout = 60_000 });

        await page.GotoAsync("/culture?language=zh-CN&to=/");
        await GiveAsync(page, shop, File(server, "two.csv", "2026-06-02"));
        await Assertions.Expect(page.GetByText("订单状态“Lost”无法识别：1 行")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Radio, new() { Name = "已取消" }).Nth(1)).ToHaveAttributeAsync("aria-checked", "true");
        await Assertions.Expect(page.GetByRole(AriaRole.Radio, new() { Name = "已付款" }).First).ToHaveAttributeAsync("aria-checked", "true");
    }

    private static async Task GiveAsync(IPage page, string shop, string file)
    {
        await page.OpenAsync($"/w/{shop}/data/import");
        await page.Locator("input[type=file]").SetInputFilesAsync(file);
        await page.ArriveAsync(Visit.ImportedFile);
        await page.ReadyAsync();
    }

    private static string File(StudioServer server, string name, string day)
    {
        var path = Path.Combine(server.DataFolder, name);
        System.IO.File.WriteAllText(path, $"order_id,user_id,timestamp,order_state,item_id,price,quantity\n{name}1,ann,{day},Awaiting pickup,tea,5,1\n{name}2,bob,{day},Awaiting pickup,tea,5,1\n{name}3,cyd,{day},Lost,cup,7,1\n");
        return path;
    }
}
