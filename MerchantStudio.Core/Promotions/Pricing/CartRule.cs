using System.Collections.Immutable;
using MerchantStudio.Core.Conditions;

namespace MerchantStudio.Core.Promotions.Pricing;

/// <summary>A rule as it is held against carts.</summary>
/// <param name="Since">When it went live; among equals the older goes first.</param>
/// <param name="StartsAt">Gives nothing before.</param>
/// <param name="EndsAt">The last moment it gives something.</param>
/// <param name="Priority">Higher goes first within its class.</param>
/// <param name="ExclusiveGroup">Of one group only one rule applies to a cart.</param>
/// <param name="CombinesWith">The classes of offers it lets stand beside it; two rules combine when each allows the other's class.</param>
/// <param name="MarginFloorBasisPoints">Share of what is paid for the items that must remain as margin.</param>
public sealed record CartRule(
    Guid Id, string Name, Condition Condition, Offer Offer, DateTimeOffset Since, DateTimeOffset? StartsAt = null, DateTimeOffset? EndsAt = null,
    int Priority = 0, string? ExclusiveGroup = null, OfferClasses CombinesWith = OfferClasses.None, int? MarginFloorBasisPoints = null)
{
    /// <param name="since">When it went live; now for a rule that is tried out.</param>
    public static CartRule Of(Guid id, RuleDraft draft, DateTimeOffset since)
    {
        ArgumentNullException.ThrowIfNull(draft);
        return new CartRule(id, draft.Name, draft.Condition, draft.Offer, since, null, null, draft.Priority, draft.ExclusiveGroup, draft.CombinesWith, draft.MarginFloorBasisPoints);
    }

    public bool CombinesWithRule(CartRule other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return CombinesWith.HasFlag(other.Offer.Class) && other.CombinesWith.HasFlag(Offer.Class);
    }

    public bool SharesGroupWith(CartRule other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return ExclusiveGroup is { Length: > 0 } group && group == other.ExclusiveGroup;
    }
}

/// <summary>Rules compiled and put in their order once, to be held against many carts: items, order, shipping; then priority; then age.</summary>
public sealed class CartRuleSet
{
    private CartRuleSet(ImmutableArray<PreparedRule> rules, TimeZoneInfo zone) => (Rules, TimeZone) = (rules, zone);

    internal TimeZoneInfo TimeZone { get; }

    internal ImmutableArray<PreparedRule> Rules { get; }

    public int Count => Rules.Length;

    /// <param name="rules">Their conditions passed <see cref="ConditionCheck"/> against the context.</param>
    public static CartRuleSet Of(IEnumerable<CartRule> rules, ConditionContext context) => new(
    [.. rules.OrderBy(rule => rule.Offer.Class).ThenByDescending(rule => rule.Priority).ThenBy(rule => rule.Since).ThenBy(rule => rule.Id)
        .Select(rule => new PreparedRule(rule, ConditionTest.Compile(rule.Condition, context), ConditionTrace.Compile(rule.Condition, context)))], (context ?? throw new ArgumentNullException(nameof(context))).TimeZone);

    /// <param name="rules">In the order of a set that they come from.</param>
    internal static CartRuleSet Of(ImmutableArray<PreparedRule> rules, TimeZoneInfo zone) => new(rules, zone);

    internal sealed record PreparedRule(CartRule Rule, Func<ShopperFacts, bool> Fits, Func<ShopperFacts, ImmutableArray<TracedLine>> Trace);
}
