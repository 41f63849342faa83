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

/// <summary>Judges and prices the use of a code: the code, the state and days of its rule, whose it is, the condition, what else is on the order, the price. Limits are the ledger's.</summary>
internal sealed class CouponJudge(ShopperJudge shoppers, TimeProvider time)
{
    public async Task<CouponJudgement> JudgeAsync(StudioDb database, WorkspaceId workspace, CouponUse use, CancellationToken cancellationToken)
    {
        if (await FindAsync(database, workspace, use.Code, cancellationToken).ConfigureAwait(false) is not { Rule: var rule } coupon || IsUnknown(rule)) return CouponJudgement.No(RefusalReason.CouponNotFound);
        if (rule.State == CouponRuleState.Paused) return CouponJudgement.No(RefusalReason.CouponPaused, rule.Id);
        if (use.ShopperId is null) return CouponJudgement.No(RefusalReason.CustomerUnknown, rule.Id);
        if (coupon.Code?.ShopperId is { } owner && use.ShopperId != owner) return CouponJudgement.No(RefusalReason.RecipientMismatch, rule.Id);

        // An offer without a code is kept from whoever is held back; a code in her hands is honoured.
        if (coupon.Code is null && await OfferHoldouts.HolderAsync(database, workspace, rule.Id, use.ShopperId, cancellationToken).ConfigureAwait(false) is not null) return CouponJudgement.No(RefusalReason.HeldOut, rule.Id);
        var zone = TimeZoneInfo.FindSystemTimeZoneById(await database.Workspaces.Where(shop => shop.Id == workspace).Select(shop => shop.TimeZone).SingleAsync(cancellationToken).ConfigureAwait(false));
        if (!RuleMapping.ToDraft(rule, zone).TryGet(out var draft, out _)) return CouponJudgement.No(RefusalReason.ConditionNotMet, rule.Id);
        var (fits, trace, segments) = await shoppers.JudgeAsync(
            workspace, draft.Condition, [.. draft.SegmentLimits.Select(limit => limit.Segment)], use, wasChosen: coupon.Code?.ShopperId is not null, time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        if (!fits) return CouponJudgement.No(RefusalReason.ConditionNotMet, rule.Id, trace);
        var order = await OrderSoFar.ReadAsync(database, workspace, use.OrderId, zone, cancellationToken).ConfigureAwait(false);
        if (order.Uses.Any(other => other.Coupon == coupon.Name)) return CouponJudgement.No(RefusalReason.OrderAlreadyRedeemed, rule.Id, trace);
        var terms = CartRule.Of(rule.Id, draft, rule.ActivatedAt ?? rule.CreatedAt);
        if (!order.Admits(terms)) return CouponJudgement.No(RefusalReason.NotCombinable, rule.Id, trace);
        var price = order.Price(terms, use.Cart);
        if (price.Nothing is { } nothing) return CouponJudgement.No(ReasonOf(nothing), rule.Id, trace);
        if (price.WorthMinor == 0) return CouponJudgement.No(RefusalReason.MarginFloor, rule.Id, trace);
        var budget = coupon.CampaignId is { } campaign ? await database.Campaigns.Where(row => row.Id == campaign).Select(row => row.BudgetMinor).SingleOrDefaultAsync(cancellationToken).ConfigureAwait(false) : null;
        return new CouponJudgement(new CouponVerdict(null, rule.Id, price, trace), EntryOf(workspace, rule, [.. draft.SegmentLimits.Where(limit => segments.Contains(limit.Segment))], coupon, use, price, order, zone, budget));
    }

    /// <summary>By its code, or by "rule:" and its id a rule that needs none.</summary>
    private static async Task<Coupon?> FindAsync(StudioDb database, WorkspaceId workspace, string typed, CancellationToken cancellationToken)
    {
        if (RuleCoupon.RuleOf(typed) is { } id)
        {
            var automatic = await database.CouponRules.AsNoTracking().SingleOrDefaultAsync(rule => rule.WorkspaceId == workspace && rule.Id == id && rule.Method == RuleMethod.Automatic, cancellationToken).ConfigureAwait(false);
            if (automatic is null) return null;
            var campaign = await database.Campaigns.Where(row => row.WorkspaceId == workspace && row.RuleId == id && row.State == CampaignState.Running).OrderBy(row => row.CreatedAt).Select(row => (Guid?)row.Id).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
            return new Coupon(RuleCoupon.Of(id), automatic, null, campaign);
        }

        var lookup = CodeText.Normalise(typed);
        var found = await database.CouponCodes.AsNoTracking().Where(code => code.WorkspaceId == workspace && code.Lookup == lookup)
            .Join(database.CouponRules, code => code.RuleId, rule => rule.Id, (code, rule) => new { Code = code, Rule = rule }).SingleOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        return found is null ? null : new Coupon(found.Code.Code, found.Rule, found.Code, found.Code.CampaignId);
    }

    /// <summary>Before its first day, after its last, and before it was ever live a rule's codes do not exist for whoever asks.</summary>
    private bool IsUnknown(CouponRule rule)
    {
        var now = time.GetUtcNow();
        return rule.State is not (CouponRuleState.Live or CouponRuleState.Paused) || rule.StartsAt > now || rule.EndsAt < now;
    }

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
        if (coupon.CampaignId is { } campaign) limits.Add(new CounterLimit(CounterScope.Campaign, campaign.ToString("D"), null, campaignBudget));
        limits.AddRange(RuleLimits.Of(rule, segments, use.ShopperId!, RuleLimits.Day(RuleCalendar.Today(time, zone))));
        if (coupon.Code?.MostUses is { } most) limits.Add(new CounterLimit(CounterScope.Code, coupon.Name, most));
        return new LedgerEntry(workspace, rule.Id, rule.Revision, coupon.CampaignId, coupon.Name, use.ShopperId, use.OrderId ?? "", "", "", UseDetail.Of(use.Cart, price).Write(),
            use.Cart.ItemsMinor, price.DiscountMinor, price.WorthMinor, use.Cart.Currency, [.. before.Uses.Select(other => other.Id)], limits.ToImmutable());
    }

    /// <param name="Name">As the ledger keeps it.</param>
    /// <param name="Code">Null for a rule that needs none.</param>
    /// <param name="CampaignId">That gave the code, or whose offer the rule is.</param>
    private sealed record Coupon(string Name, CouponRule Rule, CouponCode? Code, Guid? CampaignId);
}
