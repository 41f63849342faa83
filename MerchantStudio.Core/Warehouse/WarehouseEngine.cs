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

    private static readonly object?[] None = [];

    private readonly DuckDbDatabase _database;
    private readonly ConcurrentStack<DuckDbConnection> _waiting = new();

    private WarehouseEngine(DuckDbDatabase database) => _database = database;

    public static WarehouseEngine Open(string file, long memoryBytes, int threads)
    {
        var folder = Path.GetDirectoryName(file)!;
        Directory.CreateDirectory(folder);
        var spill = Path.Combine(folder, "spill");
        var database = DuckDbDatabase.Open(file, new Dictionary<string, string>
        {
            ["threads"] = threads.ToString(CultureInfo.InvariantCulture),
            ["memory_limit"] = string.Create(CultureInfo.InvariantCulture, $"{memoryBytes >> 20}MiB"),
            ["temp_directory"] = spill,
            ["max_temp_directory_size"] = SpillLimit,
            ["storage_compatibility_version"] = FileForm,
            ["autoinstall_known_extensions"] = "false",
            ["autoload_known_extensions"] = "false",
        });
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

    public DuckDbConnection Take() => _waiting.TryPop(out var waiting) ? waiting : _database.Connect();

    public void Return(DuckDbConnection connection) => _waiting.Push(connection);

    public void Dispose()
    {
        while (_waiting.TryPop(out var connection)) connection.Dispose();
        _database.Dispose();
    }

    private static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
