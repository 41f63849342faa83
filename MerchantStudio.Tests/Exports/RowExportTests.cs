using System.Text;
using System.Text.Json;
using MerchantStudio.Core.Exports;
using MerchantStudio.Core.Native.DuckDb;
using MerchantStudio.Tests.Warehouse;
using Xunit;

namespace MerchantStudio.Tests.Exports;

/// <summary>The same rows in every format.</summary>
public sealed class RowExportTests
{
    private static readonly RowColumn[] Columns = [new("name", CellKind.Text), new("uses", CellKind.Whole), new("spent", CellKind.Number), new("chance", CellKind.Number), new("at", CellKind.Instant)];
    private static readonly DateTimeOffset At = new(2026, 7, 1, 22, 30, 0, TimeSpan.Zero);

    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_format_holds_the_same_values_and_moments()
    {
        await using var world = new WarehouseWorld();
        var csv = Encoding.UTF8.GetString(await WriteAsync(world, ExportFormat.Csv)).TrimStart('\uFEFF').TrimEnd().Split("\r\n");
        Assert.Equal(["Name,Uses,Spent,Chance,At", "'=1+1,3,12.35,0.5,2026-07-02T00:30:00+02:00", "王,,,,"], csv);

        using var json = JsonDocument.Parse(await WriteAsync(world, ExportFormat.Json));
        Assert.Equal(
            """[{"name":"=1+1","uses":3,"spent":12.35,"chance":0.5,"at":"2026-07-02T00:30:00+02:00"},{"name":"王","uses":null,"spent":null,"chance":null,"at":null}]""",
            JsonSerializer.Serialize(json, Plain));

        Assert.Equal(["=1+1|3|12.35|0.5|2026-07-01 22:30:00+00", "王|-|-|-|-"], ReadParquet(world, await WriteAsync(world, ExportFormat.Parquet)));
        Assert.Equal(0, await world.ScalarAsync<long>("select count(*) from information_schema.tables where table_name = 'exported_rows'"));
        Assert.DoesNotContain(Directory.GetFiles(world.Paths.WorkspaceFolder(WarehouseWorld.Store)), file => Path.GetFileName(file).StartsWith("export-", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(ExportFormat.Csv)]
    [InlineData(ExportFormat.Json)]
    [InlineData(ExportFormat.Parquet)]
    public async Task A_file_without_rows_is_a_file_and_one_that_was_given_up_leaves_nothing_behind(ExportFormat format)
    {
        await using var world = new WarehouseWorld();
        Assert.NotEmpty(await WriteAsync(world, format, rows: 0));
        using var target = new MemoryStream();
        await using (var file = await OpenAsync(world, format, target)) await RowAsync(file);
        Assert.Equal(0, await world.ScalarAsync<long>("select count(*) from information_schema.tables where table_name = 'exported_rows'"));
    }

    private static Task<RowExport> OpenAsync(WarehouseWorld world, ExportFormat format, Stream target) =>
        new RowExports(world.Registry, world.Paths).OpenAsync(WarehouseWorld.Store, format, Columns, ["Name", "Uses", "Spent", "Chance", "At"], TimeZoneInfo.FindSystemTimeZoneById("Europe/Vienna"), target, Now);

    private static async Task<byte[]> WriteAsync(WarehouseWorld world, ExportFormat format, int rows = 2)
    {
        using var target = new MemoryStream();
        await using (var file = await OpenAsync(world, format, target))
        {
            if (rows > 0) await RowAsync(file);
            if (rows > 1) await file.Text("王").Number((long?)null).Number((decimal?)null, 2).Number(double.NaN, 1).Instant(null).EndRowAsync(Now);
            await file.CompleteAsync(Now);
        }

        return target.ToArray();
    }

    private static ValueTask RowAsync(RowExport file) => file.Text("=1+1").Number(3).Number(12.345m, 2).Number(0.5001, 1).Instant(At).EndRowAsync(Now);

    private static List<string> ReadParquet(WarehouseWorld world, byte[] content)
    {
        var path = Path.Combine(world.Paths.Root, "read.parquet");
        File.WriteAllBytes(path, content);
        using var database = DuckDbDatabase.Open(":memory:", []);
        using var connection = database.Connect();
        connection.Execute("set timezone = 'UTC'", []);
        using var rows = connection.Query($"""select concat_ws('|', name, coalesce(cast(uses as varchar), '-'), coalesce(cast(spent as varchar), '-'), coalesce(cast(chance as varchar), '-'), coalesce(cast("at" as varchar), '-')) from read_parquet('{path}')""", []);
        var found = new List<string>();
        while (rows.Read() is var (count, values)) found.AddRange(Enumerable.Range(0, count).Select(row => values[0].Texts![row]!));
        return found;
    }
}
