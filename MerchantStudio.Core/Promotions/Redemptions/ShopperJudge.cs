using System.Collections.Immutable;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Promotions.Redemptions;

/// <summary>Holds a rule's condition against a shopper and what she is buying.</summary>
internal sealed class ShopperJudge(AudienceReader audiences, WarehouseRegistry warehouses)
{
    /// <param name="wasChosen">She was given her code when the rule went live, so what was asked about her is answered: she may well be another customer by now. What is asked about the basket is still open.</param>
    /// <param name="at">The moment of the order.</param>
    public async Task<(bool Fits, ImmutableArray<TracedLine> Trace)> JudgeAsync(WorkspaceId workspace, Condition condition, CouponUse use, bool wasChosen, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (condition is AllOf { Parts.Length: 0 } || (wasChosen && !ConditionProjection.HasBasketLine(condition))) return (true, []);
        if (wasChosen) condition = ConditionProjection.ForChosen(condition);
        var warehouse = await warehouses.OpenAsync(workspace, cancellationToken).ConfigureAwait(false);
        if (!(await audiences.ContextAsync(workspace, cancellationToken).ConfigureAwait(false)).TryGet(out var context, out _) || ConditionCheck.Against(condition, context) is not null) return (false, []);
        var facts = await ShopperFactsQuery.ReadAsync(warehouse, use.ShopperId ?? "", cancellationToken).ConfigureAwait(false) ?? new ShopperFacts { UserId = use.ShopperId ?? "" };
        facts = facts with { Basket = use.Cart.AsBasket(at, context.TimeZone) };
        return (ConditionTest.Compile(condition, context)(facts), ConditionTrace.Of(condition, context, facts));
    }
}
