using System.Text.Json;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Exports;

/// <summary>Writes a workspace's rows as CSV, JSON or Parquet.</summary>
public sealed class TableExport(WarehouseRegistry warehouses, WorkspaceDirectory workspaces, StudioPaths paths)
{
    private static readonly JsonWriterOptions Json = new() { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <returns>Rows written, or why there is nothing to write.</returns>
    public async Task<Outcome<long>> WriteAsync(WorkspaceScope scope, ExportQuestion question, ExportFormat format, Stream target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(target);
        if (scope.Refusal(Right.ExportRows) is { } refusal) return refusal;
        if (await workspaces.FindAsync(scope.Workspace, cancellationToken).ConfigureAwait(false) is not { } shop) return new WorkspaceUnknown(scope.Workspace.Value);
        var zone = TimeZoneInfo.FindSystemTimeZoneById(shop.TimeZone);
        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        var source = await ExportSources.FindAsync(question, warehouse, cancellationToken).ConfigureAwait(false);
        foreach (var table in source.Tables)
        {
            if (!await warehouse.HasTableAsync(table, cancellationToken).ConfigureAwait(false)) return new ExportNotThereYet(question.What.ToString());
        }

        var parameters = Parameters(question, zone);
        return format switch
        {
            ExportFormat.Parquet => await ParquetAsync(scope.Workspace, source, parameters, warehouse, target, cancellationToken).ConfigureAwait(false),
            ExportFormat.Json => await JsonAsync(source, parameters, warehouse, zone, target, cancellationToken).ConfigureAwait(false),
            _ => await CsvAsync(source, parameters, warehouse, zone, target, cancellationToken).ConfigureAwait(false),
        };
    }

    private static object?[] Parameters(ExportQuestion question, TimeZoneInfo zone) => question.What switch
    {
        ExportWhat.Rejects => [question.Import],
        ExportWhat.Segments => [question.Segment],
        ExportWhat.Reviews => [Start(question.From, zone), Start(question.To?.AddDays(1), zone)],
        _ => [],
    };

    private static DateTimeOffset? Start(DateOnly? day, TimeZoneInfo zone)
    {
        if (day is not { } date) return null;
        var midnight = date.ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(midnight, zone.GetUtcOffset(midnight)).ToUniversalTime();
    }

    /// <summary>A moment as such, whose zone is known: read elsewhere it stays the same moment.</summary>
    private static string SelectMoments(ExportSource source) =>
        $"select {string.Join(", ", source.Columns.Select(column => $"{(column.Kind == CellKind.Instant ? $"(cast({column.Sql} as timestamp) at time zone 'UTC')" : $"cast({column.Sql} as {Type(column.Kind)})")} as {Sql.Identifier(column.Name)}"))} from {source.From}";

    private static string Select(ExportSource source) =>
        $"select {string.Join(", ", source.Columns.Select(column => $"cast({column.Sql} as {Type(column.Kind)}) as {Sql.Identifier(column.Name)}"))} from {source.From}";

    private static string Type(CellKind kind) => kind switch
    {
        CellKind.Whole => "bigint",
        CellKind.Number => "double",
        CellKind.Instant => "timestamp",
        _ => "varchar",
    };

    private static async Task<long> CsvAsync(ExportSource source, object?[] parameters, WorkspaceWarehouse warehouse, TimeZoneInfo zone, Stream target, CancellationToken cancellationToken)
    {
        var csv = new CsvExport(target, zone);
        await csv.RowAsync(source.Columns.Select(column => column.Name), cancellationToken).ConfigureAwait(false);
        long rows = 0;
        await foreach (var batch in warehouse.StreamAsync(Select(source), parameters, cancellationToken).ConfigureAwait(false))
        {
            for (var row = 0; row < batch.Rows; row++, rows++)
            {
                for (var column = 0; column < source.Columns.Length; column++) Cell(csv, batch, source.Columns[column], column, row);
                await csv.EndRowAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        await csv.FlushAsync(cancellationToken).ConfigureAwait(false);
        return rows;
    }

    private static void Cell(CsvExport csv, ColumnBatch batch, ExportColumn column, int index, int row)
    {
        var missing = batch.IsNull(index, row);
        switch (column.Kind)
        {
            case CellKind.Whole:
                csv.Number(missing ? null : batch.Longs(index)[row]);
                break;
            case CellKind.Number:
                csv.Number(missing ? null : batch.Double(index, row), column.Decimals);
                break;
            case CellKind.Instant:
                csv.Instant(missing ? null : Instant(batch.Longs(index)[row]));
                break;
            default:
                csv.Text(missing ? null : batch.Text(index, row));
                break;
        }
    }

    private static async Task<long> JsonAsync(ExportSource source, object?[] parameters, WorkspaceWarehouse warehouse, TimeZoneInfo zone, Stream target, CancellationToken cancellationToken)
    {
        var json = new Utf8JsonWriter(target, Json);
        await using var _ = json.ConfigureAwait(false);
        json.WriteStartArray();
        long rows = 0;
        await foreach (var batch in warehouse.StreamAsync(Select(source), parameters, cancellationToken).ConfigureAwait(false))
        {
            for (var row = 0; row < batch.Rows; row++, rows++)
            {
                json.WriteStartObject();
                for (var column = 0; column < source.Columns.Length; column++) Cell(json, batch, source.Columns[column], column, row, zone);
                json.WriteEndObject();
            }

            await json.FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        json.WriteEndArray();
        await json.FlushAsync(cancellationToken).ConfigureAwait(false);
        return rows;
    }

    private static void Cell(Utf8JsonWriter json, ColumnBatch batch, ExportColumn column, int index, int row, TimeZoneInfo zone)
    {
        if (batch.IsNull(index, row)) json.WriteNull(column.Name);
        else if (column.Kind == CellKind.Whole) json.WriteNumber(column.Name, batch.Longs(index)[row]);
        else if (column.Kind == CellKind.Number && double.IsFinite(batch.Double(index, row))) json.WriteNumber(column.Name, Math.Round(batch.Double(index, row), column.Decimals));
        else if (column.Kind == CellKind.Number) json.WriteNull(column.Name);
        else if (column.Kind == CellKind.Instant) json.WriteString(column.Name, TimeZoneInfo.ConvertTime(Instant(batch.Longs(index)[row]), zone));
        else json.WriteString(column.Name, batch.Text(index, row));
    }

    /// <summary>The engine writes Parquet only inside the workspace's folder; the file is copied from there and removed.</summary>
    private async Task<long> ParquetAsync(WorkspaceId workspace, ExportSource source, object?[] parameters, WorkspaceWarehouse warehouse, Stream target, CancellationToken cancellationToken)
    {
        var file = Path.Combine(paths.WorkspaceFolder(workspace), $"export-{Guid.NewGuid():N}.parquet");
        try
        {
            long rows;
            var session = await warehouse.BeginAsync(cancellationToken).ConfigureAwait(false);
            await using (session.ConfigureAwait(false))
            {
                await session.ExecuteAsync($"create table exported_rows as {SelectMoments(source)}", parameters, cancellationToken).ConfigureAwait(false);
                rows = await session.ScalarAsync<long>("select count(*) from exported_rows", [], cancellationToken).ConfigureAwait(false);
                await session.ExecuteAsync($"copy exported_rows to '{file.Replace("'", "''", StringComparison.Ordinal)}' (format parquet)", [], cancellationToken).ConfigureAwait(false);
            }

            var written = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1, useAsync: true);
            await using var _ = written.ConfigureAwait(false);
            await written.CopyToAsync(target, cancellationToken).ConfigureAwait(false);
            return rows;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static DateTimeOffset Instant(long micros) => DateTimeOffset.UnixEpoch.AddTicks(micros * 10);
}

public sealed record ExportNotThereYet(string What)
    : Problem("export.not-there-yet", "There is nothing to export for {0} before the insights have been refreshed once. Refresh them and try again.", What);
