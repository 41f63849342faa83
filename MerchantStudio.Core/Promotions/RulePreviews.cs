using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Promotions.Pricing;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Promotions;

/// <summary>Which basket of a shopper a rule is tried on.</summary>
public enum PreviewBasket
{
    /// <summary>Put in the basket in 7 days and neither bought nor taken out since.</summary>
    Open,
    LastOrder,
}

/// <summary>Tries a rule on a shopper's basket, beside the live rules whose code the shopper holds.</summary>
public sealed class RulePreviews(IDbContextFactory<StudioDb> databases, WarehouseRegistry warehouses, AudienceReader audiences, TimeProvider time)
{
    private const int OpenDays = 7;

    /// <summary>Null when the shopper has no such basket with prices.</summary>
    public async Task<Cart?> BasketAsync(WorkspaceScope scope, string shopper, PreviewBasket which, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is not null) return null;
        var known = await audiences.ContextAsync(scope, cancellationToken).ConfigureAwait(false);
        if (!known.TryGet(out var context, out _)) return null;
        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        var costs = await warehouse.HasTableAsync("products", cancellationToken).ConfigureAwait(false)
            ? "(select item_id, max(cost) as cost from products where item_id is not null group by item_id)" : "(select null as item_id, null as cost where false)";
        var lines = which == PreviewBasket.Open
            ? """
              own as (
                  select item_id, max(category) as category, max(brand) as brand, arg_max(price, ts) filter (where price is not null and event_type = 'add_to_cart') as price,
                         arg_max(coalesce(quantity, 1), ts) filter (where event_type = 'add_to_cart') as pieces, max(ts) filter (where event_type = 'add_to_cart') as put,
                         max(ts) filter (where event_type in ('remove_from_cart', 'purchase')) as gone
                  from clean_events where user_id = $1 and item_id is not null and ts >= $2 and event_type in ('add_to_cart', 'remove_from_cart', 'purchase') group by item_id),
              basket as (select item_id, category, brand, price, pieces from own where put is not null and (gone is null or gone < put))
              """
            : """
              basket as (
                  select item_id, max(category) as category, max(brand) as brand, max(price) as price, sum(coalesce(quantity, 1)) as pieces
                  from clean_events where user_id = $1 and item_id is not null and event_type = 'purchase' and $2 is not null
                    and coalesce(order_id, user_id || ' ' || cast(ts as varchar)) = (select arg_max(order_no, ts) from paid_orders where user_id = $1)
                  group by item_id)
              """;
        var currency = await CurrencyAsync(scope, cancellationToken).ConfigureAwait(false);
        var rows = await warehouse.QueryAsync(
            $"with {lines} select b.item_id, b.category, b.brand, cast(b.pieces as integer), cast(b.price as decimal(18, 4)), cast(c.cost as decimal(18, 4)) from basket b left join {costs} c on c.item_id = b.item_id where b.price is not null and b.pieces > 0 order by b.price desc, b.item_id limit 500",
            row => new CartLine(row.Text(0)!, row.Text(1), row.Text(2), (int)row.Long(3), Money.Of(row.Decimal(4), currency).Minor, false, row.DecimalOrNull(5) is { } cost ? Money.Of(cost, currency).Minor : null),
            [shopper, context.AsOf.AddDays(-OpenDays)], cancellationToken).ConfigureAwait(false);
        return rows.Length == 0 ? null : new Cart(rows, 0, currency);
    }

    /// <param name="ruleId">The rule's own id, so that it does not stand beside itself.</param>
    public async Task<Outcome<CartDecision>> DecideAsync(WorkspaceScope scope, RuleDraft draft, Guid? ruleId, ShopperFacts facts, Cart cart, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(facts);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        if (CartCheck.Check(cart, await CurrencyAsync(scope, cancellationToken).ConfigureAwait(false)).FirstOrDefault() is { } fault) return fault;
        var known = await audiences.ContextAsync(scope, cancellationToken).ConfigureAwait(false);
        if (!known.TryGet(out var context, out var problem)) return problem;
        if (ConditionCheck.Against(draft.Condition, context) is { } unfit) return unfit;
        var now = time.GetUtcNow();
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var held = await database.CouponRules.AsNoTracking()
            .Where(rule => rule.WorkspaceId == scope.Workspace && rule.State == CouponRuleState.Live && rule.Id != ruleId
                && database.CouponCodes.Any(code => code.RuleId == rule.Id && code.ShopperId == facts.UserId && code.Uses < rule.UsesPerCustomer))
            .OrderBy(rule => rule.ActivatedAt).Take(1000).ToListAsync(cancellationToken).ConfigureAwait(false);
        var rules = held.Select(rule => (rule, read: RuleMapping.ToDraft(rule, context.TimeZone))).Where(pair => pair.read.Succeeded && ConditionCheck.Against(pair.read.Value.Condition, context) is null)
            .Select(pair => CartRule.Of(pair.rule.Id, pair.read.Value, pair.rule.ActivatedAt ?? now) with { StartsAt = pair.rule.StartsAt, EndsAt = pair.rule.EndsAt });
        // The rule that is edited is tried as if it ran already.
        return CartDecision.Decide(CartRuleSet.Of([.. rules, CartRule.Of(ruleId ?? Guid.Empty, draft, now)], context), cart, facts, DecisionMode.Priority, now);
    }

    private async Task<string> CurrencyAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        return await database.Workspaces.Where(workspace => workspace.Id == scope.Workspace).Select(workspace => workspace.Currency).SingleAsync(cancellationToken).ConfigureAwait(false);
    }
}
