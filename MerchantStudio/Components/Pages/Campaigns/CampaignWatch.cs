using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Planning;
using MerchantStudio.Core.Campaigns.Running;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Components.Pages.Campaigns;

/// <summary>Looks at a campaign again and again while it runs, for a page that is open on it.</summary>
public sealed class CampaignWatch(CampaignPlans plans, CampaignResults results, TimeProvider clock)
{
    /// <summary>Between two looks.</summary>
    internal TimeSpan Pace { get; init; } = TimeSpan.FromSeconds(5);

    public static bool IsWorthWhile(CampaignView campaign)
    {
        ArgumentNullException.ThrowIfNull(campaign);
        return campaign.State is CampaignState.Scheduled or CampaignState.Running;
    }

    /// <summary>Until the campaign does not run any more, or the page is left.</summary>
    /// <param name="scope">Read anew for each look: a right that was taken away ends it.</param>
    /// <param name="shown">What the page shows already.</param>
    /// <param name="changed">Told only when something is not as it was.</param>
    public async Task FollowAsync(Func<Task<Outcome<WorkspaceScope>>> scope, CampaignView campaign, CampaignResult? shown, Func<CampaignView, CampaignResult, Task> changed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(campaign);
        ArgumentNullException.ThrowIfNull(changed);
        while (IsWorthWhile(campaign))
        {
            await Task.Delay(Pace, clock, cancellationToken);
            if (!(await scope()).TryGet(out var allowed, out _)) return;
            if (!(await plans.FindAsync(allowed, campaign.Id, cancellationToken)).TryGet(out var now, out _) || !(await results.ReadAsync(allowed, campaign.Id, cancellationToken)).TryGet(out var result, out _)) return;
            if (now.Revision != campaign.Revision || shown is null || !shown.IsSame(result)) await changed(now, result);
            (campaign, shown) = (now, result);
        }
    }
}
