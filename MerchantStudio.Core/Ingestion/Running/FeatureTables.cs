using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using MerchantStudio.Core.Ingestion.Recognition;
using MerchantStudio.Core.Ingestion.Rows;
using MerchantStudio.Core.Ingestion.Text;
using MerchantStudio.Core.Ingestion.Values;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Ingestion.Running;

/// <summary>One warehouse table for each form of feature table. A file with the same columns, types and label adds to the same table.</summary>
internal static class FeatureTables
{
    private const int LongestName = 100;
    private static readonly NumberParser Numbers = new(decimalComma: false);

    public static string NameOf(int number) => $"feature_rows_{number.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Finds the table for a file, or makes it within the import's transaction.</summary>
    public static async Task<FeatureTableForm> PrepareAsync(ImportTask task, DelimitedFile file, ColumnMap map, WarehouseSession session, CancellationToken cancellationToken)
    {
        var columns = Columns(file, map, task.Mapping.DecimalComma);
        var written = JsonSerializer.Serialize(columns.Select(column => new StoredColumn(column.Name, column.IsNumber)));
        var label = columns[^1].Name;
        var known = await session.ScalarAsync<int?>("select table_no from feature_tables where columns = $1 and label = $2", [written, label], cancellationToken).ConfigureAwait(false);
        if (known is { } number) return new FeatureTableForm(number, columns);
        number = task.Number;
        var definitions = string.Join(", ", columns.Select(column => $"{Sql.Identifier(column.Name)} {(column.IsNumber ? "double" : "varchar")}"));
        await session.ExecuteAsync($"create table {NameOf(number)} (import_id integer, source_line bigint, {definitions})", [], cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync($"create table replaced_{NameOf(number)} as select f.*, cast(null as integer) as replaced_by, cast(null as bigint) as replaced_line from {NameOf(number)} f limit 0", [], cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync("insert into feature_tables (table_no, label, columns) values ($1, $2, $3)", [number, label, written], cancellationToken).ConfigureAwait(false);
        return new FeatureTableForm(number, columns);
    }

    public static async Task<ImportReport> CheckAsync(ImportTask task, ImportReport report, WarehouseSession session, CancellationToken cancellationToken)
    {
        var tables = await ListAsync(session, cancellationToken).ConfigureAwait(false);
        foreach (var table in tables)
        {
            var rows = await session.ScalarAsync<long>($"select count(*) from {NameOf(table.Number)} where import_id = $1", [task.Number], cancellationToken).ConfigureAwait(false);
            if (rows == 0) continue;
            if (task.Choices.Mode == ImportMode.Replace) await Replacement.ReplaceAllAsync(NameOf(table.Number), "true", task.Number, session, cancellationToken).ConfigureAwait(false);
            var compared = table.Columns.ToArray();
            var identical = await RepeatedKeys.CountIdenticalAsync(NameOf(table.Number), compared, task.Number, report.Read, session, cancellationToken).ConfigureAwait(false);
            if (!task.Choices.DropIdentical || identical == 0) return report with { Identical = identical, FeatureTable = table.Number };
            var duplicates = await RepeatedKeys.RemoveIdenticalAsync(NameOf(table.Number), compared, task.Number, session, cancellationToken).ConfigureAwait(false);
            return report with { Accepted = report.Accepted - duplicates, Duplicates = duplicates, FeatureTable = table.Number };
        }

        return report;
    }

    public static Task<ImmutableArray<FeatureTableView>> ListAsync(WarehouseSession session, CancellationToken cancellationToken) =>
        session.QueryAsync(Listed, View, [], cancellationToken);

    /// <summary>The tables with their rows and the imports that brought them.</summary>
    public static async Task<ImmutableArray<FeatureTableView>> ListAsync(WorkspaceWarehouse warehouse, CancellationToken cancellationToken)
    {
        var tables = ImmutableArray.CreateBuilder<FeatureTableView>();
        foreach (var table in await warehouse.QueryAsync(Listed, View, [], cancellationToken).ConfigureAwait(false))
        {
            var imports = await warehouse.QueryAsync(
                $"select import_id, count(*) from {NameOf(table.Number)} group by 1 order by 1", row => (Import: row.Int(0), Rows: row.Long(1)), [], cancellationToken).ConfigureAwait(false);
            tables.Add(table with { Rows = imports.Sum(import => import.Rows), Imports = [.. imports.Select(import => import.Import)] });
        }

        return tables.ToImmutable();
    }

    /// <summary>A table of which nothing is left, kept-aside rows included, goes with its last row.</summary>
    public static async Task DropEmptyAsync(WarehouseSession session, CancellationToken cancellationToken)
    {
        foreach (var table in await ListAsync(session, cancellationToken).ConfigureAwait(false))
        {
            var name = NameOf(table.Number);
            var left = await session.ScalarAsync<long>($"select (select count(*) from {name}) + (select count(*) from replaced_{name})", [], cancellationToken).ConfigureAwait(false);
            if (left > 0) continue;
            await session.ExecuteAsync($"drop table {name}", [], cancellationToken).ConfigureAwait(false);
            await session.ExecuteAsync($"drop table replaced_{name}", [], cancellationToken).ConfigureAwait(false);
            await session.ExecuteAsync("delete from feature_tables where table_no = $1", [table.Number], cancellationToken).ConfigureAwait(false);
        }
    }

    private const string Listed = "select table_no, label, columns from feature_tables order by table_no";

    private static FeatureTableView View(WarehouseRow row) =>
        new(row.Int(0), row.Text(1)!, [.. JsonSerializer.Deserialize<StoredColumn[]>(row.Text(2)!)!.Select(column => column.Name)], 0, []);

    /// <summary>The file's columns that take part, the label last; a number where the sample holds nothing but numbers.</summary>
    private static ImmutableArray<FeatureColumn> Columns(DelimitedFile file, ColumnMap map, bool decimalComma)
    {
        var numbers = decimalComma ? new NumberParser(decimalComma: true) : Numbers;
        var label = map.Place(ColumnRole.Label);
        var id = map.Place(ColumnRole.UserId);
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "import_id", "source_line", "replaced_by", "replaced_line" };
        return [.. map.Features.Append(id).Where(place => place >= 0).Order().Append(label).Select(place =>
            new FeatureColumn(place, Name(file.Columns[place], place, taken), place != id && IsNumber(file, place, numbers), place == label))];
    }

    private static string Name(string header, int place, HashSet<string> taken)
    {
        var name = header.Replace("\0", "", StringComparison.Ordinal).Trim();
        if (name.Length == 0) name = $"column_{place + 1}";
        if (name.Length > LongestName) name = name[..LongestName];
        var free = name;
        for (var number = 2; !taken.Add(free); number++) free = $"{name}_{number}";
        return free;
    }

    private static bool IsNumber(DelimitedFile file, int place, NumberParser numbers)
    {
        var filled = 0;
        foreach (var row in file.Sample)
        {
            if (place >= row.Length) continue;
            var cell = CellText.Bare(Encoding.UTF8.GetBytes(row[place]));
            if (CellText.IsMissing(cell)) continue;
            filled++;
            if (!numbers.TryAmount(cell, out _)) return false;
        }

        return filled > 0;
    }

    private sealed record StoredColumn(string Name, bool IsNumber);
}
