using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Promotions.Pricing;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Promotions.Guards;

/// <summary>
/// The worst that an offer can do to the catalogue: each product by itself, in just as many pieces as minimum, tiers and buy X get Y ask for, with every live rule that may
/// stand beside. Carts of several products lie between these. Priced as live.
/// </summary>
internal static class CatalogueGuard
{
    public const string BelowCost = "below-cost.catalogue";
    public const string Free = "free-order.catalogue";
    private const int ItemLimit = 200_000;
    private const int Shown = 50;

    public static async Task<ImmutableArray<CartLine>> ItemsAsync(WorkspaceWarehouse warehouse, string currency, CancellationToken cancellationToken) => await warehouse.QueryAsync(
        $"""
        select item_id, min(category), min(brand), min(price), min(cost) from products
        where item_id is not null and length(item_id) <= 200 and price > 0 and (cost is null or cost >= 0) group by item_id order by item_id limit {ItemLimit}
        """,
        row => new CartLine(row.Text(0)!, row.Text(1), row.Text(2), 1, Money.Of(row.Decimal(3), currency).Minor, false, row.DecimalOrNull(4) is { } cost ? Money.Of(cost, currency).Minor : null),
        [], cancellationToken).ConfigureAwait(false);

    /// <param name="draft">Its condition and days are taken to be met, and those of the others too.</param>
    public static IEnumerable<Finding> Check(CartRule draft, ImmutableArray<CartRule> others, ImmutableArray<CartLine> items, ConditionContext context, string currency)
    {
        if (items.IsEmpty) return [];
        // Alone as well: another rule may go before it on the same cart, and yet not be for every shopper whom this one is for.
        ImmutableArray<CartRuleSet> sets = [Met([draft]), .. others.IsEmpty ? ImmutableArray<CartRuleSet>.Empty : [Met(others.Prepend(draft))]];
        var facts = new ShopperFacts { UserId = "" };
        var (below, free) = (new List<CatalogueItem>(), new List<CatalogueItem>());
        var (belowCount, freeCount) = (0L, 0L);
        foreach (var item in items)
        {
            CatalogueItem? loss = null;
            CatalogueItem? gratis = null;
            foreach (var (pieces, rules) in Pieces(draft.Offer, item.UnitPriceMinor).SelectMany(pieces => sets.Select(rules => (pieces, rules))))
            {
                var cart = new Cart([item with { Quantity = pieces }], 0, currency);
                if (CartCheck.Check(cart, currency).Length > 0) continue;
                var decision = CartDecision.Decide(rules, cart, facts, DecisionMode.Priority, context.AsOf, traced: false);
                if (!decision.Applied.Any(rule => rule.RuleId == draft.Id)) continue;
                var found = new CatalogueItem(item.ItemId, pieces, item.UnitPriceMinor, decision.ToPayMinor, item.UnitCostMinor * pieces, [.. decision.Applied.Where(rule => rule.RuleId != draft.Id).Select(rule => rule.Name)]);
                if (found.PaidMinor == 0) gratis ??= found;
                // What sells below its cost by itself is not the offer's doing.
                if (found.PaidMinor < found.CostMinor && item.UnitPriceMinor >= item.UnitCostMinor && (loss is null || found.PaidMinor - found.CostMinor < loss.PaidMinor - loss.CostMinor)) loss = found;
            }

            if (loss is not null && ++belowCount <= Shown) below.Add(loss);
            if (gratis is not null && ++freeCount <= Shown) free.Add(gratis);
        }

        var known = items.LongCount(item => item.UnitCostMinor is not null);
        return
        [
            new CatalogueFinding(Free, freeCount > 0 ? FindingWeight.Blocks : FindingWeight.Fine, items.Length, freeCount, [.. free]),
            new CatalogueFinding(BelowCost, belowCount > 0 ? FindingWeight.NeedsJustification : known == 0 ? FindingWeight.Warns : FindingWeight.Fine, known, belowCount, [.. below]),
        ];

        CartRuleSet Met(IEnumerable<CartRule> rules) => CartRuleSet.Of(rules.Select(rule => rule with { Condition = Condition.Everybody, StartsAt = null, EndsAt = null }), context);
    }

    /// <summary>One piece, what just reaches the minimum and each tier, and a turn of buy X get Y.</summary>
    private static SortedSet<int> Pieces(Offer offer, long price)
    {
        var wanted = new SortedSet<int> { 1 };
        foreach (var least in offer.Tiers.IsDefault ? [] : offer.Tiers.Select(tier => tier.FromMinor).Append(offer.MinimumSpendMinor ?? 0)) Reach(least);
        Reach(offer.MinimumSpendMinor ?? 0);
        if (offer is { Kind: OfferKind.BuyGet, BuyGet: { } turn }) wanted.Add(turn.Buy + turn.Get);
        return wanted;

        void Reach(long least)
        {
            var pieces = (least + price - 1) / price;
            if (pieces is > 1 and <= CartCheck.QuantityLimit) wanted.Add((int)pieces);
        }
    }
}
