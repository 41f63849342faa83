using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Promotions;
using MerchantStudio.Core.Promotions.Pricing;

namespace MerchantStudio.Tests.Promotions.Pricing;

internal static class RandomPricing
{
    private static readonly string[] Names = ["a", "b", "c", "d"];

    public static Cart Cart(Random random) => new(
        [.. Enumerable.Range(0, random.Next(1, 7)).Select(_ => new CartLine(Name(random), random.Next(4) == 0 ? null : Name(random), Name(random), random.Next(1, random.Next(10) == 0 ? 1_000_000 : 6),
            random.Next(8) == 0 ? random.Next(3) : random.Next(1, 20_000), random.Next(3) == 0, random.Next(3) == 0 ? null : random.Next(10_000), random.Next(3) == 0 ? null : random.Next(50)))],
        random.Next(3) == 0 ? 0 : random.Next(1500), "EUR", random.Next(2) == 0 ? null : "web");

    public static Offer Offer(Random random)
    {
        var kind = (OfferKind)random.Next(6);
        var offer = new Offer(kind, kind == OfferKind.Percent ? random.Next(1, 10_001) : null, kind == OfferKind.Fixed ? random.Next(1, 30_000) : null,
            kind is OfferKind.Fixed or OfferKind.Gift || random.Next(2) == 0 ? null : random.Next(1, 5000), random.Next(2) == 0 ? null : random.Next(20_000))
        {
            Target = kind is OfferKind.Percent or OfferKind.Fixed ? (OfferTarget)random.Next(4) : OfferTarget.Order,
            Include = Choice(random),
            Exclude = Choice(random),
            SaleItemsExcluded = random.Next(4) == 0,
            Base = (DiscountBase)random.Next(2),
            MinimumOn = (MinimumMeasure)random.Next(2),
        };
        return kind switch
        {
            OfferKind.BuyGet => offer with { BuyGet = new BuyGet(random.Next(1, 4), random.Next(1, 4), random.Next(1, 10_001), random.Next(2) == 0 ? null : random.Next(1, 4), Choice(random)) },
            OfferKind.Gift => offer with { Gift = new GiftItem("gift", "Gift", random.Next(1, 1000)) },
            OfferKind.Tiered => offer with { Tiers = [new OfferTier(random.Next(5000), PercentBasisPoints: random.Next(1, 5000)), new OfferTier(5000 + random.Next(5000), AmountMinor: random.Next(1, 5000))] },
            _ => offer,
        };
    }

    private static ItemChoice? Choice(Random random) => random.Next(3) > 0 ? null
        : new ItemChoice(random.Next(2) == 0 ? [Name(random)] : [], random.Next(2) == 0 ? [Name(random)] : [], random.Next(2) == 0 ? [Name(random)] : []);

    private static string Name(Random random) => Names[random.Next(Names.Length)];
}
