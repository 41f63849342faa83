namespace MerchantStudio.Core.Reviews.Text;

/// <summary>What the model weighs: a word, a run of words or characters, a negated word.</summary>
/// <param name="First">The first unit it covers.</param>
/// <param name="Units">How many it covers.</param>
internal readonly record struct ReviewTerm(ulong Key, int First, int Units);

/// <summary>Terms of a text: words in ones, twos and threes, single words behind a negation, characters in ones to fours where words are not spaced.</summary>
internal static class ReviewTerms
{
    private const int WordsInARow = 3;
    private const int CharactersInARow = 4;
    private const int NegationReach = 3;
    private const ulong NegatedMark = 0x6E6F74;

    public static List<ReviewTerm> Of(List<ReviewUnit> units)
    {
        var terms = new List<ReviewTerm>(units.Count * 3);
        var negated = 0;
        for (var first = 0; first < units.Count; first++)
        {
            var unit = units[first];
            if (unit.AfterPause) negated = 0;
            AddRuns(terms, units, first);
            if (unit.Kind != UnitKind.Word) continue;
            if (negated > 0) terms.Add(new ReviewTerm(TermHash.Join(NegatedMark, unit.Key), first, 1));
            negated = unit.Negates ? NegationReach : Math.Max(0, negated - 1);
        }

        return terms;
    }

    private static void AddRuns(List<ReviewTerm> terms, List<ReviewUnit> units, int first)
    {
        var kind = units[first].Kind;
        var longest = kind switch { UnitKind.Word => WordsInARow, UnitKind.Character => CharactersInARow, _ => 1 };
        var key = units[first].Key;
        for (var length = 1; ; length++)
        {
            terms.Add(new ReviewTerm(key, first, length));
            var next = first + length;
            if (length == longest || next == units.Count || units[next].Kind != kind || (kind == UnitKind.Character && units[next].AfterPause)) return;
            key = TermHash.Join(key, units[next].Key);
        }
    }
}
