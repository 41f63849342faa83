using System.Collections.Immutable;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Promotions;
using MerchantStudio.Core.Promotions.Pricing;

namespace MerchantStudio.Components.Pages.Promotions;

/// <summary>What a rule means for one shopper, line by line, and what it takes off the basket it was tried on.</summary>
/// <param name="Lines">Of the rule itself, with the basket where there is one.</param>
/// <param name="Decision">With the live rules that stand beside it; null without a basket that has prices.</param>
/// <param name="Own">What became of the rule itself.</param>
public sealed record ShopperPreview(ShopperFacts Facts, bool Fits, ImmutableArray<TracedLine> Lines, CartDecision? Decision, RuleDecision? Own)
{
    /// <param name="ruleId">Null for a rule that is not saved yet.</param>
    public static ShopperPreview Of(RuleDraft draft, Guid? ruleId, ConditionContext context, ShopperFacts facts, CartDecision? decision)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(facts);
        var own = decision?.Rules.First(rule => rule.RuleId == (ruleId ?? Guid.Empty));

        // Without a basket the lines about it are left open.
        return new ShopperPreview(facts, own is null ? ConditionTest.Compile(ConditionProjection.Of(draft.Condition), context)(facts) : own.Skipped != SkipReason.ConditionNotMet,
            own?.Lines ?? ConditionTrace.Of(draft.Condition, context, facts), decision, own);
    }
}
