using System.Text;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Warehouse;
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
        var (import, job) = await QueueAsync(world, now);
        await PlantFaultAsync(world, import, now);

        Assert.Equal(JobState.Failed, (await EndOfAsync(world, job)).State);
        var record = Assert.Single(await world.Importer.HistoryAsync(world.Scope, now));
        Assert.Equal((ImportState.Failed, "job.failed"), (record.State, record.ProblemCode));
        await world.AssertNothingThereAsync();
    }

    /// <summary>The engine's log, cut off in the middle, gives back groups of rows whose transaction never ended.</summary>
    [Fact]
    public async Task Rows_that_a_log_cut_off_in_the_middle_left_of_it_go_at_the_next_start()
    {
        var now = TestContext.Current.CancellationToken;
        await using var world = await ImportWorld.OpenAsync();
        var (import, job) = await QueueAsync(world, now);
        int number;
        await using (var db = await world.Studio.DbAsync())
        {
            await db.Imports.Where(row => row.Id == import).ExecuteUpdateAsync(row => row.SetProperty(one => one.State, ImportState.Running), now);
            await db.Jobs.Where(row => row.Id == job).ExecuteUpdateAsync(row => row.SetProperty(one => one.State, JobState.Running), now);
            number = await db.Imports.Where(row => row.Id == import).Select(row => row.Number).SingleAsync(now);
        }

        var warehouse = await world.Studio.Get<WarehouseRegistry>().OpenAsync(world.Scope.Workspace, now);
        await using (var session = await warehouse.BeginAsync(now))
        {
            await session.ExecuteAsync("insert into events (user_id, import_id, source_line) values ('u', $1, 2), ('kept', 0, 1)", [number], now);
            await session.ExecuteAsync("insert into replaced_events (user_id, import_id, source_line, replaced_by) values ('kept', 0, 1, $1)", [number], now);
            await session.CommitAsync(now);
        }

        Assert.Equal(JobState.Interrupted, (await EndOfAsync(world, job)).State);
        Assert.Equal(ImportState.Interrupted, Assert.Single(await world.Importer.HistoryAsync(world.Scope, now)).State);
        Assert.Equal("kept", await world.ScalarAsync<string>("select string_agg(user_id) from events"));
        Assert.Equal(0, await world.ScalarAsync<long>("select count(*) from replaced_events"));
    }

    private static async Task<(Guid Import, Guid Job)> QueueAsync(ImportWorld world, CancellationToken cancellationToken)
    {
        var text = Encoding.UTF8.GetBytes(ImportWorld.SmallEvents);
        var staged = (await world.Importer.StageAsync(world.Scope, new MemoryStream(text), "events.csv", text.Length, null, cancellationToken)).Value;
        var mapping = (await world.Importer.InspectAsync(world.Scope, staged.Id, null, null, null, cancellationToken)).Value.Mapping;
        Assert.True((await world.Importer.PrepareAsync(world.Scope, staged.Id, mapping, new ImportChoices(), cancellationToken)).Succeeded);
        return (staged.Id, (await world.Studio.Get<JobQueue>().EnqueueAsync(world.Scope, "import", new ImportJobInput(staged.Id), cancellationToken)).Value);
    }

    private static async Task<JobSnapshot> EndOfAsync(ImportWorld world, Guid job)
    {
        await using var jobs = ImportJobs.Run(world.Studio, world.Scope);
        return await jobs.EndOfAsync(job);
    }

    /// <summary>Choices that no program of ours writes: reading them throws.</summary>
    private static async Task PlantFaultAsync(ImportWorld world, Guid import, CancellationToken cancellationToken)
    {
        await using var db = await world.Studio.DbAsync();
        await db.Imports.Where(row => row.Id == import).ExecuteUpdateAsync(row => row.SetProperty(one => one.ChoicesJson, "{"), cancellationToken);
    }
}
