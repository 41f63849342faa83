using System.Globalization;
using System.Text;
using System.Xml;

namespace MerchantStudio.Core.Ingestion.Formats.Workbooks;

/// <summary>Reads a sheet row by row; empty rows are passed over.</summary>
internal sealed class SheetRows(XmlReader xml, SharedTexts texts, NumberFormats formats, bool from1904)
{
    private readonly List<string> _cells = [];
    private readonly StringBuilder _text = new();

    /// <summary>Row of the sheet; the first is 1.</summary>
    public int Number { get; private set; }

    /// <summary>Texts of the row's cells, empty where there is none; holds until the next <see cref="Read"/>.</summary>
    public IReadOnlyList<string> Cells => _cells;

    /// <exception cref="XmlException">The sheet is damaged.</exception>
    /// <exception cref="InvalidDataException">A place or a text that the workbook does not have.</exception>
    public bool Read()
    {
        while (xml.Read())
        {
            if (xml.NodeType != XmlNodeType.Element || xml.LocalName != "row") continue;
            var number = xml["r"] is { } written ? Whole(written) : Number + 1;
            if (number <= Number || number > CellPlace.MostRows) throw new InvalidDataException($"Row {number} follows row {Number}.");
            Number = number;
            _cells.Clear();
            if (xml.IsEmptyElement) continue;
            ReadCells();
            if (_cells.Exists(cell => !string.IsNullOrWhiteSpace(cell))) return true;
        }

        return false;
    }

    private void ReadCells()
    {
        var depth = xml.Depth;
        var last = -1;
        while (xml.Read() && xml.Depth > depth)
        {
            if (xml.NodeType != XmlNodeType.Element || xml.LocalName != "c") continue;
            last = xml["r"] is { Length: > 0 } place ? CellPlace.Column(place) : last + 1;
            if (last is < 0 or >= CellPlace.MostColumns) throw new InvalidDataException($"Row {Number} has a cell at '{xml["r"]}'.");
            var (type, style) = (xml["t"], xml["s"]);
            if (xml.IsEmptyElement) continue;
            var text = Text(type, style);
            if (text.Length == 0) continue;
            while (_cells.Count <= last) _cells.Add("");
            _cells[last] = text;
        }
    }

    private string Text(string? type, string? style)
    {
        _text.Clear();
        var depth = xml.Depth;
        var value = "";
        while (xml.Read() && xml.Depth > depth)
        {
            if (xml.NodeType != XmlNodeType.Element) continue;
            if (xml.LocalName == "is") SheetXml.AppendText(xml, _text);
            else if (xml.LocalName == "v") value = Value();
        }

        return type switch
        {
            "s" => texts[Whole(value)] ?? throw new InvalidDataException($"Row {Number} points to text {value}, which is not there."),
            "inlineStr" => _text.ToString(),
            "str" or "d" => SheetXml.Unescape(value),
            "b" => value is "1" or "true" ? "true" : "false",
            "e" => value == "#N/A" ? "" : value,
            _ => formats.Write(value.Trim(), style, from1904),
        };
    }

    private string Value()
    {
        if (xml.IsEmptyElement) return "";
        var depth = xml.Depth;
        var value = "";
        while (xml.Read() && xml.Depth > depth)
        {
            if (xml.NodeType is XmlNodeType.Text or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace or XmlNodeType.CDATA) value += xml.Value;
        }

        return value;
    }

    private static int Whole(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new InvalidDataException($"'{text}' is not a number.");
}
