using System.Collections.Immutable;

namespace MerchantStudio.Core.Learning.Bayes;

/// <summary>What one column's value says for yes against no: log P(value | yes) − log P(value | no).</summary>
internal abstract record ColumnEvidence
{
    /// <returns>0 for a missing value and for one that cannot be judged: it is left out of the sum.</returns>
    public abstract double LogRatio(float value);

    public abstract void Write(BinaryWriter writer);

    public static ColumnEvidence Read(BinaryReader reader) => reader.ReadByte() switch
    {
        NormalEvidence.Tag => NormalEvidence.ReadBody(reader),
        BinEvidence.Tag => BinEvidence.ReadBody(reader),
        CodeEvidence.Tag => new CodeEvidence(ReadNumbers(reader)),
        var tag => throw new InvalidDataException($"Unknown evidence {tag}."),
    };

    /// <summary>Log-ratios of the classes' shares in each place, as if each place had been met <paramref name="smoothing"/> times more in both.</summary>
    protected static ImmutableArray<double> Smoothed(double[] yes, double[] no, double smoothing)
    {
        var (allYes, allNo) = (yes.Sum() + (smoothing * yes.Length), no.Sum() + (smoothing * no.Length));
        return [.. yes.Zip(no, (y, n) => Math.Log((y + smoothing) / allYes) - Math.Log((n + smoothing) / allNo))];
    }

    protected static void WriteNumbers(BinaryWriter writer, ImmutableArray<double> numbers)
    {
        writer.Write(numbers.Length);
        foreach (var number in numbers) writer.Write(number);
    }

    protected static ImmutableArray<double> ReadNumbers(BinaryReader reader)
    {
        var numbers = new double[reader.ReadInt32()];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = reader.ReadDouble();
        return [.. numbers];
    }
}

/// <summary>A bell curve a class. A value beyond those of training counts as the nearest of them, so that no far one outweighs all other columns.</summary>
internal sealed record NormalEvidence(double MeanYes, double DeviationYes, double MeanNo, double DeviationNo, double Least, double Most) : ColumnEvidence
{
    public const byte Tag = 1;
    private const double LeastSpread = 1e-3;   // of the deviation over both classes

    /// <returns>Null unless each class has two different values.</returns>
    public static NormalEvidence? Fit(ReadOnlySpan<float> values, ReadOnlySpan<float> y, ReadOnlySpan<float> weights)
    {
        Span<int> rows = stackalloc int[2];
        Span<double> count = stackalloc double[2], sum = stackalloc double[2], squares = stackalloc double[2];
        var (least, most) = (double.PositiveInfinity, double.NegativeInfinity);
        for (var row = 0; row < values.Length; row++)
        {
            if (float.IsNaN(values[row])) continue;
            var of = y[row] > 0.5f ? 1 : 0;
            var weight = NaiveBayesTrainer.Weight(weights, row);
            rows[of]++;
            count[of] += weight;
            sum[of] += weight * values[row];
            least = Math.Min(least, values[row]);
            most = Math.Max(most, values[row]);
        }

        if (rows[0] < 2 || rows[1] < 2 || least == most) return null;
        var centre = (sum[0] + sum[1]) / (count[0] + count[1]);
        var around = 0.0;
        for (var row = 0; row < values.Length; row++)
        {
            if (float.IsNaN(values[row])) continue;
            var of = y[row] > 0.5f ? 1 : 0;
            squares[of] += NaiveBayesTrainer.Weight(weights, row) * Math.Pow(values[row] - (sum[of] / count[of]), 2);
            around += NaiveBayesTrainer.Weight(weights, row) * Math.Pow(values[row] - centre, 2);
        }

        var floor = LeastSpread * Math.Sqrt(around / (count[0] + count[1]));
        return new NormalEvidence(
            sum[1] / count[1], Math.Max(floor, Math.Sqrt(squares[1] / count[1])), sum[0] / count[0], Math.Max(floor, Math.Sqrt(squares[0] / count[0])), least, most);
    }

    public override double LogRatio(float value)
    {
        if (float.IsNaN(value)) return 0;
        var at = Math.Clamp(value, Least, Most);
        return LogDensity(at, MeanYes, DeviationYes) - LogDensity(at, MeanNo, DeviationNo);
    }

    public override void Write(BinaryWriter writer)
    {
        writer.Write(Tag);
        foreach (var number in (ReadOnlySpan<double>)[MeanYes, DeviationYes, MeanNo, DeviationNo, Least, Most]) writer.Write(number);
    }

    public static NormalEvidence ReadBody(BinaryReader reader) =>
        new(reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble());

    /// <summary>Less what both classes have in common.</summary>
    private static double LogDensity(double at, double mean, double deviation) => -Math.Log(deviation) - (Math.Pow((at - mean) / deviation, 2) / 2);
}

/// <summary>A histogram a class, over stretches that hold about as many training rows each.</summary>
/// <param name="Cuts">Ascending; a stretch begins at each of them, the first one below them all.</param>
internal sealed record BinEvidence(ImmutableArray<float> Cuts, ImmutableArray<double> Ratios) : ColumnEvidence
{
    public const byte Tag = 2;

    public static BinEvidence Fit(ReadOnlySpan<float> values, ReadOnlySpan<float> y, ReadOnlySpan<float> weights, int bins, double smoothing)
    {
        var cuts = Quantiles(values, bins);
        var counts = new[] { new double[cuts.Length + 1], new double[cuts.Length + 1] };
        for (var row = 0; row < values.Length; row++)
        {
            if (!float.IsNaN(values[row])) counts[y[row] > 0.5f ? 1 : 0][Bin(cuts, values[row])] += NaiveBayesTrainer.Weight(weights, row);
        }

        return new BinEvidence(cuts, Smoothed(counts[1], counts[0], smoothing));
    }

    public override double LogRatio(float value) => float.IsNaN(value) ? 0 : Ratios[Bin(Cuts, value)];

    public override void Write(BinaryWriter writer)
    {
        writer.Write(Tag);
        writer.Write(Cuts.Length);
        foreach (var cut in Cuts) writer.Write(cut);
        WriteNumbers(writer, Ratios);
    }

    public static BinEvidence ReadBody(BinaryReader reader)
    {
        var cuts = new float[reader.ReadInt32()];
        for (var i = 0; i < cuts.Length; i++) cuts[i] = reader.ReadSingle();
        return new BinEvidence([.. cuts], ReadNumbers(reader));
    }

    private static int Bin(ImmutableArray<float> cuts, float value)
    {
        var at = cuts.AsSpan().BinarySearch(value);
        return at >= 0 ? at + 1 : ~at;
    }

    private static ImmutableArray<float> Quantiles(ReadOnlySpan<float> values, int bins)
    {
        var present = values.ToArray().Where(value => !float.IsNaN(value)).Order().ToArray();
        return present.Length == 0 ? [] : [.. Enumerable.Range(1, bins - 1).Select(i => present[(int)((long)i * present.Length / bins)]).Where(cut => cut > present[0]).Distinct()];
    }
}

/// <summary>How often each category comes in each class.</summary>
/// <param name="Ratios">One a code.</param>
internal sealed record CodeEvidence(ImmutableArray<double> Ratios) : ColumnEvidence
{
    public const byte Tag = 3;

    public static CodeEvidence Fit(ReadOnlySpan<float> codes, ReadOnlySpan<float> y, ReadOnlySpan<float> weights, int categories, double smoothing)
    {
        var counts = new[] { new double[categories], new double[categories] };
        for (var row = 0; row < codes.Length; row++)
        {
            if (codes[row] >= 0 && codes[row] < categories) counts[y[row] > 0.5f ? 1 : 0][(int)codes[row]] += NaiveBayesTrainer.Weight(weights, row);
        }

        var ratios = Smoothed(counts[1], counts[0], smoothing);
        return new CodeEvidence([.. ratios.Select((ratio, code) => counts[0][code] + counts[1][code] == 0 ? 0 : ratio)]);   // never met: nothing is known
    }

    public override double LogRatio(float value) => value >= 0 && value < Ratios.Length ? Ratios[(int)value] : 0;

    public override void Write(BinaryWriter writer)
    {
        writer.Write(Tag);
        WriteNumbers(writer, Ratios);
    }
}
