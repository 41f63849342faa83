namespace MerchantStudio.Core.Warehouse;

/// <summary>The row at hand while a query's rows are mapped; columns count from 0. Valid only inside the mapping function.</summary>
public sealed class WarehouseRow
{
    public bool IsNull(int column) => throw new NotImplementedException();

    public string? Text(int column) => throw new NotImplementedException();

    public long Long(int column) => throw new NotImplementedException();

    public long? LongOrNull(int column) => throw new NotImplementedException();

    public int Int(int column) => throw new NotImplementedException();

    public int? IntOrNull(int column) => throw new NotImplementedException();

    public double Double(int column) => throw new NotImplementedException();

    public double? DoubleOrNull(int column) => throw new NotImplementedException();

    public decimal Decimal(int column) => throw new NotImplementedException();

    public decimal? DecimalOrNull(int column) => throw new NotImplementedException();

    public bool Boolean(int column) => throw new NotImplementedException();

    public bool? BooleanOrNull(int column) => throw new NotImplementedException();

    public DateTimeOffset Instant(int column) => throw new NotImplementedException();

    public DateTimeOffset? InstantOrNull(int column) => throw new NotImplementedException();

    public DateOnly Date(int column) => throw new NotImplementedException();

    public DateOnly? DateOrNull(int column) => throw new NotImplementedException();
}
