namespace MerchantStudio.Core.Native.DuckDb;

/// <summary>A connection: one statement at a time, from one thread at a time, save for <see cref="Interrupt"/> and <see cref="Progress"/>.</summary>
internal sealed class DuckDbConnection(ConnectionHandle handle, string file) : IDisposable
{
    private readonly AppendTurn _turn = new();

    /// <summary>The database's path, or ":memory:".</summary>
    public string File => file;

    /// <summary>After an error that the engine calls fatal, as when a checkpoint finds the disk full, it refuses everything on all connections until the database is opened anew.</summary>
    public bool IsDead { get; set; }

    /// <summary>Lets <see cref="Progress"/> be read. While it waits, the engine then polls its own progress without a pause, which takes processor time from the work itself; a connection starts without it.</summary>
    public void TrackProgress() => Execute("pragma enable_progress_bar; pragma disable_print_progress_bar", []);

    /// <summary>0 to 1 of the running statement; null while unknown, idle or not tracked.</summary>
    public double? Progress => DuckDbApi.QueryProgress(handle).Percentage is >= 0 and var percentage ? Math.Min(percentage / 100, 1) : null;

    /// <summary>Stops the running statement; does nothing when none runs.</summary>
    public void Interrupt() => DuckDbApi.Interrupt(handle);

    /// <summary>Runs SQL to its end. Without parameters it may hold many statements.</summary>
    /// <returns>Rows changed by the last statement.</returns>
    public long Execute(string sql, IReadOnlyList<object?> parameters)
    {
        if (parameters.Count == 0) return ExecuteAll(sql);
        using var statement = Prepare(sql, parameters);
        return Execute(statement);
    }

    /// <summary>Runs one statement and streams its rows. Nothing else may run here until the reader is disposed: the stream would end early, silently.</summary>
    public DuckDbReader Query(string sql, IReadOnlyList<object?> parameters)
    {
        using var statement = Prepare(sql, parameters);
        var state = DuckDbApi.PendingPreparedStreaming(statement, out var pending);
        using (pending)
        {
            if (state != DuckDbApi.Success) throw PendingErrorOf(pending, "pending_prepared_streaming");
            return new DuckDbReader(Finish(pending));
        }
    }

    /// <param name="columns">Columns to fill, in this order; empty for all of the table's.</param>
    /// <param name="inAnyOrder">Whether rows may be stored on several threads, and not as they come.</param>
    public DuckDbAppender Append(string table, IReadOnlyList<string> columns, bool inAnyOrder)
    {
        var state = DuckDbApi.AppenderCreateExt(handle, null, null, table, out var appender);
        using (appender)
        {
            // The library's appender knows the columns and their types; it gets no rows.
            if (state != DuckDbApi.Success) throw DuckDbException.FromMessage("appender_create_ext", DuckDbApi.Text(DuckDbApi.AppenderError(appender)));
            foreach (var column in columns)
            {
                if (DuckDbApi.AppenderAddColumn(appender, column) != DuckDbApi.Success)
                    throw DuckDbException.FromMessage("appender_add_column", DuckDbApi.Text(DuckDbApi.AppenderError(appender)));
            }

            var types = Enumerable.Range(0, (int)DuckDbApi.AppenderColumnCount(appender)).Select(column => DuckDbApi.AppenderColumnType(appender, (ulong)column));
            var named = columns.Count == 0 ? "" : $" ({string.Join(", ", columns.Select(Quoted))})";
            return new DuckDbAppender(this, _turn, Quoted(table) + named, inAnyOrder, [.. types]);
        }
    }

    public void Dispose() => handle.Dispose();

    internal static DuckDbException ErrorOf(ResultHandle result, string call)
    {
        var message = DuckDbApi.Text(DuckDbApi.ResultError(result)) ?? "no message";
        var type = DuckDbApi.ResultErrorType(result);
        return type == DuckDbErrorType.Unknown ? DuckDbException.FromMessage(call, message) : new DuckDbException(type, call, message);
    }

    private static DuckDbException PendingErrorOf(PendingHandle pending, string call) => DuckDbException.FromMessage(call, DuckDbApi.Text(DuckDbApi.PendingError(pending)));

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private long ExecuteAll(string sql)
    {
        var count = DuckDbApi.ExtractStatements(handle, sql, out var script);
        using (script)
        {
            if (count == 0) throw DuckDbException.FromMessage("extract_statements", DuckDbApi.Text(DuckDbApi.ExtractStatementsError(script)));
            long changed = 0;
            for (ulong at = 0; at < count; at++)
            {
                var state = DuckDbApi.PrepareExtracted(handle, script, at, out var statement);
                using (statement)
                {
                    if (state != DuckDbApi.Success) throw DuckDbException.FromMessage("prepare_extracted_statement", DuckDbApi.Text(DuckDbApi.PrepareError(statement)));
                    changed = Execute(statement);
                }
            }

            return changed;
        }
    }

    private static long Execute(StatementHandle statement)
    {
        var state = DuckDbApi.PendingPrepared(statement, out var pending);
        using (pending)
        {
            if (state != DuckDbApi.Success) throw PendingErrorOf(pending, "pending_prepared");
            using var result = Finish(pending);
            return checked((long)DuckDbApi.RowsChanged(result));
        }
    }

    /// <summary>
    /// Works on a statement until it has a result. Where other threads hold all of its work it looks again after ever longer pauses of up to a millisecond; the
    /// library's own way looks without a pause and keeps a core from those that work.
    /// </summary>
    private static ResultHandle Finish(PendingHandle pending)
    {
        var wait = new SpinWait();
        int task;
        while ((task = DuckDbApi.PendingExecuteTask(pending)) != DuckDbApi.PendingReady)
        {
            if (task == DuckDbApi.PendingFailed) throw PendingErrorOf(pending, "pending_execute_task");
            if (task == DuckDbApi.PendingNoTask) wait.SpinOnce();
            else wait.Reset();
        }

        var result = new ResultHandle();
        if (DuckDbApi.ExecutePending(pending, result) == DuckDbApi.Success) return result;
        using (result) throw ErrorOf(result, "execute_pending");
    }

    private StatementHandle Prepare(string sql, IReadOnlyList<object?> parameters)
    {
        var state = DuckDbApi.Prepare(handle, sql, out var statement);
        try
        {
            if (state != DuckDbApi.Success) throw DuckDbException.FromMessage("prepare", DuckDbApi.Text(DuckDbApi.PrepareError(statement)));
            for (var index = 0; index < parameters.Count; index++) DuckDbParameters.Bind(statement, index + 1, parameters[index]);
            return statement;
        }
        catch (Exception error) when (error is DuckDbException or ArgumentException)
        {
            statement.Dispose();
            throw;
        }
    }
}
