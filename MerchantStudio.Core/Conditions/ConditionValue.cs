using System.Globalization;

namespace MerchantStudio.Core.Conditions;

/// <summary>Reads the text values of a <see cref="Comparison"/>.</summary>
internal static class ConditionValue
{
    public static bool TryDays(string text, out int days) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out days) && days is >= 0 and <= ConditionCheck.DaysLimit;

    public static bool TryDate(string text, out DateOnly date) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date) && date.Year is >= 1970 and <= 9000;

    /// <summary>long for counts, scores, weekdays and hours, decimal for money, double for probabilities and sentiment, bool for flags, string for choices.</summary>
    public static bool TryFigure(AttributeKind kind, string text, out object value)
    {
        switch (kind)
        {
            case AttributeKind.Count or AttributeKind.Score or AttributeKind.Weekday or AttributeKind.Hour when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var whole):
                value = whole;
                return kind switch { AttributeKind.Count => whole <= int.MaxValue, AttributeKind.Score => whole is >= 1 and <= 5, AttributeKind.Weekday => whole is >= 1 and <= 7, _ => whole <= 23 };
            case AttributeKind.Money when decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var amount):
                value = amount;
                return Math.Abs(amount) < 10_000_000_000_000m && decimal.Round(amount, 4) == amount;
            case AttributeKind.Probability or AttributeKind.Sentiment when double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var figure):
                value = figure;
                return figure >= (kind == AttributeKind.Probability ? 0 : -1) && figure <= 1;
            case AttributeKind.Flag when text is "true" or "false":
                value = text == "true";
                return true;
            case AttributeKind.Choice when text.Length <= ConditionCheck.TextLimit:
                value = text;
                return true;
            default:
                value = "";
                return false;
        }
    }

    public static object Figure(AttributeKind kind, string text) =>
        TryFigure(kind, text, out var value) ? value : throw new FormatException($"'{text}' is no {kind}; check the tree before compiling it.");

    public static int Days(string text) => TryDays(text, out var days) ? days : throw new FormatException($"'{text}' is no number of days.");

    public static DateOnly Date(string text) => TryDate(text, out var date) ? date : throw new FormatException($"'{text}' is no date.");
}
