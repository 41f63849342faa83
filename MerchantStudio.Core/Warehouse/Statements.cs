using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Core.Native.DuckDb;

namespace MerchantStudio.Core.Warehouse;

/// <summary>Reads results on the calling thread.</summary>
internal static class Statements
{
    public static ImmutableArray<T> Query<T>(DuckDbConnection connection, string sql, Func<WarehouseRow, T> map, IReadOnlyList<object?> parameters, CancellationToken cancellationToken)
    {
        var rows = ImmutableArray.CreateBuilder<T>();
        var row = new WarehouseRow();
        foreach (var batch in Batches(connection, sql, parameters))
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (var index = 0; index < batch.Rows; index++)
            {
                row.MoveTo(batch, index);
                rows.Add(map(row));
            }
        }

        return rows.ToImmutable();
    }

    /// <summary>The first row's first value; default when there is no row or it is NULL.</summary>
    public static T? Scalar<T>(DuckDbConnection connection, string sql, IReadOnlyList<object?> parameters)
    {
        var row = new WarehouseRow();
        foreach (var batch in Batches(connection, sql, parameters))
        {
            row.MoveTo(batch, 0);
            return Convert<T>(row.Boxed(0));
        }

        return default;
    }

    public static IEnumerable<ColumnBatch> Batches(DuckDbConnection connection, string sql, IReadOnlyList<object?> parameters)
    {
        using var reader = connection.Query(sql, parameters);
        while (reader.Read() is var (rows, columns)) yield return new ColumnBatch(rows, columns);
    }

    private static T? Convert<T>(object? value) => value switch
    {
        null => default,
        T typed => typed,
        _ => (T)System.Convert.ChangeType(value, Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T), CultureInfo.InvariantCulture),
    };
}
