using System.Collections.Immutable;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Ingestion.Formats;

/// <summary>Why a file that is not delimited text cannot be turned into a table.</summary>
internal static class FormatProblems
{
    private const int NamesTold = 10;

    public static Problem PartMissing(string part, ImmutableArray<string> parts) =>
        new("import.part-missing", "The file holds no '{0}'. It holds: {1}. Choose one of these.", part, Told(parts));

    public static Problem DamagedArchive() =>
        new("import.damaged-archive", "The ZIP archive is damaged or cut off. Compress the files again, or upload them one by one without compressing.");

    public static Problem ArchiveLocked() =>
        new("import.archive-locked", "The ZIP archive is protected by a password. Unpack it on your computer and upload the file that is inside.");

    public static Problem ArchiveInArchive() =>
        new("import.archive-in-archive", "The ZIP archive holds further archives only. Unpack it on your computer and upload the files that are inside.");

    public static Problem ArchiveWithoutTable(ImmutableArray<string> names) =>
        new("import.archive-without-table", "The ZIP archive holds nothing that can be read as a table, only: {0}. Put CSV, Excel, JSON, Parquet or SQLite files into it.", Told(names));

    public static Problem TooManyMembers(int limit) =>
        new("import.too-many-members", "The ZIP archive holds more than {0} files. Put only the files to import into it.", limit);

    public static Problem DamagedWorkbook(string where) =>
        new("import.damaged-workbook", "The Excel workbook is damaged or cut off (at {0}). Open it in your spreadsheet program, save it again and upload that, or save the sheet as CSV.", where);

    public static Problem WorkbookLocked() =>
        new("import.workbook-locked", "The Excel workbook is protected by a password. Save it without one and upload that.");

    public static Problem WorkbookTooLarge(long limitMegabytes) =>
        new("import.workbook-too-large", "The Excel workbook holds more than {0} MB of text. Save the sheet as CSV and upload that.", limitMegabytes);

    public static Problem DamagedJson(long line, long place) =>
        new("import.damaged-json", "The JSON text is wrong or breaks off in line {0}, at character {1}. Export it again, or correct it there.", line, place);

    public static Problem JsonRecordTooLong(long record) =>
        new("import.json-record-too-long", "Record {0} of the JSON text is longer than 16 MB. Leave out the fields you do not need.", record);

    public static Problem JsonWithoutRecords() =>
        new("import.json-without-records", "The JSON text holds no list of records. Expected is a list of objects, or one object a line.");

    public static Problem DamagedParquet() =>
        new("import.damaged-parquet", "The Parquet file is damaged or cut off, or written in a way that is not known here. Write it again, or export it as CSV.");

    public static Problem DamagedDatabase() =>
        new("import.damaged-database", "The SQLite database is damaged, cut off or protected. Copy it again while no program has it open, or export the table as CSV.");

    public static Problem DatabaseWithoutTable() =>
        new("import.database-without-table", "The SQLite database holds no table with rows. Check that it is the right file.");

    public static Problem Told(string code) => code switch
    {
        "import.damaged-database" => DamagedDatabase(),
        "import.database-without-table" => DatabaseWithoutTable(),
        "import.empty-file" => Text.TextProblems.Empty(),
        "import.too-many-columns" => Text.TextProblems.TooManyColumns(ConversionLimits.MaxColumns),
        _ => DamagedParquet(),
    };

    private static string Told(ImmutableArray<string> names) =>
        string.Join(", ", names.Take(NamesTold)) + (names.Length > NamesTold ? $", … ({names.Length})" : "");
}
