using Microsoft.Data.Sqlite;
using Npgsql;

namespace MerchantStudio.Core.AppState;

/// <summary>Tells a full disk from the faults that the database answers with.</summary>
public static class FullDisk
{
    private const int Full = 13;

    /// <summary>SQLITE_IOERR_WRITE, _SHMOPEN, _SHMSIZE and _SHMMAP: the answer where the files beside app.db need room before anything is written.</summary>
    private static readonly int[] NoRoomBeside = [778, 4618, 4874, 5386];

    /// <summary>Whether a write failed for want of room; nothing of it was kept, and it can be tried again.</summary>
    public static bool IsMet(Exception? fault) => DatabaseFault.Any(fault, cause => cause switch
    {
        SqliteException sqlite => sqlite.SqliteErrorCode == Full || NoRoomBeside.Contains(sqlite.SqliteExtendedErrorCode),
        PostgresException postgres => postgres.SqlState == PostgresErrorCodes.DiskFull,
        _ => false,
    });
}
