namespace MerchantStudio.Core.Warehouse;

/// <summary>Up to some thousands of rows as typed columns; its own memory, valid for as long as it is kept.</summary>
public sealed class ColumnBatch
{
    public int Rows => throw new NotImplementedException();

    public int Columns => throw new NotImplementedException();

    public bool IsNull(int column, int row) => throw new NotImplementedException();

    public string? Text(int column, int row) => throw new NotImplementedException();

    /// <summary>NaN for NULL.</summary>
    public double Double(int column, int row) => throw new NotImplementedException();

    /// <summary>A DOUBLE column; NaN for NULL.</summary>
    public ReadOnlySpan<double> Doubles(int column) => throw new NotImplementedException();

    /// <summary>A FLOAT column; NaN for NULL.</summary>
    public ReadOnlySpan<float> Floats(int column) => throw new NotImplementedException();

    /// <summary>A column of whole numbers, dates (days since 1970) or timestamps (microseconds since 1970, UTC); 0 for NULL.</summary>
    public ReadOnlySpan<long> Longs(int column) => throw new NotImplementedException();
}
