using System.Collections.Immutable;

namespace MerchantStudio.Core.Learning.Networks.Tables;

/// <summary>How one number goes into a network: standardised, and how far it has come through each bin between quantiles of the training rows.</summary>
/// <param name="Column">Of the table.</param>
/// <param name="Squash">Whether it goes through sign(v)·log(1+|v|) before it is standardised.</param>
/// <param name="Edges">Ascending; one bin less than edges. In the number's own unit.</param>
/// <param name="Missing">Whether a further input tells that it is missing.</param>
/// <remarks>Gorishniy, Rubachev and Babenko, On embeddings for numerical features in tabular deep learning, NeurIPS 2022 (piecewise linear encoding).</remarks>
internal sealed record NumberEncoding(int Column, bool Squash, float Mean, float Deviation, ImmutableArray<float> Edges, bool Missing)
{
    /// <summary>Deviations from the mean beyond which a number counts no further.</summary>
    public const float Farthest = 5;

    public int Inputs => 1 + Math.Max(0, Edges.Length - 1) + (Missing ? 1 : 0);

    public static float Shape(float value, bool squash) => squash ? MathF.CopySign(MathF.Log(1 + MathF.Abs(value)), value) : value;

    /// <param name="to">Receives <see cref="Inputs"/> numbers; all 0 but the last for a missing value.</param>
    public void Encode(float value, Span<float> to)
    {
        to.Clear();
        if (float.IsNaN(value))
        {
            if (Missing) to[^1] = 1;
            return;
        }

        to[0] = Math.Clamp((Shape(value, Squash) - Mean) / Deviation, -Farthest, Farthest);
        for (var bin = 0; bin < Edges.Length - 1 && value > Edges[bin]; bin++) to[1 + bin] = Math.Min(1, (value - Edges[bin]) / (Edges[bin + 1] - Edges[bin]));
    }
}

/// <summary>Turns a table's rows into a network's inputs: numbers first, then an id for each category. Everything it knows was learnt from the training rows.</summary>
/// <param name="Categories">Columns of the table that hold codes. Id: 1 + code, or one more than all codes where it is missing.</param>
internal sealed record TableEncoding(ImmutableArray<FeatureColumn> Columns, ImmutableArray<NumberEncoding> Numbers, ImmutableArray<int> Categories)
{
    private const int MostBins = 16;
    private const double LongTail = 2;   // skewness of an exponential distribution

    /// <summary>Inputs before the ids.</summary>
    public int NumberInputs { get; } = Numbers.Sum(number => number.Inputs);

    public int Inputs => NumberInputs + Categories.Length;

    /// <summary>The highest id of each category.</summary>
    public ImmutableArray<int> HighestIds => [.. Categories.Select(column => Columns[column].Categories.Length + 1)];

    /// <param name="x">Training rows.</param>
    public static TableEncoding Fit(FeatureMatrix x)
    {
        var numbers = ImmutableArray.CreateBuilder<NumberEncoding>();
        var categories = ImmutableArray.CreateBuilder<int>();
        for (var column = 0; column < x.Columns.Length; column++)
        {
            if (x.Columns[column].IsCategorical) categories.Add(column);
            else if (FitNumber(x, column) is { } number) numbers.Add(number);
        }

        return new TableEncoding(x.Columns, numbers.ToImmutable(), categories.ToImmutable());
    }

    /// <param name="to">Receives <see cref="Inputs"/> numbers.</param>
    public void Encode(FeatureMatrix x, int row, Span<float> to)
    {
        foreach (var number in Numbers)
        {
            number.Encode(x[row, number.Column], to[..number.Inputs]);
            to = to[number.Inputs..];
        }

        for (var i = 0; i < Categories.Length; i++)
        {
            var codes = Columns[Categories[i]].Categories.Length;
            to[i] = x[row, Categories[i]] is >= 0 and var code && code < codes ? 1 + code : codes + 1;
        }
    }

    public void Write(BinaryWriter writer)
    {
        BinaryModels.WriteColumns(writer, Columns);
        writer.Write(Numbers.Length);
        foreach (var number in Numbers)
        {
            writer.Write(number.Column);
            writer.Write(number.Squash);
            writer.Write(number.Mean);
            writer.Write(number.Deviation);
            writer.Write(number.Edges.Length);
            foreach (var edge in number.Edges) writer.Write(edge);
            writer.Write(number.Missing);
        }
    }

    public static TableEncoding Read(BinaryReader reader)
    {
        var columns = BinaryModels.ReadColumns(reader);
        var numbers = new NumberEncoding[reader.ReadInt32()];
        for (var i = 0; i < numbers.Length; i++)
        {
            var (column, squash, mean, deviation) = (reader.ReadInt32(), reader.ReadBoolean(), reader.ReadSingle(), reader.ReadSingle());
            var edges = new float[reader.ReadInt32()];
            for (var e = 0; e < edges.Length; e++) edges[e] = reader.ReadSingle();
            numbers[i] = new NumberEncoding(column, squash, mean, deviation, [.. edges], reader.ReadBoolean());
        }

        return new TableEncoding([.. columns], [.. numbers], [.. Enumerable.Range(0, columns.Length).Where(column => columns[column].IsCategorical)]);
    }

    /// <returns>Null for a number that tells nothing: always the same and never missing, or never there.</returns>
    private static NumberEncoding? FitNumber(FeatureMatrix x, int column)
    {
        var present = x.Column(column).ToArray().Where(value => !float.IsNaN(value)).Order().ToArray();
        if (present.Length == 0) return null;
        var missing = present.Length < x.Rows;
        var squash = Moments(present, squash: false).Skewness > LongTail;
        var (mean, deviation, _) = Moments(present, squash);
        var varies = deviation > 1e-9 * Math.Max(1, Math.Abs(mean));
        if (!varies && !missing) return null;
        var edges = varies ? Edges(present) : [];
        return new NumberEncoding(column, squash, (float)mean, varies ? (float)deviation : 1, edges, missing);
    }

    private static (double Mean, double Deviation, double Skewness) Moments(float[] values, bool squash)
    {
        double sum = 0, squares = 0, cubes = 0;
        foreach (var value in values) sum += NumberEncoding.Shape(value, squash);
        var mean = sum / values.Length;
        foreach (var value in values)
        {
            var apart = NumberEncoding.Shape(value, squash) - mean;
            squares += apart * apart;
            cubes += apart * apart * apart;
        }

        var deviation = Math.Sqrt(squares / values.Length);
        return (mean, deviation, deviation > 0 ? Math.Abs(cubes / values.Length / (deviation * deviation * deviation)) : 0);
    }

    /// <summary>Quantiles without repetition.</summary>
    private static ImmutableArray<float> Edges(float[] ascending)
    {
        var distinct = ascending.Distinct().ToArray();
        if (distinct.Length <= MostBins + 1) return [.. distinct];
        return [.. Enumerable.Range(0, MostBins + 1).Select(i => ascending[(int)((long)i * (ascending.Length - 1) / MostBins)]).Distinct()];
    }
}
