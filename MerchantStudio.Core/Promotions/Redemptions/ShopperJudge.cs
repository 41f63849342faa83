using System.Collections.Immutable;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Promotions.Redemptions;

/// <param name="Segments">Of the segments asked about, those she is in.</param>
internal sealed record ShopperJudgement(bool Fits, ImmutableArray<TracedLine> Trace, ImmutableArray<string> Segments)
{
    public static ShopperJudgement No { get; } = new(false, [], []);
}

/// <summary>Holds a rule's condition against a shopper and what she is buying.</summary>
internal sealed class ShopperJudge(AudienceReader audiences, WarehouseRegistry warehouses)
{
    /// <param name="segments">Those that the rule limits; one that is gone cannot be counted in, so nobody fits.</param>
    /// <param name="wasChosen">She was given her code when the rule went live, so what was asked about her is answered: she may well be another customer by now. What is asked about the basket is still open.</param>
    /// <param name="at">The moment of the order.</param>
    public async Task<ShopperJudgement> JudgeAsync(WorkspaceId workspace, Condition condition, ImmutableArray<string> segments, CouponUse use, bool wasChosen, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (segments.IsEmpty && (condition is AllOf { Parts.Length: 0 } || (wasChosen && !ConditionProjection.HasBasketLine(condition)))) return new ShopperJudgement(true, [], []);
        if (wasChosen) condition = ConditionProjection.ForChosen(condition);
        var warehouse = await warehouses.OpenAsync(workspace, cancellationToken).ConfigureAwait(false);
        if (!(await audiences.ContextAsync(workspace, cancellationToken).ConfigureAwait(false)).TryGet(out var context, out _) || ConditionCheck.Against(condition, context) is not null) return ShopperJudgement.No;
        if (segments.Any(segment => ConditionCheck.Against(new InSegment([segment]), context) is not null)) return ShopperJudgement.No;
        var facts = await ShopperFactsQuery.ReadAsync(warehouse, use.ShopperId ?? "", cancellationToken).ConfigureAwait(false) ?? new ShopperFacts { UserId = use.ShopperId ?? "" };
        facts = facts with { Basket = use.Cart.AsBasket(at, context.TimeZone) };
        return new ShopperJudgement(
            ConditionTest.Compile(condition, context)(facts), ConditionTrace.Of(condition, context, facts), [.. segments.Where(segment => ConditionTest.Compile(new InSegment([segment]), context)(facts))]);
    }
}
