using System.Collections.Immutable;
using MerchantStudio.Core.Ingestion.Recognition;
using MerchantStudio.Core.Ingestion.Text;
using MerchantStudio.Core.Ingestion.Values;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Ingestion.Rows;

/// <summary>
/// Orders: one purchase for each line, or for each order where the file has no lines. What is said of the whole order (its goods' amount, its refund)
/// is set down beside them in incoming_orders and worked in when all lines are there.
/// </summary>
internal sealed class OrderRows : IRowWriter
{
    public const string Facts = "incoming_orders";

    private static readonly (ColumnRole Role, string Column)[] Texts =
    [
        (ColumnRole.ItemName, "item_name"), (ColumnRole.Category, "category"), (ColumnRole.Brand, "brand"), (ColumnRole.Currency, "currency"), (ColumnRole.OrderId, "order_id"),
        (ColumnRole.CouponCode, "coupon_code"), (ColumnRole.Device, "device"), (ColumnRole.Region, "region"), (ColumnRole.Channel, "channel"),
    ];

    private static readonly string[] Written =
        ["import_id", "source_line", "ts", "event_type", "user_id", "item_id", "price", "quantity", "discount", "line_no", "order_state", .. Texts.Select(text => text.Column)];

    private static readonly string[] FactColumns = ["source_line", "order_id", "goods", "discount", "refunded", "refunded_whole", "refunded_at"];

    private readonly ColumnMap _columns;
    private readonly ImportMapping _mapping;
    private readonly RejectLog _rejects;
    private readonly int _importNumber;
    private readonly long _future;
    private readonly WarehouseAppender _events;
    private readonly WarehouseAppender _facts;
    private readonly ShopperKey _shopper;
    private readonly OrderStateReader _states;
    private readonly OrderAmounts _amounts;
    private readonly TimestampParser _times;
    private readonly Noticed _noticed = new();
    private TimeRange _range = new();

    public OrderRows(RowTarget target, ColumnMap columns, ImportMapping mapping)
    {
        _columns = columns;
        _mapping = mapping;
        _rejects = target.Rejects;
        _importNumber = target.ImportNumber;
        _future = target.Now.AddDays(1).ToUnixTimeMilliseconds() * 1_000;
        _shopper = new ShopperKey(columns, mapping, target.Contacts);
        _times = new TimestampParser(target.Zone, mapping.DateOrder);
        _states = new OrderStateReader(columns, mapping, _times);
        _amounts = new OrderAmounts(columns, mapping);
        _events = target.Append("events", Written);
        _facts = target.Append(Facts, FactColumns);
        if (columns.Has(ColumnRole.ItemName) && columns.Has(ColumnRole.ItemId)) Names = new ProductNames(columns);
    }

    public long Accepted { get; private set; }
    public DateTimeOffset? FirstAt => _range.First;
    public DateTimeOffset? LastAt => _range.Last;
    public ImmutableArray<ImportNote> Notes => _noticed.Notes;
    public ImmutableArray<EventCount> Events => Accepted == 0 ? [] : [new EventCount("purchase", Accepted)];
    public ProductNames? Names { get; }

    /// <summary>Order states that somebody has to explain.</summary>
    public ImmutableArray<StateCount> States => _states.Words;

    public void Write(DelimitedFile file)
    {
        _columns.BeginRow(file);
        if (_columns.Cell(file, ColumnRole.OrderId).IsEmpty)
        {
            _rejects.Add(file.Line, RejectCode.MissingId, _columns.Name(ColumnRole.OrderId), default);
            return;
        }

        if (!TryTime(file, out var micros)) return;
        if (_amounts.Read(file) is { Code: not RejectCode.None } wrong)
        {
            _rejects.Add(file.Line, wrong.Code, _columns.Name(wrong.Role), _columns.Cell(file, wrong.Role));
            return;
        }

        var state = _states.Read(file);
        Notice(file, state, micros);
        Append(file, state, micros);
        AppendFacts(file, state);
        Names?.See(file, _columns);
        if (micros is { } instant) _range.Add(instant);
        Accepted++;
    }

    public void Complete()
    {
        _events.Complete();
        _facts.Complete();
    }

    public void Dispose()
    {
        _events.Dispose();
        _facts.Dispose();
    }

    private void Append(DelimitedFile file, OrderState state, long? micros)
    {
        _events.Int(0, _importNumber);
        _events.Long(1, file.Line);
        if (micros is { } instant) _events.Instant(2, instant);
        _events.Utf8(3, "purchase"u8);
        if (_shopper.Of(file) is { IsEmpty: false } shopper) _events.Utf8(4, shopper);
        if (Item(file) is { IsEmpty: false } item) _events.Utf8(5, item);
        if (_amounts.Price is { } price) _events.Scaled(6, price);
        if (_amounts.Quantity is { } quantity) _events.Int(7, quantity);
        if (_amounts.Discount is { } discount) _events.Scaled(8, discount);
        if (_amounts.LineNo is { } lineNo) _events.Int(9, lineNo);
        _events.Text(10, state.Written);
        for (var text = 0; text < Texts.Length; text++)
        {
            var cell = _columns.Cell(file, Texts[text].Role);
            if (!cell.IsEmpty) _events.Utf8(11 + text, cell);
        }

        _events.EndRow();
    }

    private void AppendFacts(DelimitedFile file, OrderState state)
    {
        _facts.Long(0, file.Line);
        _facts.Utf8(1, _columns.Cell(file, ColumnRole.OrderId));
        if (_amounts.OrderTotal is { } goods) _facts.Scaled(2, goods);
        if (_amounts.OrderDiscount is { } discount) _facts.Scaled(3, discount);
        if (_amounts.Refunded is { } refunded and > 0) _facts.Scaled(4, refunded);
        _facts.Boolean(5, state.RefundedWhole);
        if (state.CancelledAt is { } at) _facts.Instant(6, at);
        _facts.EndRow();
    }

    /// <summary>A line without an id is known by its name; a row that is a whole order names several products and none of them.</summary>
    private ReadOnlySpan<byte> Item(DelimitedFile file)
    {
        var item = _columns.Cell(file, ColumnRole.ItemId);
        return item.IsEmpty && _columns.Has(ColumnRole.Price) ? _columns.Cell(file, ColumnRole.ItemName) : item;
    }

    private void Notice(DelimitedFile file, OrderState state, long? micros)
    {
        if (!_mapping.LinesOfKnownOrders && _shopper.Of(file).IsEmpty) _noticed.Add("no_shopper", file.Line);
        if (micros > _future) _noticed.Add("future", file.Line);
        if (!state.IsKnown) _noticed.Add("unknown_state", file.Line);
        if (state.IsPartlyRefunded && !_columns.Has(ColumnRole.Refunded)) _noticed.Add("refund_unknown", file.Line);
        if (_amounts.Price < 0) _noticed.Add("negative_price", file.Line);
        if (_amounts.Quantity <= 0) _noticed.Add("negative_quantity", file.Line);
        if (_amounts.Price == 0) _noticed.Add("zero_price", file.Line);
        if (!_columns.Has(ColumnRole.Price)) _noticed.Add("whole_orders", file.Line);
    }

    private bool TryTime(DelimitedFile file, out long? micros)
    {
        micros = null;
        if (_mapping.LinesOfKnownOrders) return true;
        var role = _columns.Cell(file, ColumnRole.Timestamp).IsEmpty && !_columns.Cell(file, ColumnRole.PaidAt).IsEmpty ? ColumnRole.PaidAt : ColumnRole.Timestamp;
        var cell = _columns.Cell(file, role);
        if (_times.TryParse(cell, out var parsed))
        {
            micros = parsed;
            return true;
        }

        _rejects.Add(file.Line, EventRows.RejectOf(cell, _mapping), _columns.Name(role), cell);
        return false;
    }
}
