using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace MerchantStudio.Core.Campaigns.Messages;

/// <summary>A message as one shopper gets it.</summary>
/// <param name="Text">Plain text, with the button's link and the way out written out.</param>
/// <param name="Html">A whole page for mail programs; every value in it is encoded.</param>
/// <param name="Body">The text alone, without button and way out.</param>
public sealed record RenderedMessage(string Language, string Subject, string Body, string Text, string Html, string? ButtonText, string? ButtonLink);

/// <summary>Puts a shopper's values into a message, each encoded for where it stands.</summary>
public static partial class MessageRenderer
{
    private const int MostValueLetters = 200;

    /// <summary>What could be markup is encoded; Chinese stays readable in the source.</summary>
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>The first token that has neither value nor fallback; null when the message can be written.</summary>
    public static string? Missing(ParsedMessage message, IReadOnlyDictionary<string, string> values)
    {
        ArgumentNullException.ThrowIfNull(message);
        return message.Needed.FirstOrDefault(token => token != MessageTokens.Unsubscribe && Value(values, token).Length == 0);
    }

    /// <param name="unsubscribe">Address of the way out; null where a channel has none.</param>
    public static RenderedMessage Render(ParsedMessage message, IReadOnlyDictionary<string, string> values, Uri? unsubscribe)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(values);
        var all = values.Where(value => value.Key != MessageTokens.Unsubscribe).ToDictionary();
        var subject = OneLine(Fill(message.Subject, all, value => value));
        var button = message.Button is { } words ? OneLine(Fill(words, all, value => value)) : null;
        var link = message.Link is { } address ? Fill(address, all, Uri.EscapeDataString) : null;
        if (unsubscribe is not null) all[MessageTokens.Unsubscribe] = unsubscribe.AbsoluteUri;
        var body = Fill(message.Body, all, value => value).Trim('\n');
        return new RenderedMessage(message.Language, subject, body, PlainText(message, body, button, link, unsubscribe), Html(message, body, subject, button, link, unsubscribe), button, link);
    }

    private static string PlainText(ParsedMessage message, string body, string? button, string? link, Uri? unsubscribe)
    {
        var text = new StringBuilder(body).Append('\n');
        if (link is not null) text.Append('\n').Append(button).Append(": ").Append(link).Append('\n');
        if (unsubscribe is not null && !NamesWayOut(message)) text.Append("\n-- \n").Append(WayOut(message.Language)).Append(": ").Append(unsubscribe.AbsoluteUri).Append('\n');
        return text.ToString();
    }

    private static string Html(ParsedMessage message, string body, string subject, string? button, string? link, Uri? unsubscribe)
    {
        var encode = Encoder;
        var html = new StringBuilder("<!DOCTYPE html><html lang=\"").Append(message.Language).Append("\"><head><meta charset=\"utf-8\"><title>").Append(encode.Encode(subject))
            .Append("</title></head><body style=\"font:16px/1.5 -apple-system,'Segoe UI','PingFang SC','Microsoft YaHei',sans-serif;color:#1d2430;max-width:36em;margin:0 auto;padding:24px\">");
        foreach (var paragraph in body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)) html.Append("<p>").Append(WithLinks(paragraph.Trim('\n'))).Append("</p>");
        if (link is not null)
        {
            html.Append("<p><a href=\"").Append(encode.Encode(link)).Append("\" style=\"display:inline-block;padding:10px 18px;background:#1f5fd6;color:#fff;text-decoration:none;border-radius:6px\">")
                .Append(encode.Encode(button!)).Append("</a></p>");
        }

        if (unsubscribe is not null && !NamesWayOut(message))
            html.Append("<p style=\"font-size:13px;color:#5b6472\"><a href=\"").Append(encode.Encode(unsubscribe.AbsoluteUri)).Append("\">").Append(encode.Encode(WayOut(message.Language))).Append("</a></p>");
        return html.Append("</body></html>").ToString();
    }

    /// <summary>Addresses in the text become links; everything is encoded, the addresses too.</summary>
    private static string WithLinks(string text)
    {
        var html = new StringBuilder();
        var at = 0;
        foreach (Match link in Address().Matches(text))
        {
            var address = Encoder.Encode(link.Value);
            html.Append(Lines(text[at..link.Index])).Append("<a href=\"").Append(address).Append("\">").Append(address).Append("</a>");
            at = link.Index + link.Length;
        }

        return html.Append(Lines(text[at..])).ToString();
    }

    private static string Lines(string text) => string.Join("<br>", text.Split('\n').Select(Encoder.Encode));

    private static string Fill(ImmutableArray<TemplatePiece> pieces, Dictionary<string, string> values, Func<string, string> encode)
    {
        var text = new StringBuilder();
        foreach (var piece in pieces)
        {
            if (piece.Words is { } words) text.Append(words);
            else if (Value(values, piece.Token!) is { Length: > 0 } value) text.Append(encode(value));
            else text.Append(encode(piece.Fallback ?? ""));
        }

        return text.ToString();
    }

    /// <summary>A value is one short line without anything invisible: it can begin no header and hide no direction.</summary>
    private static string Value(IReadOnlyDictionary<string, string> values, string token)
    {
        if (!values.TryGetValue(token, out var value) || value is null) return "";
        if (token == MessageTokens.Unsubscribe) return value;
        var line = OneLine(value);
        // Whoever signs somebody else up under a name that is an address would have the shop carry it there.
        if (token == MessageTokens.FirstName && (line.AsSpan().IndexOfAny('/', '@', '\\') >= 0 || line.Contains("www.", StringComparison.OrdinalIgnoreCase))) return "";
        return line.Length > MostValueLetters ? line[..MostValueLetters] : line;
    }

    private static string OneLine(string text) => string.Concat(text.Select(letter => char.IsControl(letter) || letter is '\u2028' or '\u2029' ? ' ' : letter)
        .Where(letter => letter is not (>= '\u202A' and <= '\u202E') and not (>= '\u2066' and <= '\u2069'))).Trim();

    private static bool NamesWayOut(ParsedMessage message) => message.Body.Any(piece => piece.Token == MessageTokens.Unsubscribe);

    private static string WayOut(string language) => language == MessageTemplate.ChineseName ? "退订" : "Unsubscribe";

    [GeneratedRegex(@"https?://[^\s<>""'，。；！？、）】]+[^\s<>""'.,;:!?)，。；！？、）】]", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Address();
}
