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

    public static Condition Of(Condition condition) => Of(condition, IsOfBasket, negated: false);

    /// <summary>What is left to ask of a shopper who was chosen before: only the lines about the basket.</summary>
    public static Condition ForChosen(Condition condition) => Of(condition, leaf => !IsOfBasket(leaf), negated: false);

    private static Condition Of(Condition condition, Func<Condition, bool> isOpen, bool negated) => condition switch
    {
        AllOf { Parts: var parts } => new AllOf([.. parts.Select(part => Of(part, isOpen, negated))]),
        AnyOf { Parts: var parts } => new AnyOf([.. parts.Select(part => Of(part, isOpen, negated))]),
        Not { Part: var part } => new Not(Of(part, isOpen, !negated)),
        _ when isOpen(condition) => negated ? new AnyOf([]) : new AllOf([]),
        _ => condition,
    };
}
