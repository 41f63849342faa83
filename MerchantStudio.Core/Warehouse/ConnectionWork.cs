using MerchantStudio.Core.Native.DuckDb;

namespace MerchantStudio.Core.Warehouse;

/// <summary>Runs blocking engine calls on a thread of their own, stops them when cancelled and translates their errors.</summary>
internal static class ConnectionWork
{
    private static readonly TimeSpan InterruptEvery = TimeSpan.FromMilliseconds(20);

    /// <summary>A thread of its own, because long statements would starve the pool that serves pages.</summary>
    /// <param name="file">The database that errors are about.</param>
    public static Task<T> RunAsync<T>(string file, Func<T> work) =>
        Task.Factory.StartNew(() => Translate(file, work), CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);

    public static Task<T> RunAsync<T>(DuckDbConnection connection, Func<T> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return RunAsync(connection.File, () => Watch(connection, work, cancellationToken));
    }

    /// <summary>Interrupts the connection while <paramref name="work"/> runs and the token is cancelled.</summary>
    public static T Watch<T>(DuckDbConnection connection, Func<T> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var interrupter = new Interrupter(connection, cancellationToken);
        try
        {
            return work();
        }
        catch (DuckDbException error) when (error.Type == DuckDbErrorType.Interrupt && cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(error.Message, error, cancellationToken);
        }
        catch (DuckDbException error) when (error.Type == DuckDbErrorType.Fatal)
        {
            connection.IsDead = true;
            throw;
        }
    }

    public static T Translate<T>(string file, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (DuckDbException error)
        {
            throw Translated(file, error);
        }
    }

    public static WarehouseException Translated(string file, DuckDbException error)
    {
        var kind = KindOf(error);
        return new WarehouseException(kind, error.Message, error)
        {
            Problem = kind switch
            {
                WarehouseErrorKind.Damaged => new WarehouseDamaged(file),
                WarehouseErrorKind.OutOfMemory => WarehouseTooSmall.Of(error.Message),
                _ => null,
            },
        };
    }

    private static WarehouseErrorKind KindOf(DuckDbException error) => error.Type switch
    {
        DuckDbErrorType.Transaction => WarehouseErrorKind.Conflict,
        DuckDbErrorType.Catalog => WarehouseErrorKind.Catalog,
        DuckDbErrorType.Parser or DuckDbErrorType.Syntax or DuckDbErrorType.Binder => WarehouseErrorKind.Syntax,
        DuckDbErrorType.Conversion or DuckDbErrorType.OutOfRange or DuckDbErrorType.MismatchType => WarehouseErrorKind.Value,
        DuckDbErrorType.Constraint => WarehouseErrorKind.Constraint,
        DuckDbErrorType.Io when error.Message.Contains("lock on file", StringComparison.Ordinal) => WarehouseErrorKind.Locked,
        DuckDbErrorType.Serialization => WarehouseErrorKind.Damaged,
        DuckDbErrorType.Io or DuckDbErrorType.Fatal or DuckDbErrorType.Internal when SaysDamaged(error.Message) => WarehouseErrorKind.Damaged,
        DuckDbErrorType.Io => WarehouseErrorKind.Io,
        DuckDbErrorType.OutOfMemory => WarehouseErrorKind.OutOfMemory,
        DuckDbErrorType.Permission => WarehouseErrorKind.Permission,
        DuckDbErrorType.Interrupt => WarehouseErrorKind.Deleted,   // nobody cancelled the call: the warehouse was shut under it
        _ => WarehouseErrorKind.Other,
    };

    /// <summary>Blocks of the file carry check sums, which are compared when a block is read.</summary>
    private static bool SaysDamaged(string message) =>
        message.Contains("Corrupt database file", StringComparison.Ordinal) || message.Contains("not a valid DuckDB database file", StringComparison.Ordinal);

    /// <summary>Repeats the interrupt, because one that comes just before a statement begins is lost.</summary>
    private sealed class Interrupter : IDisposable
    {
        private readonly DuckDbConnection _connection;
        private readonly CancellationTokenRegistration _registration;
        private readonly Lock _lock = new();
        private Timer? _timer;
        private bool _ended;

        public Interrupter(DuckDbConnection connection, CancellationToken cancellationToken)
        {
            _connection = connection;
            _registration = cancellationToken.UnsafeRegister(static state => ((Interrupter)state!).Begin(), this);
        }

        public void Dispose()
        {
            _registration.Dispose();
            lock (_lock) _ended = true;   // a tick still under way must not reach the next statement
            _timer?.Dispose();
        }

        private void Begin() => _timer = new Timer(static state => ((Interrupter)state!).Tick(), this, TimeSpan.Zero, InterruptEvery);

        private void Tick()
        {
            lock (_lock)
            {
                if (!_ended) _connection.Interrupt();
            }
        }
    }
}
