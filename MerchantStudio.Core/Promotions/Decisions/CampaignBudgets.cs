using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Promotions.Redemptions;
using MerchantStudio.Core.Shop;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Promotions.Decisions;

/// <summary>The budgets that campaigns keep beside the limits of their rules.</summary>
/// <param name="Limits">Of each campaign that has one, also of those that ended: their codes go on working.</param>
/// <param name="Carriers">The campaign that an offer without a code is redeemed under, by rule.</param>
internal sealed record CampaignBudgets(ImmutableDictionary<Guid, CounterLimit> Limits, ImmutableDictionary<Guid, Guid> Carriers)
{
    /// <param name="campaign">That gave the code; null for an offer without one.</param>
    public CounterLimit? Of(Guid rule, Guid? campaign) => (campaign ?? CarrierOf(rule)) is { } id ? Limits.GetValueOrDefault(id) : null;

    private Guid? CarrierOf(Guid rule) => Carriers.TryGetValue(rule, out var campaign) ? campaign : null;

    public static CounterLimit LimitOf(Guid campaign, long? budgetMinor) => new(CounterScope.Campaign, campaign.ToString("D"), null, budgetMinor);

    /// <summary>The running campaigns that carry a rule, the one that it is redeemed under first.</summary>
    public static IQueryable<Campaign> Carrying(StudioDb database, WorkspaceId workspace, Guid rule) =>
        database.Campaigns.Where(row => row.WorkspaceId == workspace && row.State == CampaignState.Running && (row.RuleId == rule || row.Variants.Any(variant => variant.RuleId == rule))).OrderBy(row => row.CreatedAt);

    public static async Task<CampaignBudgets> ReadAsync(StudioDb database, WorkspaceId workspace, CancellationToken cancellationToken)
    {
        var rows = await database.Campaigns.Where(row => row.WorkspaceId == workspace && row.BudgetMinor != null && row.State != CampaignState.Draft).Select(row => new { row.Id, row.BudgetMinor }).ToListAsync(cancellationToken).ConfigureAwait(false);
        var limits = rows.ToImmutableDictionary(row => row.Id, row => LimitOf(row.Id, row.BudgetMinor));
        var automatic = await database.CouponRules.Where(rule => rule.WorkspaceId == workspace && rule.State == CouponRuleState.Live && rule.Method == RuleMethod.Automatic).Select(rule => rule.Id).ToListAsync(cancellationToken).ConfigureAwait(false);
        var carriers = ImmutableDictionary.CreateBuilder<Guid, Guid>();
        foreach (var rule in limits.IsEmpty ? [] : automatic)
        {
            if (await Carrying(database, workspace, rule).Select(row => (Guid?)row.Id).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false) is { } campaign) carriers[rule] = campaign;
        }

        return new CampaignBudgets(limits, carriers.ToImmutable());
    }
}
