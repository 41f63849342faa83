using System.Collections.Immutable;
using MerchantStudio.Components.Kit;
using MerchantStudio.Components.Shell;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Planning;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Promotions;

namespace MerchantStudio.Components.Pages.Campaigns;

/// <summary>A rule or a campaign with its days in the store's zone.</summary>
/// <param name="Last">Null for no end.</param>
/// <param name="State">Key of the text that says where it stands.</param>
/// <param name="With">Names of those that run on some of its days, besides its own offer.</param>
/// <param name="RuleId">The offer of a campaign.</param>
public sealed record CalendarEntry(Guid Id, string Name, bool IsCampaign, string Path, string State, DateOnly First, DateOnly? Last, ImmutableArray<string> With, Guid? RuleId = null)
{
    public bool Meets(DateOnly first, DateOnly last) => First <= last && !(Last < first);
}

/// <summary>What runs when, and what runs at the same time.</summary>
public sealed class CalendarViewModel(CouponRules rules, CampaignPlans plans)
{
    private ImmutableArray<CalendarEntry> _all = [];

    public PageState State { get; private set; } = PageState.Loading;
    public Problem? Problem { get; private set; }

    public async Task ShowAsync(WorkspaceScope scope, ShopView shop, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(shop);
        if (!(await rules.ListAsync(scope, cancellationToken)).TryGet(out var known, out var problem) || !(await plans.ListAsync(scope, cancellationToken)).TryGet(out var campaigns, out problem))
        {
            (State, Problem) = (PageState.Problem, problem);
            return;
        }

        var found = known.Where(rule => rule.ActivatedAt is not null && rule.Draft is not null).Select(rule =>
                new CalendarEntry(rule.Id, rule.Name, false, $"rules/{rule.Id:D}", "Promotions.state-" + rule.State, rule.Draft!.StartsOn ?? Day(rule.ActivatedAt!.Value), Ended(rule.Draft.EndsOn, rule.State == CouponRuleState.Ended ? rule.ChangedAt : null), []))
            .Concat(campaigns.Where(campaign => campaign is { Draft: not null } && (campaign.StartedAt is not null || campaign.Draft.Timing.StartsOn is not null)).Select(Of)).ToList();
        _all = Meeting(found);
        State = PageState.Ready;

        DateOnly Day(DateTimeOffset at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, shop.Zone).DateTime);

        DateOnly? Ended(DateOnly? planned, DateTimeOffset? ended) => ended is { } at && !(planned < Day(at)) ? Day(at) : planned;

        CalendarEntry Of(CampaignView campaign)
        {
            var timing = campaign.Draft!.Timing;
            var first = timing.StartsOn ?? Day(campaign.StartedAt!.Value);

            // One that sends once is looked at until its last order counts.
            var last = timing.Rhythm == CampaignRhythm.Once ? first.AddDays(campaign.Draft.GoalDays - 1) : timing.EndsOn;
            return new CalendarEntry(campaign.Id, campaign.Name, true, $"promotions/campaigns/{campaign.Id:D}", "Campaigns.state-" + campaign.State, first, Ended(last, campaign.EndedAt), [], campaign.Draft.RuleId);
        }
    }

    /// <summary>Each with those that run on some of its days. A rule that bears its campaign's name and runs on no other days is that campaign.</summary>
    internal static ImmutableArray<CalendarEntry> Meeting(IReadOnlyList<CalendarEntry> found)
    {
        var shown = found.Where(rule => rule.IsCampaign || !found.Any(campaign => campaign.RuleId == rule.Id && campaign.Name == rule.Name && campaign.First <= rule.First && (campaign.Last is not { } last || rule.Last <= last))).ToList();
        return [.. shown.Select(one => one with { With = With(one) })];

        ImmutableArray<string> With(CalendarEntry one)
        {
            var met = shown.Where(other => other.Id != one.Id && other.Id != one.RuleId && other.RuleId != one.Id && other.Meets(one.First, one.Last ?? DateOnly.MaxValue)).ToList();

            // A campaign speaks for its offer as well.
            return [.. met.Where(other => !met.Any(campaign => campaign.RuleId == other.Id)).Select(other => other.Name).Distinct()];
        }
    }

    /// <summary>Those that run within some days, the earliest first.</summary>
    public ImmutableArray<CalendarEntry> Within(DateOnly first, DateOnly last) => [.. _all.Where(entry => entry.Meets(first, last)).OrderBy(entry => entry.First).ThenBy(entry => entry.Name, StringComparer.CurrentCulture)];
}
