using System.Globalization;
using AngleSharp.Dom;
using MerchantStudio.Components.Pages.Promotions;
using MerchantStudio.Components.Shell;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Insights.Figures;
using MerchantStudio.Core.Promotions.Personal;
using MerchantStudio.Core.Promotions.Personal.Tries;
using MerchantStudio.Core.Shop;
using MerchantStudio.Tests.Kit;
using Microsoft.AspNetCore.Components;
using Xunit;

namespace MerchantStudio.Tests.Pages.Promotions;

public sealed class TriesPanelTests
{
    private static readonly DateTimeOffset Day = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("en", "Save")]
    [InlineData("zh-CN", "保存")]
    public async Task There_is_nothing_to_save_in_another_language_until_something_is_changed(string culture, string save)
    {
        CultureInfo.CurrentUICulture = CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
        using var host = ComponentHost.Create();
        var page = await host.RenderAsync(Panel(new OfferLearningDraft(true, 1_000, 5_000, "tried")));
        Assert.Equal("true", Button(page, save).GetAttribute("aria-disabled"));
        page = await host.RaiseAsync("onchange", page.QuerySelectorAll("input[type=checkbox]").Length, new ChangeEventArgs { Value = "12" });
        Assert.Null(Button(page, save).GetAttribute("aria-disabled"));
    }

    private static IElement Button(IElement page, string text) => page.QuerySelectorAll("button").Single(button => button.TextContent.Trim() == text);

    private static RenderFragment Panel(OfferLearningDraft draft) => builder =>
    {
        var shop = new Workspace { Id = new WorkspaceId("tea"), Name = "Tea", Currency = "EUR", TimeZone = "UTC", CreatedAt = Day };
        var view = new ShopView(shop, new WorkspaceScope(shop.Id, Actor.CommandLine), TimeZoneInfo.Utc, new ShopPeriod(PeriodChoice.Default, null, null), Day);
        var plan = new PersonalOfferPlan([], [new PersonalStep(500, 0, 0, 0)], 0, 0, new MerchantStudio.Core.Learning.Evaluation.Interval(0, 0), 0, 0, 0, 0, [], default, 0.4, default, default, Day);
        builder.OpenComponent<CascadingValue<ShopView>>(0);
        builder.AddComponentParameter(1, nameof(CascadingValue<ShopView>.Value), view);
        builder.AddComponentParameter(2, nameof(CascadingValue<ShopView>.ChildContent), (RenderFragment)(inner =>
        {
            inner.OpenComponent<TriesPanel>(0);
            inner.AddComponentParameter(1, nameof(TriesPanel.Learning), new OfferLearningView(draft, 0, 0, null, null, "Olga", Day));
            inner.AddComponentParameter(2, nameof(TriesPanel.Plan), plan);
            inner.AddComponentParameter(3, nameof(TriesPanel.MayChange), true);
            inner.CloseComponent();
        }));
        builder.CloseComponent();
    };
}
