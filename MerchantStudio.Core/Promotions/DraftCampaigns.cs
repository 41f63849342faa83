using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Shop;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Promotions;

/// <summary>Campaigns that are not launched yet, by the rules that are their offers: such a rule goes live with its campaign, which gives the codes to those whom it does not hold back.</summary>
internal static class DraftCampaigns
{
    /// <returns>The oldest campaign of each rule.</returns>
    public static async Task<Dictionary<Guid, OfferOf>> ByRuleAsync(StudioDb database, WorkspaceId workspace, CancellationToken cancellationToken)
    {
        var drafts = await database.Campaigns.AsNoTracking().Where(campaign => campaign.WorkspaceId == workspace && campaign.State == CampaignState.Draft).OrderBy(campaign => campaign.CreatedAt).ToListAsync(cancellationToken).ConfigureAwait(false);
        var campaigns = new Dictionary<Guid, OfferOf>();
        foreach (var campaign in drafts)
        {
            foreach (var rule in campaign.Variants.Select(variant => variant.RuleId).Append(campaign.RuleId).OfType<Guid>()) campaigns.TryAdd(rule, new OfferOf(campaign.Id, campaign.Name));
        }

        return campaigns;
    }
}
