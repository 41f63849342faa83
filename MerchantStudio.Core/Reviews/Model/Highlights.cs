using System.Collections.Immutable;

namespace MerchantStudio.Core.Reviews.Model;

/// <summary>The few stretches worth marking in a review.</summary>
internal static class Highlights
{
    private const int Most = 8;
    private const double LeastWeight = 0.08;
    private const double LeastShareOfStrongest = 0.3;
    private const int WidestGap = 1;

    /// <summary>Joins neighbours of one direction and keeps the strongest, in the order of the text.</summary>
    public static ImmutableArray<WordWeight> Of(ImmutableArray<WordWeight> contributions)
    {
        if (contributions.IsEmpty) return [];
        var least = Math.Max(LeastWeight, LeastShareOfStrongest * contributions.Max(word => Math.Abs(word.Weight)));
        var runs = new List<WordWeight>();
        foreach (var word in contributions)
        {
            if (Math.Abs(word.Weight) < least) continue;
            var last = runs.Count > 0 ? runs[^1] : default;
            var end = last.Start + last.Length;
            if (runs.Count > 0 && word.Start - end <= WidestGap && Math.Sign(word.Weight) == Math.Sign(last.Weight))
            {
                runs[^1] = new WordWeight(last.Start, word.Start + word.Length - last.Start, last.Weight + word.Weight);
            }
            else
            {
                runs.Add(word);
            }
        }

        return [.. runs.OrderByDescending(run => Math.Abs(run.Weight)).Take(Most).OrderBy(run => run.Start).Select(run => run with { Weight = Math.Round(run.Weight, 3) })];
    }
}
