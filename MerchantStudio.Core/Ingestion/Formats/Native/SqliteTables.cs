using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Core.Ingestion.Formats.Workbooks;
using Microsoft.Data.Sqlite;

namespace MerchantStudio.Core.Ingestion.Formats.Native;

/// <summary>Reads one table of a SQLite database; views and virtual tables, which could run code of the file, are left alone.</summary>
internal static class SqliteTables
{
    private const int MostTables = 1_000;
    private const int RowsBetweenBeats = 1_000;

    public static TableAnswer Write(string path, string target, string? part, ConversionLimits limits, Heartbeat beat)
    {
        // Immutable: neither a lock nor a log beside the file is looked for, and nothing is written there.
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = $"file:{Uri.EscapeDataString(path).Replace("%2F", "/", StringComparison.Ordinal)}?immutable=1", Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        connection.Open();
        Run(connection, "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA query_only = ON; PRAGMA mmap_size = 0;");
        if (Scalar(connection, "PRAGMA quick_check(1)") is not "ok") return new TableAnswer("import.damaged-database", 0, [], null);
        var tables = Tables(connection);
        var filled = tables.Select(table => (Name: table, Rows: (long)Scalar(connection, $"select count(*) from {Quoted(table)}")!)).Where(table => table.Rows > 0).ToList();
        if (filled.Count == 0) return new TableAnswer("import.database-without-table", 0, [], null);
        ImmutableArray<string> names = [.. filled.Select(table => table.Name)];
        if (part is not null && !names.Contains(part)) return new TableAnswer("import.part-missing", 0, names, null, part);
        var chosen = part ?? filled.MaxBy(table => table.Rows).Name;
        return new TableAnswer(null, WriteTable(connection, chosen, target, limits, beat), names, chosen);
    }

    private static long WriteTable(SqliteConnection connection, string table, string target, ConversionLimits limits, Heartbeat beat)
    {
        using var writer = new TableWriter(target, limits);
        using var command = connection.CreateCommand();
        command.CommandText = $"select * from {Quoted(table)}";
        using var rows = command.ExecuteReader();
        writer.Header(Enumerable.Range(0, rows.FieldCount).Select(rows.GetName));
        while (rows.Read())
        {
            writer.Begin(writer.Records + 1);
            for (var column = 0; column < rows.FieldCount; column++) Add(writer, rows.GetValue(column));
            writer.End();
            if (writer.Records % RowsBetweenBeats == 0) beat.Beat(writer.Records);
        }

        return writer.Records;
    }

    private static void Add(TableWriter writer, object value)
    {
        switch (value)
        {
            case string text:
                writer.Add(text);
                break;
            case long whole:
                writer.Add(whole.ToString(CultureInfo.InvariantCulture));
                break;
            case double number:
                writer.Add(NumberFormats.Write(number.ToString("R", CultureInfo.InvariantCulture)));
                break;
            case byte[] bytes:
                // Many programs keep their texts as bytes; a picture is set aside as not being text.
                writer.Add(bytes.AsSpan());
                break;
            default:
                writer.Add(default(ReadOnlySpan<byte>));
                break;
        }
    }

    private static List<string> Tables(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "select name from sqlite_schema where type = 'table' and name not like 'sqlite\\_%' escape '\\' and sql not like 'create virtual%' and rootpage > 0 order by rowid limit $most";
        command.Parameters.AddWithValue("$most", MostTables);
        using var rows = command.ExecuteReader();
        var names = new List<string>();
        while (rows.Read()) names.Add(rows.GetString(0));
        return names;
    }

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
