using System.Collections.Immutable;
using System.Text;
using MerchantStudio.Core.Ingestion.Recognition;

namespace MerchantStudio.Core.Ingestion.Rows;

/// <summary>The file's words for what became of an order: what each means, and how many rows have one that has to be explained.</summary>
internal sealed class StateWords(ImportMapping mapping)
{
    /// <summary>A file of orders has a few states; more than these are faults and not worth asking about.</summary>
    private const int Remembered = 64;

    private readonly List<Word> _seen = [];

    /// <summary>Words that only somebody can explain, the most frequent first.</summary>
    public ImmutableArray<StateCount> Counts => [.. _seen.Where(word => word.Rows > 0).OrderByDescending(word => word.Rows).ThenBy(word => word.Text, StringComparer.Ordinal).Select(word => new StateCount(word.Text, word.Rows))];

    /// <summary>What a word of a file of orders means to us; null for one that nobody has explained.</summary>
    public string? Read(ReadOnlySpan<byte> written)
    {
        var word = Find(written);
        if (word.Vocabulary is null) word.Rows++;
        return word.Chosen ?? word.Vocabulary;
    }

    /// <summary>What is written for an event: the chosen meaning, else the word itself. Events keep their words, so that a word for "paid" counts only once somebody has said so.</summary>
    public ReadOnlySpan<byte> Written(ReadOnlySpan<byte> written, bool isSale)
    {
        var word = Find(written);
        if (isSale && word.Vocabulary is null or OrderStates.Paid) word.Rows++;
        return word.Chosen is null ? written : word.ChosenBytes;
    }

    private Word Find(ReadOnlySpan<byte> written)
    {
        foreach (var known in _seen)
        {
            if (written.SequenceEqual(known.Bytes)) return known;
        }

        var text = Encoding.UTF8.GetString(written);
        var chosen = mapping.OrderStates.TryGetValue(text, out var meaning) && OrderStates.All.Contains(meaning) ? meaning : null;
        var word = new Word(text, written.ToArray(), OrderStates.Find(text), chosen, Encoding.UTF8.GetBytes(chosen ?? ""));
        if (_seen.Count < Remembered) _seen.Add(word);
        return word;
    }

    private sealed record Word(string Text, byte[] Bytes, string? Vocabulary, string? Chosen, byte[] ChosenBytes)
    {
        public long Rows { get; set; }
    }
}
