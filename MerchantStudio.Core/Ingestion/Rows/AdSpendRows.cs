using MerchantStudio.Core.Ingestion.Recognition;
using MerchantStudio.Core.Ingestion.Text;
using MerchantStudio.Core.Ingestion.Values;

namespace MerchantStudio.Core.Ingestion.Rows;

/// <summary>What advertising cost: a row a day, channel and campaign.</summary>
internal sealed class AdSpendRows(RowTarget target, ColumnMap columns, ImportMapping mapping)
    : CatalogueRows(target, columns, "ad_spend", ["ts", "channel", "campaign", "spend", "currency", "impressions", "clicks"])
{
    private readonly TimestampParser _times = new(target.Zone, mapping.DateOrder);
    private readonly NumberParser _numbers = new(mapping.DecimalComma);
    private TimeRange _range = new();
    private long _time;
    private long _spend;
    private int? _impressions;
    private int? _clicks;

    public override DateTimeOffset? FirstAt => _range.First;
    public override DateTimeOffset? LastAt => _range.Last;

    protected override (RejectCode Code, ColumnRole Role) Convert(DelimitedFile file)
    {
        var time = Columns.Cell(file, ColumnRole.Timestamp);
        if (!_times.TryParse(time, out _time)) return (EventRows.RejectOf(time, mapping), ColumnRole.Timestamp);
        var spend = Columns.Cell(file, ColumnRole.Spend);
        if (spend.IsEmpty) return (RejectCode.MissingValue, ColumnRole.Spend);
        if (!_numbers.TryAmount(spend, out _spend)) return (RejectCode.NotANumber, ColumnRole.Spend);
        if (!TryWhole(file, ColumnRole.Impressions, out _impressions)) return (RejectCode.NotAWholeNumber, ColumnRole.Impressions);
        return TryWhole(file, ColumnRole.Clicks, out _clicks) ? default : (RejectCode.NotAWholeNumber, ColumnRole.Clicks);
    }

    protected override void Append(DelimitedFile file)
    {
        Rows.Instant(2, _time);
        _range.Add(_time);
        Text(3, file, ColumnRole.Channel);
        Text(4, file, ColumnRole.Campaign);
        Rows.Scaled(5, _spend);
        Text(6, file, ColumnRole.Currency);
        if (_impressions is { } impressions) Rows.Long(7, impressions);
        if (_clicks is { } clicks) Rows.Long(8, clicks);
    }

    private bool TryWhole(DelimitedFile file, ColumnRole role, out int? whole)
    {
        whole = null;
        var cell = Columns.Cell(file, role);
        if (cell.IsEmpty) return true;
        var read = _numbers.TryWhole(cell, out var value);
        whole = value;
        return read;
    }
}
