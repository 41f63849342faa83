using System.Globalization;

namespace MerchantStudio.Core.Reviews;

/// <summary>Stars and labels as files write them.</summary>
internal static class ReviewLabels
{
    public static double? Stars(string? text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var stars) && stars is >= 0 and <= 5 ? stars : null;

    public static Sentiment? Label(string? text) => text?.Trim().ToLowerInvariant() switch
    {
        "positive" or "pos" or "1" or "good" or "true" or "好评" or "正面" or "积极" => Sentiment.Positive,
        "neutral" or "neu" or "mixed" or "中评" or "中性" => Sentiment.Neutral,
        "negative" or "neg" or "0" or "-1" or "bad" or "false" or "差评" or "负面" or "消极" => Sentiment.Negative,
        _ => null,
    };
}
