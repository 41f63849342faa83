using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using MerchantStudio.Core.Ingestion.Formats.Json;
using MerchantStudio.Core.Ingestion.Formats.Workbooks;
using MerchantStudio.Core.Ingestion.Text;
using MerchantStudio.Core.Native.DuckDb;

namespace MerchantStudio.Core.Ingestion.Formats.Native;

/// <summary>Reads a Parquet file with an engine of its own that can reach nothing else. Nested values become columns <c>a.b</c>, lists JSON text.</summary>
internal static class ParquetTable
{
    private const int DeepestStruct = 16;
    private const string EngineMemory = "600MiB";
    private const double LargestWhole = 1L << 53;

    public static TableAnswer Write(string path, string target, ConversionLimits limits, Heartbeat beat)
    {
        using var database = DuckDbDatabase.Open(":memory:", new Dictionary<string, string>
        {
            ["threads"] = "1",
            ["memory_limit"] = EngineMemory,
            ["temp_directory"] = "",
            ["autoinstall_known_extensions"] = "false",
            ["autoload_known_extensions"] = "false",
        });
        using var connection = database.Connect();
        connection.Execute($"set global timezone = 'UTC'; set allowed_paths = [{Literal(path)}]; set enable_external_access = false; set lock_configuration = true", []);
        var source = $"read_parquet({Literal(path)}, binary_as_string = true)";
        var columns = Columns(connection, source);
        if (columns.Count > ConversionLimits.MaxColumns) throw new FileRefusedException(TextProblems.TooManyColumns(ConversionLimits.MaxColumns));
        using var writer = new TableWriter(target, limits);
        using var rows = connection.Query($"select {string.Join(", ", columns.Select(column => column.Sql))} from {source}", []);
        ImmutableArray<string> names = [.. columns.Select(column => column.Name)];
        if (NestedEvents.MayBeIn(names) && names.Distinct().Count() == names.Length) WriteEvents(rows, names, writer, beat);
        else WriteRows(rows, names, writer, beat);
        return new TableAnswer(null, writer.Records, [], null);
    }

    /// <summary>Rows that hold an event each, with its items in a list.</summary>
    private static void WriteEvents(DuckDbReader rows, ImmutableArray<string> names, TableWriter writer, Heartbeat beat)
    {
        var table = new FlatTable(writer);
        var events = new NestedEvents(table);
        var record = new FlatRecord();
        long position = 0;
        events.Expect(names);
        while (rows.Read() is var (count, values))
        {
            for (var row = 0; row < count; row++)
            {
                record.Clear();
                for (var column = 0; column < names.Length; column++)
                {
                    record.Add(names[column], values[column].IsNull(row) ? default : Encoding.UTF8.GetBytes(Text(values[column], row)));
                }

                events.Add(++position, record, default);
            }

            beat.Beat(position);
        }

        table.Complete();
    }

    private static void WriteRows(DuckDbReader rows, ImmutableArray<string> names, TableWriter writer, Heartbeat beat)
    {
        writer.Header(names);
        while (rows.Read() is var (count, values))
        {
            for (var row = 0; row < count; row++)
            {
                writer.Begin(writer.Records + 1);
                foreach (var column in values)
                {
                    if (column.IsNull(row)) writer.Add(default(ReadOnlySpan<byte>));
                    else writer.Add(Text(column, row));
                }

                writer.End();
            }

            beat.Beat(writer.Records);
        }
    }

    private static string Text(ColumnValues column, int row) => column.Texts is { } texts ? texts[row] ?? "" : Number(column.Doubles![row]);

    /// <summary>Ids that stand beside missing ones come as 12345.0 from programs that know no missing whole numbers.</summary>
    private static string Number(double value) =>
        value == Math.Floor(value) && Math.Abs(value) < LargestWhole ? ((long)value).ToString(CultureInfo.InvariantCulture)
        : double.IsFinite(value) ? NumberFormats.Write(value.ToString("R", CultureInfo.InvariantCulture)) : "";

    private static List<(string Name, string Sql)> Columns(DuckDbConnection connection, string source)
    {
        var columns = new List<(string, string)>();
        foreach (var (name, type) in Describe(connection, $"select * from {source}")) Add(connection, source, name, Quoted(name), type, 0, columns);
        return columns;
    }

    private static void Add(DuckDbConnection connection, string source, string name, string value, string type, int depth, List<(string Name, string Sql)> columns)
    {
        if (type.StartsWith("STRUCT(", StringComparison.Ordinal) && !type.EndsWith(']') && depth < DeepestStruct && columns.Count <= ConversionLimits.MaxColumns)
        {
            foreach (var (field, inner) in Describe(connection, $"select unnest({value}) from {source}"))
                Add(connection, source, $"{name}.{field}", $"struct_extract({value}, {Literal(field)})", inner, depth + 1, columns);
            return;
        }

        columns.Add((name, type switch
        {
            "DOUBLE" => value,
            "FLOAT" => $"cast(cast({value} as varchar) as double)",
            "VARCHAR" => value,
            "TIMESTAMP WITH TIME ZONE" => $"strftime({value}, '%Y-%m-%dT%H:%M:%S.%fZ')",
            _ when IsNested(type) => $"cast(to_json({value}) as varchar)",
            _ => $"cast({value} as varchar)",
        }));
    }

    private static bool IsNested(string type) => type.EndsWith(']') || type.StartsWith("STRUCT(", StringComparison.Ordinal) || type.StartsWith("MAP(", StringComparison.Ordinal) || type.StartsWith("UNION(", StringComparison.Ordinal);

    private static List<(string Name, string Type)> Describe(DuckDbConnection connection, string query)
    {
        var found = new List<(string, string)>();
        using var rows = connection.Query($"select column_name, column_type from (describe {query})", []);
        while (rows.Read() is var (count, values))
        {
            for (var row = 0; row < count; row++) found.Add((values[0].Texts![row] ?? "", values[1].Texts![row] ?? ""));
        }

        return found;
    }

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
