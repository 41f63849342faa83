using System.Globalization;
using System.Text;

namespace MerchantStudio.Tests.Ingestion.Formats;

/// <summary>Files that programs, people and attackers make, each wrong in a way of its own.</summary>
internal static class HostileFiles
{
    private const string Header = "user_id,event_type,item_id,timestamp,price\n";
    private const string Row = "ann,view,tea,2026-03-01T10:00:00Z,5\n";

    public static IEnumerable<(string Name, byte[] Content)> All(FormatWorld world) => [.. Texts().Select(file => (file.Name, Encoding.UTF8.GetBytes(file.Text))), .. Bytes(world)];

    private static IEnumerable<(string Name, string Text)> Texts()
    {
        yield return ("ragged rows", Header + "ann\nann,view\n" + Row + "ann,view,tea,2026-03-01,5,6,7\n,,,,\n");
        yield return ("stray quotes", Header + "ann,\"view,tea,2026-03-01,5\n" + Row + "a\"nn,view,\"te\"a,2026-03-01,5\n\"ann,view\n");
        yield return ("quotes only", "\"\"\"\"\"\n\"\"\"\n\"\n");
        yield return ("a quote that never closes", Header + "\"" + string.Concat(Enumerable.Repeat(Row, 20_000)));
        yield return ("NUL bytes", Header + "ann,vi\0ew,tea,2026-03-01,5\n" + Row + "\0\0\0\n");
        yield return ("only NUL bytes", new string('\0', 5_000));
        yield return ("a field of 2 MB", Header + Row + new string('x', 2 << 20) + ",view,tea,2026-03-01,5\n" + Row);
        yield return ("a quoted field of 2 MB with lines", Header + Row + "\"" + string.Concat(Enumerable.Repeat("line\n", 400_000)) + "\",view,tea,2026-03-01,5\n" + Row);
        yield return ("a line of 20 MB", Header + Row + new string(',', 20 << 20) + "\n" + Row);
        yield return ("no line end at all", new string('a', 3 << 20));
        yield return ("10,000 columns", string.Join(',', Enumerable.Range(0, 10_000).Select(column => $"c{column}")) + "\n" + new string(',', 9_999) + "\n");
        yield return ("10,001 columns", string.Join(',', Enumerable.Range(0, 10_001).Select(column => $"c{column}")) + "\n" + new string(',', 10_000) + "\n");
        yield return ("duplicate headers", "user_id,event_type,event_type,timestamp,user_id\nann,view,tea,2026-03-01,bob\n");
        yield return ("empty headers", ",,,,\n" + Row);
        yield return ("header of quotes", "\"\",\"\",\"\"\n1,2,3\n");
        yield return ("mixed line ends", Header + "ann,view,tea,2026-03-01,5\rann,view,tea,2026-03-02,5\r\nann,view,tea,2026-03-03,5\n\r\n\n\r" + Row);
        yield return ("old Mac line ends", (Header + Row + Row).Replace('\n', '\r'));
        yield return ("line separators", Header + "ann\u2028,view,tea\u2029,2026-03-01,5\n" + Row);
        yield return ("formula cells", Header + "=1+1,view,@SUM(A1),2026-03-01,5\n+cmd|' /C calc'!A0,view,-2+3,2026-03-01,5\n＝1,view,\tx,2026-03-01,5\n");
        yield return ("script text", Header + "<script>alert(1)</script>,view,\"<img src=x onerror=alert(1)>\",2026-03-01,5\n");
        yield return ("SQL text", Header + "'); drop table events; --,view,\"x\"\"; delete from rejects; --\",2026-03-01,5\n");
        yield return ("SQL headers", "\"user_id\"\"; drop table events; --\",event_type,\"item_id') --\",timestamp\nann,view,tea,2026-03-01\n");
        yield return ("format strings", Header + "{0},view,%s%n,2026-03-01,5\n${jndi:ldap://x},view,{{7*7}},2026-03-01,5\n");
        yield return ("paths", Header + "../../etc/passwd,view,C:\\Windows\\win.ini,2026-03-01,5\n");
        yield return ("a byte order mark in each line", "\uFEFF" + Header + "\uFEFF" + Row + "\uFEFF" + Row);
        yield return ("control letters", Header + "a\u0001\u0002\u0008nn,view,te\u001ba,2026-03-01,5\n" + string.Concat(Enumerable.Repeat(Row, 30)));
        yield return ("letters from right to left", Header + "\u202Eann,view,\u200Btea\u2066,2026-03-01,5\n");
        yield return ("combining letters", Header + "a" + new string('\u0301', 5_000) + ",view,tea,2026-03-01,5\n");
        yield return ("numbers without end", Header + $"ann,view,tea,2026-03-01,{new string('9', 400)}\nann,view,tea,2026-03-01,1e400\nann,view,tea,2026-03-01,NaN\nann,view,tea,2026-03-01,-Infinity\n");
        yield return ("times that are not", Header + "ann,view,tea,0000-00-00,5\nann,view,tea,9999-12-31T23:59:60Z,5\nann,view,tea,99999999999999999999,5\nann,view,tea,-1,5\n" + Row);
        yield return ("only a header", Header);
        yield return ("only blanks", "  \t \r\n\r\n   ");
        yield return ("only delimiters", string.Concat(Enumerable.Repeat(",,,,\n", 100)));
        yield return ("a single letter", "x");
        yield return ("a table in prose", "Dear shop,\nplease find the orders below.\n\n" + Header + Row);
        yield return ("HTML", "<!DOCTYPE html><html><body><table><tr><td>ann</td></tr></table></body></html>");
        yield return ("an error page", "{\"error\":{\"code\":401,\"message\":\"Token expired\"}}");
        yield return ("XML", "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>");
        yield return ("JSON that breaks off", "[{\"user_id\":\"ann\",\"event_type\":\"view\"},{\"user_id\"");
        yield return ("JSON of 100,000 brackets", new string('[', 100_000));
        yield return ("JSON of 100,000 braces", string.Concat(Enumerable.Repeat("{\"a\":", 100_000)));
        yield return ("NDJSON with rubbish", "{\"user_id\":\"ann\",\"event_type\":\"view\",\"item_id\":\"tea\",\"timestamp\":\"2026-03-01\"}\nnot json\n{\"user_id\":\n\n[]\n{}\n{\"user_id\":\"ann\",\"event_type\":\"view\",\"item_id\":\"tea\",\"timestamp\":\"2026-03-01T11:00:00Z\"}");
        yield return ("NDJSON of other names each line", string.Join('\n', Enumerable.Range(0, 3_000).Select(row => string.Create(CultureInfo.InvariantCulture, $"{{\"k{row}\":{row}}}"))));
        yield return ("NDJSON with one name twice", "{\"user_id\":\"a\",\"user_id\":\"b\",\"event_type\":\"view\",\"timestamp\":\"2026-03-01\"}\n{\"user_id\":\"a\",\"event_type\":\"view\",\"timestamp\":\"2026-03-01\",\"item_id\":\"tea\"}\n");
        yield return ("JSON numbers and halves of letters", "[{\"user_id\":1e400,\"event_type\":\"\\ud83d\",\"timestamp\":\"2026-03-01\"},{\"user_id\":-0,\"event_type\":\"view\",\"timestamp\":1e99}]");
    }

    private static IEnumerable<(string Name, byte[] Content)> Bytes(FormatWorld world)
    {
        var random = new Random(60);
        var noise = new byte[20_000];
        random.NextBytes(noise);
        var csv = Encoding.UTF8.GetBytes(Header + string.Concat(Enumerable.Range(0, 2_000).Select(row => $"u{row},view,i{row},2026-03-01,{row}\n")));
        var book = Good.Workbook(50);
        var parquet = Good.Parquet(world, 500);
        var database = Good.Sqlite(world, 500);
        yield return ("noise", noise);
        yield return ("nothing", []);
        yield return ("mixed encodings", [.. Encoding.UTF8.GetBytes(Header + "Zoë,view,tea,2026-03-01,5\n"), .. Encoding.Latin1.GetBytes("Zoë,view,tea,2026-03-01,5\n"), .. Encoding.UTF8.GetBytes(Row)]);
        yield return ("UTF-16 cut in half a letter", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Header + Row)[..^1]]);
        yield return ("UTF-32", [.. Encoding.UTF32.GetPreamble(), .. Encoding.UTF32.GetBytes(Header + Row)]);
        yield return ("EBCDIC-like letters", [.. csv.Select(letter => (byte)(letter ^ 0x80))]);
        yield return ("gzip cut off", ImportWorld.Gzip(csv)[..500]);
        yield return ("gzip of nothing", ImportWorld.Gzip([]));
        yield return ("gzip in gzip", ImportWorld.Gzip(ImportWorld.Gzip(csv)));
        yield return ("gzip with rubbish behind", [.. ImportWorld.Gzip(csv), .. noise]);
        yield return ("gzip of a workbook", ImportWorld.Gzip(book));
        yield return ("gzip of a parquet file cut off", ImportWorld.Gzip(parquet[..^20]));
        yield return ("zip cut off", FormatWorld.Zip(("a.csv", csv))[..300]);
        yield return ("zip with rubbish before", [.. noise, .. FormatWorld.Zip(("a.csv", csv))]);
        yield return ("zip with rubbish behind", [.. FormatWorld.Zip(("a.csv", csv)), .. noise]);
        yield return ("zip that names a way out", FormatWorld.Zip(("../../../../tmp/out.csv", csv), ("/etc/cron.d/x", csv)));
        yield return ("zip in zip", FormatWorld.Zip(("a.zip", FormatWorld.Zip(("b.zip", FormatWorld.Zip(("c.csv", csv)))))));
        yield return ("zip with one name twice", FormatWorld.Zip(("a.csv", csv), ("a.csv", csv)));
        yield return ("zip end alone", [.. "PK\u0005\u0006"u8, .. new byte[18]]);
        yield return ("zip end with a lie", [.. "PK\u0005\u0006"u8, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0]);
        yield return ("workbook cut off", book[..^200]);
        yield return ("workbook without sheets", new SmallWorkbook().ToBytes());
        yield return ("workbook with an empty sheet", new SmallWorkbook().Sheet("A", "").ToBytes());
        yield return ("workbook with a document type", new SmallWorkbook { WorkbookSettings = "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]>" }.Sheet("A", "<row><c><v>1</v></c></row>").ToBytes());
        yield return ("workbook with entities", new SmallWorkbook().Sheet("A", "<row r=\"1\"><c t=\"str\"><v>&lol;</v></c></row>").ToBytes());
        yield return ("workbook with cells far out", new SmallWorkbook().Sheet("A", "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>user_id</v></c></row><row r=\"2\"><c r=\"ZZZZZZZZZ2\"><v>1</v></c></row>").ToBytes());
        yield return ("workbook with rows backwards", new SmallWorkbook().Sheet("A", "<row r=\"9\"><c><v>1</v></c></row><row r=\"2\"><c><v>1</v></c></row>").ToBytes());
        yield return ("workbook that points to no text", new SmallWorkbook().Sheet("A", "<row r=\"1\"><c t=\"s\"><v>99</v></c></row>").ToBytes());
        yield return ("workbook with numbers that are not", new SmallWorkbook().Sheet("A", "<row r=\"1\"><c t=\"str\"><v>user_id</v></c><c t=\"str\"><v>timestamp</v></c></row><row r=\"2\"><c><v>1E+999</v></c><c s=\"1\"><v>-5E300</v></c></row><row r=\"3\"><c><v>abc</v></c><c s=\"1\"><v>9E99</v></c></row>").ToBytes());
        yield return ("workbook of other names without end", new SmallWorkbook().Sheet("A", string.Concat(Enumerable.Range(0, 30_000).Select(name => $"<n{name}/>"))).ToBytes());
        yield return ("old workbook", [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, .. noise]);
        yield return ("parquet cut off", parquet[..(parquet.Length / 2)]);
        yield return ("parquet of its ends only", [.. "PAR1"u8, 0, 0, 0, 0, .. "PAR1"u8]);
        yield return ("parquet with a footer that lies", [.. parquet[..^8], 0xFF, 0xFF, 0xFF, 0x7F, .. "PAR1"u8]);
        yield return ("database cut off", database[..(database.Length / 2)]);
        yield return ("database of its head only", database[..100]);
        yield return ("database with views only", world.Sqlite("create view v as select 1 as user_id"));
        yield return ("picture", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, .. noise]);
        yield return ("PDF", [.. "%PDF-1.7\n"u8, .. noise]);
        yield return ("program", [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0, .. noise]);
    }
}
