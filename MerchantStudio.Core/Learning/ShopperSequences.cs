using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace MerchantStudio.Core.Learning;

/// <summary>What many shoppers did, each in order of time: ids from 1 of items, or of kinds of events.</summary>
public sealed class ShopperSequences
{
    private readonly int[] _ids;
    private readonly int[] _starts;

    /// <param name="sequences">Each may be of any length, also empty.</param>
    /// <exception cref="ArgumentOutOfRangeException">An id is below 1.</exception>
    public ShopperSequences(IReadOnlyList<int[]> sequences)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        _starts = new int[sequences.Count + 1];
        for (var i = 0; i < sequences.Count; i++) _starts[i + 1] = _starts[i] + sequences[i].Length;
        _ids = new int[_starts[^1]];
        for (var i = 0; i < sequences.Count; i++) sequences[i].CopyTo(_ids, _starts[i]);
        foreach (var id in _ids) ArgumentOutOfRangeException.ThrowIfLessThan(id, 1, nameof(sequences));
    }

    public int Count => _starts.Length - 1;

    public ReadOnlySpan<int> this[int sequence] => _ids.AsSpan(_starts[sequence].._starts[sequence + 1]);

    /// <summary>All ids, one sequence after the other.</summary>
    public ReadOnlySpan<int> Ids => _ids;

    /// <summary>Adds every id and where each sequence ends to a hash, by which a checkpoint knows its data again.</summary>
    internal void AppendTo(IncrementalHash hash)
    {
        for (var i = 0; i < Count; i++) hash.AppendData(BitConverter.GetBytes(this[i].Length));
        hash.AppendData(MemoryMarshal.AsBytes(Ids));
    }

    /// <summary>The usual split of next-item recommendation: the last step of each sequence tests, the one before validates, the others are learnt from.</summary>
    /// <param name="sequences">Those of fewer than three steps are learnt from as a whole.</param>
    /// <returns>Training sequences; and for validation and test, sequences whose last step is the one to be told from those before.</returns>
    public static (ShopperSequences Training, ShopperSequences Validation, ShopperSequences Test) LeaveOneOut(IReadOnlyList<int[]> sequences)
    {
        var longer = sequences.Where(sequence => sequence.Length > 2).ToImmutableArray();
        return (new([.. sequences.Select(sequence => sequence.Length > 2 ? sequence[..^2] : sequence)]), new([.. longer.Select(sequence => sequence[..^1])]), new(longer));
    }
}
