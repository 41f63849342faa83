using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Reviews.Model;

namespace MerchantStudio.Core.Reviews;

/// <summary>Which reviews can be learnt from, and whether there are enough.</summary>
internal static class LabelledReviews
{
    /// <summary>Each opinion that occurs must have this many reviews on the training side.</summary>
    public const int LeastOfEach = 12;

    /// <summary>Inverse L2 penalties tried, ascending; the folds decide.</summary>
    public static ReadOnlySpan<double> Strengths => [1, 2, 4];

    public static LabelledReview? ByStars(string? text, double? stars, SentimentBounds bounds, int group) =>
        stars is { } given && !string.IsNullOrWhiteSpace(text) ? new LabelledReview(text, (int)Math.Round(given * 2), bounds.Read(given), group) : null;

    public static LabelledReview? ByLabel(string? text, Sentiment? label, int group) =>
        label is { } given && !string.IsNullOrWhiteSpace(text) ? new LabelledReview(text, (int)given, given, group) : null;

    /// <summary>Null when the reviews suffice; a neutral class too small is no problem, it is just rarely stated.</summary>
    public static Problem? Check(IReadOnlyList<LabelledReview> training)
    {
        if (training.Count == 0) return new NoReviewLabels();
        var classes = training.GroupBy(review => review.Truth).Select(group => (Class: group.Key, Reviews: group.Select(review => review.Group).Distinct().Count())).ToArray();
        if (classes.Length == 1) return new OneSentimentOnly(classes[0].Class.Key(), training.Count);
        var rarest = classes.MinBy(group => group.Reviews);
        return rarest.Reviews < LeastOfEach ? new TooFewReviews(rarest.Reviews, LeastOfEach, rarest.Class.Key()) : null;
    }
}
