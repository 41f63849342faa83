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

    /// <summary>Monday is 1, Sunday 7.</summary>
    Weekday,

    /// <summary>Full hour of the day, 0 to 23, in the store's zone.</summary>
    Hour,
}

/// <summary>What an attribute belongs to.</summary>
public enum AttributeScope
{
    Shopper,

    /// <summary>The order about to be placed: known only then, and not in SQL.</summary>
    Basket,
}

/// <summary>Something that can be asked about a shopper or the basket.</summary>
public sealed record ConditionAttribute
{
    private readonly bool _always;

    internal ConditionAttribute(string key, AttributeKind kind, string source, string column, Func<ShopperFacts, object?> read)
    {
        Key = key;
        Kind = kind;
        Source = source;
        Column = column;
        Expression = $"s.{column}";
        Read = read;
    }

    /// <summary>Of the basket, or a shopper's that SQL has to work out.</summary>
    internal ConditionAttribute(string key, AttributeKind kind, string source, Func<ShopperFacts, object?> read, string? expression = null)
        : this(key, kind, source, "", read)
    {
        Expression = expression ?? "";
        Scope = expression is null ? AttributeScope.Basket : AttributeScope.Shopper;
        _always = true;
    }

    public AttributeScope Scope { get; }

    /// <summary>Stable name in saved conditions and resource key of the texts.</summary>
    public string Key { get; }

    public AttributeKind Kind { get; }

    /// <summary>Where it comes from: "events", "orders", "intent", "reviews", "customers".</summary>
    public string Source { get; }

    /// <summary>Column of shopper_profile; empty where there is none.</summary>
    public string Column { get; }

    /// <summary>Its value in SQL over shopper_profile s.</summary>
    internal string Expression { get; }

    /// <summary>long, decimal, double, string, bool or DateTimeOffset by <see cref="Kind"/>; null when missing.</summary>
    internal Func<ShopperFacts, object?> Read { get; }

    /// <summary>Whether it is there at all can be asked only of what may be missing.</summary>
    public ImmutableArray<ConditionOperator> Operators => _always ? OwnOperators.Remove(ConditionOperator.Known) : OwnOperators;

    private ImmutableArray<ConditionOperator> OwnOperators => Kind switch
    {
        AttributeKind.Weekday => [ConditionOperator.Is],
        AttributeKind.Hour => [ConditionOperator.Between, ConditionOperator.AtLeast, ConditionOperator.AtMost],
        AttributeKind.Choice => [ConditionOperator.Is, ConditionOperator.Known],
        AttributeKind.Flag => [ConditionOperator.Is, ConditionOperator.Known],
        AttributeKind.Moment => [ConditionOperator.WithinDays, ConditionOperator.MoreThanDaysAgo, ConditionOperator.Before, ConditionOperator.Since, ConditionOperator.Known],
        _ => [ConditionOperator.AtLeast, ConditionOperator.AtMost, ConditionOperator.Between, ConditionOperator.Known],
    };
}
