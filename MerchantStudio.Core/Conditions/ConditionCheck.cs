using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Conditions;

/// <summary>Whether a tree can be answered: known names, fitting values, bounded size, segments that exist and do not name each other in a circle.</summary>
public static class ConditionCheck
{
    public const int DepthLimit = 8;
    public const int LineLimit = 100;
    public const int TextLimit = 200;
    public const int DaysLimit = 36_500;

    /// <summary>Null when the tree is sound by itself.</summary>
    public static Problem? Shape(Condition condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var lines = 0;
        return Shape(condition, 1, ref lines);
    }

    /// <summary>Null when the tree is sound and every segment it names exists.</summary>
    public static Problem? Against(Condition condition, ConditionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Shape(condition) ?? Segments(condition, context, [], 1);
    }

    /// <summary>Null when no line asks about the basket: what a segment must hold to.</summary>
    public static Problem? WithoutBasket(Condition condition) => ConditionLines.Of(condition).FirstOrDefault(ConditionProjection.IsOfBasket) switch
    {
        null => null,
        Comparison comparison => new ConditionAsksBasket(comparison.Attribute),
        _ => new ConditionAsksBasket("basket_holds"),
    };

    private static Problem? Shape(Condition condition, int depth, ref int lines)
    {
        if (depth > DepthLimit) return new ConditionTooDeep(DepthLimit);
        if (++lines > LineLimit) return new ConditionTooLong(LineLimit);
        switch (condition)
        {
            case AllOf { Parts: var parts }:
                return Parts(parts, depth, ref lines);
            case AnyOf { Parts: var parts }:
                return Parts(parts, depth, ref lines);
            case Not { Part: var part }:
                return Shape(part, depth + 1, ref lines);
            case Comparison comparison:
                return Line(comparison);
            case EventCount count:
                return Line(count);
            case CategoryInterest interest:
                return Text(interest.Category) && interest.Share is >= 0 and <= 1 ? null
                    : new ConditionValueUnfit("interest", Shortened($"{interest.Category} {interest.Share.ToString(CultureInfo.InvariantCulture)}"));
            case BasketHolds holds:
                return Line(holds);
            case InSegment { Keys.IsDefaultOrEmpty: true }:
                return new ConditionValueUnfit("segment", "");
            case InSegment segment:
                return segment.Keys.Length > LineLimit ? new ConditionTooLong(LineLimit) : segment.Keys.FirstOrDefault(key => !IsSegmentKey(key)) is { } key ? new ConditionSegmentUnknown(Shortened(key)) : null;
            default:
                throw new InvalidOperationException($"{condition.GetType().Name} is not checked.");
        }
    }

    private static Problem? Parts(ImmutableArray<Condition> parts, int depth, ref int lines)
    {
        foreach (var part in parts)
        {
            if (Shape(part, depth + 1, ref lines) is { } problem) return problem;
        }

        return null;
    }

    private static Problem? Line(Comparison comparison)
    {
        if (ConditionCatalog.Find(comparison.Attribute) is not { } attribute) return new ConditionAttributeUnknown(Shortened(comparison.Attribute));
        if (!attribute.Operators.Contains(comparison.Operator)) return new ConditionOperatorUnfit(attribute.Key, comparison.Operator.ToString());
        var expected = comparison.Operator switch { ConditionOperator.Known => 0, ConditionOperator.Between => 2, _ => 1 };
        var several = comparison.Operator == ConditionOperator.Is && attribute.Kind is (AttributeKind.Choice or AttributeKind.Weekday);
        if (comparison.Values.IsDefault || (several ? comparison.Values.Length is < 1 or > LineLimit : comparison.Values.Length != expected))
            return new ConditionValueUnfit(attribute.Key, comparison.Values.IsDefault ? "" : Shortened(string.Join(", ", comparison.Values)));
        var wrong = comparison.Values.FirstOrDefault(value => value is null || !Fits(attribute.Kind, comparison.Operator, value));
        return wrong is not null || comparison.Values.Contains(null!) ? new ConditionValueUnfit(attribute.Key, Shortened(wrong ?? "")) : null;
    }

    private static bool Fits(AttributeKind kind, ConditionOperator comparison, string value) => comparison switch
    {
        ConditionOperator.WithinDays or ConditionOperator.MoreThanDaysAgo => ConditionValue.TryDays(value, out _),
        ConditionOperator.Before or ConditionOperator.Since => ConditionValue.TryDate(value, out _),
        _ => ConditionValue.TryFigure(kind, value, out _),
    };

    private static Problem? Line(EventCount count)
    {
        if (!ConditionCatalog.Events.Contains(count.EventType)) return new ConditionAttributeUnknown(Shortened(count.EventType));
        if (count.Operator is not (ConditionOperator.AtLeast or ConditionOperator.AtMost)) return new ConditionOperatorUnfit(count.EventType, count.Operator.ToString());
        if (count.Times is < 0 or > 1_000_000) return new ConditionValueUnfit(count.EventType, count.Times.ToString(CultureInfo.InvariantCulture));
        if (count.Days is < 1 or > DaysLimit) return new ConditionValueUnfit(count.EventType, count.Days.Value.ToString(CultureInfo.InvariantCulture));
        return count.Category is { } category && (count.EventType == "order" || !Text(category)) ? new ConditionValueUnfit(count.EventType, Shortened(category)) : null;
    }

    private static ConditionValueUnfit? Line(BasketHolds holds)
    {
        if (holds.Names.IsDefaultOrEmpty || holds.Names.Length > LineLimit) return new ConditionValueUnfit("basket_holds", "");
        if (holds.Names.FirstOrDefault(name => !Text(name)) is { } name) return new ConditionValueUnfit("basket_holds", Shortened(name));
        return holds switch
        {
            { Pieces: { } pieces, Amount: null } => pieces is >= 1 and <= 1_000_000 ? null : new ConditionValueUnfit("basket_holds", pieces.ToString(CultureInfo.InvariantCulture)),
            { Pieces: null, Amount: { } amount } => amount is > 0 and < 10_000_000_000_000m && decimal.Round(amount, 4) == amount ? null : new ConditionValueUnfit("basket_holds", amount.ToString(CultureInfo.InvariantCulture)),
            _ => new ConditionValueUnfit("basket_holds", ""),
        };
    }

    private static Problem? Segments(Condition condition, ConditionContext context, ImmutableHashSet<Guid> above, int depth)
    {
        switch (condition)
        {
            case AllOf { Parts: var parts }:
                return parts.Select(part => Segments(part, context, above, depth)).FirstOrDefault(problem => problem is not null);
            case AnyOf { Parts: var parts }:
                return parts.Select(part => Segments(part, context, above, depth)).FirstOrDefault(problem => problem is not null);
            case Not { Part: var part }:
                return Segments(part, context, above, depth);
            case InSegment { Keys: var keys }:
                return keys.Where(key => key.StartsWith(ConditionContext.SavedPrefix, StringComparison.Ordinal)).Select(Saved).FirstOrDefault(problem => problem is not null);
            default:
                return null;
        }

        Problem? Saved(string key)
        {
            if (context.FindSaved(key) is not { } saved) return new ConditionSegmentUnknown(Shortened(key));
            if (WithoutBasket(saved.Condition) is { } asksBasket) return asksBasket;
            return above.Contains(saved.Id) || depth >= DepthLimit ? new ConditionTooDeep(DepthLimit) : Segments(saved.Condition, context, above.Add(saved.Id), depth + 1);
        }
    }

    private static bool IsSegmentKey(string? key) => key is not null && key.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && key[..(colon + 1)] switch
    {
        ConditionContext.RfmPrefix => ConditionCatalog.RfmGroups.Contains(key[(colon + 1)..]),
        ConditionContext.Rfm8Prefix => ConditionCatalog.RfmGroups8.Contains(key[(colon + 1)..]),
        ConditionContext.ClusterPrefix => int.TryParse(key[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var cluster) && cluster is >= 1 and <= 99,
        ConditionContext.SavedPrefix => Guid.TryParseExact(key[(colon + 1)..], "D", out _),
        _ => false,
    };

    private static bool Text(string? text) => text is { Length: > 0 and <= TextLimit };

    private static string Shortened(string text) => text.Length <= 60 ? text : $"{text[..60]}…";
}
