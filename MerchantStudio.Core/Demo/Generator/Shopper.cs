namespace MerchantStudio.Core.Demo.Generator;

/// <summary>A planted shopper: what she is and stays.</summary>
/// <param name="Keenness">Her own factor on how often a need arises; mean about 1.</param>
/// <param name="CartIsWishlist">Puts into the cart what others would mark as a favourite.</param>
/// <param name="JoinDay">First day she may come.</param>
/// <param name="FadeDay">From then on she hardly comes; past the end for most.</param>
internal sealed record Shopper(
    int Number, ShopperKind Kind, double Keenness, bool CartIsWishlist, int JoinDay, int FadeDay, double[] Tastes,
    Place Place, string Device, bool WritesChinese, bool HasAccount)
{
    public string Id => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"u{Number + 1001}");

    public static Shopper Draw(int number, SteadyRandom random)
    {
        Span<double> shares = stackalloc double[ShopperKinds.All.Length];
        for (var i = 0; i < shares.Length; i++) shares[i] = ShopperKinds.All[i].Share;
        var kind = ShopperKinds.All[random.PickWeighted(shares)];
        var join = kind.Key switch
        {
            ShopperKinds.Fresh => random.Between(DemoCalendar.Days - 56, DemoCalendar.Days - 3),
            ShopperKinds.Faded => random.Between(-100, 60),
            _ => random.Chance(0.6) ? random.Between(-400, -1) : random.Between(0, 330),
        };
        var fade = kind.Key == ShopperKinds.Faded ? random.Between(90, 300) : int.MaxValue;
        var tastes = new double[kind.Tastes.Length];
        for (var i = 0; i < tastes.Length; i++) tastes[i] = kind.Tastes[i] * (0.3 + 1.4 * random.Unit());
        var place = Places.Draw(random);
        Span<double> devices = kind.Key is "browsing" or ShopperKinds.Fresh ? [6, 2, 2] : [4.5, 3.5, 2];
        return new(number, kind, SteadyMath.Exp(0.55 * random.Bell() - 0.15), random.Chance(0.16), join, fade, tastes, place,
            Devices[random.PickWeighted(devices)], random.Chance(place.ChineseShare), random.Chance(0.45));
    }

    private static readonly string[] Devices = ["mobile", "desktop", "tablet"];
}

/// <param name="Weight">How many of a hundred shoppers live there.</param>
internal sealed record Place(string Country, string City, string Region, int Weight, double ChineseShare);

internal static class Places
{
    private static readonly Place[] All =
    [
        new("AT", "Wien", "AT-9", 30, 0.06), new("AT", "Graz", "AT-6", 9, 0.02), new("AT", "Linz", "AT-4", 7, 0.02), new("AT", "Salzburg", "AT-5", 6, 0.02),
        new("DE", "München", "DE-BY", 11, 0.06), new("DE", "Berlin", "DE-BE", 9, 0.08), new("CH", "Zürich", "CH-ZH", 5, 0.06),
        new("CN", "上海", "CN-SH", 11, 0.98), new("CN", "成都", "CN-SC", 6, 0.98), new("SG", "Singapore", "SG", 6, 0.7),
    ];

    public static Place Draw(SteadyRandom random)
    {
        Span<double> weights = stackalloc double[All.Length];
        for (var i = 0; i < weights.Length; i++) weights[i] = All[i].Weight;
        return All[random.PickWeighted(weights)];
    }
}
