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
        if (!OfferJson.Read(rule.OfferJson).TryGet(out var offer, out problem)) return problem;
        if (!RuleTerms.ReadLimits(rule.SegmentLimitsJson).TryGet(out var limits, out problem)) return problem;
        return new RuleDraft(rule.Name, condition, offer, Day(rule.StartsAt, zone), Day(rule.EndsAt, zone), rule.UsesPerCustomer, rule.TotalUses, rule.BudgetMinor, rule.CodePrefix)
        {
            Priority = rule.Priority,
            ExclusiveGroup = rule.ExclusiveGroup,
            CombinesWith = (OfferClasses)rule.CombinesWith & OfferClasses.All,
            MarginFloorBasisPoints = rule.MarginFloorBasisPoints,
            Method = rule.Method,
            DayUses = rule.DayUses,
            DayBudgetMinor = rule.DayBudgetMinor,
            CustomerBudgetMinor = rule.CustomerBudgetMinor,
            SegmentLimits = limits,
        };
    }

    public static void Apply(RuleDraft draft, CouponRule rule, TimeZoneInfo zone)
    {
        rule.Name = draft.Name.Trim();
        rule.ConditionJson = ConditionJson.Write(draft.Condition);
        rule.OfferJson = OfferJson.Write(draft.Offer);
        rule.Priority = draft.Priority;
        rule.ExclusiveGroup = string.IsNullOrWhiteSpace(draft.ExclusiveGroup) ? null : draft.ExclusiveGroup.Trim();
        rule.CombinesWith = (int)draft.CombinesWith;
        rule.MarginFloorBasisPoints = draft.MarginFloorBasisPoints;
        rule.StartsAt = draft.StartsOn is { } first ? At(first.ToDateTime(TimeOnly.MinValue), zone) : null;
        rule.EndsAt = draft.EndsOn is { } last ? End(last, zone) : null;
        rule.UsesPerCustomer = draft.UsesPerCustomer;
        rule.TotalUses = draft.TotalUses;
        rule.BudgetMinor = draft.BudgetMinor;
        rule.Method = draft.Method;
        rule.DayUses = draft.DayUses;
        rule.DayBudgetMinor = draft.DayBudgetMinor;
        rule.CustomerBudgetMinor = draft.CustomerBudgetMinor;
        rule.SegmentLimitsJson = RuleTerms.WriteLimits(draft.SegmentLimits);
        rule.CodePrefix = draft.CodePrefix;
    }

    private static DateOnly? Day(DateTimeOffset? at, TimeZoneInfo zone) => at is { } moment ? DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(moment, zone).DateTime) : null;

    // The last second before the next day begins: where 23:59:59 comes twice the later one is meant, where it never comes the day ends with the jump.
    private static DateTimeOffset End(DateOnly day, TimeZoneInfo zone) => At(day.AddDays(1).ToDateTime(TimeOnly.MinValue), zone).AddSeconds(-1);

    // Clocks that jump over midnight begin the day a little later.
    private static DateTimeOffset At(DateTime local, TimeZoneInfo zone)
    {
        while (zone.IsInvalidTime(local)) local = local.AddMinutes(15);
        // A midnight that comes twice begins the day the first time.
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }
}
