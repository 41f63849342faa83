using MerchantStudio.Core.Ingestion;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MerchantStudio.Tests.Ingestion.Formats;

/// <summary>Uploads that want too much: too many at once, too many in all, without an end, or hardly moving.</summary>
[Trait("Row", "A13")]
public sealed class UploadTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stream_without_end_is_cut_at_the_limit_and_leaves_nothing()
    {
        await using var world = await ImportWorld.OpenAsync(services => services.Configure<IngestionOptions>(options => options.UploadLimitBytes = 8 << 20));
        var endless = new Drip(int.MaxValue, TimeSpan.Zero);
        Assert.Equal("import.too-large", (await world.Importer.StageAsync(world.Scope, endless, "a.csv", null, null, Now)).Problem?.Code);
        Assert.InRange(endless.Given, 8 << 20, 10 << 20);
        Assert.Empty(Directory.GetFileSystemEntries(world.Studio.Paths.Staging));
    }

    [Theory]
    [InlineData(1, 5_000)]
    [InlineData(10, 20)]
    public async Task An_upload_that_stands_still_or_trickles_is_cut(int bytes, int milliseconds)
    {
        await using var world = await ImportWorld.OpenAsync(services => services.Configure<IngestionOptions>(options => options.UploadPatience = TimeSpan.FromMilliseconds(300)));
        var slow = new Drip(bytes, TimeSpan.FromMilliseconds(milliseconds));
        Assert.Equal("import.upload-stalled", (await world.Importer.StageAsync(world.Scope, slow, "a.csv", null, null, Now)).Problem?.Code);
        Assert.Empty(Directory.GetFileSystemEntries(world.Studio.Paths.Staging));
        Assert.Equal(3, (await world.ImportTextAsync(ImportWorld.SmallEvents)).Value.Accepted);
    }

    [Fact]
    public async Task A_sixth_upload_waits_its_turn_and_files_that_wait_are_limited()
    {
        await using var world = await ImportWorld.OpenAsync(services => services.Configure<IngestionOptions>(options => options.MostWaitingFiles = 2));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Now);
        var running = Enumerable.Range(0, 5).Select(_ => world.Importer.StageAsync(world.Scope, new Drip(1, TimeSpan.FromMinutes(1)), "a.csv", null, null, stop.Token)).ToList();
        while (Directory.GetFiles(world.Studio.Paths.Staging).Length < 5) await Task.Delay(20, Now);
        Assert.Equal("import.too-many-uploads", (await world.Importer.StageAsync(world.Scope, new MemoryStream([1]), "b.csv", null, null, Now)).Problem?.Code);
        await stop.CancelAsync();
        foreach (var upload in running) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => upload);
        for (var file = 0; file < 2; file++) Assert.True((await world.Importer.StageAsync(world.Scope, new MemoryStream([1, 2]), "b.csv", null, null, Now)).Succeeded);
        Assert.Equal("import.too-much-waiting", (await world.Importer.StageAsync(world.Scope, new MemoryStream([1]), "c.csv", null, null, Now)).Problem?.Code);
    }

    /// <summary>Gives so many bytes at a time, each after a wait.</summary>
    private sealed class Drip(int bytes, TimeSpan wait) : MemoryStream
    {
        public long Given { get; private set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(wait, cancellationToken);
            var count = Math.Min(bytes, buffer.Length);
            buffer.Span[..count].Fill((byte)'a');
            Given += count;
            return count;
        }
    }
}
