using System.IO.Compression;
using System.Text;
using MerchantStudio.Core.Ingestion.Formats;
using Xunit;

namespace MerchantStudio.Tests.Ingestion.Formats;

/// <summary>ZIP archives: one table of them is read, bombs and what hides something are refused.</summary>
[Trait("Row", "H1")]
public sealed class ArchiveTests
{
    private static readonly byte[] Orders = "order_id,total\na1,5\na2,6\n"u8.ToArray();

    [Fact]
    public async Task The_largest_readable_member_is_read_and_the_others_are_offered()
    {
        using var world = new FormatWorld();
        var zip = FormatWorld.Zip(("readme.md", "See orders."u8.ToArray()), ("export/orders.csv", Orders), ("picture.png", [0x89, 0x50, 0x4E, 0x47, .. new byte[500]]), ("__MACOSX/._orders.csv", new byte[900]), ("lines.ndjson", "{\"sku\":\"s1\"}\n"u8.ToArray()));
        var (file, header, records) = await world.ReadAsync(zip);
        Assert.Equal(("order_id|total", "export/orders.csv"), (header, file.Part));
        Assert.Equal(["2: a1|5", "3: a2|6"], records);
        Assert.Equal(["readme.md", "export/orders.csv", "lines.ndjson"], file.Parts);
        Assert.Equal(["1: s1"], (await world.ReadAsync(zip, "lines.ndjson")).Records);
    }

    [Fact]
    public async Task A_workbook_in_an_archive_is_read_down_to_the_chosen_sheet()
    {
        using var world = new FormatWorld();
        var book = new SmallWorkbook().Sheet("One", SmallWorkbook.Rows(1, ["a"], ["1"])).Sheet("Two", SmallWorkbook.Rows(1, ["b"], ["2"], ["3"])).ToBytes();
        var (file, _, records) = await world.ReadAsync(FormatWorld.Zip(("book.xlsx", book), ("tiny.csv", "x\n1\n"u8.ToArray())));
        Assert.Equal(["2: 2", "3: 3"], records);
        Assert.Equal((FileFormat.Xlsx, "book.xlsx › Two"), (file.Format, file.Part));
        Assert.Equal(["book.xlsx › One", "book.xlsx › Two", "tiny.csv"], file.Parts);
        Assert.Equal(["2: 1"], (await world.ReadAsync(FormatWorld.Zip(("book.xlsx", book), ("tiny.csv", "x\n1\n"u8.ToArray())), "book.xlsx › One")).Records);
    }

    [Fact]
    public async Task A_name_in_the_letters_of_an_old_Chinese_archiver_is_read()
    {
        using var world = new FormatWorld();
        var zip = FormatWorld.Zip(("AAAA.csv", Orders), ("b.csv", "x\n1\n"u8.ToArray()));
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var name = Encoding.GetEncoding("GB18030").GetBytes("订单");
        for (var at = 0; at + 4 < zip.Length; at++)
        {
            if (zip.AsSpan(at, 4).SequenceEqual("AAAA"u8)) name.CopyTo(zip.AsSpan(at));
        }

        Assert.Equal("订单.csv", (await world.ReadAsync(zip)).File.Part);
    }

    [Fact]
    public async Task What_cannot_be_read_is_refused_with_its_reason()
    {
        using var world = new FormatWorld();
        Assert.Equal("import.archive-in-archive", (await world.ConvertAsync(FormatWorld.Zip(("inner.zip", FormatWorld.Zip(("a.csv", Orders)))))).Problem?.Code);
        Assert.Equal("import.archive-in-archive", (await world.ConvertAsync(FormatWorld.Zip(("a.csv.gz", ImportWorld.Gzip(Orders))))).Problem?.Code);
        Assert.Equal("import.archive-without-table", (await world.ConvertAsync(FormatWorld.Zip(("a.png", [0x89, 0x50, 0x4E, 0x47, 0, 0, 0])))).Problem?.Code);
        Assert.Equal("import.empty-file", (await world.ConvertAsync(FormatWorld.Zip())).Problem?.Code);
        Assert.Equal("import.binary-file", (await world.ConvertAsync(FormatWorld.Zip(("mimetype", "application/vnd.oasis.opendocument.spreadsheet"u8.ToArray()), ("content.xml", "<a/>"u8.ToArray())))).Problem?.Code);
        Assert.Equal("import.too-many-members", (await world.ConvertAsync(FormatWorld.Zip([.. Enumerable.Range(0, 10_001).Select(member => ($"{member}.csv", Array.Empty<byte>()))]))).Problem?.Code);
        var locked = FormatWorld.Zip(("a.csv", Orders));
        locked[6] |= 1;
        locked[locked.AsSpan().LastIndexOf("PK\u0001\u0002"u8) + 8] |= 1;
        Assert.Equal("import.archive-locked", (await world.ConvertAsync(locked)).Problem?.Code);
        Assert.Equal("import.workbook-locked", (await world.ConvertAsync([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, .. new byte[600], .. Encoding.Unicode.GetBytes("EncryptedPackage")])).Problem?.Code);
    }

    [Fact]
    public async Task A_bomb_is_refused_by_its_ratio_and_by_its_size()
    {
        using var world = new FormatWorld();
        var bomb = FormatWorld.Zip(("bomb.csv", Encoding.ASCII.GetBytes("a,b\n" + string.Concat(Enumerable.Repeat("0,0\n", 20_000_000)))));
        Assert.Equal("import.unpack-ratio", (await world.ConvertAsync(bomb)).Problem?.Code);
        Assert.Equal("import.unpacks-too-large", (await world.ConvertAsync(bomb, limits: new ConversionLimits(1 << 20, 1_000_000))).Problem?.Code);
    }

    [Fact]
    public async Task Damage_is_found_wherever_it_is()
    {
        using var world = new FormatWorld();
        var zip = FormatWorld.Zip(("a.csv", Orders));
        Assert.Equal("import.damaged-archive", (await world.ConvertAsync(zip[..^30])).Problem?.Code);
        using var stored = new MemoryStream();
        using (var archive = new ZipArchive(stored, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var entry = archive.CreateEntry("a.csv", CompressionLevel.NoCompression).Open();
            entry.Write(Orders);
        }

        var flipped = stored.ToArray();
        flipped[flipped.AsSpan().IndexOf("a2,6"u8) + 3] = (byte)'9';
        Assert.Equal("import.damaged-archive", (await world.ConvertAsync(flipped)).Problem?.Code);
        var book = new SmallWorkbook().Sheet("One", SmallWorkbook.Rows(1, ["a"], ["1"])).ToBytes();
        Assert.Equal("import.damaged-workbook", (await world.ConvertAsync(book[..(book.Length / 2)])).Problem?.Code);
    }
}
