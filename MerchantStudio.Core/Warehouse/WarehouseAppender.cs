using System.Buffers;
using System.Text;
using MerchantStudio.Core.Native.DuckDb;

namespace MerchantStudio.Core.Warehouse;

/// <summary>
/// Adds rows to a table in bulk. A column left unset is NULL. Nothing is kept unless <see cref="Complete"/> is called and the
/// session commits. A value of the wrong type for its column throws <see cref="ArgumentException"/>. Not thread-safe.
/// </summary>
public sealed class WarehouseAppender : IDisposable
{
    private const int StackText = 256;

    private readonly DuckDbAppender _native;
    private readonly string _file;
    private readonly Action<bool> _ended;
    private bool _complete;
    private bool _disposed;

    internal WarehouseAppender(DuckDbAppender native, string file, Action<bool> ended)
    {
        _native = native;
        _file = file;
        _ended = ended;
    }

    /// <param name="value">Valid UTF-8; with any other no row is stored.</param>
    public void Utf8(int column, ReadOnlySpan<byte> value) => _native.Utf8(column, value);

    /// <summary>Null leaves the column NULL.</summary>
    public void Text(int column, string? value)
    {
        if (value is null) return;
        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        if (most <= StackText)
        {
            Span<byte> bytes = stackalloc byte[StackText];
            _native.Utf8(column, bytes[..Encoding.UTF8.GetBytes(value, bytes)]);
            return;
        }

        var rented = ArrayPool<byte>.Shared.Rent(most);
        _native.Utf8(column, rented.AsSpan(0, Encoding.UTF8.GetBytes(value, rented)));
        ArrayPool<byte>.Shared.Return(rented);
    }

    public void Long(int column, long value) => _native.Value(column, DuckDbType.BigInt, value);

    public void Int(int column, int value) => _native.Value(column, DuckDbType.Integer, value);

    public void Double(int column, double value) => _native.Value(column, DuckDbType.Double, value);

    public void Boolean(int column, bool value) => _native.Value(column, DuckDbType.Boolean, value ? (byte)1 : (byte)0);

    /// <summary>A DECIMAL(18,4) given as ten-thousandths.</summary>
    public void Scaled(int column, long tenThousandths) => _native.Value(column, DuckDbType.Decimal, tenThousandths);

    /// <summary>A TIMESTAMP given as microseconds since 1970-01-01, UTC.</summary>
    public void Instant(int column, long microseconds) => _native.Value(column, DuckDbType.Timestamp, microseconds);

    public void EndRow()
    {
        try
        {
            _native.EndRow();
        }
        catch (DuckDbException error)
        {
            throw ConnectionWork.Translated(_file, error);
        }
    }

    /// <summary>Sends what is left. Rows become visible to others when the session commits.</summary>
    public void Complete()
    {
        ConnectionWork.Translate(_file, () =>
        {
            _native.Complete();
            return true;
        });
        _complete = true;
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _native.Dispose();
        _ended(_complete);
    }
}
