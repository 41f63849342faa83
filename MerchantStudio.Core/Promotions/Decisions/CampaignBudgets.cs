using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Promotions.Redemptions;
using MerchantStudio.Core.Shop;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Promotions.Decisions;

/// <summary>The budgets that campaigns keep beside the limits of their rules.</summary>
/// <param name="Limits">Of each campaign that has one, also of those that ended: their codes go on working.</param>
/// <param name="Carriers">The running campaign that a rule is redeemed under where it needs no code, by rule.</param>
internal sealed record CampaignBudgets(ImmutableDictionary<Guid, CounterLimit> Limits, ImmutableDictionary<Guid, Guid> Carriers)
{
    /// <param name="campaign">That gave the code; null for an offer without one, and for a code that no campaign gave.</param>
    public CounterLimit? Of(CouponRule rule, Guid? campaign) => (campaign ?? CarrierOf(rule)) is { } id ? Limits.GetValueOrDefault(id) : null;

    private Guid? CarrierOf(CouponRule rule) => rule.Method == RuleMethod.Automatic && Carriers.TryGetValue(rule.Id, out var campaign) ? campaign : null;

    public static CounterLimit LimitOf(Guid campaign, long? budgetMinor) => new(CounterScope.Campaign, campaign.ToString("D"), null, budgetMinor);

    /// <summary>The running campaigns that carry a rule, the one that it is redeemed under first.</summary>
    public static IQueryable<Campaign> Carrying(StudioDb database, WorkspaceId workspace, Guid rule) =>
        database.Campaigns.Where(row => row.WorkspaceId == workspace && row.State == CampaignState.Running && (row.RuleId == rule || row.Variants.Any(variant => variant.RuleId == rule))).OrderBy(row => row.CreatedAt);

    /// <summary>By one statement: it is read four times a second while a shop is asked for decisions.</summary>
    public static async Task<CampaignBudgets> ReadAsync(StudioDb database, WorkspaceId workspace, CancellationToken cancellationToken)
    {
        var rows = await Rows(database, workspace).ToListAsync(cancellationToken).ConfigureAwait(false);
        var limits = rows.Where(row => row.BudgetMinor is not null).ToImmutableDictionary(row => row.Campaign, row => LimitOf(row.Campaign, row.BudgetMinor));
        var carriers = ImmutableDictionary.CreateBuilder<Guid, Guid>();
        foreach (var row in rows.Where(row => row.Carries))
        {
            foreach (var rule in row.Others.Prepend(row.Rule).OfType<Guid>()) carriers.TryAdd(rule, row.Campaign);
        }

        return new CampaignBudgets(limits, carriers.ToImmutable());
    }

    /// <summary>Campaigns that have a budget or carry rules, in the order of <see cref="Carrying"/>; not as a whole, for their messages are long.</summary>
    internal static IQueryable<Row> Rows(StudioDb database, WorkspaceId workspace) =>
        database.Campaigns.Where(row => row.WorkspaceId == workspace && ((row.BudgetMinor != null && row.State != CampaignState.Draft) || row.State == CampaignState.Running)).OrderBy(row => row.CreatedAt)
            .Select(row => new Row(row.Id, row.BudgetMinor, row.State == CampaignState.Running, row.RuleId, row.Variants.Select(variant => variant.RuleId).ToList()));

    internal sealed record Row(Guid Campaign, long? BudgetMinor, bool Carries, Guid? Rule, List<Guid?> Others);
}
