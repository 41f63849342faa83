using System.Globalization;
using System.Text;
using Xunit;

namespace MerchantStudio.Tests.Ingestion.Formats;

/// <summary>NDJSON and JSON documents as tables.</summary>
public sealed class JsonTests
{
    [Fact]
    public async Task Each_line_is_a_row_nested_objects_become_columns_and_bad_lines_keep_their_number()
    {
        using var world = new FormatWorld();
        var (file, header, records) = await world.ReadAsync("""

            {"id": 12345678901234567890, "user": {"name": "Zo\u00eb, \"Z\"", "tags": ["a", {"b": 1}]}, "ok": true}
            {"id": 2, "user": {"name": "two\nlines"}, "gone": null
            {"price": 1.50, "id": 3}

            [1, 2]
            {"id": 4, "id": 5}
            {"id": "\ud800"}
            {"id": "000123"}
            """);
        Assert.Equal("id|user.name|user.tags|ok|price", header);
        Assert.Equal(
            [
                "2: 12345678901234567890|Zoë, \"Z\"|[\"a\", {\"b\": 1}]|true|",
                "3: Unreadable {\"id\": 2, \"user\": {\"name\": \"two\\nlines\"}, \"gone\": null",
                "4: 3||||1.50",
                "6: Unreadable [1, 2]",
                "7: Unreadable {\"id\": 4, \"id\": 5}",
                "8: Unreadable {\"id\": \"\\ud800\"}",
                "9: 000123||||",
            ], records);
        Assert.Equal(7, file.Records);
    }

    [Fact]
    public async Task A_list_of_objects_is_read_wherever_it_stands_and_a_choice_is_offered()
    {
        using var world = new FormatWorld();
        Assert.Equal(["1: 1|x", "2: 2|"], (await world.ReadAsync("[{\"a\": 1,\n \"b\": \"x\"},\n {\"a\": 2}]")).Records);
        var document = """{"page": {"next": null}, "customers": [{"id": "c1"}], "data": {"orders": [{"id": "o1", "lines": [{"sku": "s"}]}, 7, {"id": "o2"}]}}""";
        var (file, header, records) = await world.ReadAsync(document);
        Assert.Equal(("id|lines", "data.orders"), (header, file.Part));
        Assert.Equal(["customers", "data.orders"], file.Parts);
        Assert.Equal(["1: o1|[{\"sku\": \"s\"}]", "2: Unreadable 7", "3: o2|"], records);
        Assert.Equal(["1: c1"], (await world.ReadAsync(document, "customers")).Records);
        Assert.Equal(["1: 1", "2: 2"], (await world.ReadAsync("{\n \"a\": 1\n}\n{\n \"a\": 2\n}")).Records);
    }

    [Fact]
    public async Task Other_encodings_and_gzip_are_read_too()
    {
        using var world = new FormatWorld();
        const string text = "[{\"name\":\"茶叶\"}]";
        Assert.Equal(["1: 茶叶"], (await world.ReadAsync([.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(text)])).Records);
        Assert.Equal(["1: 茶叶"], (await world.ReadAsync(ImportWorld.Gzip([.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(text)]))).Records);
    }

    [Fact]
    public async Task Fields_that_come_up_after_a_thousand_records_are_told()
    {
        using var world = new FormatWorld();
        var lines = Enumerable.Range(1, 1_500).Select(row => row is 1_200 or 1_300 ? $"{{\"a\":{row},\"late\":1}}" : string.Create(CultureInfo.InvariantCulture, $"{{\"a\":{row}}}"));
        var (file, header, records) = await world.ReadAsync(string.Join('\n', lines));
        Assert.Equal(("a", 1_500), (header, records.Count));
        Assert.Equal((2, 1_200), (file.LateRecords, file.FirstLate));
        Assert.Equal(["late"], file.LateFields);
    }

    [Theory]
    [Trait("Row", "H11")]
    [InlineData("[{\"a\":1},{\"a\":", "import.damaged-json")]
    [InlineData("[{\"a\":1},\n{\"a\":}]", "import.damaged-json")]
    [InlineData("[1,2,3]", null)]
    [InlineData("[[1,2],[3,4]]", "import.json-without-records")]
    [InlineData("[]", "import.json-without-records")]
    [InlineData("{\"a\":[1,2],\n\"b\":2", "import.damaged-json")]
    public async Task A_document_that_cannot_be_read_is_refused_with_its_place(string text, string? code)
    {
        using var world = new FormatWorld();
        Assert.Equal(code, (await world.ConvertAsync(Encoding.UTF8.GetBytes(text))).Problem?.Code);
    }

    [Fact]
    [Trait("Row", "H11")]
    public async Task Depth_numbers_without_end_and_ten_thousand_fields_are_borne()
    {
        using var world = new FormatWorld();
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 1_000)) + "1" + new string('}', 1_000);
        var (_, header, records) = await world.ReadAsync("{\"x\":1e400}\n" + deep + "\n{\"x\":2}");
        Assert.Equal("x", header);
        Assert.Equal(3, records.Count);
        Assert.StartsWith("2: Unreadable", records[1], StringComparison.Ordinal);
        Assert.Equal("import.damaged-json", (await world.ConvertAsync(Encoding.UTF8.GetBytes("[" + deep + "]"))).Problem?.Code);
        var wide = "{" + string.Join(',', Enumerable.Range(0, 10_001).Select(field => $"\"f{field}\":1")) + "}";
        Assert.Equal("import.too-many-columns", (await world.ConvertAsync(Encoding.UTF8.GetBytes(wide))).Problem?.Code);
    }

    [Fact]
    public async Task A_line_or_a_field_that_is_too_long_costs_only_itself()
    {
        using var world = new FormatWorld();
        var (_, _, records) = await world.ReadAsync("{\"a\":\"ok\"}\n{\"a\":\"" + new string('x', 17 << 20) + "\"}\n{\"a\":\"" + string.Concat(Enumerable.Repeat("\\\"\\n", 600_000)) + "\"}\n{\"a\":\"fine\",\"b\":\"\\u0000\"}\n{\"a\":\"end\"}");
        Assert.Equal(["1: ok|", "5: end|"], records.Where(record => !record.Contains(": Unreadable", StringComparison.Ordinal) && !record.Contains("TooLong", StringComparison.Ordinal) && !record.Contains("Nul", StringComparison.Ordinal)));
        Assert.StartsWith("2: Unreadable", records[1], StringComparison.Ordinal);
        Assert.StartsWith("3: FieldTooLong", records[2], StringComparison.Ordinal);
        Assert.StartsWith("4: NulByte", records[3], StringComparison.Ordinal);
    }
}
