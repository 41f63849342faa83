using MerchantStudio.Core.AppState;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Campaigns.Running;

/// <summary>The frozen audience as rows.</summary>
internal static class CampaignMembers
{
    private const int Chunk = 5_000;

    /// <summary>Adds those who are not in it yet; for a transaction of the caller's.</summary>
    /// <returns>How many were new.</returns>
    public static async Task<int> AddAsync(StudioDb db, Campaign campaign, IReadOnlyCollection<string> shoppers, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var added = 0;
        db.ChangeTracker.AutoDetectChangesEnabled = false;
        foreach (var chunk in shoppers.Distinct(StringComparer.Ordinal).Chunk(Chunk))
        {
            var known = (await Of(db, campaign).Where(member => chunk.Contains(member.ShopperId)).Select(member => member.ShopperId).ToListAsync(cancellationToken).ConfigureAwait(false)).ToHashSet(StringComparer.Ordinal);
            foreach (var shopper in chunk.Where(shopper => !known.Contains(shopper)))
            {
                db.CampaignMembers.Add(new CampaignMember { WorkspaceId = campaign.WorkspaceId, CampaignId = campaign.Id, ShopperId = shopper, AddedAt = now });
                added++;
            }

            await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
            db.ChangeTracker.Clear();
        }

        db.ChangeTracker.AutoDetectChangesEnabled = true;
        return added;
    }

    public static IQueryable<CampaignMember> Of(StudioDb db, Campaign campaign) => db.CampaignMembers.Where(member => member.WorkspaceId == campaign.WorkspaceId && member.CampaignId == campaign.Id);
}
