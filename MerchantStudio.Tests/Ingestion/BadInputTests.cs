using System.Text;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion;
using MerchantStudio.Core.Ingestion.Text;
using MerchantStudio.Core.Quality;
using MerchantStudio.Core.Shop;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MerchantStudio.Tests.Ingestion;

/// <summary>Files that are wrong in one way each: a clear message, nothing half visible, and the next sound file comes in.</summary>
public sealed class BadInputTests
{
    private const string Header = "user_id,event_type,item_id,timestamp,price\n";
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "import.empty-file")]
    [InlineData("\r\n\r\n  \n", "import.empty-file")]
    [InlineData("user_id,event_type,item_id,timestamp\n", "import.header-only")]
    [InlineData("user_id^event_type^item_id^timestamp\nann^view^tea^2026-01-01\nbob^view^tea^2026-01-02\n", "import.one-column")]
    [InlineData("colour,size\nred,4\nblue,5\n", "import.roles-missing")]
    [InlineData("PK\u0003\u0004rest of a workbook", "import.damaged-archive")]
    [InlineData("user_id,event_type,item_id,timestamp\nann,view,tea,yesterday\nbob,view,tea,soon\n", "import.nothing-accepted")]
    public async Task A_file_that_cannot_be_used_is_refused_with_its_reason_and_leaves_nothing(string text, string code)
    {
        await using var world = await ImportWorld.OpenAsync();
        var outcome = await world.ImportTextAsync(text);
        Assert.Equal(code, outcome.Problem?.Code);
        await AssertStillServesAsync(world);
    }

    [Fact]
    public async Task A_binary_file_named_csv_is_refused()
    {
        await using var world = await ImportWorld.OpenAsync();
        var bytes = new byte[4096];
        new Random(3).NextBytes(bytes);
        Assert.Equal("import.binary-file", (await world.ImportAsync(bytes)).Problem?.Code);
        await AssertStillServesAsync(world);
    }

    [Fact]
    public async Task One_per_cent_malformed_rows_are_set_aside_and_every_row_is_accounted_for()
    {
        var text = new StringBuilder(Header);
        for (var row = 0; row < 10_000; row++)
        {
            text.Append((row % 500) switch
            {
                0 => "ann,view\n",
                100 => "ann,view,tea,2026-01-01,1,2,3\n",
                200 => "ann,\"view,tea,2026-01-01,1\n",
                300 => "ann,view,tea,\u0000,1\n",
                400 => "ann,view,\"tea\"pot,2026-01-01,1\n",
                _ => $"u{row},view,tea,2026-01-01 10:00:00,1.5\n",
            });
        }

        await using var world = await ImportWorld.OpenAsync();
        var report = (await world.ImportTextAsync(text.ToString())).Value;
        Assert.Equal((10_000, 9_900, 100, 0), (report.Read, report.Accepted, report.Rejected, report.Duplicates));
        Assert.Equal(["nul_byte", "quote_not_closed", "too_few_columns", "too_many_columns"], report.Reasons.Select(reason => reason.Code).Order());
        Assert.Equal(40, report.Reasons.Single(reason => reason.Code == "quote_not_closed").Rows);
        Assert.Equal(100, await world.ScalarAsync<long>("select count(*) from rejects"));
        Assert.Equal(2 + 200, report.Reasons.Single(reason => reason.Code == "quote_not_closed").ExampleLine);
    }

    [Fact]
    public async Task A_bad_date_a_bad_price_and_an_unknown_event_are_set_aside_with_line_column_and_value()
    {
        await using var world = await ImportWorld.OpenAsync();
        var report = (await world.ImportTextAsync(Header
            + "ann,view,tea,2026-01-01 10:00:00,5\n"
            + "ann,view,tea,2026-13-45,5\n"
            + "ann,purchase,tea,2026-01-01 11:00:00,\"12,5O\"\n"
            + "ann,wishl,tea,2026-01-01 12:00:00,5\n")).Value;
        Assert.Equal((4, 1, 3), (report.Read, report.Accepted, report.Rejected));
        Assert.Equal(
            [("not_a_time", 3L, "timestamp", "2026-13-45"), ("not_a_number", 4L, "price", "12,5O"), ("unknown_event", 5L, "event_type", "wishl")],
            report.Reasons.Select(reason => (reason.Code, reason.ExampleLine, reason.Column, reason.ExampleValue)));
        Assert.Contains("letter O?", report.Reasons[1].Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_negative_price_and_a_missing_shopper_come_in_and_are_told()
    {
        await using var world = await ImportWorld.OpenAsync();
        var report = (await world.ImportTextAsync("user_id,event_type,item_id,timestamp,price,order_id\nann,purchase,tea,2026-01-01,-5,o1\n,purchase,tea,2026-01-01,5,o2\n,view,tea,2026-01-01,,\n")).Value;
        Assert.Equal((3, 2, 1), (report.Read, report.Accepted, report.Rejected));
        Assert.Equal([("negative_price", 1L, 2L), ("no_shopper", 1L, 3L)], report.Notes.Select(note => (note.Code, note.Rows, note.FirstLine)));
        Assert.Equal("no_shopper", Assert.Single(report.Reasons).Code);
    }

    [Fact]
    public async Task An_unknown_event_name_can_be_given_a_meaning()
    {
        await using var world = await ImportWorld.OpenAsync();
        var report = (await world.ImportTextAsync(Header + "ann,wishl,tea,2026-01-01,5\n", map: mapping => mapping with { EventNames = mapping.EventNames.SetItem("wishl", "favorite") })).Value;
        Assert.Equal("favorite", Assert.Single(report.Events).Type);
    }

    public static TheoryData<string, bool, TextEncoding> Encodings => new()
    {
        { "utf-16", true, TextEncoding.Utf16LittleEndian },
        { "utf-16", false, TextEncoding.Utf16LittleEndian },
        { "utf-16BE", true, TextEncoding.Utf16BigEndian },
        { "GB18030", false, TextEncoding.Gb18030 },
        { "gbk", false, TextEncoding.Gb18030 },
        { "utf-8", true, TextEncoding.Utf8WithBom },
    };

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task Files_in_other_encodings_are_recognised_and_converted(string name, bool marked, TextEncoding expected)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var encoding = Encoding.GetEncoding(name);
        var text = "user_id,event_type,item_id,timestamp,category\n张三,购买,茶叶,2026-01-01 10:00:00,食品饮料\n李四,浏览,手机,2026-01-02 10:00:00,数码家电\n";
        byte[] bytes = [.. marked ? encoding.GetPreamble() : [], .. encoding.GetBytes(text)];
        await using var world = await ImportWorld.OpenAsync();
        var report = (await world.ImportAsync(bytes)).Value;
        Assert.Equal((2, 2), (report.Read, report.Accepted));
        Assert.Equal("食品饮料", await world.ScalarAsync<string>("select category from events where user_id = '张三' and event_type = 'purchase'"));
        var staged = (await world.Importer.StageAsync(world.Scope, new MemoryStream(bytes), "again.csv", null, null, Now)).Value;
        Assert.Equal(expected, (await world.Importer.InspectAsync(world.Scope, staged.Id, null, null, null, Now)).Value.Shape.Encoding);
    }

    [Fact]
    public async Task Letters_in_an_encoding_that_is_not_known_are_refused()
    {
        await using var world = await ImportWorld.OpenAsync();
        var text = string.Concat(Enumerable.Repeat("café,view,thé vert,2026-01-01\n", 50));
        Assert.Equal("import.unknown-encoding", (await world.ImportAsync(Encoding.Latin1.GetBytes("user_id,event_type,item_id,timestamp\n" + text))).Problem?.Code);
        await AssertStillServesAsync(world);
    }

    [Fact]
    public async Task An_announced_upload_of_five_gigabytes_is_refused_before_a_byte_is_read()
    {
        await using var world = await ImportWorld.OpenAsync();
        var content = new NeverRead();
        var outcome = await world.Importer.StageAsync(world.Scope, content, "huge.csv", 5L << 30, null, Now);
        Assert.Equal("import.too-large", outcome.Problem?.Code);
        Assert.Contains("2048 MB", outcome.Problem!.Message, StringComparison.Ordinal);
        await AssertStillServesAsync(world);
    }

    [Fact]
    public async Task A_file_that_the_disk_has_no_room_for_is_refused_before_it_is_read()
    {
        await using var world = await ImportWorld.OpenAsync(services => services.Configure<DiskOptions>(options => options.LeastFreeBytes = 1L << 60));
        Assert.Equal("import.no-space", (await world.Importer.StageAsync(world.Scope, new NeverRead(), "a.csv", 100, null, Now)).Problem?.Code);
    }

    [Fact]
    public async Task The_same_file_again_adds_nothing_unless_it_is_forced()
    {
        await using var world = await ImportWorld.OpenAsync();
        Assert.Equal(3, (await world.ImportTextAsync(ImportWorld.SmallEvents)).Value.Accepted);
        var again = await world.ImportTextAsync(ImportWorld.SmallEvents, name: "renamed.csv");
        Assert.Equal("import.same-file", again.Problem?.Code);
        Assert.Equal(3, await world.ScalarAsync<long>("select count(*) from events"));
        Assert.Equal(3, (await world.ImportTextAsync(ImportWorld.SmallEvents, new ImportChoices(Force: true))).Value.Accepted);
        Assert.Equal(6, await world.ScalarAsync<long>("select count(*) from events"));
    }

    [Fact]
    public async Task Events_only_in_the_future_come_in_are_told_and_fail_the_quality_gate()
    {
        await using var world = await ImportWorld.OpenAsync();
        var report = (await world.ImportTextAsync(Header + "ann,view,tea,2150-01-01,\nann,purchase,tea,2150-01-02,5\n")).Value;
        Assert.Equal("all_future", report.Notes[0].Code);
        var gate = await world.Studio.Get<QualityGate>().GateAsync(world.Scope, null, Now);
        Assert.Equal("quality.gate-failed", gate.Problem?.Code);
        Assert.Contains("events.future", gate.Problem!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ann,view,tea,2026-01-01,\nann,purchase,tea,2026-01-02,5\n", "events.shoppers")]
    [InlineData("ann,view,tea,2026-01-01,\nbob,view,tea,2026-01-02,\n", "sales.count")]
    public async Task One_shopper_only_or_no_purchase_at_all_warns_and_does_not_stop_training(string rows, string warned)
    {
        await using var world = await ImportWorld.OpenAsync();
        Assert.True((await world.ImportTextAsync(Header + rows)).Succeeded);
        var report = (await world.Studio.Get<QualityGate>().GateAsync(world.Scope, null, Now)).Value;
        Assert.Equal(QualityVerdict.Warn, report.Checks.Single(check => check.Key == warned).Verdict);
    }

    [Fact]
    public async Task Reviews_that_are_all_five_stars_come_in()
    {
        await using var world = await ImportWorld.OpenAsync();
        var report = (await world.ImportTextAsync("text,rating\nlovely,5\ngreat,5\n")).Value;
        Assert.Equal((DatasetKind.Reviews, 2), (report.Kind, report.Accepted));
    }

    [Fact]
    public async Task A_gzip_that_is_cut_off_or_unpacks_without_end_is_refused()
    {
        await using var world = await ImportWorld.OpenAsync();
        var sound = ImportWorld.Gzip(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 5_000).Select(row => $"u{row},view,i{row * 7919 % 1000},2026-01-01\n"))));
        Assert.Equal("import.damaged-gzip", (await world.ImportAsync([0x1F, 0x8B, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8])).Problem?.Code);
        Assert.NotNull((await world.ImportAsync(sound[..(sound.Length / 2)])).Problem);
        var bomb = ImportWorld.Gzip([.. Encoding.UTF8.GetBytes("user_id,event_type,item_id,timestamp\n"), .. Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat($"ann,view,{new string('a', 2_000)},2026-01-01\n", 40_000)))]);
        Assert.Equal("import.unpack-ratio", (await world.ImportAsync(bomb, map: mapping => mapping)).Problem?.Code);
        await AssertStillServesAsync(world);
    }

    [Fact]
    public async Task Hostile_bytes_never_end_the_reading_and_every_record_is_accounted_for()
    {
        var random = new Random(11);
        var alphabet = "ab,\"\n\r;\t|é\0\u2028="u8.ToArray();
        for (var round = 0; round < 300; round++)
        {
            var bytes = new byte[random.Next(1, 3_000)];
            for (var at = 0; at < bytes.Length; at++) bytes[at] = alphabet[random.Next(alphabet.Length)];
            using var reader = new CsvReader(new MemoryStream(bytes), new CsvFormat((byte)','));
            long line = 0;
            while (reader.Read())
            {
                Assert.True(reader.Line > line);
                line = reader.Line;
            }

            Assert.True(line <= bytes.Count(letter => letter == (byte)'\n') + 1);
        }

        await using var world = await ImportWorld.OpenAsync();
        var hostile = Header + "=1+1,view,<script>alert(1)</script>,2026-01-01,1\n'); drop table events; --,view,tea,2026-01-01,1\n" + new string('x', 2 << 20) + ",view,tea,2026-01-01,1\n";
        var report = (await world.ImportTextAsync(hostile)).Value;
        Assert.Equal((3, 2, 1), (report.Read, report.Accepted, report.Rejected));
        Assert.Equal("field_too_long", Assert.Single(report.Reasons).Code);
    }

    private static async Task AssertStillServesAsync(ImportWorld world)
    {
        await world.AssertNothingThereAsync();
        Assert.Equal(3, (await world.ImportTextAsync(ImportWorld.SmallEvents)).Value.Accepted);
    }

    private sealed class NeverRead : MemoryStream
    {
        public override int Read(byte[] buffer, int offset, int count) => throw new InvalidOperationException("It was read.");

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new InvalidOperationException("It was read.");
    }
}
