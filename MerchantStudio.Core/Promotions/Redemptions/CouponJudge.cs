using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;
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
        var typed = CodeText.Normalise(use.Code);
        var found = await database.CouponCodes.AsNoTracking().Where(code => code.WorkspaceId == workspace && code.Lookup == typed)
            .Join(database.CouponRules, code => code.RuleId, rule => rule.Id, (code, rule) => new { Code = code, Rule = rule }).SingleOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        if (found is null || IsUnknown(found.Rule)) return CouponJudgement.No(RefusalReason.CouponNotFound);
        var (code, rule) = (found.Code, found.Rule);
        if (rule.State == CouponRuleState.Paused) return CouponJudgement.No(RefusalReason.CouponPaused, rule.Id);
        if (use.ShopperId is null) return CouponJudgement.No(RefusalReason.CustomerUnknown, rule.Id);
        if (code.ShopperId is { } owner && use.ShopperId != owner) return CouponJudgement.No(RefusalReason.RecipientMismatch, rule.Id);
        var zone = TimeZoneInfo.FindSystemTimeZoneById(await database.Workspaces.Where(shop => shop.Id == workspace).Select(shop => shop.TimeZone).SingleAsync(cancellationToken).ConfigureAwait(false));
        if (!RuleMapping.ToDraft(rule, zone).TryGet(out var draft, out _)) return CouponJudgement.No(RefusalReason.ConditionNotMet, rule.Id);
        var (fits, trace) = await shoppers.JudgeAsync(workspace, draft.Condition, use, wasChosen: code.ShopperId is not null, time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        if (!fits) return CouponJudgement.No(RefusalReason.ConditionNotMet, rule.Id, trace);
        var order = await OrderSoFar.ReadAsync(database, workspace, use.OrderId, zone, cancellationToken).ConfigureAwait(false);
        if (order.Uses.Any(other => other.Coupon == code.Code)) return CouponJudgement.No(RefusalReason.OrderAlreadyRedeemed, rule.Id, trace);
        var terms = CartRule.Of(rule.Id, draft, rule.ActivatedAt ?? rule.CreatedAt);
        if (!order.Admits(terms)) return CouponJudgement.No(RefusalReason.NotCombinable, rule.Id, trace);
        var price = order.Price(terms, use.Cart);
        if (price.Nothing is { } nothing) return CouponJudgement.No(ReasonOf(nothing), rule.Id, trace);
        if (price.WorthMinor == 0) return CouponJudgement.No(RefusalReason.MarginFloor, rule.Id, trace);
        return new CouponJudgement(new CouponVerdict(null, rule.Id, price, trace), EntryOf(workspace, rule, code, use, price, order, zone));
    }

    /// <summary>Before its first day, after its last, and before it was ever live a rule's codes do not exist for whoever asks.</summary>
    private bool IsUnknown(CouponRule rule)
    {
        var now = time.GetUtcNow();
        return rule.State is not (CouponRuleState.Live or CouponRuleState.Paused) || rule.StartsAt > now || rule.EndsAt < now;
    }

    private static RefusalReason ReasonOf(NothingReason nothing) => nothing switch
    {
        NothingReason.MinimumNotMet or NothingReason.TierNotReached => RefusalReason.MinimumNotMet,
        NothingReason.NoEligibleItem or NothingReason.TooFewPieces => RefusalReason.NoEligibleItem,
        _ => RefusalReason.NothingToDiscount,
    };

    private LedgerEntry EntryOf(WorkspaceId workspace, CouponRule rule, CouponCode code, CouponUse use, OfferPrice price, OrderSoFar before, TimeZoneInfo zone)
    {
        var day = RuleCalendar.Today(time, zone).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var limits = ImmutableArray.CreateBuilder<CounterLimit>();
        if (use.OrderId is { } order) limits.Add(new CounterLimit(CounterScope.Order, order));
        limits.Add(new CounterLimit(CounterScope.Rule, rule.Id.ToString("D"), rule.TotalUses, rule.BudgetMinor));
        limits.Add(new CounterLimit(CounterScope.Day, $"{rule.Id:D}/{day}"));
        limits.Add(new CounterLimit(CounterScope.Customer, $"{rule.Id:D}/{use.ShopperId}", rule.UsesPerCustomer));
        if (code.MostUses is { } most) limits.Add(new CounterLimit(CounterScope.Code, code.Code, most));
        return new LedgerEntry(workspace, rule.Id, rule.Revision, null, code.Code, use.ShopperId, use.OrderId ?? "", "", "", UseDetail.Of(use.Cart, price).Write(),
            use.Cart.ItemsMinor, price.DiscountMinor, price.WorthMinor, use.Cart.Currency, [.. before.Uses.Select(other => other.Id)], limits.ToImmutable());
    }
}
