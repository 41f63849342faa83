using MerchantStudio.Core.Ingestion.Formats;
using MerchantStudio.Core.Workers;
using Xunit;

namespace MerchantStudio.Tests.Ingestion.Formats;

/// <summary>Parquet files and SQLite databases, read by a process of their own.</summary>
public sealed class NativeTableTests
{
    /// <remarks>A worker may end between two looks at it: a process that has ended has no memory, and asking is no fault.</remarks>
    [Fact]
    public async Task A_worker_that_has_just_ended_is_no_fault()
    {
        for (var round = 0; round < 50; round++)
        {
            using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("sleep", ["0.002"]))!;
            while (WorkerRunner.MemoryOf(process) is not null)
            {
                // Looks as often as it can, so that one of them meets the end.
            }

            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Null(WorkerRunner.MemoryOf(process));
        }
    }

    [Fact]
    public async Task A_parquet_file_comes_with_its_dates_ids_and_nested_values()
    {
        using var world = new FormatWorld();
        var (file, header, records) = await world.ReadAsync(world.Parquet("""
            select 9007199254740993 as id, 12345.0::double as user_id, timestamp '2026-01-01 10:00:00.5' as at, timestamptz '2026-01-01 10:00:00+02' as utc, date '2026-01-02' as day,
                   {'a': 1, 'b': {'c': 'x,"y"'}} as nested, ['p', 'q'] as list, 1.10::decimal(9,2) as price, 0.1::float as small, true as ok, 'tea'::blob as name
            union all select null, null, null, null, null, null, null, null, null, null, null
            """));
        Assert.Equal("id|user_id|at|utc|day|nested.a|nested.b.c|list|price|small|ok|name", header);
        Assert.Equal(["1: 9007199254740993|12345|2026-01-01 10:00:00.5|2026-01-01T08:00:00.000000Z|2026-01-02|1|x,\"y\"|[\"p\",\"q\"]|1.10|0.1|true|tea", "2: |||||||||||"], records);
        Assert.Equal((FileFormat.Parquet, 2), (file.Format, file.Records));
    }

    [Fact]
    public async Task Of_a_database_the_largest_table_is_read_unless_another_is_chosen()
    {
        using var world = new FormatWorld();
        var database = world.Sqlite("""
            create table orders (id integer primary key, code text, total real, note blob);
            insert into orders values (7, '00123', 12.5, null), (9, 'a,"b"', 1e15, cast('paid' as blob));
            create table "odd ""name" (x); insert into "odd ""name" values ('y');
            create table empty (z); create view every as select * from orders;
            """);
        var (file, header, records) = await world.ReadAsync(database);
        Assert.Equal("id|code|total|note", header);
        Assert.Equal(["1: 7|00123|12.5|", "2: 9|a,\"b\"|1000000000000000|paid"], records);
        Assert.Equal(["orders", "odd \"name"], file.Parts);
        Assert.Equal(["1: y"], (await world.ReadAsync(database, "odd \"name")).Records);
        Assert.Equal("import.part-missing", (await world.ConvertAsync(database, "every")).Problem?.Code);
        Assert.Equal("import.database-without-table", (await world.ConvertAsync(world.Sqlite("create table a (b)"))).Problem?.Code);
    }

    [Fact]
    [Trait("Row", "H2")]
    public async Task Damaged_ones_are_refused()
    {
        using var world = new FormatWorld();
        var parquet = world.Parquet("select range as id, 'text ' || range as name from range(1000)");
        Assert.Equal("import.damaged-parquet", (await world.ConvertAsync(parquet[..(parquet.Length / 2)])).Problem?.Code);
        var database = world.Sqlite("create table a (b); insert into a select value from generate_series(1, 5000)".Replace("select value from generate_series(1, 5000)", "with recursive n(i) as (select 1 union all select i + 1 from n where i < 5000) select i from n", StringComparison.Ordinal));
        Assert.Equal("import.damaged-database", (await world.ConvertAsync(database[..(database.Length / 2)])).Problem?.Code);
    }

    [Theory]
    [Trait("Row", "C9")]
    [InlineData("kill -SEGV $$", "import.reader-stopped")]
    [InlineData("kill -ABRT $$", "import.reader-stopped")]
    [InlineData("exit 0", "import.reader-stopped")]
    [InlineData("echo '{ \"nonsense\": ' > \"$4.answer\"", "import.reader-stopped")]
    [InlineData("exec tail /dev/zero", "import.reader-memory")]
    [InlineData("while :; do :; done", "import.reader-stuck")]
    [InlineData("kill -STOP $$", "import.reader-stuck")]
    public async Task A_reader_that_crashes_hangs_or_takes_all_memory_is_ended_and_told(string script, string code)
    {
        using var world = new FormatWorld();
        foreach (var word in (string[])["/bin/sh", "-c", script]) world.Worker.Command.Add(word);
        world.Worker.Limits = new WorkerLimits { MemoryBytes = 200L << 20, Silence = TimeSpan.FromSeconds(2) };
        Assert.Equal(code, (await world.ConvertAsync("PAR1\0\0\0\0PAR1"u8.ToArray())).Problem?.Code);
        Assert.Empty(Directory.GetFileSystemEntries(Directory.GetDirectories(world.Folder).Single()));
    }

    [Fact]
    [Trait("Row", "C9")]
    public async Task Cancelling_ends_the_reader()
    {
        using var world = new FormatWorld();
        var alive = Path.Combine(world.Folder, "alive");
        foreach (var word in (string[])["/bin/sh", "-c", $"while :; do date > '{alive}'; sleep 0.1; done"]) world.Worker.Command.Add(word);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        var runner = new WorkerRunner(Microsoft.Extensions.Options.Options.Create(world.Worker));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => runner.RunAsync("table", [], world.Folder, stop.Token));
        File.Delete(alive);
        await Task.Delay(500, TestContext.Current.CancellationToken);
        Assert.False(File.Exists(alive));
    }

    [Fact]
    public async Task A_reader_has_limits_no_network_and_none_of_our_environment()
    {
        using var world = new FormatWorld();
        foreach (var word in (string[])["/bin/sh", "-c", "ulimit -v > v; ulimit -n > n; ulimit -t > t; env > env; cat /proc/net/dev > net; sleep 0.1"]) world.Worker.Command.Add(word);
        Environment.SetEnvironmentVariable("STUDIO_TEST_SECRET", "s3cret");
        var result = await new WorkerRunner(Microsoft.Extensions.Options.Options.Create(world.Worker)).RunAsync("table", [], world.Folder, TestContext.Current.CancellationToken);
        Assert.Equal(WorkerEnding.Done, result.Ending);
        Assert.Equal(["4194304", "256", "600"], ((string[])["v", "n", "t"]).Select(name => File.ReadAllText(Path.Combine(world.Folder, name)).Trim()));
        Assert.DoesNotContain("s3cret", await File.ReadAllTextAsync(Path.Combine(world.Folder, "env"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        var interfaces = (await File.ReadAllLinesAsync(Path.Combine(world.Folder, "net"), TestContext.Current.CancellationToken)).Skip(2).Select(line => line.Split(':')[0].Trim());
        Assert.DoesNotContain(interfaces, name => name.StartsWith("eth", StringComparison.Ordinal) || name.StartsWith("en", StringComparison.Ordinal));
    }
}
