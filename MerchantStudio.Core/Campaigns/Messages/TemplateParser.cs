using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Campaigns.Messages;

/// <summary>Takes a merchant's text apart. Strict: what is neither plain words nor a known token is refused, with its place.</summary>
internal static partial class TemplateParser
{
    private const string Open = "{{";
    private const string Close = "}}";
    private const int MostFallbackLetters = 100;

    public static Outcome<ImmutableArray<TemplatePiece>> Parse(string language, MessagePlace place, string? text)
    {
        text = (text ?? "").ReplaceLineEndings("\n");
        if (place is not MessagePlace.Body) text = text.Trim();
        if (string.IsNullOrWhiteSpace(text)) return new MessageEmpty(language, place.ToString());
        if (text.Length > Most(place)) return new MessageTooLong(language, place.ToString(), Most(place));
        if (Forbidden(language, place, text) is { } problem) return problem;

        var pieces = ImmutableArray.CreateBuilder<TemplatePiece>();
        for (var at = 0; at < text.Length;)
        {
            var open = text.IndexOf(Open, at, StringComparison.Ordinal);
            var words = open < 0 ? text[at..] : text[at..open];
            if (words.IndexOf(Close, StringComparison.Ordinal) is >= 0 and var stray) return new MessageBracesOpen(new Spot(language, place, text, at + stray));
            if (words.Length > 0) pieces.Add(new TemplatePiece(words));
            if (open < 0) break;
            var close = text.IndexOf(Close, open + Open.Length, StringComparison.Ordinal);
            var inner = close < 0 ? "" : text[(open + Open.Length)..close];
            if (close < 0 || inner.AsSpan().IndexOfAny('{', '\n') >= 0) return new MessageBracesOpen(new Spot(language, place, text, open));
            if (!Token(new Spot(language, place, text, open), inner).TryGet(out var token, out var unknown)) return unknown;
            pieces.Add(token);
            at = close + Close.Length;
        }

        var parsed = pieces.ToImmutable();
        return place == MessagePlace.Link && !IsLink(parsed) ? new MessageLinkInvalid(language) : parsed;
    }

    private static Outcome<TemplatePiece> Token(Spot spot, string inner)
    {
        var bar = inner.IndexOf('|', StringComparison.Ordinal);
        var name = (bar < 0 ? inner : inner[..bar]).Trim();
        var fallback = bar < 0 ? null : inner[(bar + 1)..].Trim();
        var known = MessageTokens.For(spot.Place);
        if (!known.Contains(name)) return new MessageTokenUnknown(spot, Short(name), string.Join(", ", known.Select(token => Open + token + Close)));
        return fallback?.Length > MostFallbackLetters ? new MessageTooLong(spot.Language, spot.Place.ToString(), MostFallbackLetters) : new TemplatePiece(null, name, fallback);
    }

    private static Problem? Forbidden(string language, MessagePlace place, string text)
    {
        var control = text.AsSpan().IndexOfAnyInRange('\0', '\u001f');
        for (var at = 0; control >= 0 && at < text.Length; at++)
        {
            if (char.IsControl(text[at]) && !(place == MessagePlace.Body && text[at] is '\n' or '\t')) return new MessageControlLetter(new Spot(language, place, text, at));
        }

        if (Script().Match(text) is { Success: true } script) return new MessageScript(new Spot(language, place, text, script.Index), Short(script.Value));
        return Markup().Match(text) is { Success: true } markup ? new MessageMarkup(new Spot(language, place, text, markup.Index), Short(markup.Value)) : null;
    }

    /// <summary>A host that is written out, and tokens only behind it: whoever fills one cannot lead the shopper elsewhere.</summary>
    private static bool IsLink(ImmutableArray<TemplatePiece> pieces)
    {
        if (pieces is not [{ Words: { } start }, ..] || !Start().IsMatch(pieces.Length == 1 ? start + "/" : start)) return false;
        var example = new StringBuilder();
        foreach (var piece in pieces) example.Append(piece.Words ?? "x");
        return !example.ToString().Any(letter => char.IsWhiteSpace(letter) || letter is '\\' or '"' or '<' or '>')
            && Uri.TryCreate(example.ToString(), UriKind.Absolute, out var link) && link.Scheme is "http" or "https" && link.UserInfo.Length == 0 && link.Host.Length > 0;
    }

    private static int Most(MessagePlace place) => place switch
    {
        MessagePlace.Subject => 200,
        MessagePlace.Button => 60,
        MessagePlace.Link => 2_000,
        _ => 20_000,
    };

    private static string Short(string text) => text.Length > 40 ? text[..40] + "…" : text;

    /// <summary>What a browser or a mail program might run, however it is spelled.</summary>
    [GeneratedRegex(@"<\s*/?\s*script\b[^\n]{0,20}|\b(?:java|vb|live)script\s*:|\bdata\s*:\s*(?:text|image|application|audio|video|font)\s*/[^\n]{0,20}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Script();

    /// <summary>A tag, a comment, or a character written as an entity.</summary>
    [GeneratedRegex(@"<[a-z/!?][^\n>]{0,20}>?|&(?:#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,20});", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Markup();

    [GeneratedRegex(@"^https?://[^/?#{}@\s]+[/?#]", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Start();
}

/// <summary>A place in a text: lines and columns count from 1.</summary>
internal sealed record Spot(string Language, MessagePlace Place, string Text, int At)
{
    public int Line => Text.AsSpan(0, At).Count('\n') + 1;

    public int Column => At - (Text.LastIndexOf('\n', Math.Max(At - 1, 0)) is var line && At > 0 && line >= 0 ? line : -1);
}
