namespace MerchantStudio.Core.Native.DuckDb;

/// <summary>One column of a chunk in managed memory; exactly one of the arrays is set.</summary>
internal sealed class ColumnValues
{
    public required string Name { get; init; }
    public required DuckDbType Type { get; init; }

    /// <summary>Whole numbers, booleans (0 or 1), dates in days, timestamps in microseconds; 0 for NULL.</summary>
    public long[]? Longs { get; init; }

    /// <summary>NaN for NULL.</summary>
    public double[]? Doubles { get; init; }

    /// <summary>NaN for NULL.</summary>
    public float[]? Floats { get; init; }

    /// <summary>0 for NULL.</summary>
    public decimal[]? Decimals { get; init; }
    public string?[]? Texts { get; init; }

    /// <summary>Null when no value of the column is NULL.</summary>
    public bool[]? Nulls { get; init; }

    public bool IsNull(int row) => Nulls is not null && Nulls[row];
}
