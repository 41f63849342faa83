using Npgsql;

namespace MerchantStudio.Core.AppState;

/// <summary>Of several processes on one PostgreSQL database, one carries jobs out: it would else take another's running job for one that was cut off.</summary>
/// <remarks>The turn is an advisory lock of a connection that stays open, so it passes on however a process ends. With app.db the data folder's own lock says the same.</remarks>
public sealed class WorkTurn : IAsyncDisposable
{
    private const long WorkLock = 0x4D53_5475_6469_6F32;
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    private readonly DatabaseSetting _setting;
    private NpgsqlConnection? _holding;

    internal WorkTurn(DatabaseSetting setting) => _setting = setting;

    /// <returns>False when another process has the turn.</returns>
    public async Task<bool> TryTakeAsync(CancellationToken cancellationToken)
    {
        if (!_setting.IsPostgres || _holding is not null) return true;
        NpgsqlConnection? connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_setting.Read().Value.ConnectionString) { Pooling = false, KeepAlive = 30 }.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            if (await PostgresDatabase.TryLockAsync(connection, WorkLock, cancellationToken).ConfigureAwait(false))
            {
                (_holding, connection) = (connection, null);
                return true;
            }
        }
        finally
        {
            if (connection is not null) await connection.DisposeAsync().ConfigureAwait(false);
        }

        return false;
    }

    /// <summary>Waits for the turn.</summary>
    public async Task TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                if (await TryTakeAsync(cancellationToken).ConfigureAwait(false)) return;
            }
            catch (NpgsqlException)
            {
                // The server is away for the moment; so is then whoever had the turn.
            }

            await Task.Delay(LookAgain, cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_holding is not null) await _holding.DisposeAsync().ConfigureAwait(false);
    }
}
