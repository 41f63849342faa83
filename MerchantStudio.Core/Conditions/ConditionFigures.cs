using System.Globalization;

namespace MerchantStudio.Core.Conditions;

/// <summary>Amounts, shares and dates as they stand in a sentence.</summary>
public static class ConditionFigures
{
    private static readonly Dictionary<string, string> Symbols = new()
    {
        ["EUR"] = "€",
        ["USD"] = "$",
        ["GBP"] = "£",
        ["CNY"] = "¥",
        ["JPY"] = "¥",
        ["KRW"] = "₩",
        ["INR"] = "₹",
    };

    /// <summary>With the currency's sign where one is in general use, without decimals when it is a whole amount.</summary>
    public static string Money(decimal amount, string currency, CultureInfo culture)
    {
        var figure = Math.Abs(amount).ToString(amount == decimal.Truncate(amount) ? "N0" : "N2", culture);
        var sign = amount < 0 ? "−" : "";
        return Symbols.TryGetValue(currency, out var symbol) ? $"{sign}{symbol}{figure}" : $"{sign}{figure} {currency}";
    }

    public static string Percent(double share, CultureInfo culture) => $"{(share * 100).ToString("0.##", culture)}%";

    public static string Day(DateOnly day, CultureInfo culture) =>
        culture.TwoLetterISOLanguageName == "zh" ? $"{day.Year}年{day.Month}月{day.Day}日" : day.ToString("d MMMM yyyy", culture);
}
