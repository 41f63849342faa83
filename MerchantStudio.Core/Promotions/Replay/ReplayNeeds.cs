using System.Collections.Immutable;
using MerchantStudio.Core.Conditions;

namespace MerchantStudio.Core.Promotions.Replay;

/// <summary>What a replay has to read for the conditions of its rules, and which of their attributes are only known as they are today.</summary>
internal sealed record ReplayNeeds(ImmutableHashSet<string> Attributes, ImmutableHashSet<string> EventTypes, bool OrderCounts, bool Interests, bool Segments)
{
    /// <summary>Attributes that a run computes and that keep no history, with the shop's knowledge of addresses.</summary>
    public static ImmutableHashSet<string> Todays { get; } =
        ["intent_1", "intent_7", "intent_30", "rfm_r", "rfm_f", "rfm_m", "sentiment", "top_category", "has_email", "email_consent"];

    private static readonly string[] OfEveryEvent = ["first_seen", "last_seen", "sessions_30d", "device", "region", "channel"];

    /// <summary>Whether rows of every type of event have to be read.</summary>
    public bool EveryEvent => OfEveryEvent.Any(Attributes.Contains);

    public bool Profile => Segments || Interests || Attributes.Any(Todays.Contains);

    public bool Uses(string attribute) => Attributes.Contains(attribute);

    public static ReplayNeeds Of(IEnumerable<Condition> conditions, ConditionContext context)
    {
        var attributes = ImmutableHashSet.CreateBuilder<string>();
        var events = ImmutableHashSet.CreateBuilder<string>();
        var (orders, interests, segments) = (false, false, false);
        foreach (var line in conditions.SelectMany(condition => Lines(condition, context)))
        {
            switch (line)
            {
                case Comparison comparison:
                    attributes.Add(comparison.Attribute);
                    break;
                case EventCount { EventType: "order" }:
                    orders = true;
                    break;
                case EventCount count:
                    events.Add(count.EventType);
                    break;
                case CategoryInterest:
                    interests = true;
                    break;
                case InSegment:
                    segments = true;
                    break;
            }
        }

        if (attributes.Contains("views_30d")) events.Add("view");
        return new ReplayNeeds(attributes.ToImmutable(), events.ToImmutable(), orders, interests, segments);
    }

    /// <summary>The lines of a condition, by their place, that are judged on today's value in a replay.</summary>
    public static ImmutableArray<int> TodaysLines(Condition condition, ConditionContext context) =>
        [.. ConditionLines.Of(condition).Select((line, index) => (line, index)).Where(found => Expanded(found.line, context).Any(IsTodays)).Select(found => found.index)];

    private static bool IsTodays(Condition line) => line switch
    {
        Comparison comparison => Todays.Contains(comparison.Attribute),
        CategoryInterest or InSegment => true,
        _ => false,
    };

    /// <summary>All lines, those of the saved segments that a line names in its place.</summary>
    public static IEnumerable<Condition> Lines(Condition condition, ConditionContext context) => ConditionLines.Of(condition).SelectMany(line => Expanded(line, context));

    private static IEnumerable<Condition> Expanded(Condition line, ConditionContext context)
    {
        if (line is not InSegment { Keys: var keys }) return [line];
        var saved = keys.Select(context.FindSaved).OfType<SavedCondition>().ToArray();
        var others = keys.Where(key => context.FindSaved(key) is null).ToImmutableArray();
        return [.. others.IsEmpty ? Array.Empty<Condition>() : [new InSegment(others)], .. saved.SelectMany(segment => Lines(segment.Condition, context))];
    }
}
