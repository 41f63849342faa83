using System.Collections.Concurrent;

namespace MerchantStudio.Core.Native.DuckDb;

/// <summary>
/// Fills data chunks in place and hands full ones to an insert that runs on a thread of its own, so that reading a file and storing its rows overlap. A value left
/// unset is NULL. Used by one thread.
/// </summary>
/// <remarks>
/// A connection runs one statement at a time. Of several appenders one stores and the others keep their chunks until they have no room left; then they take
/// turns (<see cref="AppendTurn"/>).
/// </remarks>
internal sealed class DuckDbAppender : IDisposable, IRowSource
{
    /// <summary>A fixed number, so that a fast reader waits for a slow disk; fewer for wide tables.</summary>
    private const int MostChunks = 112;
    private const int LeastChunks = 2;
    private const long ChunkBytes = 64L << 20;
    private const long ValueBytes = 16;

    private readonly DuckDbConnection _connection;
    private readonly AppendTurn _turn;
    private readonly string _into;
    private readonly bool _inAnyOrder;
    private readonly DuckDbType[] _types;
    private readonly long _number;
    private readonly BlockingCollection<AppendChunk?> _full = [];
    private readonly BlockingCollection<AppendChunk> _free = [];
    private readonly List<AppendChunk> _chunks = [];
    private readonly int _most;
    private readonly AppendChunk?[] _lent = new AppendChunk?[RowFunction.MostReaders];
    private AppendChunk _chunk;
    private int _readers;
    private Thread? _storing;
    private volatile DuckDbException? _failure;
    private volatile bool _givenUp;

    /// <param name="into">Table and columns as an insert names them.</param>
    /// <param name="inAnyOrder">Whether rows may be stored on several threads.</param>
    /// <param name="types">Of the columns; owned from here on.</param>
    public DuckDbAppender(DuckDbConnection connection, AppendTurn turn, string into, bool inAnyOrder, LogicalTypeHandle[] types)
    {
        _inAnyOrder = inAnyOrder;
        _connection = connection;
        _turn = turn;
        _into = into;
        Types = types;
        _types = [.. types.Select(DuckDbApi.GetTypeId)];
        _most = (int)Math.Clamp(ChunkBytes / (_types.Length * AppendChunk.Capacity * ValueBytes), LeastChunks, MostChunks);
        _chunk = NewChunk();
        _number = RowFunction.Add(this);
    }

    public LogicalTypeHandle[] Types { get; }

    public void Value<T>(int column, DuckDbType type, T value)
        where T : unmanaged
    {
        if (_types[column] != type) throw new ArgumentException($"Column {column} holds {_types[column]}, not {type}.", nameof(column));
        _chunk.Value(column, value);
    }

    public void Utf8(int column, ReadOnlySpan<byte> value)
    {
        if (_types[column] != DuckDbType.Varchar) throw new ArgumentException($"Column {column} holds {_types[column]}, not text.", nameof(column));
        _chunk.Utf8(column, value);
    }

    /// <exception cref="DuckDbException">Rows before this one could not be stored.</exception>
    public void EndRow()
    {
        _chunk.EndRow();
        if (!_chunk.IsFull) return;
        if (_failure is { } failure) throw failure;
        _full.Add(_chunk);
        if (_turn.IsFree || _chunks.Count == _most) Store();
        _chunk = _free.TryTake(out var free) ? free : _chunks.Count < _most ? NewChunk() : _free.Take();
    }

    /// <summary>Stores what is left; after it nothing more can be added.</summary>
    public void Complete()
    {
        if (_chunk.Rows > 0) _full.Add(_chunk);
        if (_storing is null && _full.Count > 0)
        {
            _turn.Enter(this);
            _full.Add(null);
            Insert();
            _turn.Leave(this);
        }

        EndStoring();
        if (_failure is { } failure) throw failure;
    }

    public void Dispose()
    {
        if (_storing is not null)
        {
            // Given up: what waits need not be stored, and the insert fails instead of writing out what it has so far, for which a full disk has no room.
            _givenUp = true;
            while (_full.TryTake(out var given)) Free(given!);
            EndStoring();
        }

        RowFunction.Remove(_number);
        foreach (var chunk in _chunks) chunk.Dispose();
        foreach (var type in Types) type.Dispose();
        _full.Dispose();
        _free.Dispose();
    }

    void IRowSource.Begin() => _readers = 0;

    int IRowSource.AddReader() => Interlocked.Increment(ref _readers) - 1;

    AppendChunk? IRowSource.Next(int reader)
    {
        GiveBack(reader);
        var chunk = _lent[reader] = _full.Take();
        if (chunk is null) _full.Add(null);   // the other readers, and a failed insert, are to find the end, too
        return _givenUp ? throw new OperationCanceledException("The rows have been given up.") : chunk;
    }

    /// <summary>Ends the running insert once it has stored what is there; the next one begins when rows have come.</summary>
    internal void EndStoring()
    {
        if (_storing is null) return;
        _full.Add(null);
        _storing.Join();
        _storing = null;
        _turn.Leave(this);
    }

    private void Store()
    {
        if (_storing is not null) return;
        _turn.Enter(this);
        _storing = new Thread(Insert) { IsBackground = true, Name = "appender" };
        _storing.Start();
    }

    private void Insert()
    {
        try
        {
            _connection.Execute($"insert into {_into} {(_inAnyOrder ? RowFunction.CallInAnyOrder(_number, Types.Length) : RowFunction.Call(_number))}", []);
            GiveBackAll();
            _full.Take();   // the mark of the end
        }
        catch (DuckDbException error)
        {
            _failure = error;   // thrown at the writer's next full chunk
            GiveBackAll();
            while (_full.Take() is { } chunk) Free(chunk);   // the writer must not wait for room that nobody makes
        }
    }

    private void GiveBackAll()
    {
        for (var reader = 0; reader < _lent.Length; reader++) GiveBack(reader);
    }

    private void GiveBack(int reader)
    {
        if (_lent[reader] is not { } lent) return;
        _lent[reader] = null;
        Free(lent);
    }

    private void Free(AppendChunk chunk)
    {
        chunk.Reset();
        _free.Add(chunk);
    }

    private unsafe AppendChunk NewChunk()
    {
        fixed (nint* types = Array.ConvertAll(Types, type => type.DangerousGetHandle()))
        {
            var chunk = new AppendChunk(DuckDbApi.CreateDataChunk(types, (ulong)_types.Length), _types.Length);
            _chunks.Add(chunk);
            return chunk;
        }
    }
}
