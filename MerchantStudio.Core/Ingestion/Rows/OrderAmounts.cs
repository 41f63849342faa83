using MerchantStudio.Core.Ingestion.Recognition;
using MerchantStudio.Core.Ingestion.Text;
using MerchantStudio.Core.Ingestion.Values;

namespace MerchantStudio.Core.Ingestion.Rows;

/// <summary>A row's amounts, in ten-thousandths of the currency as written. Price times quantity less discount is what the goods came to, to the last digit.</summary>
internal sealed class OrderAmounts(ColumnMap columns, ImportMapping mapping)
{
    private readonly NumberParser _numbers = new(mapping.DecimalComma);

    /// <summary>Of one item.</summary>
    public long? Price { get; private set; }
    public int? Quantity { get; private set; }
    public long? Discount { get; private set; }
    public int? LineNo { get; private set; }
    public long? OrderTotal { get; private set; }
    public long? OrderDiscount { get; private set; }
    public long? Refunded { get; private set; }

    /// <returns>None, or the role whose cell cannot be read.</returns>
    public (RejectCode Code, ColumnRole Role) Read(DelimitedFile file)
    {
        long? price = null, total = null, discount = null, orderTotal = null, orderDiscount = null, refunded = null;
        int? quantity = null, lineNo = null;
        if (!TryAmount(file, ColumnRole.Price, ref price)) return (RejectCode.NotANumber, ColumnRole.Price);
        if (!TryAmount(file, ColumnRole.LineTotal, ref total)) return (RejectCode.NotANumber, ColumnRole.LineTotal);
        if (!TryAmount(file, ColumnRole.Discount, ref discount)) return (RejectCode.NotANumber, ColumnRole.Discount);
        if (!TryAmount(file, ColumnRole.OrderTotal, ref orderTotal)) return (RejectCode.NotANumber, ColumnRole.OrderTotal);
        if (!TryAmount(file, ColumnRole.OrderDiscount, ref orderDiscount)) return (RejectCode.NotANumber, ColumnRole.OrderDiscount);
        if (!TryAmount(file, ColumnRole.Refunded, ref refunded)) return (RejectCode.NotANumber, ColumnRole.Refunded);
        if (!TryWhole(file, ColumnRole.Quantity, ref quantity)) return (RejectCode.NotAWholeNumber, ColumnRole.Quantity);
        if (!TryWhole(file, ColumnRole.LineNo, ref lineNo)) return (RejectCode.NotAWholeNumber, ColumnRole.LineNo);
        if (!columns.Has(ColumnRole.Price)) total ??= orderTotal;
        if (price is null && total is { } whole) (price, discount) = Unit(whole, quantity);
        else if (price is { } unit && total is { } came && (unit * (quantity ?? 1)) - came is >= 0 and var off) discount = off;
        (Price, Quantity, Discount, LineNo) = (price, quantity, discount is { } less ? Math.Abs(less) : null, lineNo);
        (OrderTotal, OrderDiscount, Refunded) = (columns.Has(ColumnRole.Price) ? orderTotal : null, orderDiscount is { } given ? Math.Abs(given) : null, refunded is { } back ? Math.Abs(back) : null);
        return default;
    }

    /// <summary>One item's price of a total; what does not divide evenly, less than a ten-thousandth an item, becomes a discount.</summary>
    private static (long Price, long? Discount) Unit(long total, int? quantity)
    {
        if (quantity is not > 1 || total < 0) return (total, null);
        var unit = (total + quantity.Value - 1) / quantity.Value;
        var rest = (unit * quantity.Value) - total;
        return (unit, rest == 0 ? null : rest);
    }

    private bool TryAmount(DelimitedFile file, ColumnRole role, ref long? amount)
    {
        var cell = columns.Cell(file, role);
        if (cell.IsEmpty) return true;
        var read = _numbers.TryAmount(cell, out var value);
        amount = value;
        return read;
    }

    private bool TryWhole(DelimitedFile file, ColumnRole role, ref int? whole)
    {
        var cell = columns.Cell(file, role);
        if (cell.IsEmpty) return true;
        var read = _numbers.TryWhole(cell, out var value);
        whole = value;
        return read;
    }
}
