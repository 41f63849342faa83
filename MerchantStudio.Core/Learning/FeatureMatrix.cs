using System.Collections.Immutable;

namespace MerchantStudio.Core.Learning;

/// <summary>One input of a model.</summary>
/// <param name="Categories">Names of the codes 0, 1, 2...; default or empty for a number.</param>
public sealed record FeatureColumn(string Name, ImmutableArray<string> Categories = default)
{
    public bool IsCategorical => !Categories.IsDefaultOrEmpty;
}

/// <summary>Rows by columns of numbers, kept column by column. NaN means missing; a categorical column holds codes into its categories.</summary>
public sealed class FeatureMatrix
{
    private readonly float[] _values;
    private readonly float[]? _ages;
    private readonly float[]? _weights;

    /// <param name="columns">Names and kinds, in order.</param>
    /// <param name="rows">How many rows there are; 0 is allowed.</param>
    /// <param name="columnMajorValues">columns × rows values, the first column's rows first; kept, not copied.</param>
    public FeatureMatrix(ImmutableArray<FeatureColumn> columns, int rows, float[] columnMajorValues)
        : this(columns, rows, columnMajorValues, null, null)
    {
    }

    private FeatureMatrix(ImmutableArray<FeatureColumn> columns, int rows, float[] columnMajorValues, float[]? ages, float[]? weights)
    {
        ArgumentNullException.ThrowIfNull(columnMajorValues);
        if (ages is not null && ages.Length != rows) throw new ArgumentException($"{rows} rows need as many ages, not {ages.Length}.", nameof(ages));
        if (weights is not null && weights.Length != rows) throw new ArgumentException($"{rows} rows need as many weights, not {weights.Length}.", nameof(weights));
        if ((long)columns.Length * rows != columnMajorValues.Length)
        {
            throw new ArgumentException($"{columns.Length} columns of {rows} rows need {(long)columns.Length * rows} values, not {columnMajorValues.Length}.", nameof(columnMajorValues));
        }

        Columns = columns;
        Rows = rows;
        _values = columnMajorValues;
        _ages = ages;
        _weights = weights;
    }

    public ImmutableArray<FeatureColumn> Columns { get; }

    public int Rows { get; }

    /// <summary>One a row; empty for rows that have no moment. Families that let old rows count less look at it, and only when they are fitted.</summary>
    public ReadOnlySpan<float> Ages => _ages;

    /// <param name="ages">How long before a moment of the caller's choice each row was as it is, 0 or more, in days or any other unit; kept, not copied.</param>
    public FeatureMatrix WithAges(float[] ages) => new(Columns, Rows, _values, ages, _weights);

    /// <summary>How much each row counts when a model is fitted on it; empty where all count once.</summary>
    public ReadOnlySpan<float> Weights => _weights;

    /// <param name="weights">Above 0, whole or not; kept, not copied.</param>
    public FeatureMatrix WithWeights(float[] weights) => new(Columns, Rows, _values, _ages, weights);

    public float this[int row, int column] => _values[(column * Rows) + row];

    public ReadOnlySpan<float> Column(int column) => _values.AsSpan(column * Rows, Rows);

    /// <summary>A new matrix of these rows, in this order; a row may come more than once.</summary>
    public FeatureMatrix Take(ReadOnlySpan<int> rows)
    {
        var taken = new float[Columns.Length * rows.Length];
        for (var column = 0; column < Columns.Length; column++)
        {
            var from = Column(column);
            var to = taken.AsSpan(column * rows.Length, rows.Length);
            for (var i = 0; i < rows.Length; i++) to[i] = from[rows[i]];
        }

        return new FeatureMatrix(Columns, rows.Length, taken, OfRows(_ages, rows), OfRows(_weights, rows));
    }

    /// <summary>The same rows with only these columns, in this order.</summary>
    public FeatureMatrix Select(ReadOnlySpan<int> columns)
    {
        var names = ImmutableArray.CreateBuilder<FeatureColumn>(columns.Length);
        var taken = new float[columns.Length * Rows];
        for (var i = 0; i < columns.Length; i++)
        {
            names.Add(Columns[columns[i]]);
            Column(columns[i]).CopyTo(taken.AsSpan(i * Rows, Rows));
        }

        return new FeatureMatrix(names.MoveToImmutable(), Rows, taken, _ages, _weights);
    }

    /// <summary>Rows of several matrices of the same columns, one after the other, without ages and weights: each part may count them from another moment or in another unit.</summary>
    public static FeatureMatrix Concat(params ReadOnlySpan<FeatureMatrix> parts)
    {
        var columns = parts[0].Columns;
        var rows = 0;
        foreach (var part in parts) rows += part.Rows;
        var values = new float[columns.Length * rows];
        for (var column = 0; column < columns.Length; column++)
        {
            var at = column * rows;
            foreach (var part in parts)
            {
                part.Column(column).CopyTo(values.AsSpan(at, part.Rows));
                at += part.Rows;
            }
        }

        return new FeatureMatrix(columns, rows, values);
    }

    private static float[]? OfRows(float[]? all, ReadOnlySpan<int> rows)
    {
        if (all is null) return null;
        var taken = new float[rows.Length];
        for (var i = 0; i < taken.Length; i++) taken[i] = all[rows[i]];
        return taken;
    }
}
