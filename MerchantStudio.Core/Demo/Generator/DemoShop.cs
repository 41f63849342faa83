using System.Collections.Immutable;

namespace MerchantStudio.Core.Demo.Generator;

/// <summary>A whole generated shop: its rows and the truth that they were made from.</summary>
internal sealed record DemoShop(
    int Seed, ImmutableArray<Product> Products, IReadOnlyList<DemoEvent> Events, IReadOnlyList<DemoReview> Reviews, IReadOnlyList<ShopperTruth> Shoppers)
{
    public const int ShopperCount = 6000;

    /// <summary>The same seed gives the same shop on every machine.</summary>
    public static DemoShop Generate(int seed, CancellationToken cancellationToken)
    {
        var products = Catalogue.Draw(new SteadyRandom((ulong)seed, 1));
        var shelf = new Shelf(products);
        var events = new List<DemoEvent>();
        var reviews = new List<DemoReview>();
        var truths = new List<ShopperTruth>(ShopperCount);
        for (var number = 0; number < ShopperCount; number++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var random = new SteadyRandom((ulong)seed, 1000 + (ulong)number);
            truths.Add(new ShopperLife(Shopper.Draw(number, random), random, shelf, events, reviews).Play());
        }
        events.AddRange(BadRows.BotVisit(products, new SteadyRandom((ulong)seed, 3)));
        // Ties keep the order in which the shoppers were played: OrderBy is stable.
        var ordered = events.OrderBy(row => row.Second).ToList();
        BadRows.Plant(ordered, new SteadyRandom((ulong)seed, 2));
        NumberOrders(ordered);
        return new(seed, products, ordered, [.. reviews.OrderBy(review => review.Second)], truths);
    }

    private static void NumberOrders(List<DemoEvent> events)
    {
        var next = 100_001;
        foreach (var row in events)
        {
            if (row.Order is { Number: null } order) order.Number = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"L{next++}");
        }
    }
}
