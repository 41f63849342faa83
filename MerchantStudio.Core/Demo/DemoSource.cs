using System.Globalization;
using System.Text;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Demo.Generator;
using Microsoft.Data.Sqlite;

namespace MerchantStudio.Core.Demo;

/// <summary>The committed demo files and how their rows become files that the importer reads.</summary>
/// <param name="Folder">Where demo.db and the truth lie.</param>
public sealed record DemoSource(string Folder)
{
    /// <summary>Beside the program, where the build puts them.</summary>
    public static DemoSource Shipped { get; } = new(Path.Combine(AppContext.BaseDirectory, "sample-data"));

    internal string File(string name) => Path.Combine(Folder, name);

    internal bool IsThere => System.IO.File.Exists(File(DemoFiles.Database));

    internal static string TableOf(DatasetKind kind) => kind switch
    {
        DatasetKind.Events => "events",
        DatasetKind.Reviews => "reviews",
        DatasetKind.Products => "products",
        DatasetKind.Customers => "customers",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "The demo has no such table."),
    };

    /// <summary>Whole weeks that bring the demo's last day, a Sunday, to the Sunday before <paramref name="now"/>: weekdays stay what they are.</summary>
    internal static int ShiftDays(DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var lastSunday = today.AddDays(-((int)today.DayOfWeek == 0 ? 7 : (int)today.DayOfWeek));
        var lastDay = DateOnly.FromDateTime(DemoCalendar.Start.UtcDateTime).AddDays(DemoCalendar.Days - 1);
        return lastSunday.DayNumber - lastDay.DayNumber;
    }

    /// <summary>Writes one table as CSV with its times moved by whole days; a time that is no time stays as it is.</summary>
    internal async Task WriteCsvAsync(string table, string path, int shiftDays, CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = File(DemoFiles.Database), Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ConnectionString);
        await using var _ = connection.ConfigureAwait(false);
        await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        var writer = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        await using var __ = writer.ConfigureAwait(false);
        foreach (var line in Rows(connection, table, shiftDays * 86_400L).CsvLines())
        {
            cancellationToken.ThrowIfCancellationRequested();
            await writer.WriteLineAsync(line.AsMemory(), cancellationToken).ConfigureAwait(false);
        }
    }

    private static DemoTable Rows(SqliteConnection connection, string table, long shiftSeconds)
    {
        var known = DemoTables.Shapes[table];
        using var command = connection.CreateCommand();
        command.CommandText = string.Create(CultureInfo.InvariantCulture, $"SELECT {string.Join(", ", known.Columns)} FROM {table} ORDER BY rowid");
        using var reader = command.ExecuteReader();
        var isTime = known.Columns.Select(column => known.TimeColumns.Contains(column)).ToArray();
        var rows = new List<object?[]>();
        while (reader.Read())
        {
            var row = new object?[reader.FieldCount];
            for (var i = 0; i < row.Length; i++)
            {
                var cell = reader.IsDBNull(i) ? null : reader.GetValue(i);
                row[i] = isTime[i] && cell is long second ? second + shiftSeconds : cell;
            }
            rows.Add(row);
        }
        return known with { Rows = rows };
    }
}
