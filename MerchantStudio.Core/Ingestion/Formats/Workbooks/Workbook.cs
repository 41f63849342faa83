using System.Collections.Immutable;
using System.IO.Compression;
using System.Xml;
using MerchantStudio.Core.Ingestion.Formats.Archives;

namespace MerchantStudio.Core.Ingestion.Formats.Workbooks;

/// <summary>A sheet by the name on its tab.</summary>
internal sealed record Sheet(string Name, ZipArchiveEntry Entry, bool Hidden);

/// <summary>An .xlsx file: its sheets, and what cells need to be read.</summary>
internal sealed class Workbook
{
    private const string Relationships = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const int MostSheets = 1_000;

    private Workbook(ArchiveFile file, ConversionLimits limits, ImmutableArray<Sheet> sheets, bool from1904)
    {
        File = file;
        Limits = limits;
        Sheets = sheets;
        CountsFrom1904 = from1904;
    }

    public ArchiveFile File { get; }

    public ConversionLimits Limits { get; }

    public ImmutableArray<Sheet> Sheets { get; }

    /// <summary>Workbooks from old Macs count days from 1904.</summary>
    public bool CountsFrom1904 { get; }

    /// <summary>Whether an archive is a workbook that can be read here.</summary>
    public static bool Is(ArchiveFile file) => file.Find("xl/workbook.xml") is not null;

    public static Workbook Open(ArchiveFile file, ConversionLimits limits)
    {
        var targets = Targets(file, limits);
        var sheets = ImmutableArray.CreateBuilder<Sheet>();
        var from1904 = false;
        using var xml = SheetXml.Open(file, file.Find("xl/workbook.xml")!, limits);
        while (xml.Read())
        {
            if (xml.NodeType != XmlNodeType.Element) continue;
            if (xml.LocalName == "workbookPr") from1904 = xml["date1904"] is "1" or "true";
            if (xml.LocalName != "sheet" || sheets.Count >= MostSheets) continue;
            var id = xml.GetAttribute("id", Relationships) ?? xml.GetAttribute("id", "http://purl.oclc.org/ooxml/officeDocument/relationships");
            if (id is null || !targets.TryGetValue(id, out var target) || Entry(file, target) is not { } entry) continue;
            sheets.Add(new Sheet(xml["name"] ?? $"Sheet {sheets.Count + 1}", entry, xml["state"] is "hidden" or "veryHidden"));
        }

        if (sheets.Count == 0) throw new FileRefusedException(FormatProblems.DamagedWorkbook("xl/workbook.xml"));
        return new Workbook(file, limits, sheets.ToImmutable(), from1904);
    }

    public SharedTexts Texts(CancellationToken cancellationToken)
    {
        if (File.Find("xl/sharedStrings.xml") is not { } entry) return SharedTexts.None;
        using var xml = SheetXml.Open(File, entry, Limits);
        return SharedTexts.Read(xml, cancellationToken);
    }

    public NumberFormats Formats()
    {
        if (File.Find("xl/styles.xml") is not { } entry) return NumberFormats.Plain;
        using var xml = SheetXml.Open(File, entry, Limits);
        return NumberFormats.Read(xml);
    }

    private static Dictionary<string, string> Targets(ArchiveFile file, ConversionLimits limits)
    {
        var targets = new Dictionary<string, string>(StringComparer.Ordinal);
        if (file.Find("xl/_rels/workbook.xml.rels") is not { } entry) throw new FileRefusedException(FormatProblems.DamagedWorkbook("xl/_rels/workbook.xml.rels"));
        using var xml = SheetXml.Open(file, entry, limits);
        while (xml.Read())
        {
            if (xml.NodeType == XmlNodeType.Element && xml.LocalName == "Relationship" && xml["Id"] is { } id && xml["Target"] is { } target && xml["TargetMode"] != "External" && targets.Count < 10_000) targets[id] = target;
        }

        return targets;
    }

    private static ZipArchiveEntry? Entry(ArchiveFile file, string target) => file.Find(target.StartsWith('/') ? target[1..] : "xl/" + target);
}
