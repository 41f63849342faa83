using System.Collections.Immutable;

namespace MerchantStudio.Core.Insights.Customers;

/// <summary>Everything known about one customer. Lists are empty where the shop has no such data.</summary>
/// <param name="Kinds">What kinds of entries the customer has at all, asked for or not.</param>
/// <param name="Timeline">Of the kind asked for, newest first, at most <see cref="CustomerReader.MostEvents"/>.</param>
/// <param name="MoreBefore">Whether there is more before the oldest of <paramref name="Timeline"/>.</param>
/// <param name="ShopAverageOrder">Mean net order of the shop; null without prices.</param>
public sealed record CustomerView(
    CustomerFacts Facts, ImmutableArray<CustomerChance> Chances, ImmutableArray<CategoryInterestRow> Interests, ImmutableArray<CustomerOrderRow> Orders,
    ImmutableArray<CustomerOffer> Offers, ImmutableArray<TimelineKind> Kinds, ImmutableArray<TimelineEntry> Timeline, bool MoreBefore, decimal? ShopAverageOrder);

/// <param name="Name">Contacts are masked unless the reader may see them; null when none is held.</param>
/// <param name="EmailConsent">Null when nothing is recorded.</param>
/// <param name="GapDays">Mean days between paid orders; null below two.</param>
public sealed record CustomerFacts(
    string ShopperId, string? Name, string? Email, string? Phone, bool Masked, string? Country, string? City, bool? EmailConsent, DateTimeOffset? CustomerSince,
    DateTimeOffset FirstSeen, DateTimeOffset LastSeen, DateTimeOffset? FirstOrderAt, DateTimeOffset? LastOrderAt, long Orders, decimal? Spent, decimal? AverageOrder, decimal? Refunded,
    decimal? OpenCart, string? Group, string? Group8, int? Cluster, double? Sentiment, string? Device, string? Region, string? Channel, string? TopCategory, double? GapDays, DateTimeOffset AsOf);

/// <param name="Reasons">At most three, strongest first.</param>
public sealed record CustomerChance(int HorizonDays, double Probability, double Low, double High, ImmutableArray<ChanceReason> Reasons);

/// <param name="Feature">Key in the feature catalogue.</param>
/// <param name="Points">Change of the chance in percentage points.</param>
public sealed record ChanceReason(string Feature, double? Value, double Points);

/// <param name="Share">0 to 1, recent behaviour counts more.</param>
/// <param name="Uncertainty">Half the width of its range.</param>
public sealed record CategoryInterestRow(string Category, double Share, double Uncertainty, long Events);

/// <param name="Products">Names (or ids) of what was bought, commas between.</param>
/// <param name="Net">After discount and refunds; null without prices.</param>
public sealed record CustomerOrderRow(string OrderNo, DateTimeOffset At, long Items, string Products, decimal? Net, decimal? Refunded, string? Coupon);

/// <param name="OfferJson">What the rule gives, as it is saved.</param>
public sealed record CustomerOffer(Guid RuleId, string RuleName, string OfferJson, string Code, DateTimeOffset GivenAt, int Uses, DateTimeOffset? LastUsedAt);

public enum TimelineKind
{
    Order,
    Refund,
    Cart,
    Visit,
    Review,
    Offer,
}

/// <summary>Something that happened, with what its sentence needs.</summary>
/// <param name="Count">Items ordered or put in the basket, pages looked at.</param>
/// <param name="Minutes">Length of a visit.</param>
/// <param name="What">Product names, an order's number, an offer's name; as the data has them.</param>
public sealed record TimelineEntry(TimelineKind Kind, DateTimeOffset At, long Count, double Minutes, decimal? Amount, string? What, string? Detail, TimelineReview? Review = null);

/// <param name="Sentiment">"negative", "neutral", "positive"; null when not scored.</param>
/// <param name="WordsJson">Stretches to mark, as review_scores keeps them.</param>
public sealed record TimelineReview(string Text, double? Stars, string? Sentiment, double? Score, string? WordsJson);
