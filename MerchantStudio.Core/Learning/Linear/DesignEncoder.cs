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
    public static DesignEncoder Fit(FeatureMatrix x, bool squash)
    {
        var terms = ImmutableArray.CreateBuilder<DesignTerm>();
        for (var column = 0; column < x.Columns.Length; column++)
        {
            if (x.Columns[column].IsCategorical) AddCategories(terms, x, column);
            else AddNumber(terms, x, column, squash);
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

    private static void AddNumber(ImmutableArray<DesignTerm>.Builder terms, FeatureMatrix x, int column, bool squash)
    {
        double sum = 0, squares = 0;
        var present = 0;
        foreach (var raw in x.Column(column))
        {
            if (float.IsNaN(raw)) continue;
            sum += DesignTerm.Shape(raw, squash);
            present++;
        }

        var mean = present == 0 ? 0 : sum / present;
        foreach (var raw in x.Column(column))
        {
            if (!float.IsNaN(raw)) squares += Math.Pow(DesignTerm.Shape(raw, squash) - mean, 2);
        }

        var deviation = present == 0 ? 0 : Math.Sqrt(squares / present);
        if (deviation > 1e-9 * Math.Max(1, Math.Abs(mean))) terms.Add(new DesignTerm(column, DesignTermKind.Number, mean, 1 / deviation, squash));
        if (present > 0 && present < x.Rows) terms.Add(new DesignTerm(column, DesignTermKind.Missing, (double)(x.Rows - present) / x.Rows, 1, false));
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
    /// <summary>Standardised number; 0 where missing, which is the training mean.</summary>
    Number,

    /// <summary>1 where the value is missing, less the training share.</summary>
    Missing,

    /// <summary>1 where the code is this one, less the training share.</summary>
    Category,
}

/// <param name="Centre">Subtracted first: the training mean or share.</param>
/// <param name="Scale">Multiplied after: one over the training deviation, or 1.</param>
internal sealed record DesignTerm(int Column, DesignTermKind Kind, double Centre, double Scale, bool Squash, int Code = -1)
{
    public static double Shape(float raw, bool squash) => squash ? Math.CopySign(Math.Log(1 + Math.Abs((double)raw)), raw) : raw;

    public double Encode(float raw) => Kind switch
    {
        DesignTermKind.Number => float.IsNaN(raw) ? 0 : (Shape(raw, Squash) - Centre) * Scale,
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
    }

    public static DesignTerm Read(BinaryReader reader) =>
        new(reader.ReadInt32(), (DesignTermKind)reader.ReadByte(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadBoolean(), reader.ReadInt32());
}
