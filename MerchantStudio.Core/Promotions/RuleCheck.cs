using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Promotions;

/// <summary>What stands in the way of a rule, all of it at once, so that each field can say its own.</summary>
public static class RuleCheck
{
    internal const long LargestAmount = 1_000_000_000_000;
    private const int MostSegments = 20;

    /// <param name="today">The day in the store's zone.</param>
    public static ImmutableArray<Problem> Check(RuleDraft draft, DateOnly today)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var problems = ImmutableArray.CreateBuilder<Problem>();
        if (string.IsNullOrWhiteSpace(draft.Name) || draft.Name.Trim().Length > 80) problems.Add(new RuleNameMissing());
        if (ConditionCheck.Shape(draft.Condition) is { } fault) problems.Add(fault);
        OfferCheck.Add(draft.Offer, problems);
        if (draft is { StartsOn: { } first, EndsOn: { } last } && last < first) problems.Add(new RuleDatesReversed());
        if (draft.EndsOn < today) problems.Add(new RuleAlreadyOver(draft.EndsOn.Value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
        var usesFit = draft.UsesPerCustomer is >= 1 and <= 1000 && (draft.TotalUses is null || draft.TotalUses >= draft.UsesPerCustomer);
        if (!usesFit) problems.Add(new RuleUsesUnfit());
        if (draft.BudgetMinor is { } budget)
        {
            if (budget is <= 0 or > LargestAmount) problems.Add(new RuleBudgetUnfit());
            else if (draft.Offer.MostPerUseMinor is not { } most) problems.Add(new RuleBudgetNeedsCap());
            else if (usesFit && most > 0 && budget / most < draft.UsesPerCustomer) problems.Add(new RuleBudgetUnfit());
        }

        if (draft.DayUses < 1 || !IsBudget(draft.DayBudgetMinor, draft)) problems.Add(new RuleDayUnfit());
        if (!IsBudget(draft.CustomerBudgetMinor, draft)) problems.Add(new RuleCustomerBudgetUnfit());
        var segments = draft.SegmentLimits;
        if (segments.Length > MostSegments || segments.DistinctBy(limit => limit.Segment).Count() < segments.Length
            || segments.Any(limit => limit is { Uses: null, BudgetMinor: null } || limit.Uses < 1 || !IsBudget(limit.BudgetMinor, draft) || ConditionCheck.Shape(new InSegment([limit.Segment])) is not null))
            problems.Add(new RuleSegmentsUnfit(MostSegments));
        if (draft.CodePrefix.Length > 8 || !draft.CodePrefix.All(letter => char.IsAsciiLetterUpper(letter) || char.IsAsciiDigit(letter))) problems.Add(new RulePrefixUnfit());
        if (draft.Priority is < 0 or > 1000) problems.Add(new RulePriorityUnfit());
        if (draft.ExclusiveGroup?.Trim().Length > 40) problems.Add(new RuleGroupUnfit());
        if (draft.MarginFloorBasisPoints is <= 0 or >= 10_000) problems.Add(new RuleMarginUnfit());
        return problems.ToImmutable();
    }

    /// <summary>One that does not cover a single use would only refuse.</summary>
    private static bool IsBudget(long? budget, RuleDraft draft) => budget is not { } minor || (minor is > 0 and <= LargestAmount && !(draft.Offer.MostPerUseMinor > minor));
}
