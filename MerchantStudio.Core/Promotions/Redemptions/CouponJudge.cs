using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Promotions.Decisions;
using MerchantStudio.Core.Promotions.Pricing;
using MerchantStudio.Core.Shop;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Promotions.Redemptions;

/// <summary>A code held against an order.</summary>
/// <param name="Entry">Ready for the ledger but for its key; null where the code gives nothing.</param>
internal sealed record CouponJudgement(CouponVerdict Verdict, LedgerEntry? Entry)
{
    public static CouponJudgement No(RefusalReason reason, Guid? rule = null, ImmutableArray<TracedLine> trace = default) => new(new CouponVerdict(reason, rule, null, trace.IsDefault ? [] : trace), null);
}

/// <summary>Terms held against an order.</summary>
/// <param name="Price">Null where the condition or another offer kept it out.</param>
/// <param name="Segments">Of those that the terms limit, those she is in.</param>
internal sealed record TermsJudgement(RefusalReason? Reason, OfferPrice? Price, ImmutableArray<TracedLine> Trace, ImmutableArray<string> Segments)
{
    public CouponVerdict Verdict(Guid? rule) => new(Reason, rule, Reason is null ? Price : null, Trace);
}

/// <summary>Judges and prices the use of a code: the code, the state and days of its rule, whose it is, the condition, what else is on the order, the price. Limits are the ledger's.</summary>
internal sealed class CouponJudge(ShopperJudge shoppers, ReferralFriends friends, TimeProvider time)
{
    /// <param name="moment">Of the order; null for now.</param>
    public async Task<CouponJudgement> JudgeAsync(StudioDb database, WorkspaceId workspace, CouponUse use, CancellationToken cancellationToken, DateTimeOffset? moment = null)
    {
        var at = moment ?? time.GetUtcNow();
        if (await FindAsync(database, workspace, use.Code, cancellationToken).ConfigureAwait(false) is not { Rule: var rule } coupon || IsUnknown(rule, at)) return CouponJudgement.No(RefusalReason.CouponNotFound);
        if (rule.State == CouponRuleState.Paused) return CouponJudgement.No(RefusalReason.CouponPaused, rule.Id);
        if (use.ShopperId is null) return CouponJudgement.No(RefusalReason.CustomerUnknown, rule.Id);
        if (coupon.Code?.ShopperId is { } owner && use.ShopperId != owner) return CouponJudgement.No(RefusalReason.RecipientMismatch, rule.Id);

        if (coupon.Code is { } given && await friends.RefusalAsync(database, given, use.ShopperId, use.OrderId, cancellationToken).ConfigureAwait(false) is { } unfit) return CouponJudgement.No(unfit, unfit == RefusalReason.CouponNotFound ? null : rule.Id);

        // An offer without a code is kept from whoever is held back; a code in her hands is honoured.
        if (coupon.Code is null && await OfferHoldouts.HolderAsync(database, workspace, rule.Id, use.ShopperId, cancellationToken).ConfigureAwait(false) is not null) return CouponJudgement.No(RefusalReason.HeldOut, rule.Id);
        var zone = TimeZoneInfo.FindSystemTimeZoneById(await database.Workspaces.Where(shop => shop.Id == workspace).Select(shop => shop.TimeZone).SingleAsync(cancellationToken).ConfigureAwait(false));
        if (!RuleMapping.ToDraft(rule, zone).TryGet(out var draft, out _)) return CouponJudgement.No(RefusalReason.ConditionNotMet, rule.Id);
        var terms = CartRule.Of(rule.Id, draft, rule.ActivatedAt ?? rule.CreatedAt);
        OrderSoFar? order = null;
        var judged = await JudgeAsync(workspace, draft, terms, coupon.Name, use, coupon.Code?.ShopperId is not null,
            async token => order = await OrderSoFar.ReadAsync(database, workspace, use.OrderId, zone, token).ConfigureAwait(false), at, cancellationToken).ConfigureAwait(false);
        if (judged.Reason is not null) return new CouponJudgement(judged.Verdict(rule.Id), null);
        var budget = coupon.CampaignId is { } campaign ? await database.Campaigns.Where(row => row.Id == campaign).Select(row => row.BudgetMinor).SingleOrDefaultAsync(cancellationToken).ConfigureAwait(false) : null;
        return new CouponJudgement(judged.Verdict(rule.Id), EntryOf(workspace, rule, [.. draft.SegmentLimits.Where(limit => judged.Segments.Contains(limit.Segment))], coupon, use, judged.Price!, order!, zone, budget));
    }

    /// <summary>Terms, whoever wrote them: the condition, what else is on the order, the price.</summary>
    /// <param name="coupon">As the ledger keeps it.</param>
    /// <param name="readOrder">Asked once the condition holds.</param>
    public async Task<TermsJudgement> JudgeAsync(
        WorkspaceId workspace, RuleDraft draft, CartRule terms, string coupon, CouponUse use, bool wasChosen, Func<CancellationToken, Task<OrderSoFar>> readOrder, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var (fits, trace, segments) = await shoppers.JudgeAsync(workspace, draft.Condition, [.. draft.SegmentLimits.Select(limit => limit.Segment)], use, wasChosen, at, cancellationToken).ConfigureAwait(false);
        if (!fits) return new TermsJudgement(RefusalReason.ConditionNotMet, null, trace, segments);
        var order = await readOrder(cancellationToken).ConfigureAwait(false);
        if (order.Uses.Any(other => other.Coupon == coupon)) return new TermsJudgement(RefusalReason.OrderAlreadyRedeemed, null, trace, segments);
        if (!order.Admits(terms)) return new TermsJudgement(RefusalReason.NotCombinable, null, trace, segments);
        var price = order.Price(terms, use.Cart);
        return new TermsJudgement(price.Nothing is { } nothing ? ReasonOf(nothing) : price.WorthMinor == 0 ? RefusalReason.MarginFloor : null, price, trace, segments);
    }

    /// <summary>By its code, or by "rule:" and its id a rule that needs none.</summary>
    private static async Task<Coupon?> FindAsync(StudioDb database, WorkspaceId workspace, string typed, CancellationToken cancellationToken)
    {
        if (RuleCoupon.RuleOf(typed) is { } id)
        {
            var automatic = await database.CouponRules.AsNoTracking().SingleOrDefaultAsync(rule => rule.WorkspaceId == workspace && rule.Id == id && rule.Method == RuleMethod.Automatic, cancellationToken).ConfigureAwait(false);
            if (automatic is null) return null;
            var campaign = await CampaignBudgets.Carrying(database, workspace, id).Select(row => (Guid?)row.Id).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
            return new Coupon(RuleCoupon.Of(id), automatic, null, campaign);
        }

        var lookup = CodeText.Normalise(typed);
        var found = await database.CouponCodes.AsNoTracking().Where(code => code.WorkspaceId == workspace && code.Lookup == lookup)
            .Join(database.CouponRules, code => code.RuleId, rule => rule.Id, (code, rule) => new { Code = code, Rule = rule }).SingleOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        return found is null ? null : new Coupon(found.Code.Code, found.Rule, found.Code, found.Code.CampaignId);
    }

    /// <summary>Before its first day, after its last, and before it was ever live a rule's codes do not exist for whoever asks.</summary>
    private static bool IsUnknown(CouponRule rule, DateTimeOffset at) => rule.State is not (CouponRuleState.Live or CouponRuleState.Paused) || rule.StartsAt > at || rule.EndsAt < at;

    internal static RefusalReason ReasonOf(NothingReason nothing) => nothing switch
    {
        NothingReason.MinimumNotMet or NothingReason.TierNotReached => RefusalReason.MinimumNotMet,
        NothingReason.NoEligibleItem or NothingReason.TooFewPieces => RefusalReason.NoEligibleItem,
        _ => RefusalReason.NothingToDiscount,
    };

    private LedgerEntry EntryOf(WorkspaceId workspace, CouponRule rule, ImmutableArray<SegmentLimit> segments, Coupon coupon, CouponUse use, OfferPrice price, OrderSoFar before, TimeZoneInfo zone, long? campaignBudget)
    {
        var limits = ImmutableArray.CreateBuilder<CounterLimit>();
        if (use.OrderId is { } order) limits.Add(new CounterLimit(CounterScope.Order, order));
        if (coupon.CampaignId is { } campaign) limits.Add(CampaignBudgets.LimitOf(campaign, campaignBudget));
        limits.AddRange(RuleLimits.Of(rule, segments, use.ShopperId!, RuleLimits.Day(RuleCalendar.Today(time, zone))));
        if (coupon.Code?.MostUses is { } most) limits.Add(new CounterLimit(CounterScope.Code, coupon.Name, most));
        return new LedgerEntry(workspace, rule.Id, rule.Revision, coupon.CampaignId, coupon.Name, use.ShopperId, use.OrderId ?? "", "", "", UseDetail.Of(use.Cart, price).Write(),
            use.Cart.ItemsMinor, price.DiscountMinor, price.WorthMinor, use.Cart.Currency, [.. before.Uses.Select(other => other.Id)], limits.ToImmutable())
        {
            Referral = coupon.Code?.ReferralId is { } referral ? new ReferralUse(referral, coupon.Code.AdvocateId) : null,
        };
    }

    /// <param name="Name">As the ledger keeps it.</param>
    /// <param name="Code">Null for a rule that needs none.</param>
    /// <param name="CampaignId">That gave the code, or whose offer the rule is.</param>
    private sealed record Coupon(string Name, CouponRule Rule, CouponCode? Code, Guid? CampaignId);
}
