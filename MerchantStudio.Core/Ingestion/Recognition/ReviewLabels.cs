using System.Collections.Immutable;

namespace MerchantStudio.Core.Ingestion.Recognition;

/// <summary>Words and figures by which files call a review good or bad.</summary>
public static class ReviewLabels
{
    public const string Positive = "positive";
    public const string Neutral = "neutral";
    public const string Negative = "negative";

    private static readonly Dictionary<string, string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        ["positive"] = Positive,
        ["pos"] = Positive,
        ["good"] = Positive,
        ["好评"] = Positive,
        ["正面"] = Positive,
        ["积极"] = Positive,
        ["neutral"] = Neutral,
        ["neu"] = Neutral,
        ["mixed"] = Neutral,
        ["中评"] = Neutral,
        ["中性"] = Neutral,
        ["negative"] = Negative,
        ["neg"] = Negative,
        ["bad"] = Negative,
        ["差评"] = Negative,
        ["负面"] = Negative,
        ["消极"] = Negative,
    };

    internal static ImmutableSortedDictionary<string, string> None => ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>1 and 0 are positive and negative, unless -1 occurs: then 0 is neutral.</summary>
    internal static ImmutableSortedDictionary<string, string> Suggest(IEnumerable<string> values)
    {
        var labels = values.Select(value => value.Trim()).Where(value => value.Length > 0).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var result = ImmutableSortedDictionary.CreateBuilder<string, string>();
        foreach (var label in labels)
        {
            if (Words.TryGetValue(label, out var known)) result[label] = known;
        }

        if (!labels.Overlaps(["0", "1", "-1", "2"])) return result.ToImmutable();
        result["1"] = Positive;
        result["0"] = labels.Contains("-1") ? Neutral : Negative;
        if (labels.Contains("-1")) result["-1"] = Negative;
        if (!labels.Contains("2")) return result.ToImmutable();
        (result["2"], result["1"]) = (Positive, Neutral);
        return result.ToImmutable();
    }
}
