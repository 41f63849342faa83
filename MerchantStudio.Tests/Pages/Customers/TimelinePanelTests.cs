using AngleSharp.Dom;
using MerchantStudio.Components.Pages.Customers;
using MerchantStudio.Components.Shell;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Insights.Customers;
using MerchantStudio.Core.Insights.Figures;
using MerchantStudio.Core.Shop;
using MerchantStudio.Tests.Kit;
using Microsoft.AspNetCore.Components;
using Xunit;

namespace MerchantStudio.Tests.Pages.Customers;

public sealed class TimelinePanelTests
{
    private static readonly DateTimeOffset Day = new(2026, 3, 20, 9, 0, 0, TimeSpan.Zero);

    private static readonly TimelineEntry Order = new(TimelineKind.Order, Day, 2, 0, 59.80m, "L7", "Tea pot");
    private static readonly TimelineEntry Visit = new(TimelineKind.Visit, Day.AddDays(-1), 1, 0.2, null, null, "tablet");
    private static readonly TimelineEntry Review = new(TimelineKind.Review, Day.AddDays(-40), 1, 0, null, "Tea pot", null, new TimelineReview("<b>leaks</b>", 2, "negative", -0.8, null));

    [Fact]
    public async Task It_tells_what_happened_newest_first_in_words()
    {
        var page = await RenderAsync([Order, Visit, Review], null);
        Assert.Equal("3 events since February 2026", page.QuerySelector("h2")!.TextContent.Trim());
        Assert.Equal(["March 2026", "February 2026"], page.QuerySelectorAll("h3").Select(month => month.TextContent));
        Assert.Contains("Ordered 2 items, €59.80", Squeezed(page), StringComparison.Ordinal);
        Assert.Contains("Order L7 · Tea pot", Squeezed(page), StringComparison.Ordinal);
        Assert.Contains("Looked at 1 page, less than a minute", Squeezed(page), StringComparison.Ordinal);
        Assert.Contains("Tablet", Squeezed(page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_kind_of_events_stands_alone_and_what_the_customer_wrote_stays_text()
    {
        var page = await RenderAsync([Review], TimelineKind.Review);
        Assert.Single(page.QuerySelectorAll(".events > li"));
        Assert.Equal("<b>leaks</b>", page.QuerySelector("blockquote")!.TextContent.Trim());
        Assert.Null(page.QuerySelector("blockquote b"));
        Assert.Equal(["All", "Orders", "Visits", "Reviews"], page.QuerySelectorAll("[role=radio]").Select(choice => choice.TextContent));
    }

    [Fact]
    public async Task Earlier_events_are_shown_on_request()
    {
        using var host = ComponentHost.Create();
        var page = await host.RenderAsync(Panel([.. Enumerable.Range(0, 50).Select(day => Visit with { At = Day.AddDays(-day) })], null));
        Assert.Equal(40, page.QuerySelectorAll(".events > li").Length);
        page = await host.ClickAsync(page.QuerySelectorAll("button").Length - 1);
        Assert.Equal(50, page.QuerySelectorAll(".events > li").Length);
    }

    private static async Task<IElement> RenderAsync(TimelineEntry[] entries, TimelineKind? chosen)
    {
        using var host = ComponentHost.Create();
        return await host.RenderAsync(Panel(entries, chosen));
    }

    private static RenderFragment Panel(TimelineEntry[] entries, TimelineKind? chosen) => builder =>
    {
        var shop = new Workspace { Id = new WorkspaceId("tea"), Name = "Tea", Currency = "EUR", TimeZone = "UTC", CreatedAt = Day };
        var view = new ShopView(shop, new WorkspaceScope(shop.Id, Actor.CommandLine), TimeZoneInfo.Utc, new ShopPeriod(PeriodChoice.Default, null, null), Day);
        builder.OpenComponent<CascadingValue<ShopView>>(0);
        builder.AddComponentParameter(1, nameof(CascadingValue<ShopView>.Value), view);
        builder.AddComponentParameter(2, nameof(CascadingValue<ShopView>.ChildContent), (RenderFragment)(inner =>
        {
            inner.OpenComponent<TimelinePanel>(0);
            inner.AddComponentParameter(1, nameof(TimelinePanel.Entries), System.Collections.Immutable.ImmutableArray.Create(entries));
            inner.AddComponentParameter(2, nameof(TimelinePanel.Held), System.Collections.Immutable.ImmutableArray.Create(TimelineKind.Order, TimelineKind.Visit, TimelineKind.Review));
            inner.AddComponentParameter(3, nameof(TimelinePanel.Chosen), chosen);
            inner.CloseComponent();
        }));
        builder.CloseComponent();
    };

    private static string Squeezed(IElement page) => string.Join(' ', page.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
