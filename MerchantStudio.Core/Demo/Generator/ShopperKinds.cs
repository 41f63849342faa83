using System.Collections.Immutable;

namespace MerchantStudio.Core.Demo.Generator;

/// <summary>What is on a shopper's mind; nobody in the data can see it.</summary>
internal enum Mind
{
    Idle,
    Exploring,
    Deciding,
}

/// <summary>One planted kind of shopper. All rates are chances a day.</summary>
/// <param name="Share">Of a hundred shoppers.</param>
/// <param name="Need">Idle to exploring.</param>
/// <param name="Visit">Visits while idle, exploring, deciding.</param>
/// <param name="Decide">Exploring to deciding.</param>
/// <param name="Drop">Exploring back to idle.</param>
/// <param name="Buy">Deciding to an order.</param>
/// <param name="Waver">Deciding back to idle.</param>
/// <param name="Impulse">Idle or exploring straight to an order, without a sign beforehand.</param>
/// <param name="PromoPull">Times <paramref name="Need"/> and <paramref name="Impulse"/> on promotion days, and a third of it on <paramref name="Buy"/>.</param>
/// <param name="Lines">Mean lines of an order beyond the first.</param>
/// <param name="PriceTaste">Above 0 prefers dear articles, below 0 cheap ones.</param>
/// <param name="Tastes">Weight of each category, in the catalogue's order.</param>
internal sealed record ShopperKind(
    string Key, int Share, double Need, ImmutableArray<double> Visit, double Decide, double Drop, double Buy, double Waver,
    double Impulse, double PromoPull, double Lines, double PriceTaste, double CouponUse, bool Seasonal, ImmutableArray<double> Tastes);

internal static class ShopperKinds
{
    public const string Fresh = "fresh";
    public const string Faded = "faded";

    // Categories: bedding, bath, kitchen, table, living, window, kids, outdoor.
    public static readonly ImmutableArray<ShopperKind> All =
    [
        new("devoted", 12, 0.0095, [0.012, 0.26, 0.46], 0.24, 0.07, 0.28, 0.06, 0.0026, 1.3, 0.9, 0.2, 0.20, false, [5, 4, 2, 2, 3, 1, 1, 1]),
        new("indulgent", 8, 0.0034, [0.004, 0.20, 0.42], 0.20, 0.08, 0.22, 0.08, 0.0007, 1.0, 1.6, 2.2, 0.05, false, [6, 1, 1, 1, 6, 4, 0.5, 0.5]),
        new("bargain", 16, 0.0030, [0.006, 0.20, 0.36], 0.14, 0.13, 0.16, 0.14, 0.0003, 7.0, 0.8, -2.0, 0.85, false, [2, 5, 5, 2, 2, 1, 1, 1]),
        new("browsing", 25, 0.0055, [0.007, 0.32, 0.38], 0.025, 0.11, 0.10, 0.24, 0.0001, 1.3, 0.2, 0.6, 0.20, false, [2, 1, 1, 2, 6, 4, 1, 1]),
        new("gifting", 13, 0.0031, [0.003, 0.24, 0.44], 0.22, 0.08, 0.26, 0.07, 0.0007, 1.5, 0.6, 0.5, 0.25, true, [1, 1, 3, 6, 2, 0.5, 5, 2]),
        new(Fresh, 9, 0.0170, [0.020, 0.26, 0.42], 0.15, 0.13, 0.20, 0.12, 0.0022, 1.4, 0.3, 0.0, 0.45, false, [3, 3, 2, 2, 3, 2, 2, 2]),
        new(Faded, 17, 0.0080, [0.009, 0.24, 0.42], 0.20, 0.10, 0.24, 0.09, 0.0018, 1.3, 0.6, 0.0, 0.25, false, [3, 3, 3, 2, 2, 2, 1, 2]),
    ];
}
