namespace MerchantStudio.Core.Reviews.Text;

internal enum UnitKind
{
    /// <summary>A run of letters and digits of a script that parts words by spaces.</summary>
    Word,

    /// <summary>One character of a script without spaces.</summary>
    Character,

    /// <summary>An exclamation or question mark.</summary>
    Mark,
}

/// <summary>The smallest piece of a text that is weighed and highlighted.</summary>
/// <param name="Key">Hash of the piece, lower case, apostrophes left out.</param>
/// <param name="AfterPause">Whether punctuation or a change of script stands before it: no pair of words reaches across.</param>
/// <param name="Negates">"not", "never", "didn't": turns the words after it round.</param>
internal readonly record struct ReviewUnit(int Start, int Length, UnitKind Kind, ulong Key, bool AfterPause, bool Negates);

internal static class ReviewUnits
{
    private static readonly HashSet<ulong> Negations = [.. new[]
    {
        "not", "no", "never", "without", "nor", "neither", "cannot", "cant", "dont", "didnt", "doesnt", "isnt", "wasnt", "wont", "wouldnt",
        "hardly", "barely", "nothing", "none", "couldnt", "shouldnt", "arent", "werent", "havent", "hasnt", "hadnt",
    }.Select(word => TermHash.Of(word))];

    public static List<ReviewUnit> Cut(string text)
    {
        var units = new List<ReviewUnit>(text.Length / 4);
        var pause = true;
        for (var at = 0; at < text.Length;)
        {
            var letter = text[at];
            if (IsUnspaced(letter))
            {
                if (units.Count > 0 && units[^1].Kind == UnitKind.Word) pause = true;
                units.Add(new ReviewUnit(at, 1, UnitKind.Character, TermHash.Of(text.AsSpan(at, 1)), pause, false));
                pause = false;
                at++;
            }
            else if (char.IsLetterOrDigit(letter))
            {
                var end = EndOfWord(text, at);
                if (units.Count > 0 && units[^1].Kind == UnitKind.Character) pause = true;
                var key = TermHash.Of(text.AsSpan(at, end - at));
                units.Add(new ReviewUnit(at, end - at, UnitKind.Word, key, pause, Negations.Contains(key)));
                pause = false;
                at = end;
            }
            else
            {
                if (letter is '!' or '?' or '！' or '？') units.Add(new ReviewUnit(at, 1, UnitKind.Mark, TermHash.Of(letter is '!' or '！' ? "!" : "?"), true, false));
                pause |= char.IsPunctuation(letter) && letter is not ('\'' or '’' or '-');
                at++;
            }
        }

        return units;
    }

    /// <summary>Han characters, kana and the like: each is a unit of its own.</summary>
    public static bool IsUnspaced(char letter) => letter is >= '\u3040' and < '\ua000' or >= '\uf900' and < '\ufb00';

    private static int EndOfWord(string text, int at)
    {
        while (at < text.Length && ((char.IsLetterOrDigit(text[at]) && !IsUnspaced(text[at])) || IsInnerApostrophe(text, at))) at++;
        return at;
    }

    private static bool IsInnerApostrophe(string text, int at) => text[at] is '\'' or '’' && at + 1 < text.Length && char.IsLetter(text[at + 1]);
}
