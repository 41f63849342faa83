using System.Runtime.CompilerServices;

namespace MerchantStudio.Core.Learning.Trees;

/// <summary>
/// Cuts one column into at most 255 bins of about equal rows, learnt from the training rows; a value with many rows has a bin of its own. The bin after
/// the last one is for missing values.
/// </summary>
/// <remarks>Chen and Guestrin, XGBoost: a scalable tree boosting system, KDD 2016, section 3.2 (approximate splits); Ke et al., LightGBM, NIPS 2017, algorithm 1.</remarks>
internal sealed class ColumnBins
{
    public const int MostBins = 255;

    /// <summary>Cut points of longer columns come from a sample of this many rows: no bin is then off by more than about a tenth of its rows.</summary>
    private const int MostFittedRows = 200_000;

    private readonly float[] _edges;

    private ColumnBins(float[] edges, int count, CategoryCodes? codes)
    {
        _edges = new float[MostBins];
        Array.Fill(_edges, float.PositiveInfinity);
        edges.CopyTo(_edges, 0);
        Count = count;
        Codes = codes;
    }

    /// <summary>Null for a column of numbers.</summary>
    public CategoryCodes? Codes { get; }

    /// <summary>Bins without the missing one; also the number of the missing one.</summary>
    public int Count { get; }

    /// <summary>The largest value that goes into bin <paramref name="bin"/> or a lower one; every present value lies below the last edge.</summary>
    public float Edge(int bin) => _edges[bin];

    public static ColumnBins Fit(FeatureMatrix x, int column)
    {
        if (!x.Columns[column].IsCategorical) return FitNumbers(Present(x.Column(column), (ulong)column));
        var codes = CategoryCodes.Fit(x.Column(column), x.Columns[column].Categories.Length);
        return new ColumnBins([], codes.Count, codes);
    }

    /// <summary>Writes each value's bin.</summary>
    public void Encode(ReadOnlySpan<float> values, Span<byte> bins)
    {
        var missing = (byte)Count;
        for (var row = 0; row < values.Length; row++)
        {
            if (float.IsNaN(values[row])) bins[row] = missing;
            else if (Codes is null) bins[row] = Below(_edges, values[row]);
            else bins[row] = Codes.Bin(values[row]) is var bin and not CategoryCodes.Unknown ? bin : missing;
        }
    }

    /// <summary>How many edges lie below the value: a binary search of eight steps without a branch.</summary>
    private static byte Below(float[] edges, float value)
    {
        var at = 0;
        for (var step = (MostBins + 1) / 2; step > 0; step >>= 1) at += step * Unsafe.BitCast<bool, byte>(edges[at + step - 1] < value);
        return (byte)at;
    }

    private static float[] Present(ReadOnlySpan<float> values, ulong seed)
    {
        var present = new List<float>(Math.Min(values.Length, MostFittedRows));
        if (values.Length <= MostFittedRows)
        {
            foreach (var value in values) Add(value);
        }
        else
        {
            var random = new SeededRandom(seed);
            var width = (double)values.Length / MostFittedRows;
            for (var i = 0; i < MostFittedRows; i++) Add(values[(int)((i + random.NextDouble()) * width)]);
        }

        var sorted = present.ToArray();
        Array.Sort(sorted);
        return sorted;

        void Add(float value)
        {
            if (!float.IsNaN(value)) present.Add(value);
        }
    }

    private static ColumnBins FitNumbers(float[] sorted)
    {
        var distinct = new List<(float Value, int Rows)>();
        foreach (var value in sorted)
        {
            if (distinct.Count > 0 && distinct[^1].Value == value) distinct[^1] = (value, distinct[^1].Rows + 1);
            else distinct.Add((value, 1));
        }

        var edges = new List<float>();
        if (distinct.Count <= MostBins)
        {
            for (var i = 1; i < distinct.Count; i++) edges.Add(Between(distinct[i - 1].Value, distinct[i].Value));
        }
        else
        {
            CutByRows(distinct, sorted.Length, edges);
        }

        return new ColumnBins([.. edges], distinct.Count == 0 ? 0 : edges.Count + 1, null);
    }

    private static void CutByRows(List<(float Value, int Rows)> distinct, int rows, List<float> edges)
    {
        var left = rows;
        var inBin = 0;
        for (var i = 0; i < distinct.Count - 1 && edges.Count < MostBins - 1; i++)
        {
            inBin += distinct[i].Rows;
            var share = (double)left / (MostBins - edges.Count);
            if (inBin < share && distinct[i + 1].Rows < share) continue;
            edges.Add(Between(distinct[i].Value, distinct[i + 1].Value));
            left -= inBin;
            inBin = 0;
        }
    }

    /// <summary>A cut from which the lower value lies left and the higher right, also in the last bit and at infinity.</summary>
    private static float Between(float low, float high)
    {
        var middle = low + ((high - low) / 2);
        return middle >= low && middle < high ? middle : low;
    }
}
