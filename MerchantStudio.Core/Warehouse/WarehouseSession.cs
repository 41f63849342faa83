using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace MerchantStudio.Core.Warehouse;

/// <summary>A connection with an open transaction; disposed without a commit, it rolls back. One call at a time.</summary>
public sealed class WarehouseSession : IAsyncDisposable
{
    private readonly Lease _lease;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private bool _ended;
    private bool _commitTried;
    private bool _appendGivenUp;
    private bool _committedOnTheWay;
    private int _appenders;

    internal WarehouseSession(Lease lease) => _lease = lease;

    /// <param name="sql">May hold many statements when there are no parameters.</param>
    /// <returns>Rows changed by the last statement.</returns>
    public Task<long> ExecuteAsync(string sql, IReadOnlyList<object?> parameters, CancellationToken cancellationToken) =>
        InTurnAsync(() => _lease.Connection.Execute(sql, parameters), cancellationToken);

    public Task<ImmutableArray<T>> QueryAsync<T>(string sql, Func<WarehouseRow, T> map, IReadOnlyList<object?> parameters, CancellationToken cancellationToken) =>
        InTurnAsync(() => Statements.Query(_lease.Connection, sql, map, parameters, cancellationToken), cancellationToken);

    /// <inheritdoc cref="WorkspaceWarehouse.ScalarAsync{T}"/>
    public Task<T?> ScalarAsync<T>(string sql, IReadOnlyList<object?> parameters, CancellationToken cancellationToken) =>
        InTurnAsync(() => Statements.Scalar<T>(_lease.Connection, sql, parameters), cancellationToken);

    /// <summary>Rows as typed columns, this transaction's own changes included. Nothing else can run here before the last batch is taken.</summary>
    public async IAsyncEnumerable<ColumnBatch> StreamAsync(string sql, IReadOnlyList<object?> parameters, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        TakeTurn();
        try
        {
            await foreach (var batch in BatchStream.ReadAsync(_lease.Connection, sql, parameters, cancellationToken).ConfigureAwait(false)) yield return batch;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Adds rows in bulk. Several appenders may be open, used by one thread; nothing else can run here until all are disposed.</summary>
    /// <param name="columns">The columns to fill, numbered from 0 in this order; none for all of the table's. Others get NULL.</param>
    public WarehouseAppender Append(string table, params string[] columns) => Append(table, columns, inAnyOrder: false);

    /// <summary>The same for large tables whose readers ask for an order of their own: rows are stored on several threads, and not as they come.</summary>
    public WarehouseAppender AppendInAnyOrder(string table, params string[] columns) => Append(table, columns, inAnyOrder: true);

    private WarehouseAppender Append(string table, string[] columns, bool inAnyOrder)
    {
        if (_appenders == 0) TakeTurn();
        _appenders++;
        try
        {
            return new WarehouseAppender(ConnectionWork.Translate(_lease.Connection.File, () => _lease.Connection.Append(table, columns, inAnyOrder)), _lease.Connection.File, EndAppend);
        }
        catch (WarehouseException)
        {
            EndAppend(complete: true);
            throw;
        }
    }

    /// <exception cref="InvalidOperationException">An appender was given up before it was complete: its rows may be half there.</exception>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        if (_appendGivenUp) throw new InvalidOperationException("An appender was disposed before Complete: this session can only be rolled back.");
        cancellationToken.ThrowIfCancellationRequested();

        // Once begun it goes its way: an interrupt in the middle would leave nobody knowing whether the rows are there.
        _commitTried = true;
        await InTurnAsync(() => _lease.Connection.Execute("commit", []), CancellationToken.None).ConfigureAwait(false);
        _ended = true;
        _lease.Dispose();
    }

    /// <summary>Commits, lets others work with what is there now, and goes on in a transaction that sees what they have done. Temporary tables stay.</summary>
    public async Task CommitAroundAsync(Func<Task> others, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(others);
        if (_appendGivenUp) throw new InvalidOperationException("An appender was disposed before Complete: this session can only be rolled back.");
        cancellationToken.ThrowIfCancellationRequested();
        await InTurnAsync(() => _lease.Connection.Execute("commit", []), CancellationToken.None).ConfigureAwait(false);
        _committedOnTheWay = true;
        try
        {
            await others().ConfigureAwait(false);
        }
        finally
        {
            await InTurnAsync(() => _lease.Connection.Execute("begin transaction", []), CancellationToken.None).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_ended) return;
        _ended = true;
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            await ConnectionWork.RunAsync(_lease.Connection.File, () => _lease.Connection.Execute("rollback", [])).ConfigureAwait(false);
        }
        catch (WarehouseException error) when (_commitTried && error.Kind == WarehouseErrorKind.Conflict)
        {
            // A commit that fails has rolled back by itself; its own error says why, and there is no transaction left.
        }
        finally
        {
            if (_committedOnTheWay) _lease.CloseConnection();   // its temporary tables are no longer the transaction's to take back
            else _lease.Dispose();
        }
    }

    private async Task<T> InTurnAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        TakeTurn();
        try
        {
            return await ConnectionWork.RunAsync(_lease.Connection, work, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    private void TakeTurn()
    {
        ObjectDisposedException.ThrowIf(_ended, this);
        if (!_turn.Wait(0)) throw new InvalidOperationException("The session is busy: await the call before, or dispose the appender.");
    }

    private void EndAppend(bool complete)
    {
        _appendGivenUp |= !complete;
        if (--_appenders == 0) _turn.Release();
    }
}
