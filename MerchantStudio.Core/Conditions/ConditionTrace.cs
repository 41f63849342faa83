using System.Collections.Immutable;

namespace MerchantStudio.Core.Conditions;

/// <summary>One line of a tree held against one shopper.</summary>
/// <param name="Negated">The line stands under an odd number of negations.</param>
/// <param name="Fits">Whether the shopper passes the line, its negation included.</param>
/// <param name="Actual">What the shopper has: long, decimal, double, string, bool, DateTimeOffset; null when missing.</param>
/// <param name="Kind">How to show <paramref name="Actual"/>; null for events (a count) and segments.</param>
public sealed record TracedLine(Condition Line, bool Negated, bool Fits, object? Actual, AttributeKind? Kind);

/// <summary>Why a shopper is in an audience or not, line by line.</summary>
public static class ConditionTrace
{
    public static ImmutableArray<TracedLine> Of(Condition condition, ConditionContext context, ShopperFacts facts) => Compile(condition, context)(facts);

    /// <summary>The same for many shoppers: the tree is compiled once.</summary>
    public static Func<ShopperFacts, ImmutableArray<TracedLine>> Compile(Condition condition, ConditionContext context)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var lines = ConditionLines.Signed(condition).Select(line => (line.Line, line.Negated, Test: ConditionTest.Compile(line.Line, context))).ToArray();
        return facts => [.. lines.Select(line =>
        {
            var (actual, kind) = Actual(line.Line, context, facts);
            return new TracedLine(line.Line, line.Negated, line.Test(facts) != line.Negated, actual, kind);
        })];
    }

    private static (object? Actual, AttributeKind? Kind) Actual(Condition line, ConditionContext context, ShopperFacts facts)
    {
        switch (line)
        {
            case Comparison comparison when ConditionCatalog.Find(comparison.Attribute) is { } attribute:
                return (attribute.Read(facts), attribute.Kind);
            case EventCount count:
                return (ConditionTest.TimesOf(count, context)(facts), AttributeKind.Count);
            case CategoryInterest interest:
                return (facts.Interests.TryGetValue(interest.Category, out var share) ? share : null, AttributeKind.Probability);
            case BasketHolds holds:
                return facts.Basket is null ? (null, null) : (ConditionTest.Held(holds, facts.Basket), holds.Pieces is null ? AttributeKind.Money : AttributeKind.Count);
            case InSegment { Keys: var keys }:
                return (keys.FirstOrDefault(key => ConditionTest.Compile(new InSegment([key]), context)(facts)), null);
            default:
                return (null, null);
        }
    }
}
