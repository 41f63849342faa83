using MerchantStudio.Components.Pages.Campaigns;
using Xunit;

namespace MerchantStudio.Tests.Campaigns;

/// <summary>What the calendar shows of rules and campaigns that belong together.</summary>
public sealed class CalendarViewModelTests
{
    private static readonly DateOnly First = new(2026, 11, 1);
    private static readonly CalendarEntry Rule = new(Guid.NewGuid(), "Win back", false, "rules/1", "live", First, First.AddDays(9), []);
    private static readonly CalendarEntry Campaign = new(Guid.NewGuid(), "Win back", true, "campaigns/1", "running", First, First.AddDays(9), [], Rule.Id);
    private static readonly CalendarEntry Other = new(Guid.NewGuid(), "Spring", false, "rules/2", "live", First.AddDays(5), null, []);

    [Fact]
    public void A_campaigns_own_rule_is_shown_with_it_and_named_once()
    {
        var shown = CalendarViewModel.Meeting([Rule, Campaign, Other]);
        Assert.Equal([Campaign.Id, Other.Id], shown.Select(entry => entry.Id));
        Assert.Equal(["Win back"], shown[1].With);
        Assert.Equal(["Spring"], shown[0].With);
    }

    [Fact]
    public void A_rule_that_runs_on_or_has_a_name_of_its_own_is_shown_too()
    {
        var longer = CalendarViewModel.Meeting([Rule with { Last = null }, Campaign, Other]);
        Assert.Equal(3, longer.Length);
        Assert.Empty(longer[1].With.Where(name => name == "Win back"));
        Assert.Equal(["Win back"], longer[2].With);
        var named = CalendarViewModel.Meeting([Rule with { Name = "Ten off" }, Campaign, Other]);
        Assert.Equal(3, named.Length);
        Assert.Equal(["Win back"], named[2].With);
    }
}
