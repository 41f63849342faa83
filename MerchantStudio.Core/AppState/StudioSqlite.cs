using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace MerchantStudio.Core.AppState;

/// <summary>How app.db is opened: write-ahead log, every commit synced, foreign keys on, five seconds of patience with another writer.</summary>
/// <remarks>A write transaction of Microsoft.Data.Sqlite begins IMMEDIATE, so a writer waits at its start and never fails half-way.</remarks>
internal static class StudioSqlite
{
    private const int DiskFull = 13;

    /// <summary>SQLITE_IOERR_WRITE, _SHMOPEN, _SHMSIZE and _SHMMAP: what a full disk answers where the files beside app.db need room before anything is written.</summary>
    private static readonly int[] NoRoomBeside = [778, 4618, 4874, 5386];

    private static readonly DurableConnection Durable = new();

    /// <summary>Whether a write failed for want of room; nothing of it was kept, and it can be tried again.</summary>
    public static bool IsFull(Exception? fault)
    {
        for (; fault is not null; fault = fault.InnerException)
        {
            if (fault is SqliteException sqlite && (sqlite.SqliteErrorCode == DiskFull || NoRoomBeside.Contains(sqlite.SqliteExtendedErrorCode))) return true;
        }

        return false;
    }

    public static string ConnectionString(string file) => new SqliteConnectionStringBuilder
    {
        DataSource = file,
        ForeignKeys = true,
        DefaultTimeout = 5,
        Mode = SqliteOpenMode.ReadWriteCreate,
    }.ToString();

    public static DbContextOptionsBuilder UseStudioSqlite(this DbContextOptionsBuilder options, string file) =>
        options.UseSqlite(ConnectionString(file)).AddInterceptors(Durable);

    private sealed class DurableConnection : DbConnectionInterceptor
    {
        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Prepare(connection);

        public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            Prepare(connection);
            return Task.CompletedTask;
        }

        private static void Prepare(DbConnection connection)
        {
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000;";
            command.ExecuteNonQuery();
        }
    }
}
