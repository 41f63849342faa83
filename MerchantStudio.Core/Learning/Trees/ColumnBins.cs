namespace MerchantStudio.Core.Learning.Trees;

/// <summary>Cuts one column into at most 255 bins, learnt from the training rows. Bin 255 is "missing".</summary>
internal sealed class ColumnBins
{
    public const byte Missing = 255;
    public const int MostBins = 255;

    private readonly float[] _edges;
    private readonly int[] _codeBins;

    private ColumnBins(bool categorical, float[] edges, int[] codeBins, int count)
    {
        IsCategorical = categorical;
        _edges = edges;
        _codeBins = codeBins;
        Count = count;
    }

    public bool IsCategorical { get; }

    /// <summary>Bins without the missing one.</summary>
    public int Count { get; }

    /// <summary>The largest value that goes into bin <paramref name="bin"/> or a lower one.</summary>
    public float Edge(int bin) => _edges[bin];

    /// <summary>The category codes of a bin.</summary>
    public IEnumerable<int> Codes(int bin)
    {
        for (var code = 0; code < _codeBins.Length; code++)
        {
            if (_codeBins[code] == bin) yield return code;
        }
    }

    public static ColumnBins Fit(FeatureMatrix x, int column) =>
        x.Columns[column].IsCategorical ? FitCategories(x.Column(column), x.Columns[column].Categories.Length) : FitNumbers(x.Column(column));

    public byte[] Encode(ReadOnlySpan<float> values)
    {
        var bins = new byte[values.Length];
        for (var row = 0; row < bins.Length; row++) bins[row] = Bin(values[row]);
        return bins;
    }

    private byte Bin(float value)
    {
        if (float.IsNaN(value)) return Missing;
        if (IsCategorical) return value >= 0 && value < _codeBins.Length ? (byte)_codeBins[(int)value] : Missing;
        var low = 0;
        var high = _edges.Length;
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (value <= _edges[middle]) high = middle;
            else low = middle + 1;
        }

        return (byte)low;
    }

    private static ColumnBins FitCategories(ReadOnlySpan<float> values, int categories)
    {
        var counts = new int[categories];
        foreach (var value in values)
        {
            if (value >= 0 && value < categories) counts[(int)value]++;
        }

        // Beyond 255 the rarest are treated as unknown, like values never seen in training.
        var kept = Enumerable.Range(0, categories).Where(code => counts[code] > 0).OrderByDescending(code => counts[code]).ThenBy(code => code).Take(MostBins).Order().ToArray();
        var codeBins = new int[categories];
        Array.Fill(codeBins, Missing);
        for (var bin = 0; bin < kept.Length; bin++) codeBins[kept[bin]] = bin;
        return new ColumnBins(true, [], codeBins, kept.Length);
    }

    private static ColumnBins FitNumbers(ReadOnlySpan<float> values)
    {
        var present = new List<float>(values.Length);
        foreach (var value in values)
        {
            if (!float.IsNaN(value)) present.Add(value);
        }

        present.Sort();
        var distinct = new List<(float Value, int Rows)>();
        foreach (var value in present)
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
            CutByRows(distinct, present.Count, edges);
        }

        return new ColumnBins(false, [.. edges], [], distinct.Count == 0 ? 0 : edges.Count + 1);
    }

    /// <summary>Bins of about equal rows; a value with many rows has a bin of its own.</summary>
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

    private static float Between(float low, float high)
    {
        var middle = low + ((high - low) / 2);
        return middle < high ? middle : low;
    }
}
