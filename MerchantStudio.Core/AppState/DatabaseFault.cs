using Microsoft.Data.Sqlite;
using Npgsql;

namespace MerchantStudio.Core.AppState;

/// <summary>What a fault of the database means, the same for SQLite and PostgreSQL.</summary>
public static class DatabaseFault
{
    private const int SqliteBusy = 5;
    private const int SqliteUnique = 2067;
    private const int SqlitePrimaryKey = 1555;

    /// <summary>Another transaction came first, or both waited for each other: nothing of this one was kept, and the same again may well succeed.</summary>
    public static bool IsLostRace(Exception? fault) => Any(fault, cause => cause switch
    {
        SqliteException sqlite => sqlite.SqliteErrorCode == SqliteBusy,
        PostgresException postgres => postgres.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected,
        _ => false,
    });

    /// <summary>A row with the same unique values is there already.</summary>
    public static bool IsUniqueViolation(Exception? fault) => Any(fault, cause => cause switch
    {
        SqliteException sqlite => sqlite.SqliteExtendedErrorCode is SqliteUnique or SqlitePrimaryKey,
        PostgresException postgres => postgres.SqlState == PostgresErrorCodes.UniqueViolation,
        _ => false,
    });

    /// <summary>EF and Npgsql wrap what the database said.</summary>
    internal static bool Any(Exception? fault, Predicate<Exception> means)
    {
        for (; fault is not null; fault = fault.InnerException)
        {
            if (means(fault)) return true;
        }

        return false;
    }
}
