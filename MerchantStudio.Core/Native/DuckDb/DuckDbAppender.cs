using System.Collections.Concurrent;

namespace MerchantStudio.Core.Native.DuckDb;

/// <summary>
/// Fills data chunks in place and hands full ones to the library on a thread of its own, so that reading a file and storing its rows
/// overlap. A value left unset is NULL. Used by one thread.
/// </summary>
internal sealed class DuckDbAppender : IDisposable
{
    /// <summary>
    /// The library stores 100 chunks at a time and takes none meanwhile: with room for more than those, reading goes on. A fixed number, so that a fast reader
    /// waits for a slow disk; fewer for wide tables.
    /// </summary>
    private const int MostChunks = 112;
    private const int LeastChunks = 2;
    private const long ChunkBytes = 64L << 20;
    private const long ValueBytes = 16;

    private readonly AppenderHandle _appender;
    private readonly DuckDbType[] _types;
    private readonly BlockingCollection<AppendChunk> _full = [];
    private readonly BlockingCollection<AppendChunk> _free = [];
    private readonly List<AppendChunk> _chunks = [];
    private readonly int _most;
    private AppendChunk _chunk;
    private Thread? _storing;
    private volatile DuckDbException? _failure;

    /// <param name="appender">Owned from here on.</param>
    public DuckDbAppender(AppenderHandle appender)
    {
        _appender = appender;
        _types = new DuckDbType[(int)DuckDbApi.AppenderColumnCount(appender)];
        _most = (int)Math.Clamp(ChunkBytes / (_types.Length * AppendChunk.Capacity * ValueBytes), LeastChunks, MostChunks);
        _chunk = NewChunk();
    }

    public void Value<T>(int column, DuckDbType type, T value)
        where T : unmanaged
    {
        if (_types[column] != type) throw new ArgumentException($"Column {column} holds {_types[column]}, not {type}.", nameof(column));
        _chunk.Value(column, value);
    }

    public void Utf8(int column, ReadOnlySpan<byte> value)
    {
        if (_types[column] != DuckDbType.Varchar) throw new ArgumentException($"Column {column} holds {_types[column]}, not text.", nameof(column));
        if (!System.Text.Unicode.Utf8.IsValid(value)) throw new ArgumentException("The text is not valid UTF-8.", nameof(value));
        _chunk.Utf8(column, value);
    }

    /// <exception cref="DuckDbException">This chunk or one before it could not be stored.</exception>
    public void EndRow()
    {
        _chunk.EndRow();
        if (!_chunk.IsFull) return;
        if (_failure is { } failure) throw failure;
        if (_storing is null)
        {
            _storing = new Thread(Store) { IsBackground = true, Name = "appender" };
            _storing.Start();
        }

        _full.Add(_chunk);
        _chunk = _chunks.Count < _most ? NewChunk() : _free.Take();
    }

    /// <summary>Sends what is left; after it nothing more can be added.</summary>
    public void Complete()
    {
        EndStoring();
        if (_failure is { } failure) throw failure;
        if (_chunk.Rows > 0) Append(_chunk);
        if (DuckDbApi.AppenderClose(_appender) != DuckDbApi.Success) throw Error("appender_close");
    }

    public void Dispose()
    {
        EndStoring();
        if (!_appender.IsClosed) _ = DuckDbApi.AppenderClear(_appender);   // else destroying it would write what it still holds
        foreach (var chunk in _chunks) chunk.Dispose();
        _appender.Dispose();
        _full.Dispose();
        _free.Dispose();
    }

    private void Store()
    {
        foreach (var chunk in _full.GetConsumingEnumerable())
        {
            try
            {
                if (_failure is null) Append(chunk);
            }
            catch (DuckDbException error)
            {
                _failure = error;   // thrown at the writer's next full chunk
            }

            chunk.Reset();
            _free.Add(chunk);
        }
    }

    private void EndStoring()
    {
        if (_storing is null) return;
        _full.CompleteAdding();
        _storing.Join();
        _storing = null;
    }

    private void Append(AppendChunk chunk)
    {
        DuckDbApi.DataChunkSetSize(chunk.Handle, (ulong)chunk.Rows);
        if (DuckDbApi.AppendDataChunk(_appender, chunk.Handle) != DuckDbApi.Success) throw Error("append_data_chunk");
    }

    private unsafe AppendChunk NewChunk()
    {
        var logical = new LogicalTypeHandle[_types.Length];
        var pointers = new nint[_types.Length];
        try
        {
            for (var column = 0; column < _types.Length; column++)
            {
                logical[column] = DuckDbApi.AppenderColumnType(_appender, (ulong)column);
                pointers[column] = logical[column].DangerousGetHandle();
                _types[column] = DuckDbApi.GetTypeId(logical[column]);
            }

            fixed (nint* types = pointers)
            {
                var chunk = new AppendChunk(DuckDbApi.CreateDataChunk(types, (ulong)_types.Length), _types.Length);
                _chunks.Add(chunk);
                return chunk;
            }
        }
        finally
        {
            foreach (var type in logical) type?.Dispose();
        }
    }

    /// <summary>An appender's message does not begin with its kind, so the kind is asked for.</summary>
    private DuckDbException Error(string call)
    {
        using var error = DuckDbApi.AppenderErrorData(_appender);
        return new DuckDbException(DuckDbApi.ErrorDataErrorType(error), call, DuckDbApi.Text(DuckDbApi.ErrorDataMessage(error)) ?? "no message");
    }
}
