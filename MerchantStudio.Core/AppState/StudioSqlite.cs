using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace MerchantStudio.Core.AppState;

/// <summary>How app.db is opened: write-ahead log, every commit synced, foreign keys on, five seconds of patience with another writer.</summary>
/// <remarks>A write transaction of Microsoft.Data.Sqlite begins IMMEDIATE, so a writer waits at its start and never fails half-way.</remarks>
internal static class StudioSqlite
{
    private static readonly DurableConnection Durable = new();

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
