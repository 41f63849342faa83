using System.Collections.Immutable;

namespace MerchantStudio.Core.Demo.Generator;

/// <summary>Chooses articles: by popularity, by the kind of shopper's taste for price, and less the more the price stands above its usual level.</summary>
internal sealed class Shelf
{
    private readonly ImmutableArray<ImmutableArray<(Product Product, ImmutableArray<Period> Periods)>> _byCategory;

    public Shelf(ImmutableArray<Product> products) =>
        _byCategory = [.. Catalogue.Categories.Select((_, category) => products.Where(product => product.Category == category).Select(product => (product, Periods(product))).ToImmutableArray())];

    public Product Draw(SteadyRandom random, int category, ShopperKind kind, int day)
    {
        var candidates = _byCategory[category];
        var place = ShopperKinds.All.IndexOf(kind);
        Span<double> weights = stackalloc double[candidates.Length];
        for (var i = 0; i < weights.Length; i++)
        {
            foreach (var period in candidates[i].Periods)
            {
                if (period.FromDay <= day) weights[i] = period.WeightByKind[place];
            }
        }
        return candidates[random.PickWeighted(weights)].Product;
    }

    /// <summary>A product's weight for each kind of shopper while one price holds.</summary>
    private readonly record struct Period(int FromDay, double[] WeightByKind);

    private static ImmutableArray<Period> Periods(Product product) =>
        [At(product, int.MinValue, product.BasePrice), .. product.Prices.Select(price => At(product, price.FromDay, price.Cents))];

    private static Period At(Product product, int fromDay, int price)
    {
        var weight = product.Popularity * SteadyMath.Power((double)price / product.BasePrice, -Catalogue.Categories[product.Category].Elasticity);
        return new(fromDay, [.. ShopperKinds.All.Select(kind => weight * SteadyMath.Power(price / 5000.0, kind.PriceTaste * 0.45))]);
    }
}
