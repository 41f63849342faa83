using System.Text;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion;
using MerchantStudio.Core.Jobs;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace MerchantStudio.Tests.Ingestion;

/// <summary>What an import is called that a fault of the program ended.</summary>
public sealed class ImportFaultTests
{
    [Fact]
    public async Task It_reads_as_failed_with_the_reason_and_leaves_nothing_behind()
    {
        var now = TestContext.Current.CancellationToken;
        await using var world = await ImportWorld.OpenAsync();
        var text = Encoding.UTF8.GetBytes(ImportWorld.SmallEvents);
        var staged = (await world.Importer.StageAsync(world.Scope, new MemoryStream(text), "events.csv", text.Length, null, now)).Value;
        var mapping = (await world.Importer.InspectAsync(world.Scope, staged.Id, null, null, null, now)).Value.Mapping;
        Assert.True((await world.Importer.PrepareAsync(world.Scope, staged.Id, mapping, new ImportChoices(), now)).Succeeded);
        var job = (await world.Studio.Get<JobQueue>().EnqueueAsync(world.Scope, "import", new ImportJobInput(staged.Id), now)).Value;
        await PlantFaultAsync(world, staged.Id, now);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(now);
        var runner = Task.Run(() => world.Studio.Get<JobRunner>().RunAsync(stop.Token), now);
        JobSnapshot? last = null;
        await foreach (var snapshot in world.Studio.Get<JobQueue>().WatchAsync(world.Scope, job, now)) last = snapshot;
        await stop.CancelAsync();
        await runner;

        Assert.Equal(JobState.Failed, last!.State);
        var record = Assert.Single(await world.Importer.HistoryAsync(world.Scope, now));
        Assert.Equal((ImportState.Failed, "job.failed"), (record.State, record.ProblemCode));
        await world.AssertNothingThereAsync();
    }

    /// <summary>Choices that no program of ours writes: reading them throws.</summary>
    private static async Task PlantFaultAsync(ImportWorld world, Guid import, CancellationToken cancellationToken)
    {
        await using var db = await world.Studio.DbAsync();
        await db.Imports.Where(row => row.Id == import).ExecuteUpdateAsync(row => row.SetProperty(one => one.ChoicesJson, "{"), cancellationToken);
    }
}
