using System.Collections.Immutable;

namespace MerchantStudio.Core.Conditions;

/// <summary>Reads a tree back as plain words; every condition and limit of it is in the sentence. Negations are carried down to the lines they mean.</summary>
public static class ConditionSentence
{
    /// <summary>A whole sentence about who is meant.</summary>
    public static ImmutableArray<SentencePart> Audience(Condition condition, SentenceStyle style)
    {
        ArgumentNullException.ThrowIfNull(style);
        var wording = WordingOf(style);
        return condition is AllOf { Parts.Length: 0 }
            ? SentenceText.Fill(wording.AllShoppers)
            : new SentenceBuilder().Add(wording.Audience.Before).Add(Clause(condition, style)).Add(wording.Audience.After).Build();
    }

    /// <summary>Only what comes after "who", to stand inside a longer sentence.</summary>
    public static ImmutableArray<SentencePart> Clause(Condition condition, SentenceStyle style)
    {
        ArgumentNullException.ThrowIfNull(condition);
        ArgumentNullException.ThrowIfNull(style);
        var reader = new Reader(WordingOf(style), style);
        reader.Read(condition, negated: false, depth: 0);
        return reader.Text.Build();
    }

    private static ConditionWording WordingOf(SentenceStyle style) => style.IsChinese ? ConditionWording.Chinese : ConditionWording.English;

    private sealed class Reader(ConditionWording wording, SentenceStyle style)
    {
        public SentenceBuilder Text { get; } = new();

        public void Read(Condition condition, bool negated, int depth)
        {
            switch (condition)
            {
                case Not { Part: var part }:
                    Read(part, !negated, depth);
                    break;
                case AllOf { Parts: var parts }:
                    ReadGroup(parts, and: !negated, negated, depth);
                    break;
                case AnyOf { Parts: var parts }:
                    ReadGroup(parts, and: negated, negated, depth);
                    break;
                case Comparison comparison:
                    Read(comparison, negated);
                    break;
                case EventCount count:
                    Read(count, negated);
                    break;
                case CategoryInterest interest:
                    var share = wording.Range(ConditionOperator.AtLeast, [ConditionFigures.Percent(interest.Share, style.Culture)]);
                    Text.Fill(negated ? wording.Interest.DoesNot : wording.Interest.Does, Plain(share), Plain(interest.Category));
                    break;
                case BasketHolds holds:
                    var (does, doesNot) = wording.BasketHolds(holds.Part);
                    var held = holds.Amount is { } amount ? ConditionFigures.Money(amount, style.Currency, style.Culture) : wording.Pieces(holds.Pieces ?? 0, style.Culture);
                    Text.Fill(negated ? doesNot : does, Plain(wording.Range(ConditionOperator.AtLeast, [held])), Choices(holds.Names));
                    break;
                case InSegment { Keys: var keys }:
                    Text.Fill(negated ? wording.Segment.DoesNot : wording.Segment.Does, Choices([.. keys.Select(style.SegmentName)]));
                    break;
                default:
                    throw new InvalidOperationException($"No words for {condition.GetType().Name}.");
            }
        }

        private void ReadGroup(ImmutableArray<Condition> parts, bool and, bool negated, int depth)
        {
            if (parts.Length == 0) Text.Add(and ? wording.Everybody : wording.Nobody);
            if (parts.Length == 1) Read(parts[0], negated, depth);
            if (parts.Length < 2) return;
            var (before, after) = depth == 0 ? ("", "") : wording.Group(and, depth);
            Text.Add(before);
            for (var index = 0; index < parts.Length; index++)
            {
                Text.Add(wording.Joint(and, index, parts.Length, @short: false));
                Read(parts[index], negated, depth + 1);
            }

            Text.Add(after);
        }

        private void Read(Comparison comparison, bool negated)
        {
            var attribute = ConditionCatalog.Find(comparison.Attribute) ?? throw new InvalidOperationException($"'{comparison.Attribute}' was not checked.");
            if (comparison.Operator == ConditionOperator.Known)
            {
                var (does, doesNot) = wording.Known(attribute.Key);
                Text.Fill(negated ? doesNot : does);
            }
            else if (attribute.Kind == AttributeKind.Flag)
            {
                var (yes, no) = wording.Flag(attribute.Key);
                var flag = SentenceText.Fill(comparison.Values[0] == "true" ? yes : no);
                Text.Fill(negated ? wording.Otherwise : "{0}", flag);
            }
            else
            {
                var (does, doesNot) = wording.Attribute(attribute.Key);
                Text.Fill(negated ? doesNot : does, attribute.Kind switch
                {
                    AttributeKind.Choice => Choices(comparison.Values),
                    AttributeKind.Weekday => Choices([.. comparison.Values.Select(value => WeekdayName((long)ConditionValue.Figure(attribute.Kind, value)))]),
                    AttributeKind.Hour => Plain(wording.Hours(comparison.Operator, [.. comparison.Values.Select(value => (long)ConditionValue.Figure(attribute.Kind, value))])),
                    _ => Plain(wording.Range(comparison.Operator, [.. comparison.Values.Select(value => Shown(attribute.Kind, comparison.Operator, value))])),
                });
            }
        }

        private void Read(EventCount count, bool negated)
        {
            var (did, didNot) = wording.Event(count.EventType);
            var never = negated ? count is { Operator: ConditionOperator.AtLeast, Times: 1 } : count is { Operator: ConditionOperator.AtMost, Times: 0 };
            var once = negated && count is { Operator: ConditionOperator.AtMost, Times: 0 };
            Text.Fill(wording.EventOrder(
                never ? didNot : did,
                count.Category is null ? "" : wording.InCategory,
                never || once ? "" : wording.Times(count.Operator, count.Times, negated),
                count.Days is { } days ? wording.Window(days) : ""), Plain(count.Category ?? ""));
        }

        private string Shown(AttributeKind kind, ConditionOperator comparison, string value) => (comparison, kind) switch
        {
            (ConditionOperator.Before or ConditionOperator.Since, _) => ConditionFigures.Day(ConditionValue.Date(value), style.Culture),
            (ConditionOperator.WithinDays or ConditionOperator.MoreThanDaysAgo, _) => ConditionValue.Days(value).ToString("N0", style.Culture),
            (_, AttributeKind.Money) => ConditionFigures.Money((decimal)ConditionValue.Figure(kind, value), style.Currency, style.Culture),
            (_, AttributeKind.Probability) => ConditionFigures.Percent((double)ConditionValue.Figure(kind, value), style.Culture),
            (_, AttributeKind.Count or AttributeKind.Score) => ((long)ConditionValue.Figure(kind, value)).ToString("N0", style.Culture),
            _ => ((double)ConditionValue.Figure(kind, value)).ToString("+0.##;−0.##;0", style.Culture),
        };

        private string WeekdayName(long day) => style.Culture.DateTimeFormat.GetDayName((DayOfWeek)(day % 7));

        private ImmutableArray<SentencePart> Choices(ImmutableArray<string> values)
        {
            var list = new SentenceBuilder();
            for (var index = 0; index < values.Length; index++)
                list.Add(wording.Joint(and: false, index, values.Length, @short: true)).Add(values[index], strong: true);
            return list.Build();
        }

        private static ImmutableArray<SentencePart> Plain(string text) => [new SentencePart(text, false)];
    }
}
