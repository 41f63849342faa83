using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using MerchantStudio.Core.Shop;

namespace MerchantStudio.Core.Warehouse;

/// <summary>One workspace's event store. Thread-safe; each call takes a connection of its own.</summary>
/// <remarks>
/// Not called plainly "Warehouse", because inside MerchantStudio.Core that name is this namespace. The engine behind it is opened by
/// the first call, closed when idle and opened again by the next call, so an instance may be kept.
/// </remarks>
[SuppressMessage("Reliability", "CA1001", Justification = "The semaphore holds nothing unless its wait handle is asked for; callers must not be offered a Dispose.")]
public sealed class WorkspaceWarehouse
{
    private const int CompactionTries = 10;
    private static readonly TimeSpan LeasePoll = TimeSpan.FromMilliseconds(10);

    /// <summary>A pause in which nobody is between one click and the next.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    /// <summary>Who has waited so long for a pause waits for none.</summary>
    private static readonly TimeSpan PatienceForPause = TimeSpan.FromMinutes(10);

    private readonly string _file;
    private readonly int _threads;
    private readonly MemoryShares _memory;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Lock _leasesLock = new();
    private readonly HashSet<Lease> _leases = [];
    private WarehouseEngine? _engine;
    private long _share;
    private bool _deleted;
    private CancellationTokenSource? _yielding;
    private int _compactionsDue;
    private DateTimeOffset _compactionDueSince;

    internal WorkspaceWarehouse(WorkspaceId workspace, string file, int threads, MemoryShares memory, TimeProvider time)
    {
        Workspace = workspace;
        _file = file;
        _threads = threads;
        _memory = memory;
        _time = time;
        LastUsed = time.GetUtcNow();
    }

    public WorkspaceId Workspace { get; }

    /// <summary>How many threads the engine has.</summary>
    public int Threads => _threads;

    internal DateTimeOffset LastUsed { get; private set; }

    /// <summary>A test's hold on the moments in which a compaction's copy stands beside the file, see <see cref="WarehouseCompaction.Run"/>.</summary>
    internal Action<CancellationToken>? InCompaction { get; set; }

    internal bool IsOpen => _engine is not null;

    internal bool IsIdle
    {
        get
        {
            lock (_leasesLock) return _engine is not null && _leases.Count == 0;
        }
    }

    /// <param name="sql">One statement; values as $1, $2 and so on.</param>
    /// <param name="parameters">string, long, int, double, decimal, bool, DateTimeOffset, DateOnly or null.</param>
    /// <exception cref="WarehouseException">The engine refuses the statement or fails.</exception>
    public async Task<ImmutableArray<T>> QueryAsync<T>(string sql, Func<WarehouseRow, T> map, IReadOnlyList<object?> parameters, CancellationToken cancellationToken)
    {
        using var lease = await RentAsync(cancellationToken).ConfigureAwait(false);
        var connection = lease.Connection;
        return await ConnectionWork.RunAsync(connection, () => Statements.Query(connection, sql, map, parameters, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The first row's first value; default when there is no row or it is NULL (ask for a nullable type to tell).</summary>
    public async Task<T?> ScalarAsync<T>(string sql, IReadOnlyList<object?> parameters, CancellationToken cancellationToken)
    {
        using var lease = await RentAsync(cancellationToken).ConfigureAwait(false);
        var connection = lease.Connection;
        return await ConnectionWork.RunAsync(connection, () => Statements.Scalar<T>(connection, sql, parameters), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Opens a transaction on a connection of its own.</summary>
    public async Task<WarehouseSession> BeginAsync(CancellationToken cancellationToken)
    {
        var lease = await RentAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await ConnectionWork.RunAsync(_file, () => lease.Connection.Execute("begin transaction", [])).ConfigureAwait(false);
            return new WarehouseSession(lease);
        }
        catch (WarehouseException)
        {
            lease.Dispose();
            throw;
        }
    }

    /// <summary>Rows as typed columns, read ahead on a thread of their own; for feature matrices.</summary>
    public async IAsyncEnumerable<ColumnBatch> StreamAsync(string sql, IReadOnlyList<object?> parameters, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var lease = await RentAsync(cancellationToken).ConfigureAwait(false);
        await foreach (var batch in BatchStream.ReadAsync(lease.Connection, sql, parameters, cancellationToken).ConfigureAwait(false)) yield return batch;
    }

    /// <summary>Replaces each named table with its <c>next_</c> twin, all at once: a reader sees either all old or all new ones.</summary>
    /// <exception cref="WarehouseException">Kind Catalog when a twin is missing; then nothing changes.</exception>
    public async Task PublishAsync(IReadOnlyList<string> tables, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tables);
        var session = await BeginAsync(cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            foreach (var table in tables)
            {
                var name = Sql.Identifier(table);
                await session.ExecuteAsync($"drop table if exists {name}; alter table {Sql.Identifier("next_" + table)} rename to {name}", [], cancellationToken).ConfigureAwait(false);
            }

            await session.CommitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task<bool> HasTableAsync(string table, CancellationToken cancellationToken) =>
        await ScalarAsync<long>("select count(*) from information_schema.tables where table_schema = 'main' and table_name = $1", [table], cancellationToken).ConfigureAwait(false) > 0;

    /// <summary>How much of the file holds data.</summary>
    public async Task<WarehouseSize> SizeAsync(CancellationToken cancellationToken)
    {
        var dead = await ScalarAsync<long>("select block_size * free_blocks from pragma_database_size() where database_name = current_database()", [], cancellationToken).ConfigureAwait(false);
        return new WarehouseSize(new FileInfo(_file).Length, dead);
    }

    /// <summary>Gives the disk back the end of the file where nothing there is in use, as after a transaction that was rolled back: its blocks lie at the end.</summary>
    /// <exception cref="WarehouseException">Another transaction is open, or the disk is full; the file is as it was.</exception>
    public Task TrimAsync(CancellationToken cancellationToken) => QueryAsync("checkpoint", _ => 0, [], cancellationToken);

    /// <summary>Gives the disk back what the file no longer needs. Waits for running calls; calls that come meanwhile wait in turn.</summary>
    /// <returns>Bytes by which the file became smaller.</returns>
    /// <exception cref="WarehouseException">Kind Io when the disk has no room for the copy; the file is as it was.</exception>
    public async Task<long> CompactAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await TryCompactAsync(null, cancellationToken).ConfigureAwait(false) is { } gained) return gained;
            await Task.Delay(LeasePoll, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>As <see cref="CompactAsync"/>, where it is worth it and nobody is using the warehouse; whoever comes meanwhile ends it and goes first.</summary>
    /// <returns>Bytes by which the file became smaller; 0 when it was left as it is.</returns>
    internal async Task<long> CompactAtLeisureAsync(CancellationToken cancellationToken)
    {
        if (!IsIdle || !(await SizeAsync(cancellationToken).ConfigureAwait(false)).IsWasteful) return 0;
        using var yielding = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            return await TryCompactAsync(yielding, yielding.Token).ConfigureAwait(false) ?? 0;
        }
        catch (Exception given) when (given is OperationCanceledException or WarehouseException && !cancellationToken.IsCancellationRequested)
        {
            return 0;   // somebody came, or the disk has no room: the file is as it was, and there will be another moment
        }
    }

    /// <summary>Says that tables have been written anew: if much of the file is dead by now, the disk gets it back in the next pause, and nobody waits for that.</summary>
    public void CompactInAPause()
    {
        if (_compactionsDue == 0) _compactionDueSince = _time.GetUtcNow();
        _compactionsDue = CompactionTries;
    }

    internal bool CompactionIsDue => _compactionsDue > 0;

    /// <summary>Does what <see cref="CompactInAPause"/> asked for, where there is a pause. Somebody who comes meanwhile ends it; then it is tried again in another.</summary>
    internal async Task CompactIfDueAsync(long leastDeadBytes, CancellationToken cancellationToken)
    {
        if (_compactionsDue == 0 || !IsIdle || LastUsed > _time.GetUtcNow() - Pause) return;
        _compactionsDue--;
        try
        {
            // What was dropped last is counted as dead once it is written down.
            await TrimAsync(cancellationToken).ConfigureAwait(false);
            if (!(await SizeAsync(cancellationToken).ConfigureAwait(false)).IsPressing(leastDeadBytes)) _compactionsDue = 0;
        }
        catch (WarehouseException)
        {
            return;   // somebody's transaction is open, or the disk is full: another pause will do
        }

        if (_compactionsDue > 0 && await CompactAtLeisureAsync(cancellationToken).ConfigureAwait(false) > 0) _compactionsDue = 0;
    }

    /// <summary>Does what <see cref="CompactInAPause"/> asked for where no pause has come in ten minutes, as in a shop that is always in use: whoever comes meanwhile waits.</summary>
    internal async Task CompactIfOverdueAsync(long leastDeadBytes, CancellationToken cancellationToken)
    {
        if (_compactionsDue == 0 || _compactionDueSince > _time.GetUtcNow() - PatienceForPause) return;
        try
        {
            if ((await SizeAsync(cancellationToken).ConfigureAwait(false)).IsPressing(leastDeadBytes)) await CompactAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (WarehouseException full) when (full.Kind == WarehouseErrorKind.Io)
        {
            // The disk has no room for the copy and the file is as it was; what changes tables next asks again.
        }

        _compactionsDue = 0;
    }

    internal async Task<Lease> RentAsync(CancellationToken cancellationToken)
    {
        lock (_leasesLock) _yielding?.Cancel();
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_deleted) throw new WarehouseException(WarehouseErrorKind.Deleted, $"The data of workspace '{Workspace}' has been deleted.");
            if (_engine is { IsDead: true } && IsIdle) await CloseEngineAsync().ConfigureAwait(false);
            var engine = _engine ??= await OpenEngineAsync().ConfigureAwait(false);
            LastUsed = _time.GetUtcNow();
            var lease = new Lease(this, engine, await ConnectionWork.RunAsync(_file, engine.Take).ConfigureAwait(false));
            lock (_leasesLock) _leases.Add(lease);
            return lease;
        }
        finally
        {
            _gate.Release();
        }
    }

    internal void Release(Lease lease)
    {
        LastUsed = _time.GetUtcNow();
        lock (_leasesLock) _leases.Remove(lease);
    }

    /// <summary>Waits for running calls, then closes the engine; the next call opens it again.</summary>
    internal async Task CloseAsync(CancellationToken cancellationToken)
    {
        while (!await TryCloseAsync(cancellationToken).ConfigureAwait(false))
            await Task.Delay(LeasePoll, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Closes the engine unless a call is running.</summary>
    internal async Task<bool> TryCloseAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_engine is null) return true;
            if (!IsIdle) return false;
            await CloseEngineAsync().ConfigureAwait(false);
            return true;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <param name="yielding">What a call that comes meanwhile cancels; null to let it wait.</param>
    /// <returns>Null when a call is running.</returns>
    private async Task<long?> TryCompactAsync(CancellationTokenSource? yielding, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_deleted || !File.Exists(_file)) return 0;
            lock (_leasesLock)
            {
                if (_leases.Count > 0) return null;
            }

            await CloseEngineAsync().ConfigureAwait(false);

            lock (_leasesLock) _yielding = yielding;
            var share = _memory.Take();
            try
            {
                return await ConnectionWork.RunAsync(_file, () => WarehouseCompaction.Run(_file, share, _threads, InCompaction, cancellationToken)).ConfigureAwait(false);
            }
            finally
            {
                lock (_leasesLock) _yielding = null;
                _memory.Return(share);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Refuses new calls, stops running ones and closes the engine.</summary>
    internal async Task ShutAsync(CancellationToken cancellationToken)
    {
        _deleted = true;
        while (!await TryCloseAsync(cancellationToken).ConfigureAwait(false))
        {
            lock (_leasesLock)
            {
                foreach (var lease in _leases) lease.Connection.Interrupt();
            }

            await Task.Delay(LeasePoll, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<WarehouseEngine> OpenEngineAsync()
    {
        _share = _memory.Take();
        try
        {
            return await ConnectionWork.RunAsync(_file, () => WarehouseEngine.Open(_file, _share, _threads)).ConfigureAwait(false);
        }
        catch (WarehouseException)
        {
            _memory.Return(_share);
            throw;
        }
    }

    private async Task CloseEngineAsync()
    {
        if (_engine is not { } engine) return;
        _engine = null;
        await ConnectionWork.RunAsync(_file, () =>
        {
            engine.Dispose();
            return true;
        }).ConfigureAwait(false);
        _memory.Return(_share);
    }
}
