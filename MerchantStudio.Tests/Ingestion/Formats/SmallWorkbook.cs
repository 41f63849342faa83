using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace MerchantStudio.Tests.Ingestion.Formats;

/// <summary>Writes .xlsx files cell by cell, so that tests hold what spreadsheet programs really write.</summary>
internal sealed class SmallWorkbook
{
    public const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private readonly List<(string Name, string Rows, string After, string State)> _sheets = [];
    private string? _texts;

    public string WorkbookSettings { get; set; } = "";

    /// <summary>Styles by place: 0 plain, 1 date, 2 date and time, 3 time of day, 4 own format.</summary>
    public string OwnFormat { get; set; } = "yyyy\\-mm\\-dd\\ hh:mm:ss";

    /// <param name="rows">The content of sheetData.</param>
    /// <param name="after">What follows it: mergeCells.</param>
    public SmallWorkbook Sheet(string name, string rows, string after = "", string state = "visible")
    {
        _sheets.Add((name, rows, after, state));
        return this;
    }

    public SmallWorkbook Texts(params string[] items)
    {
        _texts = $"<sst xmlns=\"{Main}\">{string.Concat(items.Select(item => item.StartsWith('<') ? $"<si>{item}</si>" : $"<si><t xml:space=\"preserve\">{item}</t></si>"))}</sst>";
        return this;
    }

    /// <summary>Rows of inline texts; numbers are written as numbers.</summary>
    public static string Rows(int first, params string[][] rows)
    {
        var text = new StringBuilder();
        for (var row = 0; row < rows.Length; row++)
        {
            text.Append(CultureInfo.InvariantCulture, $"<row r=\"{first + row}\">");
            for (var column = 0; column < rows[row].Length; column++)
            {
                var place = $"{(char)('A' + column)}{first + row}";
                var cell = rows[row][column];
                if (cell.Length == 0) continue;
                if (decimal.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out _)) text.Append(CultureInfo.InvariantCulture, $"<c r=\"{place}\"><v>{cell}</v></c>");
                else text.Append(CultureInfo.InvariantCulture, $"<c r=\"{place}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{cell.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)}</t></is></c>");
            }

            text.Append("</row>");
        }

        return text.ToString();
    }

    public byte[] ToBytes()
    {
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(zip, "[Content_Types].xml", "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>");
            Add(zip, "xl/workbook.xml", $"<workbook xmlns=\"{Main}\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\">{WorkbookSettings}<sheets>{string.Concat(_sheets.Select((sheet, place) => $"<sheet name=\"{sheet.Name}\" sheetId=\"{place + 1}\" state=\"{sheet.State}\" r:id=\"rId{place + 1}\"/>"))}</sheets></workbook>");
            Add(zip, "xl/_rels/workbook.xml.rels", $"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{string.Concat(_sheets.Select((_, place) => $"<Relationship Id=\"rId{place + 1}\" Type=\"sheet\" Target=\"{(place % 2 == 0 ? "worksheets" : "/xl/worksheets")}/sheet{place + 1}.xml\"/>"))}</Relationships>");
            Add(zip, "xl/styles.xml", $"<styleSheet xmlns=\"{Main}\"><numFmts count=\"1\"><numFmt numFmtId=\"164\" formatCode=\"{OwnFormat}\"/></numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"22\"/><xf numFmtId=\"20\"/><xf numFmtId=\"164\"/></cellXfs></styleSheet>");
            if (_texts is not null) Add(zip, "xl/sharedStrings.xml", _texts);
            for (var place = 0; place < _sheets.Count; place++) Add(zip, $"xl/worksheets/sheet{place + 1}.xml", $"<worksheet xmlns=\"{Main}\"><dimension ref=\"A1\"/><sheetData>{_sheets[place].Rows}</sheetData>{_sheets[place].After}</worksheet>");
        }

        return packed.ToArray();
    }

    public static void Add(ZipArchive zip, string name, string text) => Add(zip, name, Encoding.UTF8.GetBytes(text));

    public static void Add(ZipArchive zip, string name, byte[] content)
    {
        using var entry = zip.CreateEntry(name).Open();
        entry.Write(content);
    }
}
