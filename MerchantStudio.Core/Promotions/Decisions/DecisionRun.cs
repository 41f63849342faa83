using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Promotions.Pricing;
using MerchantStudio.Core.Promotions.Redemptions;

namespace MerchantStudio.Core.Promotions.Decisions;

/// <summary>One question on its way to an answer: who is let in, what those give together, and who falls out because a limit has no room for so much.</summary>
/// <param name="shopper">Null for a guest.</param>
/// <param name="known">Null where she could not be read in time.</param>
internal sealed class DecisionRun(LiveOffers offers, Cart cart, string? shopper, KnownShopper? known, DateTimeOffset now)
{
    private static readonly Func<ShopperFacts, ImmutableArray<TracedLine>> Untraced = _ => [];
    private readonly Dictionary<Guid, Entrant> _entrants = [];
    private readonly List<RefusedOffer> _refused = [];
    private readonly string _day = RuleLimits.Day(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, offers.Context.TimeZone).DateTime));

    /// <summary>Lets in the offers that need no code and those whose code was brought.</summary>
    public void Admit(ImmutableArray<TypedCode> codes)
    {
        foreach (var code in codes) Admit(code);
        foreach (var rule in offers.Rules)
        {
            if (rule.Row.Method == RuleMethod.Automatic && rule.IsOpen(now)) Admit(rule, RuleCoupon.Of(rule.Id), rule.Prepared, HolderOf(rule), null);
        }
    }

    /// <summary>What the offers let in give together. One that a limit has no room for falls out, and the others are decided about anew.</summary>
    public CartDecision Decide()
    {
        while (true)
        {
            ImmutableArray<CartRuleSet.PreparedRule> prepared = [.. offers.Rules.Where(rule => _entrants.ContainsKey(rule.Id)).Select(rule => _entrants[rule.Id].Prepared)];
            var decision = CartDecision.Decide(CartRuleSet.Of(prepared, offers.Context.TimeZone), cart, known?.Facts ?? KnownShopper.Nobody.Facts, offers.Mode, now, traced: false);
            if (decision.Applied.FirstOrDefault(rule => Reached(_entrants[rule.RuleId], rule.Price!.WorthMinor) is not null) is not { } over) return decision;
            Refuse(_entrants[over.RuleId], Reached(_entrants[over.RuleId], over.Price!.WorthMinor)!.Value);
            _entrants.Remove(over.RuleId);
        }
    }

    public ImmutableArray<AppliedOffer> Applied(CartDecision decision) => [.. decision.Applied.Select(rule => new AppliedOffer(rule.RuleId, rule.Name, _entrants[rule.RuleId].Coupon, rule.Class, rule.Price!))];

    public ImmutableArray<RefusedOffer> Refused(CartDecision decision) =>
        [.. decision.Rules.Where(rule => !rule.Applies).Select(rule => new RefusedOffer(rule.RuleId, rule.Name, _entrants[rule.RuleId].Coupon, ReasonOf(rule), rule.Competitor)), .. _refused];

    private void Admit(TypedCode code)
    {
        var rule = code.RuleId is { } id ? offers.Find(id) : null;
        if (code.IsPaused) Refuse(code, RefusalReason.CouponPaused);
        else if (rule is null || !rule.IsOpen(now) || rule.Row.Method == RuleMethod.Automatic) Refuse(code with { RuleId = null }, RefusalReason.CouponNotFound);
        else if (code.Owner is not null && shopper is not null && code.Owner != shopper) Refuse(code, RefusalReason.RecipientMismatch);
        else if (code.Refused is { } no) Refuse(no == RefusalReason.CouponNotFound ? code with { RuleId = null } : code, no);
        else if (code.UsedUp) Refuse(code, RefusalReason.CodeLimitReached);
        else if (_entrants.ContainsKey(rule.Id)) Refuse(code, RefusalReason.NotCombinable);
        else Admit(rule, code.Name, code.Owner is null ? rule.Prepared : ForChosen(rule), null, code.CampaignId);
    }

    private void Admit(LiveRule rule, string coupon, CartRuleSet.PreparedRule prepared, string? holder, Guid? campaign)
    {
        var entrant = new Entrant(rule, coupon, prepared, campaign);
        if (shopper is null) Refuse(entrant, RefusalReason.CustomerUnknown);
        else if (holder is not null) Refuse(entrant, RefusalReason.HeldOut, holder);
        else if (known is null && rule.AsksShopper) Refuse(entrant, RefusalReason.NotInTime);
        else if (Reached(entrant, 1) is { } reached) Refuse(entrant, reached);
        else _entrants[rule.Id] = entrant;
    }

    private void Refuse(TypedCode code, RefusalReason reason) => _refused.Add(new RefusedOffer(code.RuleId, code.RuleId is { } id ? offers.Find(id)?.Prepared.Rule.Name : null, code.Name, reason));

    private void Refuse(Entrant entrant, RefusalReason reason, string? experiment = null) => _refused.Add(new RefusedOffer(entrant.Rule.Id, entrant.Rule.Prepared.Rule.Name, entrant.Coupon, reason, Experiment: experiment));

    /// <summary>The experiment that keeps the shopper from this offer; null where none does.</summary>
    private string? HolderOf(LiveRule rule)
    {
        if (shopper is null || !offers.Holding.TryGetValue(rule.Id, out var experiments)) return null;
        return OfferHoldouts.HolderOf(experiments, offers.Everyone, shopper);
    }

    /// <summary>The first limit that has no room for one use more of so much.</summary>
    private RefusalReason? Reached(Entrant entrant, long costMinor)
    {
        var rule = entrant.Rule;
        var segments = known is null ? [] : rule.Segments.Where(segment => segment.Holds(known.Facts)).Select(segment => segment.Limit);
        var limits = RuleLimits.Of(rule.Row, segments, shopper ?? "", _day);
        foreach (var limit in offers.Budgets.Of(rule.Row, entrant.CampaignId) is { } budget ? limits.Prepend(budget) : limits)
        {
            var (uses, spent) = limit.Scope == CounterScope.Customer ? known?.Own.GetValueOrDefault(rule.Id) ?? default : offers.Used.GetValueOrDefault((limit.Scope, limit.Key));
            if (!limit.Admits(uses, spent, costMinor)) return limit.Reason;
        }

        return null;
    }

    /// <summary>She was chosen when she was given her code, so only what is asked about the cart is still open.</summary>
    private CartRuleSet.PreparedRule ForChosen(LiveRule rule)
    {
        var condition = ConditionProjection.ForChosen(rule.Prepared.Rule.Condition);
        return new CartRuleSet.PreparedRule(rule.Prepared.Rule, ConditionTest.Compile(condition, offers.Context), Untraced);
    }

    private static RefusalReason ReasonOf(RuleDecision rule) => rule.Skipped switch
    {
        SkipReason.NothingToGive => CouponJudge.ReasonOf(rule.Price!.Nothing!.Value),
        SkipReason.ExclusiveGroup or SkipReason.CannotCombine => RefusalReason.NotCombinable,
        SkipReason.BetterCombination => RefusalReason.BetterCombination,
        SkipReason.MarginFloor => RefusalReason.MarginFloor,
        _ => RefusalReason.ConditionNotMet,
    };

    private sealed record Entrant(LiveRule Rule, string Coupon, CartRuleSet.PreparedRule Prepared, Guid? CampaignId);
}
