using MerchantStudio.Core.Ingestion.Recognition;
using MerchantStudio.Core.Ingestion.Text;
using MerchantStudio.Core.Ingestion.Values;

namespace MerchantStudio.Core.Ingestion.Rows;

/// <summary>Products, or the variants of one. A variant without an id of its own has its product's; a row that only adds a picture repeats the variant above it.</summary>
internal sealed class ProductRows(RowTarget target, ColumnMap columns, ImportMapping mapping)
    : CatalogueRows(target, columns, "products", ["item_id", "name", "category", "brand", "price", "cost", "description"])
{
    private readonly NumberParser _numbers = new(mapping.DecimalComma);
    private byte[] _id = [];
    private byte[] _group = [];
    private long? _price;
    private long? _cost;

    protected override (RejectCode Code, ColumnRole Role) Convert(DelimitedFile file)
    {
        var group = Columns.Cell(file, ColumnRole.ItemGroup);
        var id = Columns.Cell(file, ColumnRole.ItemId);
        if (id.IsEmpty) id = group;
        if (id.IsEmpty) return (RejectCode.MissingId, ColumnRole.ItemId);
        var price = Columns.Cell(file, ColumnRole.Price);
        if (mapping.FillDown && price.IsEmpty && _group.Length > 0 && group.SequenceEqual(_group)) return default;
        if (!TryAmount(price, out _price)) return (RejectCode.NotANumber, ColumnRole.Price);
        if (!TryAmount(Columns.Cell(file, ColumnRole.Cost), out _cost)) return (RejectCode.NotANumber, ColumnRole.Cost);
        _id = id.ToArray();
        _group = group.ToArray();
        return default;
    }

    protected override void Append(DelimitedFile file)
    {
        Rows.Utf8(2, _id);
        Text(3, file, ColumnRole.ItemName);
        Text(4, file, ColumnRole.Category);
        Text(5, file, ColumnRole.Brand);
        if (_price is { } price) Rows.Scaled(6, price);
        if (_cost is { } cost) Rows.Scaled(7, cost);
        Text(8, file, ColumnRole.Description);
    }

    private bool TryAmount(ReadOnlySpan<byte> cell, out long? amount)
    {
        amount = null;
        if (cell.IsEmpty) return true;
        var read = _numbers.TryAmount(cell, out var value);
        amount = value;
        return read;
    }
}
