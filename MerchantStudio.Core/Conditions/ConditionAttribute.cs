using System.Collections.Immutable;

namespace MerchantStudio.Core.Conditions;

public enum AttributeKind
{
    /// <summary>Whole number, 0 or more.</summary>
    Count,

    /// <summary>Amount in the shop's currency.</summary>
    Money,

    /// <summary>Probability, 0 to 1.</summary>
    Probability,

    /// <summary>-1 (complaint) to 1 (praise).</summary>
    Sentiment,

    /// <summary>Quintile score, 1 to 5.</summary>
    Score,

    /// <summary>One of the words in the data.</summary>
    Choice,
    Flag,
    Moment,
}

/// <summary>Something that can be asked about a shopper.</summary>
public sealed record ConditionAttribute
{
    internal ConditionAttribute(string key, AttributeKind kind, string source, string column, Func<ShopperFacts, object?> read)
    {
        Key = key;
        Kind = kind;
        Source = source;
        Column = column;
        Read = read;
    }

    /// <summary>Stable name in saved conditions and resource key of the texts.</summary>
    public string Key { get; }

    public AttributeKind Kind { get; }

    /// <summary>Where it comes from: "events", "orders", "intent", "reviews", "customers".</summary>
    public string Source { get; }

    /// <summary>Column of shopper_profile.</summary>
    public string Column { get; }

    /// <summary>long, decimal, double, string, bool or DateTimeOffset by <see cref="Kind"/>; null when missing.</summary>
    internal Func<ShopperFacts, object?> Read { get; }

    public ImmutableArray<ConditionOperator> Operators => Kind switch
    {
        AttributeKind.Choice => [ConditionOperator.Is, ConditionOperator.Known],
        AttributeKind.Flag => [ConditionOperator.Is, ConditionOperator.Known],
        AttributeKind.Moment => [ConditionOperator.WithinDays, ConditionOperator.MoreThanDaysAgo, ConditionOperator.Before, ConditionOperator.Since, ConditionOperator.Known],
        _ => [ConditionOperator.AtLeast, ConditionOperator.AtMost, ConditionOperator.Between, ConditionOperator.Known],
    };
}
