using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Promotions;

/// <summary>Between the stored rule and the draft that is edited.</summary>
internal static class RuleMapping
{
    public static Outcome<RuleDraft> ToDraft(CouponRule rule, TimeZoneInfo zone)
    {
        if (!ConditionJson.Read(rule.ConditionJson).TryGet(out var condition, out var problem)) return problem;
        return new RuleDraft(rule.Name, condition, new Offer(rule.OfferKind, rule.PercentBasisPoints, rule.AmountMinor, rule.CapMinor, rule.MinimumSpendMinor),
            Day(rule.StartsAt, zone), Day(rule.EndsAt, zone), rule.UsesPerCustomer, rule.TotalUses, rule.BudgetMinor, rule.CodePrefix);
    }

    public static void Apply(RuleDraft draft, CouponRule rule, TimeZoneInfo zone)
    {
        rule.Name = draft.Name.Trim();
        rule.ConditionJson = ConditionJson.Write(draft.Condition);
        rule.OfferKind = draft.Offer.Kind;
        rule.PercentBasisPoints = draft.Offer.Kind == OfferKind.Percent ? draft.Offer.PercentBasisPoints : null;
        rule.AmountMinor = draft.Offer.Kind == OfferKind.Fixed ? draft.Offer.AmountMinor : null;
        rule.CapMinor = draft.Offer.Kind == OfferKind.Fixed ? null : draft.Offer.CapMinor;
        rule.MinimumSpendMinor = draft.Offer.MinimumSpendMinor;
        rule.StartsAt = draft.StartsOn is { } first ? At(first.ToDateTime(TimeOnly.MinValue), zone) : null;
        rule.EndsAt = draft.EndsOn is { } last ? At(last.ToDateTime(new TimeOnly(23, 59, 59)), zone) : null;
        rule.UsesPerCustomer = draft.UsesPerCustomer;
        rule.TotalUses = draft.TotalUses;
        rule.BudgetMinor = draft.BudgetMinor;
        rule.CodePrefix = draft.CodePrefix;
    }

    private static DateOnly? Day(DateTimeOffset? at, TimeZoneInfo zone) => at is { } moment ? DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(moment, zone).DateTime) : null;

    // Clocks that jump over midnight begin the day a little later.
    private static DateTimeOffset At(DateTime local, TimeZoneInfo zone)
    {
        while (zone.IsInvalidTime(local)) local = local.AddMinutes(15);
        return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
    }
}
