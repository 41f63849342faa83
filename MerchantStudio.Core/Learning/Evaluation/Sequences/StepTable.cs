using System.Collections.Immutable;

namespace MerchantStudio.Core.Learning.Evaluation.Sequences;

/// <summary>Sequences as rows of a table, for models that do not read an order.</summary>
public static class StepTable
{
    private const string Last = "last kind";

    /// <summary>How often each kind came.</summary>
    /// <param name="kinds">Names of ids 1, 2, 3...</param>
    public static FeatureMatrix Counts(IReadOnlyList<int[]> sequences, ImmutableArray<string> kinds)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        return new(Columns(kinds), sequences.Count, CountValues(sequences, kinds.Length));
    }

    /// <summary>How often each kind came, and which came last.</summary>
    /// <param name="sequences">Of one step or more each.</param>
    public static FeatureMatrix CountsAndLast(IReadOnlyList<int[]> sequences, ImmutableArray<string> kinds)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        return new([.. Columns(kinds), new FeatureColumn(Last, kinds)], sequences.Count, [.. CountValues(sequences, kinds.Length), .. sequences.Select(sequence => sequence[^1] - 1f)]);
    }

    private static ImmutableArray<FeatureColumn> Columns(ImmutableArray<string> kinds) => [.. kinds.Select(kind => new FeatureColumn(kind))];

    private static float[] CountValues(IReadOnlyList<int[]> sequences, int kinds)
    {
        var values = new float[kinds * sequences.Count];
        for (var row = 0; row < sequences.Count; row++)
        {
            foreach (var step in sequences[row]) values[((step - 1) * sequences.Count) + row]++;
        }

        return values;
    }
}
