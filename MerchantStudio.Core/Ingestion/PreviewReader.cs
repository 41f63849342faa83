using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion.Recognition;
using MerchantStudio.Core.Ingestion.Rows;
using MerchantStudio.Core.Ingestion.Values;

namespace MerchantStudio.Core.Ingestion;

/// <summary>Shows a file's first rows as the import will read them: ids without their wrappers, times in the shop's zone, and what an order's first row says on its other rows too.</summary>
public sealed class PreviewReader(ImportMapping mapping, TimeZoneInfo zone)
{
    private readonly TimestampParser _times = new(zone, mapping.DateOrder);
    private readonly FilledCells? _above = mapping.FillDown ? new FilledCells() : null;
    private readonly int _group = Place(mapping, mapping.Kind == DatasetKind.Products ? ColumnRole.ItemGroup : ColumnRole.OrderId);

    /// <param name="row">One row as it stands in the file; rows come in their order.</param>
    /// <returns>One text for each column; empty where nothing is written and nothing is taken from above.</returns>
    public ImmutableArray<string> Read(ImmutableArray<string> row)
    {
        if (_group >= 0 && _group < row.Length) _above?.Begin(Bare(row[_group]));
        return [.. row.Take(mapping.Columns.Length).Select((cell, column) => Text(mapping.Columns[column].Role, cell))];
    }

    private string Text(ColumnRole role, string cell)
    {
        ReadOnlySpan<byte> bare = Bare(cell);
        if (_above is not null) bare = _above.Of(role, bare);
        var isTime = role is ColumnRole.Timestamp or ColumnRole.PaidAt or ColumnRole.CancelledAt or ColumnRole.JoinedAt;
        return isTime && _times.TryParse(bare, out var micros) ? Local(micros) : Encoding.UTF8.GetString(bare);
    }

    private string Local(long micros)
    {
        var local = TimeZoneInfo.ConvertTime(DateTimeOffset.UnixEpoch.AddMicroseconds(micros), zone);
        return local.ToString(local.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
    }

    private static byte[] Bare(string cell) => CellText.Bare(Encoding.UTF8.GetBytes(cell)).ToArray();

    private static int Place(ImportMapping mapping, ColumnRole role) => mapping.Columns.Select(column => column.Role).ToList().IndexOf(role);
}
