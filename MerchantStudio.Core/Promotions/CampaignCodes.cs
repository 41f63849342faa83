using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Shop;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace MerchantStudio.Core.Promotions;

/// <summary>Gives shoppers their codes of a campaign in a transaction of the caller's.</summary>
public sealed class CampaignCodes
{
    private readonly WorkspaceId _workspace;
    private readonly Guid _campaign;
    private readonly Guid _rule;
    private readonly long? _most;
    private readonly TimeProvider _time;

    /// <param name="most">Codes that the rule's limits allow for; null for any number.</param>
    internal CampaignCodes(WorkspaceId workspace, Guid campaignId, Guid ruleId, long? most, TimeProvider time) => (_workspace, _campaign, _rule, _most, _time) = (workspace, campaignId, ruleId, most, time);

    /// <summary>A code for each of these, once: who has one keeps it. Where the limits allow for no more, or the rule is gone, the rest get none.</summary>
    /// <param name="shoppers">Different people, as many as one statement can name.</param>
    /// <returns>Codes by shopper.</returns>
    public async Task<Dictionary<string, string>> GiveAsync(StudioDb database, IReadOnlyCollection<string> shoppers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(shoppers);
        // On PostgreSQL another giver of the campaign waits here; SQLite has one writer anyway.
        if (database.Database.IsNpgsql()) await database.Database.ExecuteSqlAsync($"""SELECT 1 FROM "CouponRules" WHERE "Id" = {_rule} FOR UPDATE""", cancellationToken).ConfigureAwait(false);
        var own = database.CouponCodes.Where(code => code.CampaignId == _campaign && code.ShopperId != null && shoppers.Contains(code.ShopperId));
        var known = (await own.Select(code => code.ShopperId!).ToListAsync(cancellationToken).ConfigureAwait(false)).ToHashSet(StringComparer.Ordinal);
        var open = shoppers.Where(shopper => !known.Contains(shopper)).ToList();
        if (open.Count > 0 && _most is { } limit)
        {
            var all = await database.CouponCodes.CountAsync(code => code.RuleId == _rule && code.ShopperId != null, cancellationToken).ConfigureAwait(false);
            open = [.. open.Take((int)Math.Clamp(limit - all, 0, open.Count))];
        }

        if (open.Count > 0 && await database.CouponRules.AsNoTracking().SingleOrDefaultAsync(row => row.WorkspaceId == _workspace && row.Id == _rule, cancellationToken).ConfigureAwait(false) is { } rule)
        {
            var insert = await CodeInsert.PrepareAsync(database.Model, database.Database.CurrentTransaction!.GetDbTransaction(), rule, _time.GetUtcNow(), cancellationToken, campaign: _campaign).ConfigureAwait(false);
            await using var _ = insert.ConfigureAwait(false);
            await insert.AddNewAsync(rule.CodePrefix, open, cancellationToken).ConfigureAwait(false);
        }

        return await own.ToDictionaryAsync(code => code.ShopperId!, code => code.Code, StringComparer.Ordinal, cancellationToken).ConfigureAwait(false);
    }
}
