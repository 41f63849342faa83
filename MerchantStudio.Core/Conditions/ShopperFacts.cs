using System.Collections.Immutable;

namespace MerchantStudio.Core.Conditions;

/// <summary>What a condition may ask about one shopper: a row of shopper_profile with its events and interests.</summary>
public sealed record ShopperFacts
{
    public required string UserId { get; init; }

    /// <summary>The moment these facts are of, which "in the last days" then counts back from; null for the moment of the whole question.</summary>
    public DateTimeOffset? AsOf { get; init; }
    public DateTimeOffset? FirstSeen { get; init; }
    public DateTimeOffset? LastSeen { get; init; }
    public DateTimeOffset? FirstOrderAt { get; init; }
    public DateTimeOffset? LastOrderAt { get; init; }
    public long? Orders { get; init; }

    /// <summary>Net of discounts and refunds, in the shop's currency; null without prices, like every amount here.</summary>
    public decimal? Spent { get; init; }
    public decimal? AverageOrder { get; init; }
    public decimal? Refunded { get; init; }
    public decimal? OpenCartValue { get; init; }
    public DateTimeOffset? LastCartAt { get; init; }
    public long? Sessions30Days { get; init; }
    public long? Views30Days { get; init; }

    /// <summary>Probability of an order within 1 day; null when that horizon is not offered.</summary>
    public double? Intent1 { get; init; }
    public double? Intent7 { get; init; }
    public double? Intent30 { get; init; }
    public string? RfmGroup { get; init; }
    public string? RfmGroup8 { get; init; }
    public long? R { get; init; }
    public long? F { get; init; }
    public long? M { get; init; }
    public long? Cluster { get; init; }

    /// <summary>Mean score of the shopper's own reviews in 180 days, -1 to 1.</summary>
    public double? Sentiment { get; init; }
    public string? Device { get; init; }
    public string? Region { get; init; }
    public string? Channel { get; init; }
    public string? TopCategory { get; init; }
    public bool? HasEmail { get; init; }
    public bool? EmailConsent { get; init; }
    public ImmutableArray<ShopperEvent> Events { get; init; } = [];
    public ImmutableArray<DateTimeOffset> PaidOrders { get; init; } = [];
    public ImmutableDictionary<string, double> Interests { get; init; } = ImmutableDictionary<string, double>.Empty;

    /// <summary>The order about to be placed; null where there is none, and lines about it are then false.</summary>
    public BasketFacts? Basket { get; init; }
}

public readonly record struct ShopperEvent(string Type, DateTimeOffset At, string? Category);
