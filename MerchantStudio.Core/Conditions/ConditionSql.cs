using System.Collections.Immutable;
using System.Globalization;

namespace MerchantStudio.Core.Conditions;

/// <summary>A boolean SQL expression over <c>shopper_profile s</c> that is never null, and the values of its $1, $2 …</summary>
public sealed record ConditionClause(string Text, ImmutableArray<object?> Parameters);

/// <summary>Compiles a checked tree to SQL; every value is a parameter, every name comes from the catalogue. Of lines about the basket SQL knows only their <see cref="ConditionProjection"/>.</summary>
public static class ConditionSql
{
    /// <param name="parametersBefore">How many parameters the surrounding statement already has.</param>
    public static ConditionClause Compile(Condition condition, ConditionContext context, int parametersBefore = 0)
    {
        ArgumentNullException.ThrowIfNull(condition);
        ArgumentNullException.ThrowIfNull(context);
        var writer = new Writer(context, parametersBefore);
        return new ConditionClause(writer.Write(ConditionProjection.Of(condition)), [.. writer.Parameters]);
    }

    /// <summary>Each line once as a column line0, line1 … over shopper_profile s, and for each line the boolean over those columns that says who is left after it.</summary>
    internal static (ConditionClause Columns, ImmutableArray<string> Left, string Whole) CompileLines(Condition condition, ConditionContext context, int parametersBefore = 0)
    {
        var writer = new Writer(context, parametersBefore);
        var lines = ConditionLines.Signed(condition);
        var columns = string.Concat(lines.Select((line, index) => string.Create(CultureInfo.InvariantCulture, $", {Column(line.Line, line.Negated)} as line{index}")));
        return (new ConditionClause(columns, [.. writer.Parameters]), [.. ConditionLines.UpToEach(condition).Select(Combined)], Combined(condition));

        string Column(Condition line, bool negated) => ConditionProjection.IsOfBasket(line) ? negated ? "false" : "true" : writer.Write(line);

        static string Combined(Condition tree)
        {
            var next = 0;
            return Combine(tree, ref next);
        }
    }

    private static string Combine(Condition condition, ref int next)
    {
        switch (condition)
        {
            case AllOf { Parts.Length: 0 }:
                return "true";
            case AnyOf { Parts.Length: 0 }:
                return "false";
            case AllOf { Parts: var parts }:
                return Joined(parts, " and ", ref next);
            case AnyOf { Parts: var parts }:
                return Joined(parts, " or ", ref next);
            case Not { Part: var part }:
                return $"(not {Combine(part, ref next)})";
            default:
                return string.Create(CultureInfo.InvariantCulture, $"line{next++}");
        }
    }

    private static string Joined(ImmutableArray<Condition> parts, string joint, ref int next)
    {
        var texts = new List<string>();
        foreach (var part in parts) texts.Add(Combine(part, ref next));
        return $"({string.Join(joint, texts)})";
    }

    private sealed class Writer(ConditionContext context, int before)
    {
        public List<object?> Parameters { get; } = [];

        public string Write(Condition condition) => condition switch
        {
            AllOf { Parts.Length: 0 } => "true",
            AllOf { Parts: var parts } => $"({string.Join(" and ", parts.Select(Write))})",
            AnyOf { Parts.Length: 0 } => "false",
            AnyOf { Parts: var parts } => $"({string.Join(" or ", parts.Select(Write))})",
            Not { Part: var part } => $"(not {Write(part)})",
            Comparison comparison => Write(comparison),
            EventCount count => Write(count),
            CategoryInterest interest =>
                $"(s.user_id in (select i.user_id from category_interest i where i.user_id is not null and i.category = {Bind(interest.Category)} and i.share >= {Bind(interest.Share)}))",
            InSegment { Keys: var keys } => $"({string.Join(" or ", keys.Select(WriteSegment))})",
            _ => throw new InvalidOperationException($"No SQL for {condition.GetType().Name}."),
        };

        private string Write(Comparison comparison)
        {
            var attribute = ConditionCatalog.Find(comparison.Attribute) ?? throw new InvalidOperationException($"'{comparison.Attribute}' was not checked.");
            var column = attribute.Expression;
            var values = comparison.Values;
            return comparison.Operator switch
            {
                ConditionOperator.Known => $"({column} is not null)",
                ConditionOperator.Is => Known($"{column} in ({string.Join(", ", values.Select(Figure))})"),
                ConditionOperator.AtLeast => Known($"{column} >= {Figure(values[0])}"),
                ConditionOperator.AtMost => Known($"{column} <= {Figure(values[0])}"),
                ConditionOperator.Between => Known($"{column} between {Figure(values[0])} and {Figure(values[1])}"),
                ConditionOperator.WithinDays => Known($"{column} >= {Bind(context.AsOf.AddDays(-ConditionValue.Days(values[0])))}"),
                ConditionOperator.MoreThanDaysAgo => Known($"{column} < {Bind(context.AsOf.AddDays(-ConditionValue.Days(values[0])))}"),
                ConditionOperator.Before => Known($"{column} < {Bind(context.StartOf(ConditionValue.Date(values[0])))}"),
                ConditionOperator.Since => Known($"{column} >= {Bind(context.StartOf(ConditionValue.Date(values[0])))}"),
                _ => throw new InvalidOperationException($"{comparison.Operator} was not checked."),
            };

            string Figure(string text) => Bind(ConditionValue.Figure(attribute.Kind, text));
        }

        private string Write(EventCount count)
        {
            var least = count.Operator == ConditionOperator.AtLeast;
            if (least && count.Times == 0) return "true";
            var tests = new List<string> { "e.user_id is not null" };
            if (count.EventType != "order") tests.Add($"e.event_type = {Bind(count.EventType)}");
            if (count.Days is { } days) tests.Add($"e.ts >= {Bind(context.AsOf.AddDays(-days))}");
            if (count.Category is { } category) tests.Add($"e.category = {Bind(category)}");
            var bound = Bind((long)(least ? count.Times : count.Times + 1));
            var table = count.EventType == "order" ? "paid_orders" : "clean_events";
            return $"(s.user_id {(least ? "in" : "not in")} (select e.user_id from {table} e where {string.Join(" and ", tests)} group by e.user_id having count(*) >= {bound}))";
        }

        private string WriteSegment(string key)
        {
            if (context.FindSaved(key) is { } saved) return Write(saved.Condition);
            var colon = key.IndexOf(':', StringComparison.Ordinal) + 1;
            return key[..colon] switch
            {
                ConditionContext.RfmPrefix => Known($"s.rfm_group = {Bind(key[colon..])}"),
                ConditionContext.Rfm8Prefix => Known($"s.rfm_group8 = {Bind(key[colon..])}"),
                ConditionContext.ClusterPrefix => Known($"s.cluster = {Bind(long.Parse(key[colon..], CultureInfo.InvariantCulture))}"),
                _ => throw new InvalidOperationException($"Segment '{key}' was not checked."),
            };
        }

        private string Bind(object value)
        {
            Parameters.Add(value);
            return $"${before + Parameters.Count}";
        }

        // A missing value makes the comparison null; here that is false.
        private static string Known(string test) => $"coalesce({test}, false)";
    }
}
