using System.Collections.Immutable;

namespace MerchantStudio.Core.Conditions;

/// <summary>
/// What is left of a tree before there is a basket: everybody for whom it can still come true. A line about the basket counts as true under an even number of negations and as
/// false under an odd one, so nobody who could fit with some basket is ever left out.
/// </summary>
public static class ConditionProjection
{
    /// <summary>Whether a leaf asks about the basket.</summary>
    public static bool IsOfBasket(Condition leaf) => leaf is BasketHolds || (leaf is Comparison comparison && ConditionCatalog.Find(comparison.Attribute) is { Scope: AttributeScope.Basket });

    public static bool HasBasketLine(Condition condition) => ConditionLines.Of(condition).Any(IsOfBasket);

    public static Condition Of(Condition condition) => Of(condition, negated: false);

    private static Condition Of(Condition condition, bool negated) => condition switch
    {
        AllOf { Parts: var parts } => new AllOf(Of(parts, negated)),
        AnyOf { Parts: var parts } => new AnyOf(Of(parts, negated)),
        Not { Part: var part } => new Not(Of(part, !negated)),
        _ when IsOfBasket(condition) => Placeholder(negated),
        _ => condition,
    };

    private static ImmutableArray<Condition> Of(ImmutableArray<Condition> parts, bool negated) => [.. parts.Select(part => Of(part, negated))];

    private static Condition Placeholder(bool negated) => negated ? new AnyOf([]) : new AllOf([]);
}
