using MerchantStudio.Core.Exports;

namespace MerchantStudio.Components.Kit;

/// <summary>Writes what a table shows: its columns, its rows, in its order.</summary>
internal static class TableCsv
{
    public static async Task WriteAsync<TItem>(
        Stream target, TimeZoneInfo zone, IReadOnlyList<Column<TItem>> columns, IAsyncEnumerable<TItem> rows, CancellationToken cancellationToken)
    {
        var csv = new CsvExport(target, zone);
        await csv.RowAsync(columns.Select(column => column.Header), cancellationToken);
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            foreach (var column in columns) column.CsvOf(row).WriteTo(csv);
            await csv.EndRowAsync(cancellationToken);
        }

        await csv.FlushAsync(cancellationToken);
    }
}
