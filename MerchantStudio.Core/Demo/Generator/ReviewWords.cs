namespace MerchantStudio.Core.Demo.Generator;

/// <summary>Sentences on one aspect; {noun} is the article.</summary>
internal sealed record ReviewAspect(string Key, string[] Good, string[] Bad, string[] Plain);

/// <summary>One language's share of the grammar.</summary>
internal sealed partial record ReviewWords(
    bool IsChinese, ReviewAspect[] Aspects, string[] Facts, string[] GladEnds, string[] SourEnds, string[] PlainEnds,
    string[] GladTitles, string[] SourTitles, string[] PlainTitles, string[] SmallComplaint, string[] SmallPraise, string[] Sarcasm)
{
    /// <summary>A sentence without its full stop, small at the start, to stand inside another.</summary>
    public string Clause(string sentence)
    {
        var bare = sentence.TrimEnd('.', '。', '!', '！');
        return IsChinese || bare.StartsWith("I ", StringComparison.Ordinal) ? bare : char.ToLowerInvariant(bare[0]) + bare[1..];
    }

    public string Join(string first, string second) =>
        IsChinese ? $"{Clause(first)}，不过{Clause(second)}。" : $"{first.TrimEnd('.', '!')}, but {Clause(second)}.";
}
