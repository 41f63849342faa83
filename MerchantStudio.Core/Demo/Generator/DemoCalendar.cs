using System.Collections.Immutable;

namespace MerchantStudio.Core.Demo.Generator;

/// <param name="FirstDay">Day number, 0 is the first day of the shop.</param>
/// <param name="Code">Coupon code of these days.</param>
/// <param name="Percent">What the code takes off.</param>
internal sealed record PromoDays(int FirstDay, int LastDay, string Code, int Percent);

/// <summary>The shop's sixty weeks, Monday to Sunday, and the thirty hidden days after them that only the truth knows.</summary>
internal static class DemoCalendar
{
    public const int Days = 420;
    public const int HiddenDays = 30;

    /// <summary>Played before day 0 and not written, so that the first week looks like any other.</summary>
    public const int WarmUpDays = 35;

    /// <summary>The first instant of day 0, a Monday.</summary>
    public static readonly DateTimeOffset Start = new(2025, 9, 1, 0, 0, 0, TimeSpan.Zero);

    public static readonly ImmutableArray<PromoDays> Promos =
    [
        new(81, 84, "WHITEWEEK", 20),
        new(134, 137, "WINTER15", 15),
        new(207, 210, "SPRING10", 10),
        new(291, 294, "SUMMER15", 15),
        new(361, 364, "LINEN20", 20),
        new(403, 405, "HARVEST10", 10),
    ];

    /// <summary>Monday to Sunday.</summary>
    private static readonly double[] Weekday = [0.95, 0.92, 0.94, 0.98, 1.00, 1.08, 1.25];

    /// <summary>The shop's pulse every five weeks: busiest before the winter holidays, slowest in midsummer.</summary>
    private static readonly double[] Season = [0.95, 1.05, 1.35, 1.25, 0.85, 0.90, 1.00, 1.00, 0.85, 0.78, 0.90, 1.00, 1.08, 1.15];

    /// <summary>How much of a year's giving falls into each five weeks.</summary>
    private static readonly double[] Gifts = [0.4, 0.7, 2.6, 2.2, 0.4, 0.8, 0.9, 1.4, 0.6, 0.4, 0.4, 0.6, 1.0, 1.8];

    public static long Second(int day, int secondOfDay) => Start.ToUnixTimeSeconds() + day * 86_400L + secondOfDay;

    public static double WeekdayFactor(int day) => Weekday[(day + 7 * WarmUpDays) % 7];

    public static double SeasonFactor(int day) => Between(Season, day);

    public static double GiftFactor(int day) => Between(Gifts, day);

    public static PromoDays? PromoOn(int day)
    {
        foreach (var promo in Promos)
        {
            if (day >= promo.FirstDay && day <= promo.LastDay) return promo;
        }
        return null;
    }

    private static double Between(double[] table, int day)
    {
        var place = Math.Max(day, 0) / 35;
        var share = Math.Max(day, 0) % 35 / 35.0;
        var next = Math.Min(place + 1, table.Length - 1);
        return table[Math.Min(place, table.Length - 1)] * (1 - share) + table[next] * share;
    }
}
