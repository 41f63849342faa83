using System.Collections.Immutable;
using System.Text;
using MerchantStudio.Core.Ingestion.Recognition;
using MerchantStudio.Core.Ingestion.Text;
using MerchantStudio.Core.Ingestion.Values;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Ingestion.Rows;

/// <summary>Reviews: a row needs a text or a rating; a review without text still counts for its product's stars.</summary>
internal sealed class ReviewRows : IRowWriter
{
    private static readonly string[] Written = ["import_id", "source_line", "review_id", "user_id", "item_id", "ts", "rating", "label", "title", "text", "category"];
    private readonly ColumnMap _columns;
    private readonly ImportMapping _mapping;
    private readonly RejectLog _rejects;
    private readonly int _importNumber;
    private readonly bool _insideEvents;
    private readonly WarehouseAppender _rows;
    private readonly ShopperKey _shopper;
    private readonly TimestampParser _times;
    private readonly NumberParser _numbers = new(decimalComma: true);
    private TimeRange _range = new();

    /// <param name="insideEvents">Whether the rows are events that carry a review; their time is known then.</param>
    public ReviewRows(RowTarget target, ColumnMap columns, ImportMapping mapping, bool insideEvents)
    {
        _columns = columns;
        _mapping = mapping;
        _rejects = target.Rejects;
        _importNumber = target.ImportNumber;
        _insideEvents = insideEvents;
        _times = new TimestampParser(target.Zone, mapping.DateOrder);
        _shopper = new ShopperKey(columns, mapping, target.Contacts);
        _rows = target.Append("reviews", Written);
    }

    public long Accepted { get; private set; }
    public DateTimeOffset? FirstAt => _range.First;
    public DateTimeOffset? LastAt => _range.Last;
    public ImmutableArray<ImportNote> Notes => [];
    public ImmutableArray<EventCount> Events => [];

    public void Write(DelimitedFile file)
    {
        var time = _columns.Cell(file, ColumnRole.Timestamp);
        long? micros = null;
        if (!time.IsEmpty)
        {
            if (!_times.TryParse(time, out var parsed))
            {
                _rejects.Add(file.Line, EventRows.RejectOf(time, _mapping), _columns.Name(ColumnRole.Timestamp), time);
                return;
            }

            micros = parsed;
        }

        TryWrite(file, micros);
    }

    /// <returns>False when the row was set aside.</returns>
    public bool TryWrite(DelimitedFile file, long? micros)
    {
        if (!TryRating(file, out var rating) || !TryLabel(file, out var label)) return false;
        var text = _columns.Cell(file, ColumnRole.ReviewText);
        if (text.IsEmpty && rating is null && label is null)
        {
            if (_insideEvents) return true;
            _rejects.Add(file.Line, RejectCode.EmptyReview, _columns.Name(ColumnRole.ReviewText), default);
            return false;
        }

        _rows.Int(0, _importNumber);
        _rows.Long(1, file.Line);
        Text(2, file, ColumnRole.ReviewId);
        if (_shopper.Of(file) is { IsEmpty: false } shopper) _rows.Utf8(3, shopper);
        Text(4, file, ColumnRole.ItemId);
        if (micros is { } instant)
        {
            _rows.Instant(5, instant);
            _range.Add(instant);
        }

        if (rating is { } stars) _rows.Double(6, stars);
        if (label is not null) _rows.Text(7, label);
        Text(8, file, ColumnRole.ReviewTitle);
        if (!text.IsEmpty) _rows.Utf8(9, text);
        Text(10, file, ColumnRole.Category);
        _rows.EndRow();
        Accepted++;
        return true;
    }

    public void Complete() => _rows.Complete();

    public void Dispose() => _rows.Dispose();

    private void Text(int column, DelimitedFile file, ColumnRole role)
    {
        var cell = _columns.Cell(file, role);
        if (!cell.IsEmpty) _rows.Utf8(column, cell);
    }

    private bool TryRating(DelimitedFile file, out double? rating)
    {
        rating = null;
        var cell = _columns.Cell(file, ColumnRole.Rating);
        if (cell.IsEmpty) return true;
        var isNumber = _numbers.TryAmount(cell, out var scaled);
        if (!isNumber || scaled is < 0 or > 50_000)
        {
            _rejects.Add(file.Line, isNumber ? RejectCode.RatingOutOfRange : RejectCode.NotANumber, _columns.Name(ColumnRole.Rating), cell);
            return false;
        }

        rating = scaled / 10_000.0;
        return true;
    }

    private bool TryLabel(DelimitedFile file, out string? label)
    {
        label = null;
        var cell = _columns.Cell(file, ColumnRole.Label);
        if (cell.IsEmpty || _mapping.Labels.TryGetValue(Encoding.UTF8.GetString(cell), out label)) return true;
        _rejects.Add(file.Line, RejectCode.UnknownLabel, _columns.Name(ColumnRole.Label), cell);
        return false;
    }
}
