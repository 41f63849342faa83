using System.Text;
using System.Text.Json.Nodes;
using MerchantStudio.Commands;
using MerchantStudio.Core.Ingestion;
using MerchantStudio.Core.Ingestion.Text;
using MerchantStudio.Tests.Ingestion;
using MerchantStudio.Tests.Ingestion.Formats;
using Xunit;

namespace MerchantStudio.Tests.Hosting;

/// <summary>The evaluate commands read every form of file that import reads, and leave nothing of it behind.</summary>
public sealed class EvaluateFormatTests
{
    private const string Csv = "text,stars\ngood tea,5\nbad cup,1\n";

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    public static TheoryData<string> Forms => ["reviews.csv", "reviews.csv.gz", "reviews.ndjson", "reviews.ndjson.gz", "reviews.json", "reviews.zip", "reviews.xlsx", "reviews.parquet"];

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task The_same_rows_come_out_of_every_form(string name)
    {
        using var world = new FormatWorld();
        var path = Path.Combine(world.Folder, name);
        await File.WriteAllBytesAsync(path, Content(world, name), Now);
        var opened = await TableFile.OpenAsync(path, new FileReading(), Now);
        using (var table = opened.Value)
        {
            Assert.Equal(["text", "stars"], table.Rows.Columns);
            var rows = new List<string>();
            while (table.Rows.Read()) rows.Add($"{table.Rows.Text(0)}|{table.Rows.Text(1)}");
            Assert.Equal(["good tea|5", "bad cup|1"], rows);
        }

        var reviews = (await EvaluateReviewsCommand.ReadAsync(path, null, "text", "stars", Now)).Value;
        Assert.Equal(["good tea", "bad cup"], reviews.Texts);
        Assert.Equal(2, (await EvaluateTableCommand.ReadAsync(path, null, Now)).Value.Rows.Count);
    }

    [Fact]
    public async Task What_no_reader_knows_is_a_problem_in_words()
    {
        Assert.Equal("import.file-missing", (await TableFile.OpenAsync("/no/such/file", new FileReading(), Now)).Problem?.Code);
        using var world = new FormatWorld();
        var path = Path.Combine(world.Folder, "broken.xlsx");
        await File.WriteAllBytesAsync(path, [0x50, 0x4B, 0x03, 0x04, 1, 2, 3], Now);
        Assert.NotNull((await TableFile.OpenAsync(path, new FileReading(), Now)).Problem);
    }

    /// <summary>The command as it is typed, on a Parquet file that a worker process reads.</summary>
    [Fact]
    public async Task A_table_in_parquet_is_evaluated_on_the_command_line()
    {
        using var world = new FormatWorld();
        var path = Path.Combine(world.Folder, "churn.parquet");
        await File.WriteAllBytesAsync(path, world.Parquet("select i as id, (i * 7) % 13 as visits, case when (i * 7) % 13 > 6 then 'yes' else 'no' end as churned from range(400) t(i)"), Now);
        var before = Directory.GetDirectories(Path.GetTempPath(), "merchant-studio-table-*");
        var ending = await StudioProcess.RunAsync("evaluate", "table", path, "--label", "churned", "--ids", "id", "--models", "logistic,bayes", "--split", "random:1");
        Assert.True(ending.Code == 0, ending.Error);
        Assert.Equal(400, JsonNode.Parse(ending.Out)!["rows"]!.GetValue<int>());
        Assert.Empty(Directory.GetDirectories(Path.GetTempPath(), "merchant-studio-table-*").Except(before));
    }

    private static byte[] Content(FormatWorld world, string name)
    {
        var lines = Encoding.UTF8.GetBytes("{\"text\":\"good tea\",\"stars\":5}\n{\"text\":\"bad cup\",\"stars\":1}\n");
        return name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..] switch
        {
            "csv.gz" => ImportWorld.Gzip(Encoding.UTF8.GetBytes(Csv)),
            "ndjson" => lines,
            "ndjson.gz" => ImportWorld.Gzip(lines),
            "json" => Encoding.UTF8.GetBytes("[{\"text\":\"good tea\",\"stars\":5},{\"text\":\"bad cup\",\"stars\":1}]"),
            "zip" => FormatWorld.Zip(("reviews.csv", Encoding.UTF8.GetBytes(Csv))),
            "parquet" => world.Parquet("select * from (values ('good tea', 5), ('bad cup', 1)) t(text, stars)"),
            "xlsx" => new SmallWorkbook().Sheet("Reviews", SmallWorkbook.Rows(1, ["text", "stars"], ["good tea", "5"], ["bad cup", "1"])).ToBytes(),
            _ => Encoding.UTF8.GetBytes(Csv),
        };
    }
}
