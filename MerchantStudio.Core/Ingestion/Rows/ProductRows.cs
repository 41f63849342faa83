using MerchantStudio.Core.Ingestion.Recognition;
using MerchantStudio.Core.Ingestion.Text;
using MerchantStudio.Core.Ingestion.Values;

namespace MerchantStudio.Core.Ingestion.Rows;

internal sealed class ProductRows(RowTarget target, ColumnMap columns, ImportMapping mapping)
    : CatalogueRows(target, columns, "products", ["item_id", "name", "category", "brand", "price", "cost", "description"])
{
    private readonly NumberParser _numbers = new(mapping.DecimalComma);
    private long? _price;
    private long? _cost;

    protected override (RejectCode Code, ColumnRole Role) Convert(DelimitedFile file)
    {
        if (Columns.Cell(file, ColumnRole.ItemId).IsEmpty) return (RejectCode.MissingId, ColumnRole.ItemId);
        if (!TryAmount(file, ColumnRole.Price, out _price)) return (RejectCode.NotANumber, ColumnRole.Price);
        return TryAmount(file, ColumnRole.Cost, out _cost) ? default : (RejectCode.NotANumber, ColumnRole.Cost);
    }

    protected override void Append(DelimitedFile file)
    {
        Text(2, file, ColumnRole.ItemId);
        Text(3, file, ColumnRole.ItemName);
        Text(4, file, ColumnRole.Category);
        Text(5, file, ColumnRole.Brand);
        if (_price is { } price) Rows.Scaled(6, price);
        if (_cost is { } cost) Rows.Scaled(7, cost);
        Text(8, file, ColumnRole.Description);
    }

    private bool TryAmount(DelimitedFile file, ColumnRole role, out long? amount)
    {
        amount = null;
        var cell = Columns.Cell(file, role);
        if (cell.IsEmpty) return true;
        var read = _numbers.TryAmount(cell, out var value);
        amount = value;
        return read;
    }
}
