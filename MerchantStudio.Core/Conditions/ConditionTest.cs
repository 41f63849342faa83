using System.Globalization;

namespace MerchantStudio.Core.Conditions;

/// <summary>Compiles a checked tree to a test of one shopper; agrees with <see cref="ConditionSql"/> on every row, lines about the basket aside.</summary>
public static class ConditionTest
{
    public static Func<ShopperFacts, bool> Compile(Condition condition, ConditionContext context)
    {
        ArgumentNullException.ThrowIfNull(condition);
        ArgumentNullException.ThrowIfNull(context);
        switch (condition)
        {
            case AllOf { Parts: var parts }:
                var all = parts.Select(part => Compile(part, context)).ToArray();
                return facts => Array.TrueForAll(all, test => test(facts));
            case AnyOf { Parts: var parts }:
                var any = parts.Select(part => Compile(part, context)).ToArray();
                return facts => Array.Exists(any, test => test(facts));
            case Not { Part: var part }:
                var negated = Compile(part, context);
                return facts => !negated(facts);
            case Comparison comparison:
                return Compile(comparison, context);
            case EventCount count:
                return Compile(count, context);
            case CategoryInterest interest:
                return facts => facts.Interests.TryGetValue(interest.Category, out var share) && share >= interest.Share;
            case BasketHolds { Amount: { } amount } holds:
                return facts => facts.Basket is { } basket && (decimal)Held(holds, basket) >= amount;
            case BasketHolds holds:
                return facts => facts.Basket is { } basket && (long)Held(holds, basket) >= holds.Pieces;
            case InSegment { Keys: var keys }:
                var segments = keys.Select(key => CompileSegment(key, context)).ToArray();
                return facts => Array.Exists(segments, test => test(facts));
            default:
                throw new InvalidOperationException($"No test for {condition.GetType().Name}.");
        }
    }

    private static Func<ShopperFacts, bool> Compile(Comparison comparison, ConditionContext context)
    {
        var attribute = ConditionCatalog.Find(comparison.Attribute) ?? throw new InvalidOperationException($"'{comparison.Attribute}' was not checked.");
        var read = attribute.Read;
        var values = comparison.Values;
        switch (comparison.Operator)
        {
            case ConditionOperator.Known:
                return facts => read(facts) is not null;
            case ConditionOperator.Is:
                var wanted = values.Select(Figure).ToHashSet();
                return facts => read(facts) is { } value && wanted.Contains(value);
            case ConditionOperator.AtLeast:
                var least = Figure(values[0]);
                return facts => read(facts) is { } value && Order(value, least) >= 0;
            case ConditionOperator.AtMost:
                var most = Figure(values[0]);
                return facts => read(facts) is { } value && Order(value, most) <= 0;
            // Evening to morning passes midnight.
            case ConditionOperator.Between when attribute.Kind == AttributeKind.Hour && Order(Figure(values[0]), Figure(values[1])) > 0:
                var (evening, morning) = (Figure(values[0]), Figure(values[1]));
                return facts => read(facts) is { } value && (Order(value, evening) >= 0 || Order(value, morning) <= 0);
            case ConditionOperator.Between:
                var (from, to) = (Figure(values[0]), Figure(values[1]));
                return facts => read(facts) is { } value && Order(value, from) >= 0 && Order(value, to) <= 0;
            case ConditionOperator.WithinDays:
                var recent = ConditionValue.Days(values[0]);
                return facts => read(facts) is DateTimeOffset at && at >= AsOf(facts).AddDays(-recent);
            case ConditionOperator.MoreThanDaysAgo:
                var past = ConditionValue.Days(values[0]);
                return facts => read(facts) is DateTimeOffset at && at < AsOf(facts).AddDays(-past);
            case ConditionOperator.Before:
                var before = context.StartOf(ConditionValue.Date(values[0]));
                return facts => read(facts) is DateTimeOffset at && at < before;
            case ConditionOperator.Since:
                var since = context.StartOf(ConditionValue.Date(values[0]));
                return facts => read(facts) is DateTimeOffset at && at >= since;
            default:
                throw new InvalidOperationException($"{comparison.Operator} was not checked.");
        }

        object Figure(string text) => ConditionValue.Figure(attribute.Kind, text);
        DateTimeOffset AsOf(ShopperFacts facts) => facts.AsOf ?? context.AsOf;
        static int Order(object left, object right) => ((IComparable)left).CompareTo(right);
    }

    /// <summary>Pieces (long) or money's worth (decimal) of the things named.</summary>
    internal static object Held(BasketHolds holds, BasketFacts basket)
    {
        var lines = basket.Lines.Where(line => holds.Names.Any(name => line.IsOf(holds.Part, name)));
        return holds.Pieces is null ? lines.Sum(line => line.Amount) : (object)lines.Sum(line => line.Quantity);
    }

    /// <summary>How often the shopper did it within the window.</summary>
    internal static Func<ShopperFacts, long> TimesOf(EventCount count, ConditionContext context)
    {
        if (count.EventType == "order")
        {
            return facts =>
            {
                var since = Since(facts);
                return facts.PaidOrders.Count(at => at >= since);
            };
        }

        return facts =>
        {
            var since = Since(facts);
            return facts.Events.Count(e => e.Type == count.EventType && e.At >= since && (count.Category is null || e.Category == count.Category));
        };

        DateTimeOffset Since(ShopperFacts facts) => count.Days is { } days ? (facts.AsOf ?? context.AsOf).AddDays(-days) : DateTimeOffset.MinValue;
    }

    private static Func<ShopperFacts, bool> Compile(EventCount count, ConditionContext context)
    {
        var times = TimesOf(count, context);
        return count.Operator == ConditionOperator.AtLeast ? facts => times(facts) >= count.Times : facts => times(facts) <= count.Times;
    }

    private static Func<ShopperFacts, bool> CompileSegment(string key, ConditionContext context)
    {
        if (context.FindSaved(key) is { } saved) return Compile(saved.Condition, context);
        var colon = key.IndexOf(':', StringComparison.Ordinal) + 1;
        var name = key[colon..];
        switch (key[..colon])
        {
            case ConditionContext.RfmPrefix:
                return facts => facts.RfmGroup == name;
            case ConditionContext.Rfm8Prefix:
                return facts => facts.RfmGroup8 == name;
            case ConditionContext.ClusterPrefix:
                var cluster = long.Parse(name, CultureInfo.InvariantCulture);
                return facts => facts.Cluster == cluster;
            default:
                throw new InvalidOperationException($"Segment '{key}' was not checked.");
        }
    }
}
