using Xunit;

namespace MerchantStudio.Tests.Ingestion.Formats;

/// <summary>Excel workbooks as tables.</summary>
public sealed class WorkbookTests
{
    [Fact]
    public async Task Texts_numbers_dates_truth_and_errors_come_as_they_are_shown()
    {
        using var world = new FormatWorld();
        var book = new SmallWorkbook().Texts("user_id", "Zoë &amp; \"Co\", Ltd", "<r><t>two </t></r><r><t>runs</t></r><rPh><t>no</t></rPh>", "line_x000D_one&#10;line two").Sheet("Orders", """
            <row r="3"><c r="A3" t="s"><v>0</v></c><c r="B3" t="inlineStr"><is><t>number</t></is></c><c r="C3" t="str"><v>when</v></c><c r="D3" t="str"><v>more</v></c><c r="E3" t="str"><v>last</v></c></row>
            <row r="4"><c r="A4" t="s"><v>1</v></c><c r="B4"><v>1234567890123456789</v></c><c r="C4" s="1"><v>46023</v></c><c r="D4" t="b"><v>1</v></c><c r="E4" t="e"><v>#N/A</v></c></row>
            <row r="6"><c r="A6" t="s"><v>2</v></c><c r="B6"><v>1.23456789012346E+15</v></c><c r="C6" s="2"><v>46023.52083333333</v></c><c r="D6" t="b"><v>0</v></c><c r="E6" t="e"><v>#REF!</v></c></row>
            <row r="7"><c r="A7" t="s"><v>3</v></c><c r="B7"><f>1/3*36.9</f><v>12.300000000000001</v></c><c r="C7" s="4"><v>46023.25</v></c><c r="D7" s="3"><v>0.5</v></c><c><v>1E-05</v></c></row>
            <row><c><v>0.1</v></c><c t="d"><v>2026-01-01T10:00:00</v></c></row>
            """);
        var (file, header, records) = await world.ReadAsync(book.ToBytes());
        Assert.Equal("user_id|number|when|more|last", header);
        Assert.Equal(
            [
                "4: Zoë & \"Co\", Ltd|1234567890123456789|2026-01-01|true|",
                "6: two runs|1234567890123460|2026-01-01 12:30:00|false|#REF!",
                "7: line\rone\nline two|12.3|2026-01-01 06:00:00|12:00:00|0.00001",
                "8: 0.1|2026-01-01T10:00:00|||",
            ], records);
        Assert.Equal((5, true), (file.Records, file.Parts.IsEmpty));
    }

    [Fact]
    public async Task Titles_empty_rows_and_names_in_two_rows_are_understood()
    {
        using var world = new FormatWorld();
        var book = new SmallWorkbook().Sheet("June",
            SmallWorkbook.Rows(2, ["Orders of June"]) + SmallWorkbook.Rows(4, ["Customer", "", "Order"], ["id", "city", ""], ["c1", "Rome", "o1"], ["c1", "Oslo", ""], ["c2", "Bern", "o2"]),
            "<mergeCells count=\"3\"><mergeCell ref=\"A2:C2\"/><mergeCell ref=\"A4:B4\"/><mergeCell ref=\"C4:C5\"/><mergeCell ref=\"C6:C7\"/></mergeCells>");
        var (_, header, records) = await world.ReadAsync(book.ToBytes());
        Assert.Equal("Customer id|Customer city|Order", header);
        Assert.Equal(["6: c1|Rome|o1", "7: c1|Oslo|o1", "8: c2|Bern|o2"], records);
    }

    [Fact]
    public async Task Of_several_sheets_the_largest_is_read_unless_another_is_chosen()
    {
        using var world = new FormatWorld();
        var book = new SmallWorkbook()
            .Sheet("Notes", SmallWorkbook.Rows(1, ["hint"], ["see the other sheet"]))
            .Sheet("Orders", SmallWorkbook.Rows(1, ["order_id", "total"], ["a1", "5"], ["a2", "6"], ["a3", "7"]))
            .Sheet("Secret", SmallWorkbook.Rows(1, [.. Enumerable.Range(0, 50).Select(row => new[] { $"x{row}", "1" })]), state: "hidden");
        var (file, header, records) = await world.ReadAsync(book.ToBytes());
        Assert.Equal(("order_id|total", 3, "Orders"), (header, records.Count, file.Part));
        Assert.Equal(["Notes", "Orders"], file.Parts);
        Assert.Equal("hint", (await world.ReadAsync(book.ToBytes(), "Notes")).Header);
        var missing = (await world.ConvertAsync(book.ToBytes(), "Returns")).Problem;
        Assert.Equal("import.part-missing", missing?.Code);
        Assert.Contains("Notes, Orders", missing!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Days_are_counted_from_1904_where_the_workbook_says_so()
    {
        using var world = new FormatWorld();
        var book = new SmallWorkbook { WorkbookSettings = "<workbookPr date1904=\"1\"/>" }.Sheet("A", "<row r=\"1\"><c t=\"str\"><v>day</v></c></row><row r=\"2\"><c s=\"1\"><v>44561</v></c></row>");
        Assert.Equal(["2: 2026-01-01"], (await world.ReadAsync(book.ToBytes())).Records);
    }

    [Theory]
    [InlineData("0.00 \"day\"", "46023")]
    [InlineData("[h]:mm", "46023")]
    [InlineData("[$-409]d/m/yyyy;@", "2026-01-01")]
    [InlineData("yyyy\"年\"m\"月\"d\"日\"", "2026-01-01")]
    [InlineData("General", "46023")]
    [InlineData("#,##0.00 [$€-407]", "46023")]
    [InlineData("mmm", "2026-01-01")]
    public async Task A_number_is_a_date_only_if_its_format_says_so(string format, string shown)
    {
        using var world = new FormatWorld();
        var book = new SmallWorkbook { OwnFormat = System.Security.SecurityElement.Escape(format) }.Sheet("A", "<row r=\"1\"><c t=\"str\"><v>day</v></c></row><row r=\"2\"><c s=\"4\"><v>46023</v></c></row>");
        Assert.Equal([$"2: {shown}"], (await world.ReadAsync(book.ToBytes())).Records);
    }
}
