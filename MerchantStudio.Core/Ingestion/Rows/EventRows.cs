using System.Collections.Immutable;
using MerchantStudio.Core.Ingestion.Recognition;
using MerchantStudio.Core.Ingestion.Text;
using MerchantStudio.Core.Ingestion.Values;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Ingestion.Rows;

/// <summary>Events and transaction lines. Every readable row is kept as it is, negative prices and missing shoppers included: cleaning decides about them later.</summary>
internal sealed class EventRows : IRowWriter
{
    private static readonly (ColumnRole Role, string Column)[] TextColumns =
    [
        (ColumnRole.UserId, "user_id"), (ColumnRole.AnonymousId, "anonymous_id"), (ColumnRole.SessionId, "session_id"), (ColumnRole.ItemId, "item_id"), (ColumnRole.ItemName, "item_name"),
        (ColumnRole.Category, "category"), (ColumnRole.Brand, "brand"), (ColumnRole.Currency, "currency"), (ColumnRole.OrderId, "order_id"),
        (ColumnRole.CouponCode, "coupon_code"), (ColumnRole.SearchQuery, "search_query"), (ColumnRole.Device, "device"), (ColumnRole.Region, "region"),
        (ColumnRole.Channel, "channel"), (ColumnRole.MessageId, "message_id"), (ColumnRole.OrderState, "order_state"),
    ];

    private readonly ColumnMap _columns;
    private readonly ImportMapping _mapping;
    private readonly RejectLog _rejects;
    private readonly int _importNumber;
    private readonly long _future;
    private readonly WarehouseAppender _events;
    private readonly (ColumnRole Role, int Column)[] _texts;
    private readonly int _price;
    private readonly int _quantity;
    private readonly int _discount;
    private readonly int _lineNo;
    private readonly UtmColumns _utm;
    private readonly int _properties;
    private readonly TimestampParser _times;
    private readonly NumberParser _numbers;
    private readonly EventTypes _types;
    private readonly EventType? _everyRowIs;
    private readonly byte[] _refundPrefix;
    private readonly ReviewRows? _reviews;
    private readonly ProductNames? _names;
    private readonly StateWords _states;
    private readonly Noticed _noticed = new();
    private TimeRange _range = new();

    public EventRows(RowTarget target, ColumnMap columns, ImportMapping mapping)
    {
        _columns = columns;
        _mapping = mapping;
        _rejects = target.Rejects;
        _importNumber = target.ImportNumber;
        _future = target.Now.AddDays(1).ToUnixTimeMilliseconds() * 1_000;
        _times = new TimestampParser(target.Zone, mapping.DateOrder);
        _numbers = new NumberParser(mapping.DecimalComma);
        _types = new EventTypes(mapping);
        _states = new StateWords(mapping);
        _everyRowIs = mapping.EveryRowIs is { } type ? _types.Named(type) : null;
        _refundPrefix = System.Text.Encoding.UTF8.GetBytes(mapping.RefundPrefix ?? "");

        List<string> names = ["import_id", "source_line", "ts", "event_type"];
        var texts = new List<(ColumnRole, int)>();
        foreach (var (role, column) in TextColumns)
        {
            if (!columns.Has(role)) continue;
            texts.Add((role, names.Count));
            names.Add(column);
        }

        _texts = [.. texts];
        _price = Column(ColumnRole.Price, "price");
        _quantity = Column(ColumnRole.Quantity, "quantity");
        _discount = Column(ColumnRole.Discount, "discount");
        _lineNo = Column(ColumnRole.LineNo, "line_no");
        _utm = new UtmColumns(columns);
        if (_utm.Any) names.Add("properties");
        _properties = names.Count - 1;
        WrittenColumns = [.. names];
        _events = target.AppendInAnyOrder("events", [.. names]);
        if (columns.Has(ColumnRole.ReviewText) || columns.Has(ColumnRole.Rating)) _reviews = new ReviewRows(target, columns, mapping, insideEvents: true);
        if (columns.Has(ColumnRole.ItemName) && columns.Has(ColumnRole.ItemId)) _names = new ProductNames(columns);

        int Column(ColumnRole role, string name)
        {
            if (!columns.Has(role)) return -1;
            names.Add(name);
            return names.Count - 1;
        }
    }

    /// <summary>The warehouse columns that this file fills.</summary>
    public ImmutableArray<string> WrittenColumns { get; }

    public long Accepted { get; private set; }
    public DateTimeOffset? FirstAt => _range.First;
    public DateTimeOffset? LastAt => _range.Last;
    public ImmutableArray<ImportNote> Notes => _noticed.Notes;
    public ImmutableArray<EventCount> Events => _types.Counts;
    public ProductNames? Names => _names;

    /// <summary>Order states of sales that somebody has to explain.</summary>
    public ImmutableArray<StateCount> States => _states.Counts;

    /// <summary>Rows that tell a part of their order, or change it.</summary>
    public List<(long Line, OrderPart Part)> Parts { get; } = [];

    public void Write(DelimitedFile file)
    {
        if (!TryType(file, out var type) || !TryTime(file, out var micros)) return;
        if (_columns.Cell(file, ColumnRole.UserId).IsEmpty && _columns.Cell(file, ColumnRole.AnonymousId).IsEmpty)
        {
            if (_columns.Cell(file, ColumnRole.SessionId).IsEmpty && _columns.Cell(file, ColumnRole.OrderId).IsEmpty)
            {
                _rejects.Add(file.Line, RejectCode.NoShopper, _columns.Name(ColumnRole.UserId), default);
                return;
            }

            _noticed.Add("no_shopper", file.Line);
        }

        if (!TryAmount(file, ColumnRole.Price, out var price) || !TryAmount(file, ColumnRole.Discount, out var discount)
            || !TryWhole(file, ColumnRole.Quantity, out var quantity) || !TryWhole(file, ColumnRole.LineNo, out var lineNo)) return;
        if (_reviews is not null && type.IsReview && !_reviews.TryWrite(file, micros)) return;
        if (type.IsRefund && quantity is { } returned) quantity = Math.Abs(returned);
        Notice(file.Line, type, micros, price, quantity);
        Append(file, type, micros, price, discount, quantity, lineNo);
    }

    public void Complete()
    {
        _events.Complete();
        _reviews?.Complete();
    }

    public void Dispose()
    {
        _events.Dispose();
        _reviews?.Dispose();
    }

    private void Append(DelimitedFile file, EventType type, long micros, long? price, long? discount, int? quantity, int? lineNo)
    {
        _events.Int(0, _importNumber);
        _events.Long(1, file.Line);
        _events.Instant(2, micros);
        _events.Utf8(3, type.Written);
        foreach (var (role, column) in _texts)
        {
            var cell = _columns.Cell(file, role);
            if (!cell.IsEmpty) _events.Utf8(column, role == ColumnRole.OrderState ? _states.Written(cell, type.IsSale) : cell);
        }

        if (price is { } amount) _events.Scaled(_price, amount);
        if (discount is { } off) _events.Scaled(_discount, off);
        if (quantity is { } count) _events.Int(_quantity, count);
        if (lineNo is { } number) _events.Int(_lineNo, number);
        if (_utm.Any && _utm.Of(file) is { } utm) _events.Text(_properties, utm);
        _events.EndRow();
        _names?.See(file, _columns);
        if (type.Part != OrderPart.None) Parts.Add((file.Line, type.Part));
        _range.Add(micros);
        type.Rows++;
        Accepted++;
    }

    private void Notice(long line, EventType type, long micros, long? price, int? quantity)
    {
        if (micros > _future) _noticed.Add("future", line);
        if (price < 0) _noticed.Add("negative_price", line);
        if (type.IsSale && quantity <= 0) _noticed.Add("negative_quantity", line);
        if (type.IsSale && price == 0) _noticed.Add("zero_price", line);
    }

    private bool TryType(DelimitedFile file, out EventType type)
    {
        type = _everyRowIs!;
        if (_everyRowIs is not null)
        {
            if (_refundPrefix.Length > 0 && _columns.Cell(file, ColumnRole.OrderId).StartsWith(_refundPrefix)) type = _types.Named("refund");
            return true;
        }

        var cell = _columns.Cell(file, ColumnRole.EventType);
        if (!cell.IsEmpty && _types.Find(cell) is { } known)
        {
            type = known;
            return true;
        }

        _rejects.Add(file.Line, cell.IsEmpty ? RejectCode.MissingEvent : RejectCode.UnknownEvent, _columns.Name(ColumnRole.EventType), cell);
        return false;
    }

    private bool TryTime(DelimitedFile file, out long micros)
    {
        var cell = _columns.Cell(file, ColumnRole.Timestamp);
        if (_times.TryParse(cell, out micros)) return true;
        _rejects.Add(file.Line, RejectOf(cell, _mapping), _columns.Name(ColumnRole.Timestamp), cell);
        return false;
    }

    internal static RejectCode RejectOf(ReadOnlySpan<byte> time, ImportMapping mapping) =>
        time.IsEmpty ? RejectCode.MissingTime
        : mapping.DateOrder is null && TimestampParser.TryDayMonth(time, out var first, out var second) && first is > 0 and <= 12 && second is > 0 and <= 12 ? RejectCode.AmbiguousDate
        : RejectCode.NotATime;

    private bool TryAmount(DelimitedFile file, ColumnRole role, out long? amount)
    {
        amount = null;
        var cell = _columns.Cell(file, role);
        if (cell.IsEmpty) return true;
        if (!_numbers.TryAmount(cell, out var value))
        {
            _rejects.Add(file.Line, RejectCode.NotANumber, _columns.Name(role), cell);
            return false;
        }

        amount = value;
        return true;
    }

    private bool TryWhole(DelimitedFile file, ColumnRole role, out int? whole)
    {
        whole = null;
        var cell = _columns.Cell(file, role);
        if (cell.IsEmpty) return true;
        if (!_numbers.TryWhole(cell, out var value))
        {
            _rejects.Add(file.Line, RejectCode.NotAWholeNumber, _columns.Name(role), cell);
            return false;
        }

        whole = value;
        return true;
    }
}
