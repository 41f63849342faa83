using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Promotions;
using MerchantStudio.Core.Shop;

namespace MerchantStudio.Components.Pages.Promotions;

/// <summary>An offer while it is edited: what was typed for one kind stays when another is looked at.</summary>
public sealed class OfferDraft
{
    public OfferKind Kind { get; set; }
    public decimal? PercentOff { get; set; } = 10;
    public Money? AmountOff { get; set; }
    public Money? Cap { get; set; }
    public Money? Minimum { get; set; }
    public OfferTarget Target { get; set; }
    public ChoiceDraft Include { get; } = new();
    public ChoiceDraft Exclude { get; } = new();
    public bool SaleItemsExcluded { get; set; }
    public DiscountBase Base { get; set; }
    public MinimumMeasure MinimumOn { get; set; }
    public decimal? Buy { get; set; } = 2;
    public decimal? Get { get; set; } = 1;
    public decimal? GetPercent { get; set; } = 100;
    public decimal? MostTurns { get; set; }
    public ChoiceDraft GetFrom { get; } = new();
    public string? GiftItem { get; set; }
    public string? GiftName { get; set; }
    public Money? GiftValue { get; set; }
    public List<TierDraft> Tiers { get; } = [];

    public bool HasTarget => Kind is OfferKind.Percent or OfferKind.Fixed or OfferKind.Tiered;

    public static OfferDraft Of(Offer offer, string currency)
    {
        ArgumentNullException.ThrowIfNull(offer);
        var draft = new OfferDraft
        {
            Kind = offer.Kind,
            PercentOff = offer.PercentBasisPoints / 100m ?? 10,
            AmountOff = Amount(offer.AmountMinor),
            Cap = Amount(offer.CapMinor),
            Minimum = Amount(offer.MinimumSpendMinor),
            Target = offer.Target,
            SaleItemsExcluded = offer.SaleItemsExcluded,
            Base = offer.Base,
            MinimumOn = offer.MinimumOn,
            GiftItem = offer.Gift?.ItemId,
            GiftName = offer.Gift?.Name,
            GiftValue = Amount(offer.Gift?.ValueMinor),
        };
        if (offer.BuyGet is { } terms) (draft.Buy, draft.Get, draft.GetPercent, draft.MostTurns) = (terms.Buy, terms.Get, terms.PercentBasisPoints / 100m, terms.MostTurns);
        draft.Include.Fill(offer.Include);
        draft.Exclude.Fill(offer.Exclude);
        draft.GetFrom.Fill(offer.BuyGet?.GetFrom);
        draft.Tiers.AddRange((offer.Tiers.IsDefault ? [] : offer.Tiers).Select(tier => new TierDraft { From = Amount(tier.FromMinor), IsAmount = tier.AmountMinor is not null, Percent = tier.PercentBasisPoints / 100m, Off = Amount(tier.AmountMinor) }));
        return draft;

        Money? Amount(long? minor) => minor is { } given ? new Money(given, currency) : null;
    }

    public Offer ToOffer() => new Offer(Kind, BasisPoints(PercentOff), AmountOff?.Minor ?? 0, Cap?.Minor, Minimum?.Minor)
    {
        Target = Target,
        Include = Include.ToChoice(),
        Exclude = Exclude.ToChoice(),
        SaleItemsExcluded = SaleItemsExcluded,
        Base = Base,
        MinimumOn = MinimumOn,
        BuyGet = new BuyGet((int)(Buy ?? 0), (int)(Get ?? 0), BasisPoints(GetPercent), (int?)MostTurns, GetFrom.ToChoice()),
        Gift = new GiftItem(GiftItem?.Trim() ?? "", GiftName?.Trim() ?? "", GiftValue?.Minor ?? 0),
        Tiers = [.. Tiers.Select(tier => new OfferTier(tier.From?.Minor ?? 0, tier.IsAmount ? null : BasisPoints(tier.Percent), tier.IsAmount ? tier.Off?.Minor ?? 0 : null))],
    }.Cleaned();

    private static int BasisPoints(decimal? percent) => (int)((percent ?? 0) * 100);
}

/// <summary>Categories, brands and items while they are chosen.</summary>
public sealed class ChoiceDraft
{
    public ImmutableArray<string> Categories { get; set; } = [];
    public ImmutableArray<string> Brands { get; set; } = [];
    public ImmutableArray<string> Items { get; set; } = [];

    public void Fill(ItemChoice? choice)
    {
        Categories = Or(choice?.Categories);
        Brands = Or(choice?.Brands);
        Items = Or(choice?.Items);
    }

    /// <summary>Null when nothing is chosen.</summary>
    public ItemChoice? ToChoice() => new ItemChoice(Categories, Brands, Items) is { IsEmpty: false } choice ? choice : null;

    private static ImmutableArray<string> Or(ImmutableArray<string>? names) => names is { IsDefault: false } known ? known : [];
}

/// <summary>A tier while it is edited.</summary>
public sealed class TierDraft
{
    public Money? From { get; set; }
    public bool IsAmount { get; set; }
    public decimal? Percent { get; set; } = 10;
    public Money? Off { get; set; }
}
