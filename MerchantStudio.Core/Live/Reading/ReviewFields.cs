using System.Collections.Frozen;
using MerchantStudio.Core.Live.Journal;

namespace MerchantStudio.Core.Live.Reading;

/// <summary>What an event of a review says in words and stars, under our names and Segment's ("Product Reviewed": review_id, review_body, rating).</summary>
internal static class ReviewFields
{
    private const int MostLetters = 20_000;
    private const long MostStars = 50_000;
    private static readonly string[] Ids = ["review_id", "reviewId"];
    private static readonly string[] Ratings = ["rating", "stars", "score"];
    private static readonly string[] Titles = ["review_title", "title", "headline"];
    private static readonly string[] Texts = ["review_text", "review_body", "review", "text", "body", "comment", "content"];

    /// <summary>Names that are read here and need not be kept once more.</summary>
    public static FrozenSet<string> Names { get; } = FrozenSet.ToFrozenSet([.. Ids, .. Ratings, .. Titles, .. Texts], StringComparer.OrdinalIgnoreCase);

    /// <returns>Null for a review without words and stars: it still is an event.</returns>
    public static LiveReview? Of(EventFields details)
    {
        var rating = details.Amount(Ratings);
        if (rating is < 0 or > MostStars) throw EventReader.Refuse(LiveReasons.RatingOutOfRange, "rating", details.Text(Ratings));
        var text = details.Text(MostLetters, Texts);
        return rating is null && text is null ? null : new LiveReview(details.Text(Ids), rating, details.Text(Titles), text);
    }
}
