using System.Collections.Immutable;

namespace MerchantStudio.Core.Conditions;

/// <summary>
/// Who is meant, as data: one immutable tree that segments, coupon rules and audiences share. A test of a value that is missing
/// is false, so <see cref="Not"/> of it is true; every tree is therefore true or false for every shopper, never unknown.
/// </summary>
public abstract record Condition
{
    /// <summary>True for everybody: <see cref="AllOf"/> without parts.</summary>
    public static Condition Everybody { get; } = new AllOf([]);
}

/// <summary>True when each part is; true for everybody without parts.</summary>
public sealed record AllOf(ImmutableArray<Condition> Parts) : Condition;

/// <summary>True when one part or more is; true for nobody without parts.</summary>
public sealed record AnyOf(ImmutableArray<Condition> Parts) : Condition;

/// <summary>The only negation there is; also true where the value asked for is missing.</summary>
public sealed record Not(Condition Part) : Condition;

/// <summary>Compares one attribute of the shopper.</summary>
/// <param name="Attribute">A key of <see cref="ConditionCatalog"/>.</param>
/// <param name="Values">Invariant text: figures with a decimal point, days as whole numbers, dates as yyyy-MM-dd, "true" or "false".</param>
public sealed record Comparison(string Attribute, ConditionOperator Operator, ImmutableArray<string> Values) : Condition;

/// <summary>Counts what the shopper did.</summary>
/// <param name="EventType">One of <see cref="ConditionCatalog.Events"/>; "order" counts paid orders.</param>
/// <param name="Operator"><see cref="ConditionOperator.AtLeast"/> or <see cref="ConditionOperator.AtMost"/>; at most 0 reads "did not".</param>
/// <param name="Days">Only the last days before the moment asked about; null for all time.</param>
/// <param name="Category">Only events with products of this category; null for any.</param>
public sealed record EventCount(string EventType, ConditionOperator Operator, int Times, int? Days, string? Category = null) : Condition;

/// <summary>The shopper's share of interest in a category is at least <paramref name="Share"/> (0 to 1).</summary>
public sealed record CategoryInterest(string Category, double Share) : Condition;

/// <summary>The shopper is in one of the segments.</summary>
/// <param name="Keys">"rfm:at_risk", "rfm8:…", "cluster:2" or "saved:" and the id of a saved segment.</param>
public sealed record InSegment(ImmutableArray<string> Keys) : Condition;

/// <summary>The basket holds so many pieces, or so much money's worth, of the things named; exactly one of the two is asked for.</summary>
/// <param name="Names">Categories, brands or item ids; lines of any of them are added up.</param>
/// <param name="Amount">In the shop's currency.</param>
public sealed record BasketHolds(BasketPart Part, ImmutableArray<string> Names, long? Pieces, decimal? Amount = null) : Condition;

public enum BasketPart
{
    Category,
    Brand,
    Item,
}

public enum ConditionOperator
{
    /// <summary>One of the values.</summary>
    Is,
    AtLeast,
    AtMost,

    /// <summary>Both ends included.</summary>
    Between,

    /// <summary>Not earlier than so many days (of 24 hours) before the moment asked about.</summary>
    WithinDays,

    /// <summary>Earlier than so many days before the moment asked about.</summary>
    MoreThanDaysAgo,

    /// <summary>Earlier than the beginning of a day in the store's zone.</summary>
    Before,

    /// <summary>On or after the beginning of a day in the store's zone.</summary>
    Since,

    /// <summary>The value is there at all.</summary>
    Known,
}
