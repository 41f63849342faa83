using System.Collections.Immutable;

namespace MerchantStudio.Core.Promotions.Replay;

/// <summary>A rule's limits, held against its uses in the order of time, as the ledger holds them against real ones: a use that does not fit is refused, a smaller one later may still fit.</summary>
internal sealed record ReplayLimits(int UsesPerCustomer, long? TotalUses, long? BudgetMinor)
{
    public static ReplayLimits Of(RuleDraft draft) => new(draft.UsesPerCustomer, draft.TotalUses, draft.BudgetMinor);

    /// <summary>Which cases the limits let through. A past order is a whole use; a basket takes of budget and uses what it is expected to, and of its shopper's uses nothing.</summary>
    /// <param name="cases">By time.</param>
    /// <param name="response">The share of baskets that come back.</param>
    public LimitedUses Apply(IReadOnlyList<ReplayCase> cases, double response)
    {
        var uses = new Dictionary<int, int>();
        var used = ImmutableArray.CreateBuilder<bool>(cases.Count);
        var (byCustomer, byUses, byBudget) = (0L, 0L, 0L);
        var (count, spent) = (0.0, 0.0);
        long? runOut = null;
        foreach (var one in cases)
        {
            var own = uses.GetValueOrDefault(one.Shopper) >= UsesPerCustomer;
            var total = count + 1 > TotalUses;
            var budget = spent + one.CostMinor > BudgetMinor;
            used.Add(!own && !total && !budget);
            if (one.IsOrder && !own && (total || budget)) runOut ??= one.At;
            if (used[^1])
            {
                var weight = one.IsOrder ? 1 : response;
                count += weight;
                spent += weight * one.CostMinor;
                if (one.IsOrder) uses[one.Shopper] = uses.GetValueOrDefault(one.Shopper) + 1;
            }
            else if (one.IsOrder)
            {
                if (own) byCustomer++;
                else if (total) byUses++;
                else byBudget++;
            }
        }

        return new LimitedUses(used.MoveToImmutable(), runOut, byCustomer, byUses, byBudget);
    }
}

/// <param name="Used">For each case whether it fits into the limits.</param>
/// <param name="RunOutAt">When the first past order was refused because budget or uses were gone; microseconds.</param>
/// <param name="ByCustomer">Past orders refused because their shopper had used up her own.</param>
internal sealed record LimitedUses(ImmutableArray<bool> Used, long? RunOutAt, long ByCustomer, long ByUses, long ByBudget);
