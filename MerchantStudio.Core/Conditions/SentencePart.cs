using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace MerchantStudio.Core.Conditions;

/// <summary>A piece of a sentence; values are strong.</summary>
public readonly record struct SentencePart(string Text, bool Strong);

/// <summary>How sentences are worded.</summary>
/// <param name="Culture">Chinese for zh cultures, English for all others.</param>
/// <param name="Currency">ISO 4217 code of the shop.</param>
/// <param name="SegmentName">The name of a segment by its key, in the same language.</param>
public sealed record SentenceStyle(CultureInfo Culture, string Currency, Func<string, string> SegmentName)
{
    public bool IsChinese => Culture.TwoLetterISOLanguageName == "zh";
}

public static class SentenceText
{
    public static string Plain(this IEnumerable<SentencePart> parts) =>
        parts.Aggregate(new StringBuilder(), (text, part) => text.Append(part.Text)).ToString();

    /// <summary>Fills {0}, {1} of a template whose **stars** mark what is strong; the values' own stars are left alone.</summary>
    public static ImmutableArray<SentencePart> Fill(string template, params ReadOnlySpan<ImmutableArray<SentencePart>> values)
    {
        var text = new SentenceBuilder();
        text.Fill(template, values);
        return text.Build();
    }
}

/// <summary>Collects parts and joins neighbours of one weight.</summary>
internal sealed class SentenceBuilder
{
    private readonly List<SentencePart> _parts = [];

    public SentenceBuilder Add(string text, bool strong = false)
    {
        if (text.Length == 0) return this;
        if (_parts.Count > 0 && _parts[^1].Strong == strong) _parts[^1] = new SentencePart(_parts[^1].Text + text, strong);
        else _parts.Add(new SentencePart(text, strong));
        return this;
    }

    public SentenceBuilder Add(IEnumerable<SentencePart> parts)
    {
        foreach (var part in parts) Add(part.Text, part.Strong);
        return this;
    }

    /// <inheritdoc cref="SentenceText.Fill"/>
    public SentenceBuilder Fill(string template, params ReadOnlySpan<ImmutableArray<SentencePart>> values)
    {
        var strong = false;
        var start = 0;
        for (var at = 0; at < template.Length; at++)
        {
            if (template[at] == '*' && at + 1 < template.Length && template[at + 1] == '*')
            {
                Add(template[start..at], strong);
                strong = !strong;
                start = ++at + 1;
            }
            else if (template[at] == '{' && at + 2 < template.Length && template[at + 2] == '}' && char.IsAsciiDigit(template[at + 1]))
            {
                Add(template[start..at], strong);
                foreach (var part in values[template[at + 1] - '0']) Add(part.Text, strong || part.Strong);
                at += 2;
                start = at + 1;
            }
        }

        return Add(template[start..], strong);
    }

    public ImmutableArray<SentencePart> Build() => [.. _parts];
}
