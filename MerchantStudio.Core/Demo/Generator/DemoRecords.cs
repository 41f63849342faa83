namespace MerchantStudio.Core.Demo.Generator;

/// <summary>An order before its number is known: numbers follow time over the whole shop.</summary>
internal sealed class DemoOrder
{
    public string? Number { get; set; }
}

/// <param name="Second">Unix seconds; still the place in the file when a bad time stands in its stead.</param>
internal sealed record DemoEvent(long Second, string? User, string Type)
{
    public string? BadTime { get; init; }
    public Product? Product { get; init; }

    /// <summary>Cents for one item.</summary>
    public int? Price { get; init; }
    public int? Quantity { get; init; }

    /// <summary>Cents over the whole line.</summary>
    public int? Discount { get; init; }
    public DemoOrder? Order { get; init; }
    public string? Coupon { get; init; }
    public string? Search { get; init; }
    public string? Device { get; init; }
    public string? Region { get; init; }
    public string? Channel { get; init; }
}

internal enum Feeling
{
    Negative,
    Neutral,
    Positive,
}

/// <param name="Feeling">What the text says; the stars may say otherwise.</param>
internal sealed record DemoReview(long Second, string User, Product Product, int Stars, Feeling Feeling, bool Chinese, string Title, string Text);

/// <summary>What the truth keeps of a shopper.</summary>
/// <param name="Mind">At the end of the last day in the data.</param>
/// <param name="Chance7">Exact chance of an order within 7 days after the data, as its neighbours are for 1 and 30.</param>
/// <param name="BoughtAfter">Days after the data until the next order, 1 to 30; null when there was none.</param>
internal sealed record ShopperTruth(Shopper Shopper, Mind Mind, double Chance1, double Chance7, double Chance30, int? BoughtAfter);
