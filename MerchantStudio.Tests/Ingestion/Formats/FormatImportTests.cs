using System.Text;
using System.Text.Json;
using MerchantStudio.Core.Ingestion;
using MerchantStudio.Core.Ingestion.Formats;
using MerchantStudio.Core.Ingestion.Text;
using MerchantStudio.Tests.Hosting;
using Xunit;

namespace MerchantStudio.Tests.Ingestion.Formats;

/// <summary>Every format on its whole way into the data.</summary>
public sealed class FormatImportTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_events_arrive_from_every_format()
    {
        using var made = new FormatWorld();
        await using var world = await ImportWorld.OpenAsync();
        var sums = new List<string?>();
        foreach (var (format, content) in ((FileFormat, byte[])[])[(FileFormat.Csv, Good.Csv(100)), (FileFormat.Xlsx, Good.Workbook(100)), (FileFormat.NdJson, Good.NdJson(100)), (FileFormat.Json, Good.JsonList(100)), (FileFormat.Sqlite, Good.Sqlite(made, 100)), (FileFormat.Csv, FormatWorld.Zip(("a.csv", Good.Csv(100))))])
        {
            var report = (await world.ImportAsync(content, new ImportChoices(ImportMode.Replace, Force: true), name: "file.csv")).Value;
            Assert.Equal((100, 100), (report.Read, report.Accepted));
            sums.Add($"{format} {await world.ScalarAsync<string>("select cast(sum(hash(user_id, event_type, item_id, ts, price)) as varchar) from events")}");
        }

        Assert.Single(sums.Select(sum => sum!.Split(' ')[1]).Distinct());
    }

    [Fact]
    public async Task Rejects_name_the_sheets_row_though_cells_hold_line_breaks()
    {
        await using var world = await ImportWorld.OpenAsync();
        var book = new SmallWorkbook().Sheet("Events", SmallWorkbook.Rows(1, ["Export"]) + SmallWorkbook.Rows(3, ["user_id", "event_type", "item_id", "timestamp"], ["ann", "view", "tea\nwith\nlines", "2026-03-01"], ["bob", "view", "cup", "never"], ["eve", "view", "pot", "2026-03-02"]));
        var report = (await world.ImportAsync(book.ToBytes(), name: "events.xlsx")).Value;
        Assert.Equal((3, 2, 1, 5), (report.Read, report.Accepted, report.Rejected, report.Reasons.Single().ExampleLine));
        Assert.Equal(6, await world.ScalarAsync<long>("select source_line from events where user_id = 'eve'"));
        Assert.Equal(5, await world.ScalarAsync<long>("select source_line from rejects"));
        Assert.Empty(Directory.GetFileSystemEntries(world.Studio.Paths.Staging));
    }

    [Fact]
    public async Task Two_sheets_of_one_workbook_are_two_files_and_the_same_sheet_again_is_not()
    {
        await using var world = await ImportWorld.OpenAsync();
        string[] header = ["user_id", "event_type", "item_id", "timestamp"];
        var book = new SmallWorkbook().Sheet("June", SmallWorkbook.Rows(1, header, ["ann", "view", "tea", "2026-06-01"], ["ann", "view", "cup", "2026-06-02"])).Sheet("July", SmallWorkbook.Rows(1, header, ["bob", "view", "tea", "2026-07-01"])).ToBytes();
        Assert.Equal(2, (await world.ImportAsync(book, name: "shop.xlsx")).Value.Accepted);
        Assert.Equal("import.same-file", (await world.ImportAsync(book, name: "shop.xlsx")).Problem?.Code);
        var staged = (await world.Importer.StageAsync(world.Scope, new MemoryStream(book), "shop.xlsx", null, null, Now)).Value;
        var july = (await world.Importer.InspectAsync(world.Scope, staged.Id, null, null, new FileReading { Part = "July" }, Now)).Value;
        Assert.Equal(("July", null), (july.Mapping.Part, july.SameFile));
        Assert.Equal(1, (await world.Importer.ImportAsync(world.Scope, staged.Id, july.Mapping, new ImportChoices(), Now)).Value.Accepted);
    }

    [Fact]
    public async Task A_remembered_mapping_fits_a_file_that_writes_the_names_otherwise()
    {
        await using var world = await ImportWorld.OpenAsync();
        Assert.Equal(1, (await world.ImportTextAsync("{\"user\":{\"id\":\"ann\"},\"event_type\":\"view\",\"item_id\":\"tea\",\"timestamp\":\"2026-03-01\"}\n")).Value.Accepted);
        Assert.Equal(3, (await world.ImportTextAsync(ImportWorld.SmallEvents)).Value.Accepted);
    }

    [Fact]
    public async Task Letters_of_western_Europe_are_read_once_their_encoding_is_chosen()
    {
        await using var world = await ImportWorld.OpenAsync();
        var text = "user_id,event_type,item_id,timestamp\n" + string.Concat(Enumerable.Repeat("zoë,view,thé vert € “x”,2026-01-01\n", 50));
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var staged = (await world.Importer.StageAsync(world.Scope, new MemoryStream(Encoding.GetEncoding(1252).GetBytes(text)), "a.csv", null, null, Now)).Value;
        Assert.Equal("import.unknown-encoding", (await world.Importer.InspectAsync(world.Scope, staged.Id, null, null, null, Now)).Problem?.Code);
        var read = (await world.Importer.InspectAsync(world.Scope, staged.Id, null, null, new FileReading(TextEncoding.Windows1252), Now)).Value;
        Assert.Equal("thé vert € “x”", read.Preview[0][2]);
        Assert.Equal(50, (await world.Importer.ImportAsync(world.Scope, staged.Id, read.Mapping, new ImportChoices(), Now)).Value.Accepted);
        Assert.Equal(50, await world.ScalarAsync<long>("select count(*) from events where user_id = 'zoë'"));
    }

    [Fact]
    public async Task The_command_line_takes_the_same_formats()
    {
        using var made = new FormatWorld();
        var data = Path.Combine(made.Folder, "data");
        foreach (var (name, content, rows) in ((string, byte[], int)[])[("events.parquet", Good.Parquet(made, 200), 200), ("events.zip", FormatWorld.Zip(("events.xlsx", Good.Workbook(50))), 50)])
        {
            var file = Path.Combine(made.Folder, name);
            await File.WriteAllBytesAsync(file, content, Now);
            var ending = await StudioProcess.RunAsync("import", "--data", data, "--workspace", "any", file);
            Assert.True(ending.Code == 0, ending.Error);
            Assert.Equal(rows, JsonDocument.Parse(ending.Out).RootElement.GetProperty("accepted").GetInt32());
        }
    }
}
