using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Promotions.Pricing;

namespace MerchantStudio.Core.Promotions;

/// <summary>What one use of a rule gives. Amounts are minor units of the shop's currency.</summary>
/// <param name="PercentBasisPoints">Hundredths of a percent, 1 to 10,000; only for a percent offer.</param>
/// <param name="AmountMinor">Only for a fixed offer.</param>
/// <param name="CapMinor">The most that one use takes off, except for a fixed offer and a gift; for free shipping, what one shipment costs at most.</param>
/// <param name="MinimumSpendMinor">Smaller orders get nothing.</param>
public sealed record Offer(OfferKind Kind, int? PercentBasisPoints = null, long? AmountMinor = null, long? CapMinor = null, long? MinimumSpendMinor = null)
{
    public OfferTarget Target { get; init; }

    /// <summary>Only lines of these; null for all. What is left out by <see cref="Exclude"/> or <see cref="SaleItemsExcluded"/> stays out.</summary>
    public ItemChoice? Include { get; init; }

    public ItemChoice? Exclude { get; init; }

    public bool SaleItemsExcluded { get; init; }

    /// <summary>What a percentage is taken of and the minimum is held against.</summary>
    public DiscountBase Base { get; init; }

    public MinimumMeasure MinimumOn { get; init; }

    /// <summary>Only for <see cref="OfferKind.BuyGet"/>.</summary>
    public BuyGet? BuyGet { get; init; }

    /// <summary>Only for <see cref="OfferKind.Gift"/>.</summary>
    public GiftItem? Gift { get; init; }

    /// <summary>Only for <see cref="OfferKind.Tiered"/>, rising.</summary>
    public ImmutableArray<OfferTier> Tiers { get; init; } = [];

    /// <summary>Item offers go first, order offers second, shipping last.</summary>
    public OfferClasses Class => Kind switch
    {
        OfferKind.FreeShipping => OfferClasses.Shipping,
        OfferKind.BuyGet => OfferClasses.Item,
        OfferKind.Gift => OfferClasses.Order,
        _ => Target == OfferTarget.Order && Include is null ? OfferClasses.Order : OfferClasses.Item,
    };

    /// <summary>The most that one use can cost; null when nothing bounds it.</summary>
    public long? MostPerUseMinor => Kind switch
    {
        OfferKind.Fixed => AmountMinor,
        OfferKind.Gift => Gift?.ValueMinor,
        OfferKind.Tiered when !Tiers.IsDefaultOrEmpty && Tiers.All(tier => tier.AmountMinor is not null) => Math.Min(CapMinor ?? long.MaxValue, Tiers.Max(tier => tier.AmountMinor!.Value)),
        _ => CapMinor,
    };

    /// <summary>Without what its kind has no use for; empty choices become none.</summary>
    public Offer Cleaned() => this with
    {
        PercentBasisPoints = Kind == OfferKind.Percent ? PercentBasisPoints : null,
        AmountMinor = Kind == OfferKind.Fixed ? AmountMinor : null,
        CapMinor = Kind is OfferKind.Fixed or OfferKind.Gift ? null : CapMinor,
        Target = Kind is OfferKind.Percent or OfferKind.Fixed or OfferKind.Tiered ? Target : OfferTarget.Order,
        Include = Include is { IsEmpty: false } && (Target != OfferTarget.Order || Kind is not (OfferKind.Percent or OfferKind.Fixed or OfferKind.Tiered)) ? Include : null,
        Exclude = Exclude is { IsEmpty: false } ? Exclude : null,
        BuyGet = Kind == OfferKind.BuyGet ? BuyGet is { GetFrom.IsEmpty: true } ? BuyGet with { GetFrom = null } : BuyGet : null,
        Gift = Kind == OfferKind.Gift ? Gift : null,
        Tiers = Kind == OfferKind.Tiered && !Tiers.IsDefault ? Tiers : [],
    };

    /// <summary>Whether an order's amount alone says what is taken off, or its lines have to be known.</summary>
    internal bool NeedsLines => Kind is OfferKind.BuyGet || Target != OfferTarget.Order || Include is not null || Exclude is not null || SaleItemsExcluded;

    /// <summary>What the offer takes off an order of one undivided amount, exact in minor units; 0 below the minimum, null where a shipment's cost is unknown.</summary>
    public long? DiscountOn(long orderMinor)
    {
        if (orderMinor <= 0 || orderMinor < MinimumSpendMinor) return 0;
        if (Kind == OfferKind.FreeShipping) return CapMinor;
        return OfferPricing.Price(this, new Cart([new CartLine("", null, null, 1, orderMinor)], 0, "")).WorthMinor;
    }
}

public enum OfferTarget
{
    /// <summary>Every eligible line together.</summary>
    Order,

    /// <summary>The chosen lines.</summary>
    Items,

    /// <summary>One piece of the cheapest eligible line.</summary>
    CheapestItem,

    /// <summary>One piece of the dearest eligible line.</summary>
    DearestItem,
}

public enum DiscountBase
{
    /// <summary>What earlier discounts left.</summary>
    Remaining,

    /// <summary>The prices as they were before any discount of this cart.</summary>
    Original,
}

public enum MinimumMeasure
{
    WholeOrder,
    EligibleItems,
}

/// <summary>The classes of offers in the order in which they are taken off; together, what a rule combines with.</summary>
[Flags]
public enum OfferClasses
{
    None = 0,
    Item = 1,
    Order = 2,
    Shipping = 4,
    All = Item | Order | Shipping,
}

/// <summary>Lines of one of the categories, brands or items.</summary>
public sealed record ItemChoice(ImmutableArray<string> Categories, ImmutableArray<string> Brands, ImmutableArray<string> Items)
{
    public bool IsEmpty => Categories.IsDefaultOrEmpty && Brands.IsDefaultOrEmpty && Items.IsDefaultOrEmpty;

    public bool Holds(CartLine line)
    {
        ArgumentNullException.ThrowIfNull(line);
        return Has(Items, line.ItemId) || Has(Categories, line.Category) || Has(Brands, line.Brand);
    }

    private static bool Has(ImmutableArray<string> names, string? name) => name is not null && !names.IsDefaultOrEmpty && names.Contains(name);
}

/// <param name="Buy">Pieces of the eligible lines that are paid in full for each turn, 1 or more.</param>
/// <param name="Get">Pieces that are cheaper for each turn, 1 or more; the cheapest first.</param>
/// <param name="PercentBasisPoints">Off the pieces got; 10,000 is free.</param>
/// <param name="MostTurns">How often in one order; null for as often as it fits.</param>
/// <param name="GetFrom">Where the pieces got may come from; null for the eligible lines themselves.</param>
public sealed record BuyGet(int Buy, int Get, int PercentBasisPoints = 10_000, int? MostTurns = null, ItemChoice? GetFrom = null);

/// <param name="ValueMinor">What one gift costs the shop.</param>
public sealed record GiftItem(string ItemId, string Name, long ValueMinor);

/// <summary>From an amount on, a percentage or a fixed amount off; one of the two.</summary>
public sealed record OfferTier(long FromMinor, int? PercentBasisPoints = null, long? AmountMinor = null);
