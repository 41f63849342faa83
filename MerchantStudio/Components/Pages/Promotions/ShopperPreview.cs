using System.Collections.Immutable;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Promotions;
using MerchantStudio.Core.Shop;

namespace MerchantStudio.Components.Pages.Promotions;

/// <summary>What a rule means for one shopper, line by line, and what it takes off the open basket.</summary>
/// <param name="BasketMinor">Null without an open basket that has prices.</param>
/// <param name="DiscountMinor">Null without a basket, or where a shipment's cost is unknown.</param>
public sealed record ShopperPreview(ShopperFacts Facts, bool Fits, ImmutableArray<TracedLine> Lines, long? BasketMinor, long? DiscountMinor)
{
    public static ShopperPreview Of(RuleDraft draft, ConditionContext context, ShopperFacts facts, string currency)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(facts);
        var basket = facts.OpenCartValue is { } value ? Money.Of(value, currency).Minor : (long?)null;
        return new ShopperPreview(facts, ConditionTest.Compile(draft.Condition, context)(facts), ConditionTrace.Of(draft.Condition, context, facts), basket, basket is { } minor ? draft.Offer.DiscountOn(minor) : null);
    }
}
