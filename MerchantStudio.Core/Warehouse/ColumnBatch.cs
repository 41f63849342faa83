using System.Collections.Immutable;
using MerchantStudio.Core.Native.DuckDb;

namespace MerchantStudio.Core.Warehouse;

/// <summary>Up to some thousands of rows as typed columns; its own memory, valid for as long as it is kept.</summary>
public sealed class ColumnBatch
{
    private readonly ImmutableArray<ColumnValues> _columns;

    internal ColumnBatch(int rows, ImmutableArray<ColumnValues> columns)
    {
        Rows = rows;
        _columns = columns;
    }

    public int Rows { get; }

    public int Columns => _columns.Length;

    public bool IsNull(int column, int row) => _columns[column].IsNull(row);

    public string? Text(int column, int row) => (_columns[column].Texts ?? throw Mismatch(column, "text"))[row];

    /// <summary>NaN for NULL.</summary>
    public double Double(int column, int row) => _columns[column] switch
    {
        var values when values.IsNull(row) => double.NaN,
        { Doubles: { } doubles } => doubles[row],
        { Floats: { } floats } => floats[row],
        { Decimals: { } decimals } => (double)decimals[row],
        { Longs: { } longs } => longs[row],
        _ => throw Mismatch(column, "a number"),
    };

    /// <summary>A DOUBLE column; NaN for NULL.</summary>
    public ReadOnlySpan<double> Doubles(int column) => _columns[column].Doubles ?? throw Mismatch(column, "DOUBLE");

    /// <summary>A FLOAT column; NaN for NULL.</summary>
    public ReadOnlySpan<float> Floats(int column) => _columns[column].Floats ?? throw Mismatch(column, "FLOAT");

    /// <summary>A column of whole numbers, dates (days since 1970) or timestamps (microseconds since 1970, UTC); 0 for NULL.</summary>
    public ReadOnlySpan<long> Longs(int column) => _columns[column].Longs ?? throw Mismatch(column, "whole numbers, dates or instants");

    internal string Name(int column) => _columns[column].Name;

    internal ColumnValues Values(int column) => _columns[column];

    internal InvalidOperationException Mismatch(int column, string wanted) =>
        new($"Column {column} ('{_columns[column].Name}') is {_columns[column].Type}, not {wanted}.");
}
