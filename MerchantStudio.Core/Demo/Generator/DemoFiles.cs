using System.Collections.Immutable;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace MerchantStudio.Core.Demo.Generator;

/// <summary>The demo shop on disk: one SQLite file, the same rows as compressed CSV, the truth, and a content hash for each table.</summary>
internal static class DemoFiles
{
    public const string Database = "demo.db";
    public const string Truth = "truth.json";
    public const string Hashes = "hashes.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static async Task WriteAsync(DemoShop shop, string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var tables = DemoTables.Of(shop);
        await WriteDatabaseAsync(Path.Combine(folder, Database), tables, cancellationToken).ConfigureAwait(false);
        foreach (var table in tables.Concat(TruthTables.Of(shop)))
        {
            await WriteCsvAsync(Path.Combine(folder, $"{table.Name}.csv.gz"), table, cancellationToken).ConfigureAwait(false);
        }
        await WriteJsonAsync(Path.Combine(folder, Truth), TruthTables.Summary(shop, tables), cancellationToken).ConfigureAwait(false);
        await WriteJsonAsync(Path.Combine(folder, Hashes), HashesOf(shop), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Table name to the hash of its rows, in a fixed order.</summary>
    public static DemoHashes HashesOf(DemoShop shop) => new(
        shop.Seed,
        [.. DemoTables.Of(shop).Concat(TruthTables.Of(shop)).Select(table => new TableHash(table.Name, table.Rows.Count, table.ContentHash()))]);

    public static async Task<T> ReadJsonAsync<T>(string path, CancellationToken cancellationToken)
    {
        var file = File.OpenRead(path);
        await using var _ = file.ConfigureAwait(false);
        return await JsonSerializer.DeserializeAsync<T>(file, Json, cancellationToken).ConfigureAwait(false)
            ?? throw new InvalidDataException($"'{path}' holds no value.");
    }

    private static async Task WriteJsonAsync<T>(string path, T value, CancellationToken cancellationToken) =>
        await File.WriteAllTextAsync(path, JsonSerializer.Serialize(value, Json) + "\n", cancellationToken).ConfigureAwait(false);

    private static async Task WriteCsvAsync(string path, DemoTable table, CancellationToken cancellationToken)
    {
        var file = File.Create(path);
        await using var _ = file.ConfigureAwait(false);
        var packed = new GZipStream(file, CompressionLevel.SmallestSize);
        await using var __ = packed.ConfigureAwait(false);
        foreach (var line in table.CsvLines())
        {
            await packed.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task WriteDatabaseAsync(string path, ImmutableArray<DemoTable> tables, CancellationToken cancellationToken)
    {
        File.Delete(path);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString);
        await using var _ = connection.ConfigureAwait(false);
        await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        foreach (var table in tables) await WriteTableAsync(connection, table, cancellationToken).ConfigureAwait(false);
        var vacuum = connection.CreateCommand();
        await using var __ = vacuum.ConfigureAwait(false);
        vacuum.CommandText = "VACUUM";
        await vacuum.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task WriteTableAsync(SqliteConnection connection, DemoTable table, CancellationToken cancellationToken)
    {
        var transaction = (SqliteTransaction)await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        var create = connection.CreateCommand();
        await using var __ = create.ConfigureAwait(false);
        // No type on a column: a cell keeps the type it was given, so that exact decimal text stays text.
        create.CommandText = $"CREATE TABLE {table.Name} ({string.Join(", ", table.Columns)})";
        await create.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        var insert = connection.CreateCommand();
        await using var ___ = insert.ConfigureAwait(false);
        insert.CommandText = $"INSERT INTO {table.Name} VALUES ({string.Join(", ", table.Columns.Select((_, i) => $"$c{i}"))})";
        var cells = table.Columns.Select((_, i) => insert.Parameters.Add(new SqliteParameter($"$c{i}", null))).ToArray();
        foreach (var row in table.Rows)
        {
            for (var i = 0; i < row.Length; i++) cells[i].Value = row[i] ?? DBNull.Value;
            await insert.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
    }
}

internal sealed record TableHash(string Table, int Rows, string Sha256);

internal sealed record DemoHashes(int Seed, ImmutableArray<TableHash> Tables);
