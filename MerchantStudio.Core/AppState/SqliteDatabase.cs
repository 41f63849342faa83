using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.AppState;

/// <summary>Opens app.db: checks it, brings it up to date, and survives being killed while doing so.</summary>
internal sealed class SqliteDatabase(StudioPaths paths, IDbContextFactory<StudioDb> contexts) : IAsyncDisposable
{
    /// <summary>Held open for as long as the program lives: were the last connection closed, the log beside app.db would go, and on a full disk no new one could be made.</summary>
    private SqliteConnection? _holding;

    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(30);

    public async Task<Outcome<Done>> OpenAsync(CancellationToken cancellationToken)
    {
        paths.CreateFolders();
        using var migrating = await FileLock.WaitAsync(paths.AppDatabase + ".migrating", LockPatience, cancellationToken).ConfigureAwait(false);
        if (migrating is null) return new DatabaseBusy();
        var sealedNow = await DatabaseSeal.HoldsAsync(paths.AppDatabase, cancellationToken).ConfigureAwait(false);
        if (sealedNow is false) return new DatabaseChanged(paths.AppDatabase, DatabaseSeal.PathOf(paths.AppDatabase));
        DatabaseSeal.Remove(paths.AppDatabase);
        try
        {
            var opened = await UpgradeAsync(isSound: sealedNow is true, cancellationToken).ConfigureAwait(false);
            if (opened.Succeeded && _holding is null)
            {
                _holding = new SqliteConnection(StudioSqlite.ConnectionString(paths.AppDatabase));
                await _holding.OpenAsync(cancellationToken).ConfigureAwait(false);
            }

            return opened;
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode is SqliteError or SqliteCorrupt or SqliteNotADatabase)
        {
            // Our own statements are right: one that cannot be carried out met names that are not what they were.
            return new DatabaseDamaged(paths.AppDatabase, exception.SqliteErrorCode.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Writes down what the file holds when everything else has stopped, so that the next start notices a byte that changed meanwhile.</summary>
    public async Task SealAsync(CancellationToken cancellationToken)
    {
        if (_holding is null) return;
        try
        {
            await DatabaseSeal.WriteAsync(paths.AppDatabase, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is SqliteException or IOException)
        {
            // A full disk or a late reader: the next start checks the file itself instead.
            DatabaseSeal.Remove(paths.AppDatabase);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_holding is not null) await _holding.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<Outcome<Done>> UpgradeAsync(bool isSound, CancellationToken cancellationToken)
    {
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        if (!isSound && await FirstFaultAsync(db, cancellationToken).ConfigureAwait(false) is { } fault) return new DatabaseDamaged(paths.AppDatabase, fault);

        var known = db.Database.GetMigrations().ToHashSet(StringComparer.Ordinal);
        var applied = (await db.Database.GetAppliedMigrationsAsync(cancellationToken).ConfigureAwait(false)).ToList();
        if (applied.FirstOrDefault(migration => !known.Contains(migration)) is { } newer) return new DataIsNewer(newer);

        if (applied.Count < known.Count)
        {
            if (applied.Count > 0) await CopyBeforeUpgradeAsync(db, applied[^1], cancellationToken).ConfigureAwait(false);
            // A process that died while migrating leaves this row behind, and EF would wait for it for ever. We hold the file lock, so nobody else migrates.
            await db.Database.ExecuteSqlRawAsync("""DROP TABLE IF EXISTS "__EFMigrationsLock";""", cancellationToken).ConfigureAwait(false);
            await db.Database.MigrateAsync(cancellationToken).ConfigureAwait(false);
        }

        await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL;", cancellationToken).ConfigureAwait(false);
        return new Done();
    }

    /// <summary>The first finding of SQLite's own check; null when the file is sound.</summary>
    private static async Task<string?> FirstFaultAsync(StudioDb db, CancellationToken cancellationToken)
    {
        var findings = await db.Database.SqlQueryRaw<string>("PRAGMA integrity_check(1);").ToListAsync(cancellationToken).ConfigureAwait(false);
        return findings is ["ok"] ? null : string.Join("; ", findings);
    }

    private async Task CopyBeforeUpgradeAsync(StudioDb db, string from, CancellationToken cancellationToken)
    {
        var copy = Path.Combine(paths.Backups, $"app-before-upgrade-from-{from}.db");
        if (File.Exists(copy)) return;
        var unfinished = copy + ".part";
        File.Delete(unfinished);
        await db.Database.ExecuteSqlAsync($"VACUUM INTO {unfinished}", cancellationToken).ConfigureAwait(false);
        File.Move(unfinished, copy);
    }

    private const int SqliteError = 1;
    private const int SqliteCorrupt = 11;
    private const int SqliteNotADatabase = 26;
}

public sealed record DatabaseDamaged(string File, string Finding)
    : Problem("data.damaged", "The file {0} is damaged ({1}). Put a backup copy of that file in its place and start again.", File, Finding);

public sealed record DatabaseChanged(string File, string Seal)
    : Problem("data.changed", "The file {0} is not as the studio left it: it is damaged, or another program wrote to it. Put a backup copy of that file in its place and start again. If it was changed on purpose, remove {1} instead.", File, Seal);
