using System.Collections.Immutable;

namespace MerchantStudio.Core.Learning.Linear;

/// <summary>Turns feature rows into numbers that a linear model can weigh; everything it knows was learnt from the training rows.</summary>
internal sealed class DesignEncoder
{
    private DesignEncoder(ImmutableArray<FeatureColumn> columns, ImmutableArray<DesignTerm> terms)
    {
        Columns = columns;
        Terms = terms;
    }

    public ImmutableArray<FeatureColumn> Columns { get; }

    public ImmutableArray<DesignTerm> Terms { get; }

    /// <param name="x">Training rows.</param>
    /// <param name="squash">Whether numbers go through sign(v)·log(1+|v|) first, for columns with long tails.</param>
    /// <param name="preparation">Null for the default.</param>
    public static DesignEncoder Fit(FeatureMatrix x, bool squash, Preparation? preparation = null)
    {
        var terms = ImmutableArray.CreateBuilder<DesignTerm>();
        for (var column = 0; column < x.Columns.Length; column++)
        {
            if (x.Columns[column].IsCategorical) AddCategories(terms, x, column);
            else AddNumber(terms, x, column, squash, preparation ?? Preparation.Default);
        }

        return new DesignEncoder(x.Columns, terms.ToImmutable());
    }

    /// <returns>One array of <paramref name="x"/>'s rows for each term.</returns>
    public double[][] Encode(FeatureMatrix x)
    {
        BinaryModels.CheckColumns(Columns, x);
        var design = new double[Terms.Length][];
        for (var t = 0; t < design.Length; t++)
        {
            var values = x.Column(Terms[t].Column);
            var encoded = new double[x.Rows];
            for (var row = 0; row < encoded.Length; row++) encoded[row] = Terms[t].Encode(values[row]);
            design[t] = encoded;
        }

        return design;
    }

    public void Write(BinaryWriter writer)
    {
        BinaryModels.WriteColumns(writer, Columns);
        writer.Write(Terms.Length);
        foreach (var term in Terms) term.Write(writer);
    }

    public static DesignEncoder Read(BinaryReader reader)
    {
        var columns = BinaryModels.ReadColumns(reader);
        var terms = new DesignTerm[reader.ReadInt32()];
        for (var t = 0; t < terms.Length; t++) terms[t] = DesignTerm.Read(reader);
        return new DesignEncoder([.. columns], [.. terms]);
    }

    private static void AddNumber(ImmutableArray<DesignTerm>.Builder terms, FeatureMatrix x, int column, bool squash, Preparation preparation)
    {
        var values = new double[x.Rows];
        var present = 0;
        foreach (var raw in x.Column(column))
        {
            if (!float.IsNaN(raw)) values[present++] = DesignTerm.Shape(raw, squash);
        }

        if (present < x.Rows && preparation.Missing == MissingFill.Drop) return;
        var found = values.AsSpan(0, present);
        var mean = Mean(found);
        double squares = 0;
        foreach (var value in found) squares += Math.Pow(value - mean, 2);
        var deviation = present == 0 ? 0 : Math.Sqrt(squares / present);
        if (deviation > 1e-9 * Math.Max(1, Math.Abs(mean)))
        {
            var (centre, scale) = preparation.Scaling switch
            {
                Scaling.MinMax => (Smallest(found), 1 / (Largest(found) - Smallest(found))),
                Scaling.None => (0, 1),
                _ => (mean, 1 / deviation),
            };
            terms.Add(new DesignTerm(column, DesignTermKind.Number, centre, scale, squash, Fill: (Fill(found, mean, squash, preparation) - centre) * scale));
        }

        if (present > 0 && present < x.Rows) terms.Add(new DesignTerm(column, DesignTermKind.Missing, (double)(x.Rows - present) / x.Rows, 1, false));
    }

    private static double Fill(Span<double> found, double mean, bool squash, Preparation preparation)
    {
        switch (preparation.Missing)
        {
            case MissingFill.Constant:
                return DesignTerm.Shape((float)preparation.Constant, squash);
            case MissingFill.Median:
                found.Sort();
                return found.Length % 2 == 1 ? found[found.Length / 2] : (found[(found.Length / 2) - 1] + found[found.Length / 2]) / 2;
            case MissingFill.Mode:
                found.Sort();
                return Mode(found);
            default:
                return mean;
        }
    }

    /// <param name="ascending">One value or more.</param>
    private static double Mode(ReadOnlySpan<double> ascending)
    {
        var (best, most) = (ascending[0], 0);
        for (var from = 0; from < ascending.Length;)
        {
            var to = from + 1;
            while (to < ascending.Length && ascending[to] == ascending[from]) to++;
            if (to - from > most) (best, most) = (ascending[from], to - from);
            from = to;
        }

        return best;
    }

    private static double Mean(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (var value in values) sum += value;
        return values.Length == 0 ? 0 : sum / values.Length;
    }

    private static double Smallest(ReadOnlySpan<double> values)
    {
        var smallest = values[0];
        foreach (var value in values) smallest = Math.Min(smallest, value);
        return smallest;
    }

    private static double Largest(ReadOnlySpan<double> values)
    {
        var largest = values[0];
        foreach (var value in values) largest = Math.Max(largest, value);
        return largest;
    }

    private static void AddCategories(ImmutableArray<DesignTerm>.Builder terms, FeatureMatrix x, int column)
    {
        var counts = new int[x.Columns[column].Categories.Length];
        foreach (var raw in x.Column(column))
        {
            if (raw >= 0 && raw < counts.Length) counts[(int)raw]++;
        }

        for (var code = 0; code < counts.Length; code++)
        {
            if (counts[code] > 0 && counts[code] < x.Rows) terms.Add(new DesignTerm(column, DesignTermKind.Category, (double)counts[code] / x.Rows, 1, false, code));
        }
    }
}

internal enum DesignTermKind : byte
{
    /// <summary>A number on the model's scale; where it is missing, what was chosen to stand for it.</summary>
    Number,

    /// <summary>1 where the value is missing, less the training share.</summary>
    Missing,

    /// <summary>1 where the code is this one, less the training share.</summary>
    Category,
}

/// <param name="Centre">Subtracted first: the training mean, smallest value or share, or 0.</param>
/// <param name="Scale">Multiplied after: one over the training deviation or range, or 1.</param>
/// <param name="Fill">The encoded value of a missing number.</param>
internal sealed record DesignTerm(int Column, DesignTermKind Kind, double Centre, double Scale, bool Squash, int Code = -1, double Fill = 0)
{
    public static double Shape(float raw, bool squash) => squash ? Math.CopySign(Math.Log(1 + Math.Abs((double)raw)), raw) : raw;

    public double Encode(float raw) => Kind switch
    {
        DesignTermKind.Number => float.IsNaN(raw) ? Fill : (Shape(raw, Squash) - Centre) * Scale,
        DesignTermKind.Missing => (float.IsNaN(raw) ? 1 : 0) - Centre,
        _ => (raw == Code ? 1 : 0) - Centre,
    };

    public void Write(BinaryWriter writer)
    {
        writer.Write(Column);
        writer.Write((byte)Kind);
        writer.Write(Centre);
        writer.Write(Scale);
        writer.Write(Squash);
        writer.Write(Code);
        writer.Write(Fill);
    }

    public static DesignTerm Read(BinaryReader reader) =>
        new(reader.ReadInt32(), (DesignTermKind)reader.ReadByte(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadBoolean(), reader.ReadInt32(), reader.ReadDouble());
}
