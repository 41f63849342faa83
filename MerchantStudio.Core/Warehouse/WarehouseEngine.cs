using System.Collections.Concurrent;
using System.Globalization;
using MerchantStudio.Core.Native.DuckDb;

namespace MerchantStudio.Core.Warehouse;

/// <summary>An open database file with its locked settings, its tables made, and the connections that wait for work.</summary>
internal sealed class WarehouseEngine : IDisposable
{
    private const string SpillLimit = "4GB";

    /// <summary>The newest form that the library writes: text columns cost half the time of the form that 0.10 still reads. Older files are read as they are.</summary>
    private const string FileForm = "latest";

    /// <summary>Groups of 122,880 rows that an insert keeps before it stores them: by few at a time it never leaves its reader waiting for long.</summary>
    private const string BufferedRowGroups = "2";

    private static readonly object?[] None = [];

    private readonly DuckDbDatabase _database;
    private readonly ConcurrentStack<DuckDbConnection> _waiting = new();

    private WarehouseEngine(DuckDbDatabase database) => _database = database;

    public static WarehouseEngine Open(string file, long memoryBytes, int threads)
    {
        var folder = Path.GetDirectoryName(file)!;
        Directory.CreateDirectory(folder);
        WarehouseCompaction.RemoveLeftovers(file);
        var database = DuckDbDatabase.Open(file, Settings(folder, memoryBytes, threads));
        try
        {
            using var first = database.Connect();
            first.Execute($"""
                set global timezone = 'UTC';
                set allowed_directories = [{Literal(folder + Path.DirectorySeparatorChar)}];
                set enable_external_access = false;
                set lock_configuration = true;
                {WarehouseSchema.Sql}
                """, None);
            return new WarehouseEngine(database);
        }
        catch (DuckDbException)
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>What every opening of a workspace's file sets.</summary>
    public static Dictionary<string, string> Settings(string folder, long memoryBytes, int threads) => new()
    {
        ["threads"] = threads.ToString(CultureInfo.InvariantCulture),
        ["memory_limit"] = string.Create(CultureInfo.InvariantCulture, $"{memoryBytes >> 20}MiB"),
        ["temp_directory"] = Path.Combine(folder, "spill"),
        ["max_temp_directory_size"] = SpillLimit,
        ["storage_compatibility_version"] = FileForm,
        ["write_buffer_row_group_count"] = BufferedRowGroups,
        ["allocator_background_threads"] = "true",   // else a thread at work gives freed pages back itself and takes new ones right after
        ["autoinstall_known_extensions"] = "false",
        ["autoload_known_extensions"] = "false",
    };

    public DuckDbConnection Take() => _waiting.TryPop(out var waiting) ? waiting : _database.Connect();

    public void Return(DuckDbConnection connection)
    {
        IsDead |= connection.IsDead;
        _waiting.Push(connection);
    }

    /// <summary>Only opening the file anew helps.</summary>
    public bool IsDead { get; private set; }

    public void Dispose()
    {
        while (_waiting.TryPop(out var connection)) connection.Dispose();
        _database.Dispose();
    }

    /// <summary>A path in quotes; only the studio's own paths come here.</summary>
    internal static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
