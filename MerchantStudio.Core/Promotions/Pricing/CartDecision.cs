using System.Collections.Immutable;
using MerchantStudio.Core.Conditions;

namespace MerchantStudio.Core.Promotions.Pricing;

/// <summary>How rules that cannot stand beside each other are chosen among.</summary>
public enum DecisionMode
{
    /// <summary>In their order; whoever comes first bars those it does not combine with.</summary>
    Priority,

    /// <summary>The permitted combination that is worth most to the shopper.</summary>
    BestForCustomer,
}

/// <summary>Why a rule gives nothing on a cart.</summary>
public enum SkipReason
{
    NotStarted,
    Over,
    ConditionNotMet,

    /// <summary><see cref="OfferPrice.Nothing"/> says why.</summary>
    NothingToGive,

    /// <summary>Another rule of its exclusive group applies.</summary>
    ExclusiveGroup,

    /// <summary>One of the two does not allow the other's class.</summary>
    CannotCombine,

    /// <summary>It could have applied, but another combination is worth more.</summary>
    BetterCombination,

    /// <summary>Nothing may be given without falling below the margin floor.</summary>
    MarginFloor,
}

/// <summary>What became of one rule.</summary>
/// <param name="Price">What it gives; of a skipped rule, what it would give on the cart by itself. Null where its condition or dates kept it out.</param>
/// <param name="Skipped">Null for a rule that applies.</param>
/// <param name="Competitor">The name of the rule that kept it out.</param>
/// <param name="Margin">Null without a floor.</param>
/// <param name="Lines">Its condition, line by line.</param>
public sealed record RuleDecision(Guid RuleId, string Name, OfferClasses Class, OfferPrice? Price, SkipReason? Skipped, string? Competitor, MarginKept? Margin, ImmutableArray<TracedLine> Lines)
{
    public bool Applies => Skipped is null;
}

/// <summary>What a cart costs after all rules, and why.</summary>
/// <param name="Rules">Every rule, in the order they were asked.</param>
/// <param name="LinesMinor">Taken off each line of the cart.</param>
public sealed record CartDecision(ImmutableArray<RuleDecision> Rules, ImmutableArray<long> LinesMinor, long ShippingMinor, ImmutableArray<GiftLine> Gifts, Cart Cart)
{
    /// <summary>Up to so many fitting rules every permitted combination is tried.</summary>
    public const int ExactLimit = 12;

    public IEnumerable<RuleDecision> Applied => Rules.Where(rule => rule.Applies);

    public long DiscountMinor => LinesMinor.Sum() + ShippingMinor;

    /// <summary>Items and shipping after all discounts.</summary>
    public long ToPayMinor => Cart.ItemsMinor + Cart.ShippingMinor - DiscountMinor;

    /// <summary>
    /// Holds rules against a cart that passed <see cref="CartCheck"/>. In best-for-customer mode all permitted combinations are compared while at most <see cref="ExactLimit"/>
    /// rules fit; beyond that rules are tried from the one worth most by itself downwards, and the result is taken if it is worth more than that of the priority order.
    /// </summary>
    /// <param name="rules">Those in play: automatic ones, and those whose code was given.</param>
    /// <param name="at">The moment of the order.</param>
    /// <param name="traced">Whether to account for each line of the conditions; without, <see cref="RuleDecision.Lines"/> is empty.</param>
    public static CartDecision Decide(CartRuleSet rules, Cart cart, ShopperFacts facts, DecisionMode mode, DateTimeOffset at, bool traced = true)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(cart);
        ArgumentNullException.ThrowIfNull(facts);
        facts = facts with { Basket = cart.AsBasket(at, rules.TimeZone) };
        var candidates = new List<Candidate>();
        var decisions = new RuleDecision[rules.Count];
        for (var index = 0; index < decisions.Length; index++)
        {
            var prepared = rules.Rules[index];
            var rule = prepared.Rule;
            var alone = Alone(rule, prepared, cart, facts, at, out var skipped, out var margin);
            decisions[index] = new RuleDecision(rule.Id, rule.Name, rule.Offer.Class, alone, skipped, null, margin, traced ? prepared.Trace(facts) : []);
            // What gives nothing on the cart by itself is not tried in company.
            if (skipped is null) candidates.Add(new Candidate(index, rule, alone!));
        }

        var chosen = mode == DecisionMode.Priority ? Combination.InOrder(candidates, cart) : Combination.Best(candidates, cart);
        var steps = chosen.Steps;
        var taken = steps.ToDictionary(step => step.Candidate.Index);
        foreach (var candidate in candidates)
        {
            var decision = decisions[candidate.Index];
            decisions[candidate.Index] = taken.TryGetValue(candidate.Index, out var step) ? decision with { Price = step.Price, Margin = step.Margin } : Skipped(decision, candidate, chosen, steps);
        }

        return new CartDecision([.. decisions], chosen.LinesMinor, chosen.ShippingMinor, [.. steps.SelectMany(step => step.Price.Gifts)], cart);
    }

    private static OfferPrice? Alone(CartRule rule, CartRuleSet.PreparedRule prepared, Cart cart, ShopperFacts facts, DateTimeOffset at, out SkipReason? skipped, out MarginKept? margin)
    {
        margin = null;
        skipped = at < rule.StartsAt ? SkipReason.NotStarted : at > rule.EndsAt ? SkipReason.Over : prepared.Fits(facts) ? null : SkipReason.ConditionNotMet;
        if (skipped is not null) return null;
        var price = OfferPricing.Price(rule.Offer, cart);
        if (price.Nothing is not null)
        {
            skipped = SkipReason.NothingToGive;
            return price;
        }

        if (rule.MarginFloorBasisPoints is not { } floor) return price;
        (price, margin) = MarginFloor.Keep(price, cart, floor, 0, 0);
        if (price.WorthMinor == 0 && price.Gifts.IsEmpty) skipped = SkipReason.MarginFloor;
        return price;
    }

    private static RuleDecision Skipped(RuleDecision decision, Candidate candidate, Combination chosen, ImmutableArray<CombinationStep> steps)
    {
        if (steps.FirstOrDefault(step => step.Candidate.Rule.SharesGroupWith(candidate.Rule)) is { } rival)
            return decision with { Skipped = SkipReason.ExclusiveGroup, Competitor = rival.Candidate.Rule.Name };
        if (steps.FirstOrDefault(step => !step.Candidate.Rule.CombinesWithRule(candidate.Rule)) is { } barred)
            return decision with { Skipped = SkipReason.CannotCombine, Competitor = barred.Candidate.Rule.Name };
        var (price, margin) = chosen.PriceAfter(candidate);
        var reason = price.Nothing is not null ? SkipReason.NothingToGive : price.WorthMinor == 0 && price.Gifts.IsEmpty ? SkipReason.MarginFloor : SkipReason.BetterCombination;
        return reason == SkipReason.BetterCombination
            ? decision with { Skipped = reason, Competitor = steps.IsEmpty ? null : steps[0].Candidate.Rule.Name }
            : decision with { Skipped = reason, Price = price, Margin = margin };
    }
}
