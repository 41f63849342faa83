using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Promotions;

/// <summary>What is wrong with an offer, each fault for its own field.</summary>
internal static class OfferCheck
{
    public const int MostTiers = 10;
    public const int MostNames = 100;
    private const int MostPieces = 1000;
    private const int NameLimit = 200;

    public static void Add(Offer offer, ImmutableArray<Problem>.Builder problems)
    {
        if (offer.Kind == OfferKind.Percent && !IsPercent(offer.PercentBasisPoints)) problems.Add(new RulePercentUnfit());
        if (offer.Kind == OfferKind.Fixed && !IsAmount(offer.AmountMinor)) problems.Add(new RuleAmountUnfit());
        if (offer.Kind is not (OfferKind.Fixed or OfferKind.Gift) && offer.CapMinor is (<= 0 or > RuleCheck.LargestAmount)) problems.Add(new RuleCapUnfit());
        if (offer.MinimumSpendMinor is < 0 or > RuleCheck.LargestAmount) problems.Add(new RuleMinimumUnfit());
        if (offer is { Kind: OfferKind.Fixed, AmountMinor: { } amount, MinimumSpendMinor: { } minimum } && amount > 0 && minimum >= 0 && amount >= minimum) problems.Add(new RuleAmountAboveMinimum());
        if (offer.Kind == OfferKind.BuyGet && !Fits(offer.BuyGet)) problems.Add(new RuleBuyGetUnfit(MostPieces));
        if (offer.Kind == OfferKind.Gift && !Fits(offer.Gift)) problems.Add(new RuleGiftUnfit());
        if (offer.Kind == OfferKind.Tiered) AddTiers(offer.Tiers, problems);
        if (offer is { Kind: OfferKind.Percent or OfferKind.Fixed or OfferKind.Tiered, Target: OfferTarget.Items } && (offer.Include?.IsEmpty ?? true)) problems.Add(new RuleItemsMissing());
        if (!Fits(offer.Include) || !Fits(offer.Exclude) || !Fits(offer.BuyGet?.GetFrom)) problems.Add(new RuleChoiceUnfit(MostNames));
    }

    private static void AddTiers(ImmutableArray<OfferTier> tiers, ImmutableArray<Problem>.Builder problems)
    {
        if (tiers.IsDefaultOrEmpty || tiers.Length > MostTiers)
        {
            problems.Add(new RuleTiersUnfit(MostTiers));
            return;
        }

        for (var index = 0; index < tiers.Length; index++)
        {
            var tier = tiers[index];
            var rises = tier.FromMinor is >= 0 and <= RuleCheck.LargestAmount && (index == 0 || tier.FromMinor > tiers[index - 1].FromMinor);
            var gives = tier.PercentBasisPoints is null ? IsAmount(tier.AmountMinor) && tier.AmountMinor < tier.FromMinor : tier.AmountMinor is null && IsPercent(tier.PercentBasisPoints);
            if (!rises || !gives) problems.Add(new RuleTierUnfit(index + 1));
        }
    }

    private static bool Fits(BuyGet? terms) => terms is { Buy: >= 1 and <= MostPieces, Get: >= 1 and <= MostPieces, MostTurns: null or (>= 1 and <= MostPieces) } && IsPercent(terms.PercentBasisPoints);

    private static bool Fits(GiftItem? gift) => gift is { ValueMinor: >= 0 and <= RuleCheck.LargestAmount } && IsName(gift.ItemId) && IsName(gift.Name);

    private static bool Fits(ItemChoice? choice) => choice is null || (Fit(choice.Categories) && Fit(choice.Brands) && Fit(choice.Items));

    private static bool Fit(ImmutableArray<string> names) => names.IsDefaultOrEmpty || (names.Length <= MostNames && names.All(IsName));

    private static bool IsName(string? name) => !string.IsNullOrWhiteSpace(name) && name.Length <= NameLimit;

    private static bool IsPercent(int? basisPoints) => basisPoints is > 0 and <= 10_000;

    private static bool IsAmount(long? minor) => minor is > 0 and <= RuleCheck.LargestAmount;
}
