using MerchantStudio.Core.Native.DuckDb;

namespace MerchantStudio.Core.Warehouse;

/// <summary>Copies what a closed file holds into a new one and puts that in its place.</summary>
/// <remarks>
/// The copy is whole and on disk before one rename makes it the workspace's file, so that a kill at any moment leaves either the old file or the new
/// one; a copy that was not finished is removed when the workspace is opened next.
/// </remarks>
internal static class WarehouseCompaction
{
    private static readonly object?[] None = [];

    /// <summary>Where the copy is made, beside the file so that the rename stays on one disk.</summary>
    public static string CopyOf(string file) => file + ".compact";

    /// <summary>Removes what a compaction that was cut off has left.</summary>
    public static void RemoveLeftovers(string file)
    {
        File.Delete(CopyOf(file));
        File.Delete(CopyOf(file) + ".wal");
    }

    /// <summary>Runs on the caller's thread. The file must not be open in this process: opening it twice drops the lock on it.</summary>
    /// <param name="meanwhile">Called when the copy's rows are written but not yet in its file for good, and when it is whole but not yet in the place of the other.</param>
    /// <returns>Bytes by which the file became smaller; 0 where the copy is no smaller and the file stays as it is.</returns>
    /// <exception cref="DuckDbException">The engine failed, as on a full disk; the file is as it was.</exception>
    public static long Run(string file, long memoryBytes, int threads, Action<CancellationToken>? meanwhile, CancellationToken cancellationToken)
    {
        RemoveLeftovers(file);
        var before = new FileInfo(file).Length;
        try
        {
            Copy(file, memoryBytes, threads, meanwhile, cancellationToken);
            var after = new FileInfo(CopyOf(file)).Length;

            // A log belongs to the very file beside it: with one there, the old file is the only one that it fits.
            if (after >= before || File.Exists(file + ".wal") || File.Exists(CopyOf(file) + ".wal")) return 0;
            using (var copy = new FileStream(CopyOf(file), FileMode.Open, FileAccess.ReadWrite, FileShare.None)) copy.Flush(flushToDisk: true);
            meanwhile?.Invoke(cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            File.Move(CopyOf(file), file, overwrite: true);
            return before - after;
        }
        finally
        {
            RemoveLeftovers(file);
        }
    }

    private static void Copy(string file, long memoryBytes, int threads, Action<CancellationToken>? meanwhile, CancellationToken cancellationToken)
    {
        using var database = DuckDbDatabase.Open(file, WarehouseEngine.Settings(Path.GetDirectoryName(file)!, memoryBytes, threads));
        using var connection = database.Connect();
        var name = Sql.Identifier(Statements.Scalar<string>(connection, "select current_database()", None)!);
        var form = WarehouseEngine.Literal(Statements.Scalar<string>(connection, "select current_setting('storage_compatibility_version')", None)!);
        ConnectionWork.Watch(connection, () =>
        {
            connection.Execute($"attach {WarehouseEngine.Literal(CopyOf(file))} as compacted (storage_version {form})", None);
            connection.Execute($"copy from database {name} to compacted", None);
            Compare(connection, name);
            meanwhile?.Invoke(cancellationToken);
            connection.Execute("checkpoint compacted", None);
            return connection.Execute("detach compacted", None);
        }, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Every table is there with as many rows.</summary>
    private static void Compare(DuckDbConnection connection, string name)
    {
        foreach (var table in Statements.Query(connection, "select table_name from duckdb_tables() where not internal and database_name = current_database()", row => Sql.Identifier(row.Text(0)!), None, CancellationToken.None))
        {
            if (!Statements.Scalar<bool>(connection, $"select (select count(*) from {name}.main.{table}) = (select count(*) from compacted.main.{table})", None))
                throw new WarehouseException(WarehouseErrorKind.Other, $"The copy of the warehouse does not hold what table {table} holds.");
        }
    }
}
