using System.Diagnostics;
using System.Globalization;
using System.Net;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using MerchantStudio.Tests.Access;
using MerchantStudio.Tests.Worlds;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MerchantStudio.Tests.Ingestion;

/// <summary>A disk without room: work is refused in time, an import that runs into its end fails alone, and what is freed is used again without a restart.</summary>
[Trait("Row", "C5")]
public sealed class DiskFullTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task New_work_is_refused_with_what_is_free_and_what_must_stay_free()
    {
        await using var world = await ImportWorld.OpenAsync(services => services.Configure<DiskOptions>(options => options.LeastFreeBytes = 1L << 60));
        var refused = (await world.Studio.Get<JobQueue>().EnqueueAsync(world.Scope, "pipeline", new { }, Now)).Problem;
        Assert.Equal("job.disk-nearly-full", refused?.Code);
        Assert.Contains($"{1L << 40} MB must stay free", refused!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_import_is_refused_with_what_it_needs_when_its_rows_would_take_the_room_that_must_stay_free()
    {
        var reserve = 0L;
        await using var world = await ImportWorld.OpenAsync(services => services.Configure<DiskOptions>(options => (options.LeastFreeBytes, options.LeastFreePercent) = (reserve, 0)));
        var file = Path.Combine(world.Studio.Paths.Root, "events.csv");
        await File.WriteAllTextAsync(file, ImportWorld.SmallEvents + string.Concat(Enumerable.Range(0, 400_000).Select(row => $"u{row},view,tea,2026-03-01T10:00:00Z\n")), Now);
        var disk = world.Studio.Get<DiskRoom>();
        var needed = new FileInfo(file).Length * 55 / 100;

        // Room for half of what the rows will take, and no more.
        world.Studio.Get<Microsoft.Extensions.Options.IOptions<DiskOptions>>().Value.LeastFreeBytes = disk.FreeBytes - (needed / 2);
        var refused = (await world.ImportFileAsync(file)).Problem;
        Assert.Equal("import.no-space", refused?.Code);
        Assert.InRange((long)refused!.Arguments[0], needed >> 20, (needed * 2) >> 20);
        await world.AssertNothingThereAsync();
        world.Studio.Get<Microsoft.Extensions.Options.IOptions<DiskOptions>>().Value.LeastFreeBytes = 0;
        Assert.Equal(400_003, (await world.ImportTextAsync(await File.ReadAllTextAsync(file, Now))).Value.Accepted);
    }

    [Fact]
    public async Task An_import_takes_no_more_of_the_disk_than_was_asked_for()
    {
        await using var world = await ImportWorld.OpenAsync();
        var file = Path.Combine(Directory.CreateDirectory(TemporaryStudio.NewFolder()).FullName, "events.csv");
        try
        {
            await WriteAsync(file, 400_000);
            var before = Bytes(world.Studio.Paths.Root);
            var most = 0L;
            using var done = CancellationTokenSource.CreateLinkedTokenSource(Now);
            var watch = Task.Run(
                async () =>
                {
                    while (!done.IsCancellationRequested)
                    {
                        most = Math.Max(most, Bytes(world.Studio.Paths.Root));
                        await Task.Delay(5, CancellationToken.None);
                    }
                },
                Now);
            Assert.True((await world.ImportFileAsync(file)).Succeeded);
            await done.CancelAsync();
            await watch;
            var share = (most - before) / (double)new FileInfo(file).Length;
            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{share:0.00} of the file's size at most"));
            Assert.InRange(share, 0.01, 0.75);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        }
    }

    /// <summary>With little memory the engine stores rows while the file is still being read; with more it does so at the end.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData("1GB")]
    public async Task An_import_that_fills_the_disk_fails_alone_and_works_again_once_there_is_room(string? memory)
    {
        var folder = MountSmallDisk();
        var files = Directory.CreateDirectory(TemporaryStudio.NewFolder()).FullName;
        try
        {
            await using var web = new SmallDisk(folder, memory);
            await web.InitializeAsync();
            var scope = new WorkspaceScope(new WorkspaceId(WebStudio.Own), Actor.CommandLine);
            await using var jobs = new ImportJobs(web.Services, scope);
            var others = Path.Combine(folder, "others");
            await File.WriteAllBytesAsync(others, new byte[80 << 20], Now);
            var small = Path.Combine(files, "small.csv");
            await File.WriteAllTextAsync(small, ImportWorld.SmallEvents, Now);
            Assert.Equal(JobState.Succeeded, (await jobs.ImportAsync(small)).State);

            // The file grows once it has been looked at, so that it is the disk and not the look ahead that ends the import.
            var growing = Path.Combine(files, "growing.csv");
            await WriteAsync(growing, 10);
            var record = await jobs.PrepareAsync(growing);
            await WriteAsync(growing, 1_300_000);
            var failed = await jobs.EndOfAsync(await jobs.StartAsync(record));
            Assert.Equal((JobState.Failed, "import.disk-full"), (failed.State, failed.Problem?.Code));
            Assert.Contains("Free some space", failed.Problem!.Message, StringComparison.Ordinal);
            Assert.Equal((ImportState.Failed, "import.disk-full"), await web.Services.GetRequiredService<FileImporter>().FindAsync(scope, record.Id, Now) is { } import ? (import.State, import.ProblemCode) : default);

            // What the engine wrote for it has been given back.
            var warehouse = await web.Services.GetRequiredService<WarehouseRegistry>().OpenAsync(scope.Workspace, Now);
            Assert.InRange((await warehouse.SizeAsync(Now)).FileBytes, 1, 8 << 20);

            // And now with not a byte left.
            var ballast = Path.Combine(folder, "ballast");
            Fill(ballast);
            using (var client = await web.SignInAsync(Role.Owner))
            {
                foreach (var page in (string[])["data/datasets", "data/import", "settings/limits"])
                {
                    using var answer = await client.GetAsync($"/w/{WebStudio.Own}/{page}", Now);
                    Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                }
            }

            Assert.Equal(3, await RowsAsync(web, scope));
            File.Delete(ballast);
            File.Delete(others);
            await using (var db = await web.Services.GetRequiredService<Microsoft.EntityFrameworkCore.IDbContextFactory<StudioDb>>().CreateDbContextAsync(Now))
                Assert.Equal(["ok"], await Microsoft.EntityFrameworkCore.RelationalDatabaseFacadeExtensions.SqlQueryRaw<string>(db.Database, "PRAGMA integrity_check").ToAsyncEnumerable().ToListAsync(Now));
            await File.AppendAllTextAsync(small, "eve,view,tea,2026-03-05T10:00:00Z\n", Now);
            Assert.Equal(JobState.Succeeded, (await jobs.ImportAsync(small)).State);
            Assert.Equal(7, await RowsAsync(web, scope));
        }
        finally
        {
            Run("umount", "-l", folder);
            Directory.Delete(folder, recursive: true);
            Directory.Delete(files, recursive: true);
        }
    }

    [Fact]
    public async Task An_import_that_others_leave_not_a_byte_says_so_as_soon_as_there_is_room_to_write_that_down()
    {
        var folder = MountSmallDisk();
        var files = Directory.CreateDirectory(TemporaryStudio.NewFolder()).FullName;
        try
        {
            await using var web = new SmallDisk(folder, "1GB");
            await web.InitializeAsync();
            var scope = new WorkspaceScope(new WorkspaceId(WebStudio.Own), Actor.CommandLine);
            await using var jobs = new ImportJobs(web.Services, scope);
            var large = Path.Combine(files, "large.csv");
            await WriteAsync(large, 300_000);
            var record = await jobs.PrepareAsync(large);
            var ballast = Path.Combine(folder, "ballast");
            using (var given = CancellationTokenSource.CreateLinkedTokenSource(Now))
            {
                var job = await jobs.StartAsync(record);
                while (await web.Services.GetRequiredService<FileImporter>().FindAsync(scope, record.Id, Now) is not { State: ImportState.Running }) await Task.Delay(5, Now);
                var others = Task.Run(
                    async () =>
                    {
                        using var file = new FileStream(ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
                        while (!given.IsCancellationRequested)
                        {
                            Fill(file);
                            await Task.Delay(1, CancellationToken.None);
                        }
                    },
                    Now);

                // Long enough for the import to have ended, had it found the room to say so.
                await Task.Delay(TimeSpan.FromSeconds(5), Now);
                await given.CancelAsync();
                await others;
                File.Delete(ballast);
                var failed = await jobs.EndOfAsync(job);
                Assert.Equal((JobState.Failed, "import.disk-full"), (failed.State, failed.Problem?.Code));
            }

            Assert.Equal((ImportState.Failed, "import.disk-full"), await web.Services.GetRequiredService<FileImporter>().FindAsync(scope, record.Id, Now) is { } import ? (import.State, import.ProblemCode) : default);
            Assert.Equal(JobState.Succeeded, (await jobs.ImportAsync(large)).State);
            Assert.Equal(300_000, await RowsAsync(web, scope));
        }
        finally
        {
            Run("umount", "-l", folder);
            Directory.Delete(folder, recursive: true);
            Directory.Delete(files, recursive: true);
        }
    }

    [Fact]
    public async Task A_warehouse_whose_engine_a_full_disk_has_ended_works_again_once_there_is_room()
    {
        var folder = MountSmallDisk();
        try
        {
            await using var registry = new WarehouseRegistry(new StudioPaths(folder), Microsoft.Extensions.Options.Options.Create(new WarehouseOptions()), TimeProvider.System);
            var warehouse = await registry.OpenAsync(new WorkspaceId("tea"), Now);
            await warehouse.QueryAsync("create table noise as select random() as value from range(300000)", _ => 0, [], Now);
            var ballast = Path.Combine(folder, "ballast");
            Fill(ballast);
            await Assert.ThrowsAsync<WarehouseException>(() => warehouse.TrimAsync(Now));
            await Assert.ThrowsAsync<WarehouseException>(() => warehouse.QueryAsync("create table more as select random() as value from range(300000)", _ => 0, [], Now));
            File.Delete(ballast);
            Assert.Equal(300_000, await warehouse.ScalarAsync<long>("select count(*) from noise", [], Now));
            await warehouse.TrimAsync(Now);
        }
        finally
        {
            Run("umount", "-l", folder);
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string MountSmallDisk()
    {
        var folder = Directory.CreateDirectory(TemporaryStudio.NewFolder()).FullName;
        if (Run("mount", "-t", "tmpfs", "-o", "size=192m", "tmpfs", folder)) return folder;
        Directory.Delete(folder);
        Assert.Skip("A small file system cannot be mounted here.");
        return folder;
    }

    private static async Task<long> RowsAsync(SmallDisk web, WorkspaceScope scope)
    {
        var warehouse = await web.Services.GetRequiredService<WarehouseRegistry>().OpenAsync(scope.Workspace, Now);
        return await warehouse.ScalarAsync<long>("select count(*) from events", [], Now);
    }

    /// <summary>Texts that do not pack well.</summary>
    private static async Task WriteAsync(string path, int rows)
    {
        var random = new Random(5);
        await using var file = new StreamWriter(path);
        await file.WriteAsync("user_id,event_type,item_id,timestamp,search_query\n");
        var noise = new byte[48];
        for (var row = 0; row < rows; row++)
        {
            random.NextBytes(noise);
            await file.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"u{random.Next(1_000_000)},search,,2026-03-01T10:00:00Z,{Convert.ToBase64String(noise)}\n"));
        }
    }

    private static void Fill(string path)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        Fill(file);
    }

    private static void Fill(FileStream file)
    {
        foreach (var piece in (int[])[1 << 20, 1 << 12, 1])
        {
            try
            {
                while (true)
                {
                    file.Write(new byte[piece]);
                    file.Flush(flushToDisk: true);
                }
            }
            catch (IOException full) when (DiskRoom.IsFull(full))
            {
                // Smaller pieces may still find room.
            }
        }
    }

    private static long Bytes(string folder) => new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Exists ? file.Length : 0);

    private static bool Run(params string[] words)
    {
        if (!OperatingSystem.IsLinux()) return false;
        using var process = Process.Start(new ProcessStartInfo(words[0], words[1..]) { RedirectStandardError = true, RedirectStandardOutput = true });
        return process is not null && process.WaitForExit(10_000) && process.ExitCode == 0;
    }

    /// <summary>Of its 192 MB, 96 must stay free.</summary>
    /// <param name="memory">Null for the default.</param>
    private sealed class SmallDisk(string folder, string? memory) : WebStudio(folder)
    {
        protected override IReadOnlyDictionary<string, string> Settings
        {
            get
            {
                var settings = new Dictionary<string, string> { ["Studio:LeastFreeBytes"] = $"{96 << 20}", ["Studio:LeastFreePercent"] = "0" };
                if (memory is not null) settings["Studio:MemoryLimit"] = memory;
                return settings;
            }
        }
    }
}
