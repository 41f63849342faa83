using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Promotions;

/// <summary>An offer in WooCommerce's terms.</summary>
/// <param name="Type">"percent" or "fixed_cart".</param>
/// <param name="PercentBasisPoints">Null for a fixed amount.</param>
internal sealed record WooCommerceCoupon(string Type, int? PercentBasisPoints, long AmountMinor, bool FreeShipping, long? MinimumMinor, ItemChoice? Include, ItemChoice? Exclude, bool ExcludeSaleItems)
{
    /// <summary>The coupon that gives the same there, or why there is none: one that gives something else is worse than none.</summary>
    public static Outcome<WooCommerceCoupon> Of(string rule, Offer offer, int? marginFloor)
    {
        if (marginFloor is not null) return new WooCommerceMargin(rule);
        switch (offer.Kind)
        {
            case OfferKind.BuyGet: return new WooCommerceBuyGet(rule);
            case OfferKind.Gift: return new WooCommerceGift(rule);
            case OfferKind.Tiered when offer.Tiers.Length != 1: return new WooCommerceTiers(rule, offer.Tiers.Length);
        }

        var tier = offer.Kind == OfferKind.Tiered ? offer.Tiers[0] : null;
        var percent = offer.Kind == OfferKind.Percent ? offer.PercentBasisPoints : tier?.PercentBasisPoints;
        var amount = offer.Kind == OfferKind.Fixed ? offer.AmountMinor : tier?.AmountMinor;
        var minimum = Math.Max(offer.MinimumSpendMinor ?? 0, tier?.FromMinor ?? 0);
        var narrowed = offer.Include is not null || offer.Exclude is not null || offer.SaleItemsExcluded;
        if (offer.Target is OfferTarget.CheapestItem or OfferTarget.DearestItem) return new WooCommercePiece(rule);
        if (offer.Kind == OfferKind.FreeShipping && offer.CapMinor is not null) return new WooCommerceShippingCap(rule);

        // A fixed_cart coupon there takes its amount off the whole order once one of its products is in it, and none if one that it excludes is.
        if (amount is not null && narrowed) return new WooCommerceFixedItems(rule);
        if (offer.Kind == OfferKind.FreeShipping && (offer.Exclude is not null || offer.SaleItemsExcluded)) return new WooCommerceFixedItems(rule);
        if (minimum > 0 && narrowed && offer.MinimumOn == MinimumMeasure.EligibleItems) return new WooCommerceMinimum(rule);
        foreach (var choice in (ItemChoice?[])[offer.Include, offer.Exclude])
        {
            if (choice is not null && !choice.Brands.IsDefaultOrEmpty) return new WooCommerceBrands(rule);
            if (Names(choice?.Items).FirstOrDefault(item => !item.All(char.IsAsciiDigit)) is { } item) return new WooCommerceItemIds(rule, item);
            if (Names(choice?.Categories).FirstOrDefault(name => name.Contains(',', StringComparison.Ordinal)) is { } category) return new WooCommerceCategoryName(rule, category);
        }

        return new WooCommerceCoupon(percent is null ? "fixed_cart" : "percent", percent, amount ?? 0, offer.Kind == OfferKind.FreeShipping, minimum > 0 ? minimum : null, offer.Include, offer.Exclude, offer.SaleItemsExcluded);
    }

    public static string Items(ItemChoice? choice) => string.Join(", ", Names(choice?.Items));

    public static string Categories(ItemChoice? choice) => string.Join(", ", Names(choice?.Categories));

    private static ImmutableArray<string> Names(ImmutableArray<string>? names) => names is { IsDefault: false } some ? some : [];
}

public sealed record WooCommerceBuyGet(string Rule) : Problem("woo.buy-get", "'{0}' gives pieces for pieces bought, and a WooCommerce coupon cannot ask what else is bought. Nothing was written; redeem it through the studio, or choose another rule.", Rule);

public sealed record WooCommerceGift(string Rule) : Problem("woo.gift", "'{0}' gives a gift, and a WooCommerce coupon cannot put a product into the basket. Nothing was written; redeem it through the studio, or choose another rule.", Rule);

public sealed record WooCommerceTiers(string Rule, int Tiers) : Problem("woo.tiers", "'{0}' has {1} tiers, and a WooCommerce coupon has one amount. Nothing was written; make a rule of each tier, redeem it through the studio, or choose another rule.", Rule, Tiers);

public sealed record WooCommercePiece(string Rule) : Problem("woo.piece", "'{0}' takes something off the cheapest or dearest piece, which a WooCommerce coupon cannot pick. Nothing was written; redeem it through the studio, or choose another rule.", Rule);

public sealed record WooCommerceFixedItems(string Rule)
    : Problem("woo.fixed-items", "'{0}' counts only certain items, but a WooCommerce coupon for an amount or for shipping looks at the whole order. Nothing was written; make it a percentage, redeem it through the studio, or choose another rule.", Rule);

public sealed record WooCommerceMinimum(string Rule) : Problem("woo.minimum", "'{0}' holds its minimum against certain items, but WooCommerce holds it against the whole order. Nothing was written; let the minimum count the whole order, or choose another rule.", Rule);

public sealed record WooCommerceBrands(string Rule) : Problem("woo.brands", "'{0}' names brands, and the WooCommerce file has no column for them. Nothing was written; name categories or products instead, or choose another rule.", Rule);

public sealed record WooCommerceItemIds(string Rule, string Item) : Problem("woo.item-ids", "'{0}' names the item '{1}', but WooCommerce knows products by number. Nothing was written; name categories instead, or choose another rule.", Rule, Item);

public sealed record WooCommerceCategoryName(string Rule, string Category) : Problem("woo.category-name", "'{0}' names the category '{1}', whose comma would make two of it in the WooCommerce file. Nothing was written; rename the category, or choose another rule.", Rule, Category);

public sealed record WooCommerceShippingCap(string Rule) : Problem("woo.shipping-cap", "'{0}' pays for shipping up to an amount, but a WooCommerce coupon makes all of it free. Nothing was written; take the bound away, or choose another rule.", Rule);

public sealed record WooCommerceMargin(string Rule) : Problem("woo.margin", "'{0}' keeps a margin, which WooCommerce cannot work out. Nothing was written; redeem it through the studio, or choose another rule.", Rule);

public sealed record WooCommerceReferral(string Rule)
    : Problem("woo.referral", "'{0}' has referral codes: WooCommerce can neither tell a friend's first order nor thank the advocate. Nothing was written; redeem them through the studio, or choose another rule.", Rule);
