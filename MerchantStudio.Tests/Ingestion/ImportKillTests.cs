using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using MerchantStudio.Tests.Hosting;
using MerchantStudio.Tests.Worlds;
using Xunit;

namespace MerchantStudio.Tests.Ingestion;

/// <summary>kill -9 at random moments of an import on the command line: afterwards the data set is absent or complete, and the record says which.</summary>
public sealed class ImportKillTests
{
    private const int Rows = 400_000;

    [Fact]
    public Task An_import_that_is_killed_is_absent_or_complete_afterwards() => KillAsync(times: 3, seed: 5);

    [Fact(Explicit = true)]
    [Trait("Size", "Full")]
    public Task An_import_that_is_killed_at_twenty_moments_is_absent_or_complete_every_time() => KillAsync(times: 20, seed: 6);

    private static async Task KillAsync(int times, int seed)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var random = new Random(seed);
        var folder = TemporaryStudio.NewFolder();
        Directory.CreateDirectory(folder);
        try
        {
            // The first one also warms the machine's caches: kills timed by it would come too late.
            await MeasureAsync(folder, round: 98, cancellation);
            var complete = await MeasureAsync(folder, round: 99, cancellation);
            var finished = 0;
            for (var round = 0; round < times; round++)
            {
                var file = Path.Combine(folder, $"events-{round}.csv");
                await WriteAsync(file, round, cancellation);
                using (var process = StudioProcess.Start(Words(folder, file)))
                {
                    await Task.Delay(TimeSpan.FromSeconds(complete.TotalSeconds * (0.15 + 0.75 * random.NextDouble())), cancellation);
                    process.Kill();
                    await process.WaitForExitAsync(cancellation);
                }

                if (await IsCompleteAsync(folder, file, cancellation)) finished++;
            }

            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{times} kills, {finished} after the commit; an unbroken import takes {complete.TotalSeconds:0.0} s"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>What a restart finds: after the cut-off job is settled, either every row and a complete record or no row and one that says it was interrupted.</summary>
    private static async Task<bool> IsCompleteAsync(string folder, string file, CancellationToken cancellationToken)
    {
        await using var studio = await TemporaryStudio.OpenAsync(folder: folder);
        var scope = new WorkspaceScope(new WorkspaceId("kill"), Actor.CommandLine);
        using var stop = new CancellationTokenSource();
        var running = Task.Run(() => studio.Get<JobRunner>().RunAsync(stop.Token), cancellationToken);
        ImportRecord? record;
        do
        {
            await Task.Delay(50, cancellationToken);
            record = (await studio.Get<FileImporter>().HistoryAsync(scope, cancellationToken)).FirstOrDefault(import => import.FileName == Path.GetFileName(file));
        }
        while (record is { State: ImportState.Running });
        await stop.CancelAsync();
        await running;

        if (record is null) return false;
        var warehouse = await studio.Get<WarehouseRegistry>().OpenAsync(scope.Workspace, cancellationToken);
        var rows = await warehouse.ScalarAsync<long>("select count(*) from events where import_id = $1", [record.Number], cancellationToken);
        var rejects = await warehouse.ScalarAsync<long>("select count(*) from rejects where import_id = $1", [record.Number], cancellationToken);
        if (record.State == ImportState.Complete)
        {
            Assert.Equal((Rows - 1, 1), (rows, rejects));
            return true;
        }

        Assert.Contains(record.State, (ImportState[])[ImportState.Interrupted, ImportState.Staged]);
        Assert.Equal((0, 0), (rows, rejects));
        if (record.State == ImportState.Interrupted) Assert.False(File.Exists(Path.Combine(folder, "staging", record.Id.ToString("N"))));
        return false;
    }

    private static async Task<TimeSpan> MeasureAsync(string folder, int round, CancellationToken cancellationToken)
    {
        var file = Path.Combine(folder, $"whole-{round}.csv");
        await WriteAsync(file, round, cancellationToken);
        var watch = Stopwatch.StartNew();
        var ending = await StudioProcess.RunAsync(Words(folder, file));
        Assert.Equal(Rows - 1, JsonDocument.Parse(ending.Out).RootElement.GetProperty("accepted").GetInt64());
        return watch.Elapsed;
    }

    private static string[] Words(string folder, string file) => ["import", "--data", folder, "--workspace", "kill", file];

    /// <summary>Files differ by their round, and each has one row that cannot be read.</summary>
    private static async Task WriteAsync(string file, int round, CancellationToken cancellationToken)
    {
        var text = new StringBuilder("user_id,event_type,item_id,timestamp,price\n");
        for (var row = 0; row < Rows - 1; row++) text.Append(CultureInfo.InvariantCulture, $"u{row % 5_000},view,item-{row % 999},2026-01-01T10:{row % 60:00}:{round % 60:00}Z,1.5\n");
        text.Append("u1,view,item-1,never,1.5\n");
        await File.WriteAllTextAsync(file, text.ToString(), cancellationToken);
    }
}
