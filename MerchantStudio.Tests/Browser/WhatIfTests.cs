using Microsoft.Playwright;
using Xunit;

namespace MerchantStudio.Tests.Browser;

/// <summary>The sliders on a customer's page: what her chance would be if something were otherwise.</summary>
[Collection(BrowserTests.Name)]
public sealed class WhatIfTests(Chromium chromium, DemoStudio demo)
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
}
