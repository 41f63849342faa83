using System.Diagnostics;
using System.Net.Sockets;
using MerchantStudio.Core.Outcomes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;

namespace MerchantStudio.Core.AppState;

/// <summary>Opens a PostgreSQL database and brings it up to date; of several processes that start at once, one does it and the others wait.</summary>
internal static class PostgresDatabase
{
    /// <summary>Names the advisory lock; any number that no other program is likely to take.</summary>
    private const long UpgradeLock = 0x4D53_5475_6469_6F31;
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(30);

    public static async Task<Outcome<Done>> OpenAsync(PostgresPlace place, IDbContextFactory<StudioDb> contexts, CancellationToken cancellationToken)
    {
        try
        {
            // Outside the pool: what holds the lock is this connection, and the server lets go of it however this process ends.
            var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(place.ConnectionString) { Pooling = false }.ConnectionString);
            await using var _ = connection.ConfigureAwait(false);
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            var encoding = await ValueAsync<string>(connection, "SELECT current_setting('server_encoding')", cancellationToken).ConfigureAwait(false);
            if (encoding != "UTF8") return new DatabaseEncodingUnfit(place.ToString(), encoding);
            if (!await LockAsync(connection, cancellationToken).ConfigureAwait(false)) return new DatabaseBusy();
            return await UpgradeAsync(contexts, cancellationToken).ConfigureAwait(false);
        }
        catch (NpgsqlException fault) when (ProblemOf(fault, place) is { } problem)
        {
            return problem;
        }
    }

    /// <summary>A lock of the whole database, held until the connection closes.</summary>
    public static Task<bool> TryLockAsync(NpgsqlConnection connection, long number, CancellationToken cancellationToken) =>
        ValueAsync<bool>(connection, "SELECT pg_try_advisory_lock($1)", cancellationToken, number);

    private static async Task<bool> LockAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await TryLockAsync(connection, UpgradeLock, cancellationToken).ConfigureAwait(false))
        {
            if (Stopwatch.GetElapsedTime(started) > LockPatience) return false;
            await Task.Delay(50, cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    private static async Task<Outcome<Done>> UpgradeAsync(IDbContextFactory<StudioDb> contexts, CancellationToken cancellationToken)
    {
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var known = db.Database.GetMigrations().ToHashSet(StringComparer.Ordinal);
        // Asking for what was applied before there is a list of it would log a failed statement.
        await db.GetService<IHistoryRepository>().CreateIfNotExistsAsync(cancellationToken).ConfigureAwait(false);
        var applied = (await db.Database.GetAppliedMigrationsAsync(cancellationToken).ConfigureAwait(false)).ToList();
        if (applied.FirstOrDefault(migration => !known.Contains(migration)) is { } newer) return new DataIsNewer(newer);
        if (applied.Count < known.Count) await db.Database.MigrateAsync(cancellationToken).ConfigureAwait(false);
        return new Done();
    }

    private static async Task<T> ValueAsync<T>(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        await using var _ = command.ConfigureAwait(false);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        return (T)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
    }

    /// <summary>What whoever runs the studio can put right; null for everything else.</summary>
    private static Problem? ProblemOf(NpgsqlException fault, PostgresPlace place) => fault switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } => new DatabaseRefused(place.Server, place.Database, place.User),
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } => new DatabaseNotFound(place.Server, place.Database, place.User),
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } => new DatabaseRightsMissing(place.Server, place.Database, place.User),
        PostgresException { SqlState: PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.TooManyConnections } or { InnerException: SocketException or IOException or TimeoutException } => new DatabaseUnreachable(place.Server, place.Database),
        not PostgresException when fault.Message.Contains("password", StringComparison.OrdinalIgnoreCase) => new DatabaseRefused(place.Server, place.Database, place.User),   // none was given, and the server asks for one
        _ => null,
    };
}

public sealed record DatabaseUnreachable(string Server, string Database)
    : Problem("data.database-unreachable", "PostgreSQL at {0} does not answer, so the database {1} cannot be opened. Start it, see that it can be reached from here, or correct Studio:Database.", Server, Database);

public sealed record DatabaseRefused(string Server, string Database, string User)
    : Problem("data.database-refused", "PostgreSQL at {0} does not let the user {2} into the database {1}. Correct the user or password in Studio:Database, or allow it in the server's pg_hba.conf.", Server, Database, User);

public sealed record DatabaseNotFound(string Server, string Database, string User)
    : Problem("data.database-not-found", "PostgreSQL at {0} has no database {1}. Make it there with: CREATE DATABASE \"{1}\" OWNER \"{2}\" ENCODING 'UTF8' TEMPLATE template0", Server, Database, User);

public sealed record DatabaseRightsMissing(string Server, string Database, string User)
    : Problem("data.database-rights", "The user {2} may not make or change tables in the database {1} at {0}. Make it the owner: ALTER DATABASE \"{1}\" OWNER TO \"{2}\"", Server, Database, User);

public sealed record DatabaseEncodingUnfit(string Place, string Encoding)
    : Problem("data.database-encoding", "The PostgreSQL database {0} keeps its texts as {1}, which cannot hold every name. Make a new one with ENCODING 'UTF8' TEMPLATE template0 and name it in Studio:Database.", Place, Encoding);
