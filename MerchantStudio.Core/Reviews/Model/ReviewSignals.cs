using MerchantStudio.Core.Reviews.Text;

namespace MerchantStudio.Core.Reviews.Model;

/// <summary>What the decision knows of a review: the heads' answers, how praise and complaint lie in it, and how long it is.</summary>
internal static class ReviewSignals
{
    /// <summary>The opening and the close of a review are this share of it: many torn reviews praise first and take it back.</summary>
    public const int Parts = 3;

    /// <summary>Brings the logarithm of a length near the log-odds' size.</summary>
    public const double LengthScale = 4;

    /// <summary>Log-odds of the heads; sums of the terms' mean weights above and below zero; mean log-odds of the opening and the close; length.</summary>
    public static double[] Of(TermVocabulary vocabulary, OrdinalHeads heads, IReadOnlyList<ReviewTerm> terms)
    {
        var encoded = vocabulary.Encode(terms);
        double praise = 0, complaint = 0;
        for (var at = 0; at < encoded.Columns.Length; at++)
        {
            var weight = encoded.Values[at] * heads.MeanWeight(encoded.Columns[at]);
            if (weight > 0) praise += weight;
            else complaint += weight;
        }

        var units = UnitWeights(vocabulary, heads, terms, encoded);
        var part = units.Length / Parts;
        return
        [
            .. heads.LogOdds(encoded.Columns, encoded.Values), praise, complaint,
            units.Take(part).Sum(), units.TakeLast(part).Sum(), Math.Log(1 + units.Length) / LengthScale,
        ];
    }

    /// <summary>How far each unit moves the review, in mean log-odds of the steps; a term's share is spread over its units.</summary>
    public static double[] UnitWeights(TermVocabulary vocabulary, OrdinalHeads heads, IReadOnlyList<ReviewTerm> terms) => UnitWeights(vocabulary, heads, terms, vocabulary.Encode(terms));

    private static double[] UnitWeights(TermVocabulary vocabulary, OrdinalHeads heads, IReadOnlyList<ReviewTerm> terms, (int[] Columns, float[] Values, int[] Counts) encoded)
    {
        // Every unit is a term of its own too, so the terms tell how many units there are.
        var weights = new double[terms.Select(term => term.First + term.Units).DefaultIfEmpty().Max()];
        foreach (var term in terms)
        {
            var at = Array.BinarySearch(encoded.Columns, vocabulary.IndexOf(term.Key));
            if (at < 0) continue;
            var share = heads.MeanWeight(encoded.Columns[at]) * encoded.Values[at] / (encoded.Counts[at] * term.Units);
            for (var unit = term.First; unit < term.First + term.Units; unit++) weights[unit] += share;
        }

        return weights;
    }
}
