using MerchantStudio.Core.Shop;

namespace MerchantStudio.Core.AppState;

/// <summary>One use of an offer on one order. A row is written once; later only its taking back is noted on it.</summary>
public sealed class Redemption
{
    public required Guid Id { get; init; }
    public required WorkspaceId WorkspaceId { get; init; }
    public required Guid RuleId { get; init; }
    public Guid? CampaignId { get; init; }

    /// <summary>The code as it was given out; "rule:" and the rule's id for an offer without one. An order can use a coupon once until it is taken back.</summary>
    public required string Coupon { get; init; }

    /// <summary>Null where the shop did not say who buys.</summary>
    public string? ShopperId { get; init; }
    public required string OrderId { get; init; }

    /// <summary>The caller's; a second request with it gets this row's answer. Kept as long as the row, so it never runs out.</summary>
    public required string IdempotencyKey { get; init; }

    /// <summary>SHA-256 of what was asked, to tell a repetition from another request under the same key.</summary>
    public required string RequestHash { get; init; }

    /// <summary>What the answer said beside the columns here: the discount line by line, as JSON.</summary>
    public required string DetailJson { get; init; }

    /// <summary>Goods at their prices before the discount.</summary>
    public required long OrderMinor { get; init; }

    /// <summary>Taken off goods and shipping together.</summary>
    public required long DiscountMinor { get; init; }

    /// <summary>What it costs the shop: the discount and gifts. Budgets count this.</summary>
    public required long CostMinor { get; init; }

    /// <summary>ISO 4217.</summary>
    public required string Currency { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>The counters that this row stands in, as JSON, so that taking back finds the same ones.</summary>
    public required string CountersJson { get; init; }
    public DateTimeOffset? RolledBackAt { get; init; }
    public string? RolledBackBy { get; init; }
}

public enum CounterScope
{
    /// <summary>All offers on one order; without a limit, but two coupons on one order wait for each other at it.</summary>
    Order,
    Campaign,
    Rule,

    /// <summary>A rule on one day in the store's zone.</summary>
    Day,

    /// <summary>A rule within one segment.</summary>
    Segment,

    /// <summary>A rule and one shopper.</summary>
    Customer,
    Code,
}

/// <summary>What has been used of a limit: always the sum of the redemptions that stand in it and were not taken back.</summary>
public sealed class RedemptionCounter
{
    public required WorkspaceId WorkspaceId { get; init; }
    public required CounterScope Scope { get; init; }

    /// <summary>What of that scope; begins with the rule's id where the limit is a rule's.</summary>
    public required string Key { get; init; }
    public required int Uses { get; init; }
    public required long SpentMinor { get; init; }
}
