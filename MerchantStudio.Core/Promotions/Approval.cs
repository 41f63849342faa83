namespace MerchantStudio.Core.Promotions;

/// <summary>Whether a rule is dear enough to need an Owner.</summary>
internal static class Approval
{
    /// <summary>What the rule costs when every code is used to its limit; null when nothing bounds one use.</summary>
    public static long? MostMinor(RuleDraft draft, long given)
    {
        if (draft.Offer.MostPerUseMinor is not { } most) return null;

        // Who was never seen before may use an automatic offer: only its own limits bound it.
        if (draft.Method == AppState.RuleMethod.Automatic) return draft.TotalUses is null ? draft.BudgetMinor : (long)Math.Min((decimal)draft.TotalUses.Value * most, draft.BudgetMinor ?? (decimal)long.MaxValue);
        var uses = Math.Min((decimal)given * draft.UsesPerCustomer, draft.TotalUses ?? decimal.MaxValue);
        return (long)Math.Min(uses * most, draft.BudgetMinor ?? (decimal)long.MaxValue);
    }

    /// <summary>By the budget if there is one, else by the bound; without either an Owner decides.</summary>
    /// <param name="campaignMinor">Budget of the campaign whose codes alone are given; null for none. It does not bound an offer that needs no code.</param>
    public static bool IsNeeded(RuleDraft draft, long given, long limitMinor, long? campaignMinor = null) =>
        (draft.Method == AppState.RuleMethod.Automatic || !(campaignMinor <= limitMinor)) && ((draft.BudgetMinor ?? MostMinor(draft, given)) is not { } cost || cost > limitMinor);
}
