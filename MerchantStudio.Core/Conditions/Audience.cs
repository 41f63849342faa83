using System.Collections.Immutable;

namespace MerchantStudio.Core.Conditions;

/// <summary>How many shoppers a condition means, counted exactly.</summary>
/// <param name="Total">All shoppers.</param>
/// <param name="Customers">Those among <paramref name="Shoppers"/> with a paid order.</param>
/// <param name="Spent12Months">Net of discounts and refunds; null without prices.</param>
/// <param name="Left">Shoppers left after each line, in the order of <see cref="ConditionLines.Of"/>.</param>
public sealed record AudienceCount(long Shoppers, long Total, long Customers, decimal? Spent12Months, ImmutableArray<long> Left, double Seconds, DateTimeOffset AsOf);

/// <summary>One shopper of an audience as lists show it.</summary>
public sealed record AudienceMember(
    string UserId, long Orders, decimal? Spent, DateTimeOffset? LastOrderAt, DateTimeOffset? LastSeen, string? RfmGroup, int? Cluster, double? Intent, double? Sentiment, string? TopCategory);
