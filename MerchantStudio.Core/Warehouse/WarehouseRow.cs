using MerchantStudio.Core.Native.DuckDb;

namespace MerchantStudio.Core.Warehouse;

/// <summary>The row at hand while a query's rows are mapped; columns count from 0. Valid only inside the mapping function.</summary>
/// <remarks>Asking for a value of another kind, or for a plain value where the row has NULL, throws: both are defects of the query.</remarks>
public sealed class WarehouseRow
{
    private ColumnBatch _batch = null!;
    private int _row;

    internal WarehouseRow()
    {
    }

    public bool IsNull(int column) => _batch.IsNull(column, _row);

    public string? Text(int column) => _batch.Text(column, _row);

    public long Long(int column) => Whole(column);

    public long? LongOrNull(int column) => IsNull(column) ? null : Whole(column);

    public int Int(int column) => checked((int)Whole(column));

    public int? IntOrNull(int column) => IsNull(column) ? null : Int(column);

    public double Double(int column) => _batch.Double(Present(column), _row);

    public double? DoubleOrNull(int column) => IsNull(column) ? null : _batch.Double(column, _row);

    public decimal Decimal(int column) => _batch.Values(Present(column)) switch
    {
        { Decimals: { } decimals } => decimals[_row],
        { Longs: { } longs } => longs[_row],
        _ => throw _batch.Mismatch(column, "DECIMAL"),
    };

    public decimal? DecimalOrNull(int column) => IsNull(column) ? null : Decimal(column);

    public bool Boolean(int column) => Typed(column, "BOOLEAN", DuckDbType.Boolean) != 0;

    public bool? BooleanOrNull(int column) => IsNull(column) ? null : Boolean(column);

    public DateTimeOffset Instant(int column) => Instants.FromMicroseconds(Typed(column, "an instant", DuckDbType.Timestamp, DuckDbType.TimestampTz));

    public DateTimeOffset? InstantOrNull(int column) => IsNull(column) ? null : Instant(column);

    public DateOnly Date(int column) => Instants.FromDays(Typed(column, "a date", DuckDbType.Date));

    public DateOnly? DateOrNull(int column) => IsNull(column) ? null : Date(column);

    internal void MoveTo(ColumnBatch batch, int row)
    {
        _batch = batch;
        _row = row;
    }

    /// <summary>The value in its natural .NET type; null for NULL.</summary>
    internal object? Boxed(int column) => IsNull(column) ? null : _batch.Values(column).Type switch
    {
        DuckDbType.Varchar or DuckDbType.Enum => Text(column),
        DuckDbType.Boolean => Boolean(column),
        DuckDbType.Timestamp or DuckDbType.TimestampTz => Instant(column),
        DuckDbType.Date => Date(column),
        DuckDbType.Decimal => Decimal(column),
        DuckDbType.Double or DuckDbType.Float => Double(column),
        _ => Whole(column),
    };

    private long Whole(int column) => _batch.Values(Present(column)) is { Longs: { } longs, Type: not (DuckDbType.Boolean or DuckDbType.Date or DuckDbType.Timestamp or DuckDbType.TimestampTz) }
        ? longs[_row]
        : throw _batch.Mismatch(column, "a whole number");

    private long Typed(int column, string wanted, params ReadOnlySpan<DuckDbType> types) =>
        types.Contains(_batch.Values(Present(column)).Type) ? _batch.Longs(column)[_row] : throw _batch.Mismatch(column, wanted);

    private int Present(int column) =>
        IsNull(column) ? throw new InvalidOperationException($"Column {column} ('{_batch.Name(column)}') is NULL in this row.") : column;
}
