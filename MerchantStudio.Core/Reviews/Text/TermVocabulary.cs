using System.Runtime.InteropServices;
using MerchantStudio.Core.Learning.Linear;

namespace MerchantStudio.Core.Reviews.Text;

/// <summary>The terms a model knows and how rare each is. Taken from training reviews alone.</summary>
internal sealed class TermVocabulary
{
    private readonly Dictionary<ulong, int> _index;
    private readonly ulong[] _keys;
    private readonly float[] _rarity;

    private TermVocabulary(ulong[] keys, float[] rarity)
    {
        _keys = keys;
        _rarity = rarity;
        _index = new Dictionary<ulong, int>(keys.Length);
        for (var at = 0; at < keys.Length; at++) _index[keys[at]] = at;
    }

    public int Count => _keys.Length;

    /// <summary>Hashes of the terms, in the order of the columns.</summary>
    public IReadOnlyList<ulong> Keys => _keys;

    /// <summary>What a term's damped count is multiplied by, in the order of the columns.</summary>
    public ReadOnlySpan<float> Rarity => _rarity;

    /// <param name="reviews">Terms of each training review.</param>
    /// <param name="leastReviews">Terms in fewer reviews are left out.</param>
    public static TermVocabulary Fit(IEnumerable<IReadOnlyList<ReviewTerm>> reviews, int leastReviews)
    {
        var frequency = new Dictionary<ulong, (int Reviews, int Last)>();
        var count = 0;
        foreach (var terms in reviews)
        {
            count++;
            foreach (var term in terms)
            {
                ref var seen = ref CollectionsMarshal.GetValueRefOrAddDefault(frequency, term.Key, out _);
                if (seen.Last != count) seen = (seen.Reviews + 1, count);
            }
        }

        var kept = frequency.Where(term => term.Value.Reviews >= leastReviews).OrderBy(term => term.Key).ToArray();
        return new TermVocabulary(
            [.. kept.Select(term => term.Key)],
            [.. kept.Select(term => (float)(Math.Log((1.0 + count) / (1 + term.Value.Reviews)) + 1))]);
    }

    /// <summary>A text's row: damped counts times rarity, scaled to length 1; columns ascend.</summary>
    public (int[] Columns, float[] Values, int[] Counts) Encode(IReadOnlyList<ReviewTerm> terms)
    {
        var columns = new int[terms.Count];
        var known = 0;
        foreach (var term in terms)
        {
            if (_index.TryGetValue(term.Key, out var column)) columns[known++] = column;
        }

        Array.Sort(columns, 0, known);
        var distinct = 0;
        var counts = new int[known];
        for (var at = 0; at < known; at++)
        {
            if (at > 0 && columns[at] == columns[at - 1])
            {
                counts[distinct - 1]++;
                continue;
            }

            columns[distinct] = columns[at];
            counts[distinct++] = 1;
        }

        var values = new float[distinct];
        double squares = 0;
        for (var at = 0; at < distinct; at++)
        {
            var value = (1 + Math.Log(counts[at])) * _rarity[columns[at]];
            values[at] = (float)value;
            squares += value * value;
        }

        var scale = squares > 0 ? 1 / Math.Sqrt(squares) : 0;
        for (var at = 0; at < distinct; at++) values[at] = (float)(values[at] * scale);
        return (columns[..distinct], values, counts[..distinct]);
    }

    public SparseRows Encode(IReadOnlyList<IReadOnlyList<ReviewTerm>> reviews)
    {
        var rows = new (int[] Columns, float[] Values, int[] Counts)[reviews.Count];
        Parallel.For(0, rows.Length, row => rows[row] = Encode(reviews[row]));
        var starts = new int[rows.Length + 1];
        for (var row = 0; row < rows.Length; row++) starts[row + 1] = starts[row] + rows[row].Columns.Length;
        var columns = new int[starts[^1]];
        var values = new float[starts[^1]];
        for (var row = 0; row < rows.Length; row++)
        {
            rows[row].Columns.CopyTo(columns, starts[row]);
            rows[row].Values.CopyTo(values, starts[row]);
        }

        return new SparseRows(Count, starts, columns, values);
    }

    /// <summary>The column of a term; negative when it is unknown.</summary>
    public int IndexOf(ulong key) => _index.TryGetValue(key, out var column) ? column : -1;

    public void Write(BinaryWriter writer)
    {
        writer.Write(Count);
        for (var at = 0; at < Count; at++)
        {
            writer.Write(_keys[at]);
            writer.Write(_rarity[at]);
        }
    }

    public static TermVocabulary Read(BinaryReader reader)
    {
        var keys = new ulong[reader.ReadInt32()];
        var rarity = new float[keys.Length];
        for (var at = 0; at < keys.Length; at++)
        {
            keys[at] = reader.ReadUInt64();
            rarity[at] = reader.ReadSingle();
        }

        return new TermVocabulary(keys, rarity);
    }
}
