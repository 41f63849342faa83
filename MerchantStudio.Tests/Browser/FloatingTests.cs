using Microsoft.Playwright;
using Xunit;

namespace MerchantStudio.Tests.Browser;

/// <summary>What floats is seen whole, and what is typed stays as it was typed.</summary>
[Collection(BrowserTests.Name)]
public sealed class FloatingTests(Chromium chromium)
{
    /// <summary>Whether somebody can click the element's corners: nothing cuts it off and nothing lies over it.</summary>
    private const string SeenWhole = """
        element => {
          const box = element.getBoundingClientRect();
          const seen = (x, y) => element.contains(document.elementFromPoint(x, y));
          return seen(box.left + 12, box.top + 3) && seen(box.right - 12, box.bottom - 3);
        }
        """;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1440)]
    [InlineData(390)]
    public async Task Menus_and_definitions_inside_a_table_are_not_cut_off(int width)
    {
        await using var server = await StudioServer.StartAsync(Now, "--Studio:Demo=false");
        await using var context = await chromium.OpenAsync(server.Address, width, 844);
        var page = await context.NewPageAsync();
        var shop = await page.SetUpShopAsync(server, "Floating");
        await page.OpenAsync($"/w/{shop}/settings/team");
        await page.GetByRole(AriaRole.Button, new() { Name = "More for Mei" }).ClickAsync();
        foreach (var name in (string[])["Make a link for a new password", "Remove from the team"])
        {
            Assert.True(await page.GetByRole(AriaRole.Menuitem, new() { Name = name }).EvaluateAsync<bool>(SeenWhole), $"“{name}” is cut off at {width}.");
        }

        await page.Keyboard.PressAsync("Escape");
        if (width < 900) return;
        await page.GetByRole(AriaRole.Button, new() { Name = "Columns" }).ClickAsync();
        Assert.True(await page.GetByRole(AriaRole.Menuitemcheckbox).Last.EvaluateAsync<bool>(SeenWhole), "The last column is cut off.");
    }

    [Fact]
    public async Task Letters_typed_fast_all_arrive()
    {
        await using var server = await StudioServer.StartAsync(Now, "--Studio:Demo=false");
        await using var context = await chromium.OpenAsync(server.Address);
        var page = await context.NewPageAsync();
        var shop = await page.SetUpShopAsync(server, "Typing");
        await page.OpenAsync($"/w/{shop}/settings/team");
        const string Text = "the quick brown fox jumps over the lazy dog";
        await page.Keyboard.PressAsync("Control+k");
        var palette = page.GetByRole(AriaRole.Combobox, new() { Name = "Find anything" });
        await palette.PressSequentiallyAsync(Text);
        await Assertions.Expect(page.Locator(".palette-empty")).ToContainTextAsync(Text);
        Assert.Equal(Text, await palette.InputValueAsync());
        await page.Keyboard.PressAsync("Escape");
        var filter = page.GetByRole(AriaRole.Searchbox, new() { Name = "Filter" });
        await filter.PressSequentiallyAsync(Text);
        await Assertions.Expect(page.Locator(".table-empty, .table-foot")).ToContainTextAsync(Text);
        Assert.Equal(Text, await filter.InputValueAsync());
    }
}
