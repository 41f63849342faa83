using System.Collections.Immutable;

namespace MerchantStudio.Core.Reviews;

/// <summary>What the scored reviews say, for a period where they have dates and for all of them where not.</summary>
/// <param name="From">First day of the period in the store's zone; null without dates or for all time.</param>
/// <param name="To">Last day with a review; null without dates.</param>
/// <param name="Before">The period of the same length before; null when it holds no review.</param>
/// <param name="Waiting">Reviews with text that came after the last run and are not scored yet.</param>
/// <param name="Disagree">Reviews of the period whose stars and words point in opposite directions.</param>
/// <param name="Trend">Empty without dates.</param>
/// <param name="Products">Most reviewed first; empty without products.</param>
/// <param name="Shoppers">The least content first; empty without shoppers.</param>
/// <param name="Worst">The product with most negative reviews beyond the shop's usual share; null when none stands out.</param>
public sealed record ReviewOverview(
    DateOnly? From, DateOnly? To, bool HasDates, bool HasProducts, bool HasShoppers, bool HasStars,
    SentimentShares Now, SentimentShares? Before, long Waiting, long Disagree,
    ReviewTrend? Trend, ImmutableArray<ProductSentiment> Products, ImmutableArray<ShopperSentiment> Shoppers,
    ProductSentiment? Worst, ImmutableArray<ReviewRow> WorstQuotes);

/// <param name="MeanStars">Null without stars.</param>
public sealed record SentimentShares(long Positive, long Neutral, long Negative, double? MeanStars)
{
    public long Reviews => Positive + Neutral + Negative;

    public double ShareOf(Sentiment sentiment) => Reviews == 0 ? double.NaN : (double)Of(sentiment) / Reviews;

    public long Of(Sentiment sentiment) => sentiment switch { Sentiment.Positive => Positive, Sentiment.Neutral => Neutral, _ => Negative };
}

/// <param name="Monthly">Months instead of weeks.</param>
/// <param name="Usual">Share of negative reviews in the points that the band was taken from.</param>
/// <param name="BandPoints">How many points that were.</param>
public sealed record ReviewTrend(bool Monthly, double Usual, int BandPoints, ImmutableArray<TrendPoint> Points);

/// <param name="Start">First day of the week (Monday) or month.</param>
/// <param name="Negative">Share of negative reviews; not a number without a review.</param>
/// <param name="Low">Lower limit of the usual range for so many reviews, 95 % of weeks without a change lie inside.</param>
public sealed record TrendPoint(DateOnly Start, long Reviews, double Negative, double? MeanStars, double Low, double High)
{
    public bool IsAbove => Negative > High;

    public bool IsBelow => Negative < Low;
}

/// <param name="Score">Mean of its reviews' scores, -1 to 1.</param>
/// <param name="Excess">Negative reviews beyond what the shop's share would bring.</param>
public sealed record ProductSentiment(string ItemId, string? Name, long Reviews, long Positive, long Neutral, long Negative, double Score, double? MeanStars, double Excess);

/// <param name="Score">Mean of her reviews' scores, -1 to 1.</param>
public sealed record ShopperSentiment(string ShopperId, long Reviews, long Negative, double Score, DateTimeOffset? Newest);

/// <summary>One review as it is shown.</summary>
/// <param name="Sentiment">Null when it is not scored.</param>
/// <param name="Words">Stretches of <paramref name="Text"/> to mark, in order.</param>
public sealed record ReviewRow(
    int ImportId, long Line, string? ShopperId, string? ItemId, string? ItemName, DateTimeOffset? At, double? Stars, string? Title, string Text,
    Sentiment? Sentiment, double? Score, string? Language, ImmutableArray<WordWeight> Words);

/// <summary>Which reviews to list.</summary>
/// <param name="Search">Part of title or text; null for all.</param>
/// <param name="Disagree">Only reviews whose stars and words point in opposite directions.</param>
public sealed record ReviewFilter(Sentiment? Sentiment = null, string? ItemId = null, string? ShopperId = null, string? Language = null, bool Disagree = false, string? Search = null, ReviewSpan? Span = null);

/// <summary>Which days: so many that end with the last day with a review, or two dates, or (with neither) all time.</summary>
public sealed record ReviewSpan(int? Days = null, DateOnly? From = null, DateOnly? To = null)
{
    public static ReviewSpan All { get; } = new();

    internal (DateOnly? From, DateOnly? To) Of(DateOnly? last) => last is null ? (null, null) : From is not null ? (From, To ?? last) : Days is { } days ? (last.Value.AddDays(1 - days), last) : (null, last);
}

public enum ReviewOrder
{
    Newest,
    MostNegative,
    MostPositive,
}

/// <param name="Total">Reviews that meet the filter.</param>
public sealed record ReviewPage(ImmutableArray<ReviewRow> Rows, long Total);
