using System.Collections.Immutable;
using System.Globalization;

namespace MerchantStudio.Core.Conditions;

/// <summary>A boolean SQL expression over <c>shopper_profile s</c> that is never null, and the values of its $1, $2 …</summary>
public sealed record ConditionClause(string Text, ImmutableArray<object?> Parameters);

/// <summary>Compiles a checked tree to SQL; every value is a parameter, every name comes from the catalogue.</summary>
public static class ConditionSql
{
    /// <param name="parametersBefore">How many parameters the surrounding statement already has.</param>
    public static ConditionClause Compile(Condition condition, ConditionContext context, int parametersBefore = 0)
    {
        ArgumentNullException.ThrowIfNull(condition);
        ArgumentNullException.ThrowIfNull(context);
        var writer = new Writer(context, parametersBefore);
        return new ConditionClause(writer.Write(condition), [.. writer.Parameters]);
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
            var column = $"s.{attribute.Column}";
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
