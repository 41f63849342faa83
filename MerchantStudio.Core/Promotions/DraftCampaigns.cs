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
        var drafts = await database.Campaigns.Where(campaign => campaign.WorkspaceId == workspace && campaign.State == CampaignState.Draft).OrderBy(campaign => campaign.CreatedAt)
            .Select(campaign => new { campaign.Id, campaign.Name, campaign.RuleId, Others = campaign.Variants.Select(variant => variant.RuleId).ToList() }).ToListAsync(cancellationToken).ConfigureAwait(false);
        var campaigns = new Dictionary<Guid, OfferOf>();
        foreach (var draft in drafts)
        {
            foreach (var rule in draft.Others.Append(draft.RuleId).OfType<Guid>()) campaigns.TryAdd(rule, new OfferOf(draft.Id, draft.Name));
        }

        return campaigns;
    }
}
