using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Promotions.Pricing;
using MerchantStudio.Core.Shop;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Promotions.Redemptions;

/// <summary>What stands on an order already: its redemptions that hold, the first one first, and the rules they came of.</summary>
internal sealed record OrderSoFar(ImmutableArray<Redemption> Uses, ImmutableArray<CartRule?> Rules)
{
    private readonly ImmutableArray<UseDetail> _details = [.. Uses.Select(use => UseDetail.Read(use.DetailJson))];

    public long ShippingMinor => _details.Sum(detail => detail.ShippingMinor);

    public long GiftsMinor => _details.Sum(detail => detail.Gifts.Sum(gift => gift.ValueMinor));

    /// <summary>The strictest margin floor that was promised.</summary>
    public int? FloorBasisPoints => Rules.Max(rule => rule?.MarginFloorBasisPoints);

    public static async Task<OrderSoFar> ReadAsync(StudioDb database, WorkspaceId workspace, string? order, TimeZoneInfo zone, CancellationToken cancellationToken)
    {
        if (order is null) return new OrderSoFar([], []);
        var found = await database.Redemptions.AsNoTracking().Where(row => row.WorkspaceId == workspace && row.OrderId == order && row.RolledBackAt == null)
            .Join(database.CouponRules, row => row.RuleId, rule => rule.Id, (row, rule) => new { Row = row, Rule = rule }).OrderBy(pair => pair.Row.At).ToArrayAsync(cancellationToken).ConfigureAwait(false);
        return new OrderSoFar(
            [.. found.Select(pair => pair.Row)],
            [.. found.Select(pair => RuleMapping.ToDraft(pair.Rule, zone).TryGet(out var draft, out _) ? CartRule.Of(pair.Rule.Id, draft, pair.Rule.ActivatedAt ?? pair.Rule.CreatedAt) : null)]);
    }

    /// <summary>Whether each of the rules on the order lets this one stand beside it, and the other way round. One that cannot be read any more does not.</summary>
    public bool Admits(CartRule rule) => Rules.All(other => other is not null && !other.SharesGroupWith(rule) && other.CombinesWithRule(rule));

    /// <summary>What was taken off each line of the cart, found again by item.</summary>
    public ImmutableArray<long> GivenOn(Cart cart)
    {
        var given = new long[cart.Lines.Length];
        foreach (var line in _details.SelectMany(detail => detail.Lines))
        {
            var left = line.DiscountMinor;
            for (var index = 0; index < given.Length && left > 0; index++)
            {
                if (cart.Lines[index].ItemId != line.ItemId) continue;
                var part = Math.Min(left, cart.Lines[index].TotalMinor - given[index]);
                given[index] += part;
                left -= part;
            }
        }

        return [.. given];
    }

    /// <summary>What an offer gives after all that stands on the order, and with every margin floor kept.</summary>
    public OfferPrice Price(CartRule rule, Cart cart)
    {
        var given = GivenOn(cart);
        var price = OfferPricing.Price(rule.Offer, cart, given, ShippingMinor);
        var floor = rule.MarginFloorBasisPoints is { } own ? Math.Max(own, FloorBasisPoints ?? own) : FloorBasisPoints;
        return price.Nothing is not null || floor is not { } kept ? price : MarginFloor.Keep(price, cart, kept, given.Sum() + ShippingMinor, GiftsMinor).Price;
    }
}
