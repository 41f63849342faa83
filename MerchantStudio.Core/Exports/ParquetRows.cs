using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Exports;

/// <summary>A Parquet file, gathered in a table that is never committed. The engine writes only inside the workspace's folder; the file is copied from there and removed.</summary>
internal sealed class ParquetRows : RowExport
{
    private const string Table = "exported_rows";
    private readonly IReadOnlyList<RowColumn> _columns;
    private readonly WarehouseSession _session;
    private readonly WarehouseAppender _rows;
    private readonly string _folder;
    private readonly Stream _target;
    private int _column;

    private ParquetRows(IReadOnlyList<RowColumn> columns, WarehouseSession session, string folder, Stream target)
    {
        (_columns, _session, _folder, _target) = (columns, session, folder, target);
        _rows = session.Append(Table, [.. columns.Select(column => column.Name)]);
    }

    public static async Task<ParquetRows> OpenAsync(IReadOnlyList<RowColumn> columns, WorkspaceWarehouse warehouse, string folder, Stream target, CancellationToken cancellationToken)
    {
        var session = await warehouse.BeginAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await session.ExecuteAsync($"create table {Table} ({string.Join(", ", columns.Select(column => $"{Sql.Identifier(column.Name)} {Type(column.Kind)}"))})", [], cancellationToken).ConfigureAwait(false);
            return new ParquetRows(columns, session, folder, target);
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public override RowExport Text(string? value)
    {
        _rows.Text(_column++, value);
        return this;
    }

    public override RowExport Number(long? value)
    {
        if (value is { } number) _rows.Long(_column, number);
        _column++;
        return this;
    }

    public override RowExport Number(decimal? value, int decimals) =>
        Number(value is { } number ? (double)decimal.Round(number, decimals, MidpointRounding.AwayFromZero) : null, decimals);

    public override RowExport Number(double? value, int decimals)
    {
        if (value is { } number && double.IsFinite(number)) _rows.Double(_column, Math.Round(number, decimals));
        _column++;
        return this;
    }

    public override RowExport Instant(DateTimeOffset? value)
    {
        if (value is { } moment) _rows.Instant(_column, (moment - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
        _column++;
        return this;
    }

    public override ValueTask EndRowAsync(CancellationToken cancellationToken)
    {
        _rows.EndRow();
        _column = 0;
        return default;
    }

    public override async Task CompleteAsync(CancellationToken cancellationToken)
    {
        _rows.Complete();
        _rows.Dispose();
        var file = Path.Combine(_folder, $"export-{Guid.NewGuid():N}.parquet");
        try
        {
            // A moment as such, whose zone is known: read elsewhere it stays the same moment.
            var moments = string.Join(", ", _columns.Select(column => Sql.Identifier(column.Name)).Zip(_columns, (name, column) => column.Kind == CellKind.Instant ? $"{name} at time zone 'UTC' as {name}" : name));
            await _session.ExecuteAsync($"copy (select {moments} from {Table}) to '{file.Replace("'", "''", StringComparison.Ordinal)}' (format parquet)", [], cancellationToken).ConfigureAwait(false);
            var written = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1, useAsync: true);
            await using var _ = written.ConfigureAwait(false);
            await written.CopyToAsync(_target, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            File.Delete(file);
        }
    }

    protected override async ValueTask CloseAsync()
    {
        _rows.Dispose();
        await _session.DisposeAsync().ConfigureAwait(false);
    }

    private static string Type(CellKind kind) => kind switch
    {
        CellKind.Whole => "bigint",
        CellKind.Number => "double",
        CellKind.Instant => "timestamp",
        _ => "varchar",
    };
}
