namespace MerchantStudio.Core.Warehouse;

/// <summary>Adds rows to a table in bulk. A column left unset is NULL. Nothing is kept unless <see cref="Complete"/> is called and the session commits.</summary>
public sealed class WarehouseAppender : IDisposable
{
    /// <summary>Valid UTF-8 without a zero byte.</summary>
    public void Utf8(int column, ReadOnlySpan<byte> value) => throw new NotImplementedException();

    public void Text(int column, string? value) => throw new NotImplementedException();

    public void Long(int column, long value) => throw new NotImplementedException();

    public void Int(int column, int value) => throw new NotImplementedException();

    public void Double(int column, double value) => throw new NotImplementedException();

    public void Boolean(int column, bool value) => throw new NotImplementedException();

    /// <summary>A DECIMAL(18,4) given as ten-thousandths.</summary>
    public void Scaled(int column, long tenThousandths) => throw new NotImplementedException();

    /// <summary>A TIMESTAMP given as microseconds since 1970-01-01, UTC.</summary>
    public void Instant(int column, long microseconds) => throw new NotImplementedException();

    public void EndRow() => throw new NotImplementedException();

    public void Complete() => throw new NotImplementedException();

    public void Dispose()
    {
    }
}
