using System.IO.Compression;
using System.Text;
using System.Xml;
using MerchantStudio.Core.Ingestion.Formats.Archives;

namespace MerchantStudio.Core.Ingestion.Formats.Workbooks;

/// <summary>Opens the XML inside a workbook: no document types, nothing from outside, and limits on what would be held in memory.</summary>
internal static class SheetXml
{
    private const int LongestRun = 8 << 20;

    public static XmlReader Open(ArchiveFile file, ZipArchiveEntry entry, ConversionLimits limits) =>
        XmlReader.Create(file.Read(entry, limits, LongestRun), new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            CheckCharacters = false,
            CloseInput = true,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            NameTable = new CappedNames(),
        });

    /// <summary>The text of an element that holds runs of text, without the reading aids of Japanese cells. Leaves the reader on the element's end.</summary>
    public static void AppendText(XmlReader xml, StringBuilder text)
    {
        if (xml.IsEmptyElement) return;
        var depth = xml.Depth;
        var aid = int.MaxValue;
        var inText = false;
        while (xml.Read() && xml.Depth > depth)
        {
            switch (xml.NodeType)
            {
                case XmlNodeType.Element when xml.Depth < aid && xml.LocalName == "rPh":
                    aid = xml.IsEmptyElement ? int.MaxValue : xml.Depth;
                    break;
                case XmlNodeType.Element:
                    inText = xml.LocalName == "t" && !xml.IsEmptyElement;
                    break;
                case XmlNodeType.EndElement:
                    inText = false;
                    if (xml.Depth == aid) aid = int.MaxValue;
                    break;
                case XmlNodeType.Text or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace or XmlNodeType.CDATA when inText && aid == int.MaxValue:
                    AppendUnescaped(text, xml.Value);
                    break;
            }
        }
    }

    public static string Unescape(string value)
    {
        if (!value.Contains("_x", StringComparison.Ordinal)) return value;
        var text = new StringBuilder();
        AppendUnescaped(text, value);
        return text.ToString();
    }

    /// <summary>Letters that XML cannot hold stand as _x000D_.</summary>
    private static void AppendUnescaped(StringBuilder text, string value)
    {
        var from = 0;
        int at;
        while ((at = value.IndexOf("_x", from, StringComparison.Ordinal)) >= 0)
        {
            if (at + 6 < value.Length && value[at + 6] == '_' && ushort.TryParse(value.AsSpan(at + 2, 4), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var letter))
            {
                text.Append(value, from, at - from).Append((char)letter);
                from = at + 7;
            }
            else
            {
                text.Append(value, from, at + 2 - from);
                from = at + 2;
            }
        }

        text.Append(value, from, value.Length - from);
    }

    /// <summary>A workbook has a few dozen names; a file of a million different ones is not a workbook.</summary>
    private sealed class CappedNames : NameTable
    {
        private const int MostNames = 20_000;
        private int _names;

        public override string Add(char[] key, int start, int len)
        {
            if (Get(key, start, len) is { } known) return known;
            return ++_names > MostNames ? throw new XmlException("Too many different names.") : base.Add(key, start, len);
        }
    }
}
