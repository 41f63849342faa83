using MerchantStudio.Core.Ingestion.Recognition;
using MerchantStudio.Core.Ingestion.Text;
using MerchantStudio.Core.Ingestion.Values;

namespace MerchantStudio.Core.Ingestion.Rows;

/// <summary>What was said about a suggestion: by whom, of what, and when.</summary>
internal sealed class FeedbackRows(RowTarget target, ColumnMap columns, ImportMapping mapping)
    : CatalogueRows(target, columns, "feedback", ["user_id", "item_id", "ts", "feedback_type", "value", "comment"])
{
    private readonly TimestampParser _times = new(target.Zone, mapping.DateOrder);
    private readonly NumberParser _numbers = new(mapping.DecimalComma);
    private TimeRange _range = new();
    private long? _time;
    private long? _value;

    public override DateTimeOffset? FirstAt => _range.First;
    public override DateTimeOffset? LastAt => _range.Last;

    protected override (RejectCode Code, ColumnRole Role) Convert(DelimitedFile file)
    {
        (_time, _value) = (null, null);
        if (Columns.Cell(file, ColumnRole.FeedbackType).IsEmpty) return (RejectCode.MissingValue, ColumnRole.FeedbackType);
        if (Columns.Cell(file, ColumnRole.UserId).IsEmpty && Columns.Cell(file, ColumnRole.ItemId).IsEmpty) return (RejectCode.MissingId, ColumnRole.UserId);
        var time = Columns.Cell(file, ColumnRole.Timestamp);
        if (!time.IsEmpty)
        {
            if (!_times.TryParse(time, out var micros)) return (EventRows.RejectOf(time, mapping), ColumnRole.Timestamp);
            _time = micros;
        }

        var value = Columns.Cell(file, ColumnRole.FeedbackValue);
        if (value.IsEmpty) return default;
        if (!_numbers.TryAmount(value, out var number)) return (RejectCode.NotANumber, ColumnRole.FeedbackValue);
        _value = number;
        return default;
    }

    protected override void Append(DelimitedFile file)
    {
        Text(2, file, ColumnRole.UserId);
        Text(3, file, ColumnRole.ItemId);
        if (_time is { } micros)
        {
            Rows.Instant(4, micros);
            _range.Add(micros);
        }

        Text(5, file, ColumnRole.FeedbackType);
        if (_value is { } value) Rows.Scaled(6, value);
        Text(7, file, ColumnRole.Comment);
    }
}
