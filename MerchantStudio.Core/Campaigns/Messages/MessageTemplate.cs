using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Campaigns.Messages;

/// <summary>A message in one language, as the merchant writes it: plain text with tokens.</summary>
/// <param name="ButtonText">Null without a button; then <paramref name="ButtonLink"/> is null too.</param>
/// <param name="ButtonLink">http or https; tokens only behind the host.</param>
public sealed record MessageText(string Subject, string Body, string? ButtonText = null, string? ButtonLink = null);

/// <summary>A message in the languages of the shop's customers; one of them may be missing, here and where it is kept.</summary>
public sealed record MessageTemplate(MessageText? English = null, MessageText? Chinese = null)
{
    public const string EnglishName = "en";
    public const string ChineseName = "zh-CN";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Strict) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Every text taken apart, or what is wrong with the first that cannot be: which text, line, column.</summary>
    public Outcome<ParsedTemplate> Parse()
    {
        if (English is null && Chinese is null) return new MessageEmpty(EnglishName, nameof(MessagePlace.Body));
        ParsedMessage? english = null, chinese = null;
        if (English is not null && !Parse(EnglishName, English).TryGet(out english, out var problem)) return problem;
        if (Chinese is not null && !Parse(ChineseName, Chinese).TryGet(out chinese, out problem)) return problem;
        return new ParsedTemplate(english, chinese);
    }

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    public static MessageTemplate FromJson(string json) =>
        JsonSerializer.Deserialize<MessageTemplate>(json, Json) ?? throw new JsonException("A message is missing where one was kept.");

    private static Outcome<ParsedMessage> Parse(string language, MessageText text)
    {
        if (!TemplateParser.Parse(language, MessagePlace.Subject, text.Subject).TryGet(out var subject, out var problem)) return problem;
        if (!TemplateParser.Parse(language, MessagePlace.Body, text.Body).TryGet(out var body, out problem)) return problem;
        if (string.IsNullOrWhiteSpace(text.ButtonText) && string.IsNullOrWhiteSpace(text.ButtonLink)) return new ParsedMessage(language, subject, body, null, null);
        if (!TemplateParser.Parse(language, MessagePlace.Button, text.ButtonText).TryGet(out var button, out problem)) return problem;
        if (!TemplateParser.Parse(language, MessagePlace.Link, text.ButtonLink).TryGet(out var link, out problem)) return problem;
        return new ParsedMessage(language, subject, body, button, link);
    }
}

/// <summary>A piece of a text: words, or a token with what stands there when there is no value.</summary>
public sealed record TemplatePiece(string? Words, string? Token = null, string? Fallback = null);

public sealed record ParsedMessage(string Language, ImmutableArray<TemplatePiece> Subject, ImmutableArray<TemplatePiece> Body, ImmutableArray<TemplatePiece>? Button, ImmutableArray<TemplatePiece>? Link)
{
    /// <summary>Tokens that must have a value.</summary>
    internal IEnumerable<string> Needed =>
        Subject.Concat(Body).Concat(Button ?? []).Concat(Link ?? []).Where(piece => piece is { Token: not null, Fallback: null }).Select(piece => piece.Token!).Distinct();
}

public sealed record ParsedTemplate(ParsedMessage? English, ParsedMessage? Chinese)
{
    /// <summary>In the language asked for, or the other where that is missing.</summary>
    public ParsedMessage In(string? language)
    {
        var (first, second) = language?.StartsWith("zh", StringComparison.OrdinalIgnoreCase) == true ? (Chinese, English) : (English, Chinese);
        return first ?? second ?? throw new InvalidOperationException("A parsed message has a language.");
    }
}
