using System.Collections.Immutable;

namespace MerchantStudio.Core.Insights.Customers;

/// <summary>One line of the customers list.</summary>
/// <param name="Name">Masked unless the reader may see contacts; null when none is held.</param>
/// <param name="Spent">Net; null without prices.</param>
/// <param name="Intent">Chance to buy within the longest offered horizon up to 7 days; null when none is offered.</param>
/// <param name="Sentiment">Mean of her own reviews' scores in 180 days, -1 to 1; null without.</param>
public sealed record CustomerRow(
    string ShopperId, string? Name, string? Email, long Orders, decimal? Spent, DateTimeOffset? LastSeen, DateTimeOffset? LastOrderAt,
    string? Group, double? Intent, double? Sentiment, string? TopCategory, string? Country);

public enum CustomerOrder
{
    LastSeen,
    Spent,
    Orders,
    LastOrder,
    Intent,
    Sentiment,
    ShopperId,
}

/// <param name="Search">Part of the shopper's id, or a whole e-mail address (addresses are stored unreadable and found by their hash).</param>
/// <param name="Group">RFM group key; null for all.</param>
/// <param name="Buyers">True: with a paid order; false: without; null: both.</param>
public sealed record CustomerQuestion(string? Search = null, string? Group = null, bool? Buyers = null, string? Category = null, CustomerOrder Order = CustomerOrder.LastSeen, bool Descending = true);

/// <param name="Total">Customers that meet the question.</param>
/// <param name="All">Customers in the shop.</param>
public sealed record CustomerPage(ImmutableArray<CustomerRow> Rows, long Total, long All);

/// <summary>What the list's head says.</summary>
/// <param name="Spent">Net revenue of all; null without prices.</param>
/// <param name="TopTenthShare">Share of revenue that the best tenth of buyers brought; null without prices.</param>
public sealed record CustomerSummary(long Shoppers, long Buyers, long Repeaters, decimal? Spent, double? TopTenthShare, bool HasIntent, bool HasSentiment, ImmutableArray<string> Categories, DateTimeOffset? AsOf);
