using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Exports;

/// <summary>Opens files for rows that do not come from one query: codes, a segment's members.</summary>
public sealed class RowExports(WarehouseRegistry warehouses, StudioPaths paths)
{
    /// <param name="header">The columns' names in a CSV file, in the reader's language.</param>
    /// <param name="zone">The store's, in which CSV and JSON write moments.</param>
    /// <param name="target">Stays open.</param>
    public async Task<RowExport> OpenAsync(
        WorkspaceId workspace, ExportFormat format, IReadOnlyList<RowColumn> columns, IReadOnlyList<string> header, TimeZoneInfo zone, Stream target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(header);
        if (header.Count != columns.Count) throw new ArgumentException("Every column has one name in the header.", nameof(header));
        switch (format)
        {
            case ExportFormat.Json:
                return new JsonRows(columns, zone, target);
            case ExportFormat.Parquet:
                var warehouse = await warehouses.OpenAsync(workspace, cancellationToken).ConfigureAwait(false);
                return await ParquetRows.OpenAsync(columns, warehouse, paths.WorkspaceFolder(workspace), target, cancellationToken).ConfigureAwait(false);
            default:
                var csv = new CsvExport(target, zone);
                await csv.RowAsync(header, cancellationToken).ConfigureAwait(false);
                return new CsvRows(csv);
        }
    }
}
