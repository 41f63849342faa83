using MerchantStudio.Core.Insights.Figures;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Pipeline.Upkeep;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MerchantStudio.Tests.Pipeline;

/// <summary>When figures are kept up, and what stays.</summary>
public sealed class UpkeepJobTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task New_rows_show_on_the_pages_while_scores_stay_those_of_the_last_run()
    {
        await using var world = await PipelineWorld.OpenAsync();
        await world.AddShoppersAsync(120, 60);
        Assert.Null((await world.RunAsync()).Problem);
        var (before, scores) = (await FiguresAsync(world), await world.ScoresAsync());
        await world.AddShoppersAsync(40, 10, from: PipelineWorld.Opening.AddDays(60), seed: 9);

        Assert.Equal(before.Figures[0].Value, (await FiguresAsync(world)).Figures[0].Value);
        var job = new TestJob(world.Scope, new());
        Assert.True((await Handler(world).RunAsync(job, Now)).Succeeded);

        var after = await FiguresAsync(world);
        Assert.True(after.LastDay > before.LastDay);
        Assert.Equal(
            await world.Warehouse.ScalarAsync<long>("select count(*) from events", [], Now), await world.Warehouse.ScalarAsync<long>("select cast(sum(events) as bigint) from user_daily", [], Now));
        Assert.Equal(scores, await world.ScoresAsync());
        Assert.Equal(["look", "clean", "sum", "write"], job.Last!.Stages.Select(stage => stage.Key));
        Assert.Equal(0, await world.Warehouse.ScalarAsync<long>("select count(*) from information_schema.tables where table_name like 'next%' or table_type = 'LOCAL TEMPORARY'", [], Now));
    }

    [Fact]
    public async Task A_run_that_was_cut_off_keeps_its_tables()
    {
        await using var world = await PipelineWorld.OpenAsync();
        await world.AddShoppersAsync(120, 60);
        Assert.Null((await world.RunAsync()).Problem);
        await Assert.ThrowsAsync<ProcessEnded>(() => world.RunAsync(new TestJob(world.Scope, new()) { CutOffAt = 3 }));
        var made = await world.Warehouse.ScalarAsync<long>("select count(*) from next_clean_events", [], Now);
        await world.AddShoppersAsync(40, 10, from: PipelineWorld.Opening.AddDays(60), seed: 9);

        Assert.True((await Handler(world).RunAsync(new TestJob(world.Scope, new()), Now)).Succeeded);

        Assert.Equal(made, await world.Warehouse.ScalarAsync<long>("select count(*) from next_clean_events", [], Now));
    }

    [Fact]
    public async Task It_is_asked_for_once_and_only_where_something_has_been_published()
    {
        await using var world = await PipelineWorld.OpenAsync();
        var (upkeep, queue) = (world.Studio.Get<UpkeepQueue>(), world.Studio.Get<JobQueue>());
        await upkeep.AskAsync(world.Scope.Workspace, Now);
        Assert.Empty(queue.Active(world.Scope.Workspace));

        await using (var session = await world.Warehouse.BeginAsync(Now))
        {
            await session.ExecuteAsync("create table upkeep_state (state varchar)", [], Now);
            await session.CommitAsync(Now);
        }

        await upkeep.AskAsync(world.Scope.Workspace, Now);
        await upkeep.AskAsync(world.Scope.Workspace, Now);
        Assert.Equal(UpkeepQueue.JobKind, Assert.Single(queue.Active(world.Scope.Workspace)).Kind);
    }

    [Fact]
    public async Task Every_import_is_followed_by_it()
    {
        await using var world = await PipelineWorld.OpenAsync();
        Assert.Contains(world.Studio.Services.GetServices<IAfterImport>(), task => task is UpkeepQueue);
    }

    private static IJobHandler Handler(PipelineWorld world) => world.Studio.Services.CreateScope().ServiceProvider.GetServices<IJobHandler>().Single(handler => handler is UpkeepHandler);

    private static async Task<ShopFigures> FiguresAsync(PipelineWorld world) => (await world.Studio.Get<FigureReader>().ReadAsync(world.Scope, PeriodChoice.Parse("all"), Now)).Value;
}
