using System.Runtime.CompilerServices;

namespace MerchantStudio.Core.Native.DuckDb;

/// <summary>Fills data chunks in place and hands each full one to the library. A value left unset is NULL.</summary>
internal sealed unsafe class DuckDbAppender : IDisposable
{
    private readonly AppenderHandle _appender;
    private readonly ChunkHandle _chunk;
    private readonly DuckDbType[] _types;
    private readonly nint[] _vectors;
    private readonly byte*[] _data;
    private readonly ulong*[] _validity;
    private readonly int _capacity = (int)DuckDbApi.VectorSize();
    private int _rows;

    /// <param name="appender">Owned from here on.</param>
    public DuckDbAppender(AppenderHandle appender)
    {
        _appender = appender;
        var columns = (int)DuckDbApi.AppenderColumnCount(appender);
        _types = new DuckDbType[columns];
        _vectors = new nint[columns];
        _data = new byte*[columns];
        _validity = new ulong*[columns];
        _chunk = NewChunk(columns);
        BeginChunk();
    }

    public void Value<T>(int column, DuckDbType type, T value)
        where T : unmanaged
    {
        if (_types[column] != type) throw new ArgumentException($"Column {column} holds {_types[column]}, not {type}.", nameof(column));
        ((T*)_data[column])[_rows] = value;
        SetValid(column);
    }

    public void Utf8(int column, ReadOnlySpan<byte> value)
    {
        if (_types[column] != DuckDbType.Varchar) throw new ArgumentException($"Column {column} holds {_types[column]}, not text.", nameof(column));
        if (!System.Text.Unicode.Utf8.IsValid(value)) throw new ArgumentException("The text is not valid UTF-8.", nameof(value));
        if (value.Length <= VectorCopy.InlineText)
        {
            // Short strings live in the slot itself; its unused bytes must be zero, because strings are compared by slot.
            var slot = _data[column] + (_rows * 16L);
            ((ulong*)slot)[0] = 0;
            ((ulong*)slot)[1] = 0;
            *(int*)slot = value.Length;
            value.CopyTo(new Span<byte>(slot + 4, VectorCopy.InlineText));
        }
        else
        {
            fixed (byte* text = value) DuckDbApi.VectorAssignStringElementLen(_vectors[column], (ulong)_rows, text, (ulong)value.Length);
        }

        SetValid(column);
    }

    public void EndRow()
    {
        if (++_rows < _capacity) return;
        Flush();
        DuckDbApi.DataChunkReset(_chunk);
        BeginChunk();
    }

    /// <summary>Sends what is left; after it nothing more can be added.</summary>
    public void Complete()
    {
        if (_rows > 0) Flush();
        if (DuckDbApi.AppenderClose(_appender) != DuckDbApi.Success) throw Error("appender_close");
    }

    public void Dispose()
    {
        if (!_appender.IsClosed) _ = DuckDbApi.AppenderClear(_appender);   // else destroying it would write what it still holds
        _chunk.Dispose();
        _appender.Dispose();
    }

    private ChunkHandle NewChunk(int columns)
    {
        var logical = new LogicalTypeHandle[columns];
        var pointers = new nint[columns];
        try
        {
            for (var column = 0; column < columns; column++)
            {
                logical[column] = DuckDbApi.AppenderColumnType(_appender, (ulong)column);
                pointers[column] = logical[column].DangerousGetHandle();
                _types[column] = DuckDbApi.GetTypeId(logical[column]);
            }

            fixed (nint* types = pointers) return DuckDbApi.CreateDataChunk(types, (ulong)columns);
        }
        finally
        {
            foreach (var type in logical) type?.Dispose();
        }
    }

    private void BeginChunk()
    {
        _rows = 0;
        for (var column = 0; column < _types.Length; column++)
        {
            var vector = DuckDbApi.DataChunkGetVector(_chunk, (ulong)column);
            DuckDbApi.VectorEnsureValidityWritable(vector);
            _vectors[column] = vector;
            _data[column] = (byte*)DuckDbApi.VectorGetData(vector);
            _validity[column] = DuckDbApi.VectorGetValidity(vector);
            new Span<ulong>(_validity[column], _capacity / 64).Clear();
        }
    }

    private void Flush()
    {
        DuckDbApi.DataChunkSetSize(_chunk, (ulong)_rows);
        _rows = 0;
        if (DuckDbApi.AppendDataChunk(_appender, _chunk) != DuckDbApi.Success) throw Error("append_data_chunk");
    }

    private DuckDbException Error(string call) => DuckDbException.FromMessage(call, DuckDbApi.Text(DuckDbApi.AppenderError(_appender)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SetValid(int column) => _validity[column][_rows >> 6] |= 1UL << (_rows & 63);
}
