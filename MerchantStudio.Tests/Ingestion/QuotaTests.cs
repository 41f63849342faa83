using System.Globalization;
using System.Text;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion;
using MerchantStudio.Core.Ingestion.Quotas;
using MerchantStudio.Core.Outcomes;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace MerchantStudio.Tests.Ingestion;

/// <summary>What an owner allows a shop to take in is kept to, and said with figures, place and remedy.</summary>
[Trait("Row", "A13")]
public sealed class QuotaTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_beyond_the_shops_disk_is_refused_before_it_is_read_and_cut_when_it_lied_about_its_size()
    {
        await using var world = await ImportWorld.OpenAsync();
        await SetAsync(world, limits => limits with { MostBytes = 100L << 20 });
        var announced = new Endless(0);
        var refused = (await world.Importer.StageAsync(world.Scope, announced, "a.csv", 101L << 20, null, Now)).Problem;
        Assert.Equal((("import.quota-bytes"), 0L), (refused?.Code, announced.Given));
        Assert.Contains("may use 100 MB", refused!.Message, StringComparison.Ordinal);
        Assert.Contains("Space and limits", refused.Message, StringComparison.Ordinal);

        var lying = new Endless(1);
        Assert.Equal("import.quota-bytes", (await world.Importer.StageAsync(world.Scope, lying, "a.csv", 1, null, Now)).Problem?.Code);
        Assert.InRange(lying.Given, 90L << 20, 102L << 20);
        Assert.Empty(Directory.GetFileSystemEntries(world.Studio.Paths.Staging));
        Assert.Equal(3, (await world.ImportTextAsync(ImportWorld.SmallEvents)).Value.Accepted);
    }

    [Fact]
    public async Task Two_uploads_share_the_shops_room()
    {
        await using var world = await ImportWorld.OpenAsync();
        await SetAsync(world, limits => limits with { MostBytes = 100L << 20 });
        Endless[] both = [new(1), new(1)];
        var refused = await Task.WhenAll(both.Select(upload => world.Importer.StageAsync(world.Scope, upload, "a.csv", null, null, Now)));
        Assert.Contains(refused, outcome => outcome.Problem?.Code == "import.quota-bytes");
        Assert.True(both.Min(upload => upload.Given) < 90L << 20, $"{both[0].Given} and {both[1].Given} bytes");
    }

    [Fact]
    public async Task An_import_whose_rows_would_outgrow_the_shops_disk_is_refused_and_nothing_is_kept()
    {
        await using var world = await ImportWorld.OpenAsync();
        await SetAsync(world, limits => limits with { MostBytes = 100L << 20 });
        var path = Path.Combine(world.Studio.Paths.Root, "large.csv");
        await using (var file = new StreamWriter(path))
        {
            await file.WriteAsync("user_id,event_type,item_id,timestamp\n");
            for (var row = 0; row < 4_000_000; row++) await file.WriteAsync("shopper-0001,view,item-number-1,2026-01-01T00:00:00Z\n");
        }

        var refused = (await world.ImportFileAsync(path)).Problem;
        Assert.Equal("import.quota-bytes", refused?.Code);
        Assert.Contains("may use 100 MB", refused!.Message, StringComparison.Ordinal);
        await world.AssertNothingThereAsync();
        Assert.Equal(3, (await world.ImportTextAsync(ImportWorld.SmallEvents)).Value.Accepted);
    }

    [Fact]
    public async Task Rows_beyond_the_limit_are_refused_by_the_dry_run_and_the_import_and_rows_that_change_are_not()
    {
        const string Products = "item_id,name,price\n1,Tea,5\n2,Cup,7\n";
        await using var world = await ImportWorld.OpenAsync();
        await SetAsync(world, limits => limits with { MostRows = 4 });
        Assert.Equal(2, (await world.ImportTextAsync(Products, new ImportChoices(ImportMode.Upsert))).Value.Accepted);

        var staged = (await world.Importer.StageAsync(world.Scope, new MemoryStream(Encoding.UTF8.GetBytes(ImportWorld.SmallEvents)), "e.csv", null, null, Now)).Value;
        var mapping = (await world.Importer.InspectAsync(world.Scope, staged.Id, null, null, null, Now)).Value.Mapping;
        Assert.Equal("import.quota-rows", (await world.Importer.TryAsync(world.Scope, staged.Id, mapping, new ImportChoices(), null, Now)).Problem?.Code);
        var refused = (await world.Importer.ImportAsync(world.Scope, staged.Id, mapping, new ImportChoices(), Now)).Problem;
        Assert.Equal(("import.quota-rows", "4", "5"), (refused?.Code, refused?.Arguments[0].ToString(), refused?.Arguments[1].ToString()));
        Assert.Equal(0, await world.ScalarAsync<long>("select count(*) from events"));

        Assert.Equal(2, (await world.ImportTextAsync(Products.Replace(",5", ",6", StringComparison.Ordinal), new ImportChoices(ImportMode.Upsert))).Value.Unchanged
            + (await world.ImportTextAsync(Products.Replace(",5", ",8", StringComparison.Ordinal), new ImportChoices(ImportMode.Upsert))).Value.Updated);
        await SetAsync(world, limits => limits with { MostRows = 5 });
        Assert.Equal(3, (await world.ImportTextAsync(ImportWorld.SmallEvents)).Value.Accepted);
    }

    [Fact]
    public async Task Uploads_at_once_and_files_that_wait_are_the_shops_own_limits()
    {
        await using var world = await ImportWorld.OpenAsync();
        await SetAsync(world, limits => limits with { MostUploads = 2, MostFiles = 3 });
        var other = await world.Studio.WorkspaceAsync("coffee");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Now);
        var running = Enumerable.Range(0, 2).Select(_ => world.Importer.StageAsync(world.Scope, new Endless(1, TimeSpan.FromMinutes(1)), "a.csv", null, null, stop.Token)).ToList();
        while (Quotas(world).LookAsync(world.Scope, Now) is var look && (await look).Value.Use.Uploads < 2) await Task.Delay(10, Now);
        Assert.Equal("import.too-many-uploads", (await StageAsync(world, world.Scope)).Problem?.Code);
        Assert.True((await StageAsync(world, other)).Succeeded);
        await stop.CancelAsync();
        foreach (var upload in running) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => upload);

        for (var file = 0; file < 3; file++) Assert.True((await StageAsync(world, world.Scope)).Succeeded);
        var refused = (await StageAsync(world, world.Scope)).Problem;
        Assert.Equal(("import.too-much-waiting", 3, 3), (refused?.Code, (int)refused!.Arguments[0], (int)refused.Arguments[1]));
        var use = (await Quotas(world).LookAsync(world.Scope, Now)).Value.Use;
        Assert.Equal((0, 3, 0L), (use.Uploads, use.Files, use.Rows));
        Assert.True(use.Bytes > 0);
    }

    [Fact]
    public async Task Only_an_owner_sets_limits_and_the_audit_trail_tells_which()
    {
        await using var world = await ImportWorld.OpenAsync();
        var limits = (await Quotas(world).LookAsync(world.Scope, Now)).Value.Limits;
        Assert.Equal(new WorkspaceLimits(20L << 30, null, 5, 1_000), limits);
        var analyst = world.Scope with { Actor = world.Scope.Actor with { Role = Role.Analyst } };
        Assert.Equal("access.refused", (await Quotas(world).ChangeAsync(analyst, limits with { MostUploads = 4 }, Now)).Problem?.Code);
        foreach (var wrong in (WorkspaceLimits[])[limits with { MostBytes = 1 }, limits with { MostRows = 0 }, limits with { MostUploads = 0 }, limits with { MostUploads = 21 }, limits with { MostFiles = 0 }])
            Assert.Equal("quota.limits-invalid", (await Quotas(world).ChangeAsync(world.Scope, wrong, Now)).Problem?.Code);
        await SetAsync(world, now => now with { MostUploads = 4, MostRows = 9 });
        await using var db = await world.Studio.DbAsync();
        var entry = await db.Audit.SingleAsync(row => row.Action == "quota.changed", Now);
        Assert.Equal(("20480 MB; any number of rows; 5 uploads; 1000 files", "20480 MB; 9 rows; 4 uploads; 1000 files"), (entry.Before, entry.After));
    }

    [Fact]
    public Task A_stream_without_end_is_refused_at_the_limit_without_being_kept_in_memory() => EndlessAsync(limitMegabytes: 256, memoryMegabytes: null);

    [Fact(Explicit = true)]
    [Trait("Size", "Full")]
    public Task A_stream_of_ten_gigabytes_is_refused_at_two_without_being_kept_in_memory() => EndlessAsync(limitMegabytes: 2_048, memoryMegabytes: 128);

    /// <param name="memoryMegabytes">How much this process may grow meanwhile; null while other tests run beside this one.</param>
    private static async Task EndlessAsync(int limitMegabytes, int? memoryMegabytes)
    {
        await using var world = await ImportWorld.OpenAsync(services => Microsoft.Extensions.DependencyInjection.OptionsServiceCollectionExtensions.Configure<IngestionOptions>(services, options => options.UploadLimitBytes = (long)limitMegabytes << 20));
        var endless = new Endless(1, most: 10L << 30);
        long behind = 0, memory = 0;
        var start = Environment.WorkingSet;
        var progress = new Watch(() =>
        {
            behind = Math.Max(behind, endless.Given - Directory.GetFiles(world.Studio.Paths.Staging).Sum(file => new FileInfo(file).Length));
            memory = Math.Max(memory, Environment.WorkingSet - start);
        });
        var refused = (await world.Importer.StageAsync(world.Scope, endless, "a.csv", null, progress, Now)).Problem;
        Assert.Equal("import.too-large", refused?.Code);
        Assert.InRange(endless.Given, (long)limitMegabytes << 20, (limitMegabytes + 1L) << 20);
        Assert.Empty(Directory.GetFileSystemEntries(world.Studio.Paths.Staging));
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{endless.Given >> 20} MB taken, at most {behind} bytes of them not on the disk yet, memory grew by {memory >> 20} MB"));
        Assert.InRange(behind, 0, 1 << 20);
        Assert.True(memoryMegabytes is null || memory >> 20 < memoryMegabytes, $"Memory grew by {memory >> 20} MB.");
    }

    private static WorkspaceQuotas Quotas(ImportWorld world) => world.Studio.Get<WorkspaceQuotas>();

    private static async Task SetAsync(ImportWorld world, Func<WorkspaceLimits, WorkspaceLimits> change)
    {
        var limits = (await Quotas(world).LookAsync(world.Scope, Now)).Value.Limits;
        Assert.Null((await Quotas(world).ChangeAsync(world.Scope, change(limits), Now)).Problem);
    }

    private static Task<Outcome<ImportRecord>> StageAsync(ImportWorld world, WorkspaceScope scope) => world.Importer.StageAsync(scope, new MemoryStream([1]), "b.csv", null, null, Now);

    private sealed class Watch(Action look) : IProgress<long>
    {
        public void Report(long value) => look();
    }

    /// <summary>Gives bytes without end.</summary>
    private sealed class Endless(int each, TimeSpan wait = default, long most = long.MaxValue) : MemoryStream
    {
        public long Given { get; private set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (wait > TimeSpan.Zero) await Task.Delay(wait, cancellationToken);
            else if (each > 0 && Given % (1 << 20) == 0) await Task.Yield();
            if (each == 0 || Given >= most) return 0;
            buffer.Span.Fill((byte)'a');
            Given += buffer.Length;
            return buffer.Length;
        }
    }
}
