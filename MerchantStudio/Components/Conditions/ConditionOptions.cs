using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Localization;

namespace MerchantStudio.Components.Conditions;

/// <summary>What a shop's conditions can be built from: its segments, the words in its data, its currency.</summary>
public sealed class ConditionOptions
{
    private static readonly string[] Sources = ["basket", "orders", "events", "intent", "reviews", "customers"];
    private readonly Dictionary<string, IReadOnlyList<string>> _words = [];
    private readonly Texts _texts;

    private ConditionOptions(Texts texts, string currency, SegmentNames names, IReadOnlyList<Choice<string>> segments, bool basket)
    {
        (_texts, Currency, Names, Segments) = (texts, currency, names, segments);
        Kinds =
        [
            new("segment", texts["Conditions.what-segment"], Group: texts["Conditions.source-segment"]),
            .. Sources.SelectMany(source => ConditionCatalog.Attributes.Where(attribute => attribute.Source == source && (basket || attribute.Scope == AttributeScope.Shopper))
                .Select(attribute => new Choice<string>("attribute:" + attribute.Key, texts["Conditions.attribute-" + attribute.Key], Group: texts["Conditions.source-" + source]))),
            .. Enum.GetValues<BasketPart>().Where(_ => basket).Select(part => new Choice<string>(KindOf(part), texts["Conditions.holds-" + Key(part)], Group: texts["Conditions.source-basket"])),
            .. ConditionCatalog.Events.Select(type => new Choice<string>("event:" + type, texts["Conditions.event-" + type], Group: texts["Conditions.source-did"])),
            new("interest", texts["Conditions.what-interest"], Group: texts["Conditions.source-interest"]),
        ];
    }

    public string Currency { get; }

    public SegmentNames Names { get; }

    public IReadOnlyList<Choice<string>> Segments { get; }

    /// <summary>Everything a line can ask, by its source.</summary>
    public IReadOnlyList<Choice<string>> Kinds { get; }

    public SentenceStyle Style => new(CultureInfo.CurrentUICulture, Currency, Names.Of);

    /// <param name="basket">Whether lines about the basket can be answered: in rules, not in segments.</param>
    public static async Task<ConditionOptions> LoadAsync(
        Texts texts, AudienceReader audiences, WorkspaceScope scope, string currency, SegmentNames names, bool basket, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentNullException.ThrowIfNull(audiences);
        ArgumentNullException.ThrowIfNull(names);
        var options = new ConditionOptions(texts, currency, names, names.Choices(texts), basket);
        foreach (var attribute in ConditionCatalog.Attributes.Where(attribute => attribute.Kind == AttributeKind.Choice).Select(attribute => attribute.Key).Concat(basket ? ["category", "brand", "item"] : ["category"]))
            options._words[attribute] = await audiences.ChoicesAsync(scope, attribute, cancellationToken);
        return options;
    }

    /// <summary>The words that occur in the data for a choice attribute, or "category".</summary>
    public IReadOnlyList<string> Words(string attribute) => _words.GetValueOrDefault(attribute) ?? [];

    /// <summary>A line to begin with for a kind; always one that can be answered.</summary>
    public Condition Begin(string kind)
    {
        ArgumentNullException.ThrowIfNull(kind);
        if (kind == "segment") return new InSegment([Segments.FirstOrDefault(segment => segment.Value == "rfm:at_risk")?.Value ?? Segments[0].Value]);
        if (kind.StartsWith("holds:", StringComparison.Ordinal)) return new BasketHolds(PartOf(kind), [FirstWord(kind["holds:".Length..])], 1);
        if (kind == "interest") return new CategoryInterest(FirstWord("category"), 0.3);
        if (kind.StartsWith("event:", StringComparison.Ordinal)) return new EventCount(kind["event:".Length..], ConditionOperator.AtLeast, 1, 30);
        var attribute = ConditionCatalog.Find(kind["attribute:".Length..]) ?? throw new ArgumentException($"'{kind}' is no kind of line.", nameof(kind));
        return new Comparison(attribute.Key, attribute.Operators[0], FirstValues(attribute, attribute.Operators[0]));
    }

    public ImmutableArray<string> FirstValues(ConditionAttribute attribute, ConditionOperator comparison)
    {
        ArgumentNullException.ThrowIfNull(attribute);
        return comparison switch
        {
            ConditionOperator.Known => [],
            ConditionOperator.WithinDays or ConditionOperator.MoreThanDaysAgo => ["30"],
            ConditionOperator.Before or ConditionOperator.Since => [Names.Today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)],
            ConditionOperator.Between => [First(attribute, low: true), First(attribute, low: false)],
            _ => [First(attribute, low: true)],
        };
    }

    public static string KindOf(Condition leaf) => leaf switch
    {
        InSegment => "segment",
        CategoryInterest => "interest",
        EventCount count => "event:" + count.EventType,
        BasketHolds holds => KindOf(holds.Part),
        Comparison comparison => "attribute:" + comparison.Attribute,
        _ => throw new ArgumentException($"{leaf} is no line.", nameof(leaf)),
    };

    /// <summary>Where the words of a basket line come from, and the last part of its texts.</summary>
    public static string Key(BasketPart part) => part switch { BasketPart.Category => "category", BasketPart.Brand => "brand", _ => "item" };

    /// <summary>One line in words.</summary>
    public IReadOnlyList<SentencePart> Say(Condition line) => ConditionSentence.Clause(line, Style);

    private static string KindOf(BasketPart part) => "holds:" + Key(part);

    private static BasketPart PartOf(string kind) => Enum.GetValues<BasketPart>().First(part => KindOf(part) == kind);

    private string FirstWord(string attribute) => Words(attribute) is [var word, ..] ? word : "-";

    private string First(ConditionAttribute attribute, bool low) => attribute.Kind switch
    {
        AttributeKind.Choice => FirstWord(attribute.Key),
        AttributeKind.Flag => "true",
        AttributeKind.Probability => low ? "0.3" : "0.7",
        AttributeKind.Sentiment => low ? "0" : "1",
        AttributeKind.Score => low ? "3" : "5",
        AttributeKind.Money => low ? "50" : "100",
        AttributeKind.Weekday => "1",
        AttributeKind.Hour => low ? "18" : "21",
        _ => low ? "1" : "5",
    };
}
