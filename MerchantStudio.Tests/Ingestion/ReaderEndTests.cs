using System.Diagnostics;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion;
using MerchantStudio.Core.Workers;
using MerchantStudio.Tests.Ingestion.Formats;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MerchantStudio.Tests.Ingestion;

/// <summary>An import whose reader is killed or stopped by a signal in the middle: the job fails and says why, this process goes on, and so does the queue.</summary>
public sealed class ReaderEndTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory]
    [Trait("Row", "C9")]
    [InlineData("KILL")]
    [InlineData("SEGV")]
    [InlineData("ABRT")]
    public Task A_killed_reader_fails_its_import_within_five_seconds_and_the_queue_goes_on(string signal) =>
        EndAsync($"kill -{signal} $$", silence: TimeSpan.FromMinutes(2), "import.reader-stopped", TimeSpan.FromSeconds(5));

    [Fact]
    [Trait("Row", "C10")]
    public Task A_stopped_reader_is_killed_at_the_limit_and_the_queue_goes_on() =>
        EndAsync("kill -STOP $$", silence: TimeSpan.FromSeconds(2), "import.reader-stuck", TimeSpan.FromSeconds(2 + 5));

    private static async Task EndAsync(string script, TimeSpan silence, string code, TimeSpan limit)
    {
        // The reader gets a while to start, as a real one does, and is told its own process by the file it writes.
        var command = new List<string>();
        await using var world = await ImportWorld.OpenAsync(services => services.PostConfigure<WorkerOptions>(options =>
        {
            foreach (var word in command) options.Command.Add(word);
            options.Limits = options.Limits with { Silence = silence };
        }));
        var told = Path.Combine(world.Studio.Paths.Root, "reader");
        command.AddRange(["/bin/sh", "-c", $"echo $$ > '{told}'; {script}"]);
        using var formats = new FormatWorld();
        var parquet = Path.Combine(world.Studio.Paths.Root, "events.parquet");
        await File.WriteAllBytesAsync(parquet, Good.Parquet(formats, 50), Now);
        await using var jobs = ImportJobs.Run(world.Studio, world.Scope);

        var staged = (await world.Importer.StageFileAsync(world.Scope, parquet, Now)).Value;
        var small = Path.Combine(world.Studio.Paths.Root, "small.csv");
        await File.WriteAllTextAsync(small, ImportWorld.SmallEvents, Now);
        var next = await jobs.PrepareAsync(small);
        var mapping = ImportMapping.FromJson(next.MappingJson!).Value;
        Assert.True((await world.Importer.PrepareAsync(world.Scope, staged.Id, mapping, new ImportChoices(), Now)).Succeeded);

        var watch = Stopwatch.StartNew();
        var broken = await jobs.StartAsync(staged);
        var following = await jobs.StartAsync(next);
        var end = await jobs.EndOfAsync(broken);
        Assert.True(watch.Elapsed < limit, $"It took {watch.Elapsed.TotalSeconds:0.0} s.");
        Assert.Equal((JobState.Failed, code), (end.State, end.Problem?.Code));
        Assert.Equal((ImportState.Failed, code), await world.Importer.FindAsync(world.Scope, staged.Id, Now) is { } record ? (record.State, record.ProblemCode) : default);
        Assert.Equal(JobState.Succeeded, (await jobs.EndOfAsync(following)).State);
        Assert.Equal(3, await world.ScalarAsync<long>("select count(*) from events"));
        Assert.False(Directory.Exists($"/proc/{(await File.ReadAllTextAsync(told, Now)).Trim()}"), "The reader still runs.");
        Assert.Empty(Directory.GetFileSystemEntries(world.Studio.Paths.Staging));
    }
}
