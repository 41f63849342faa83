using MerchantStudio.Core.Access;
using MerchantStudio.Core.Currencies;
using MerchantStudio.Core.Features.Identities;
using MerchantStudio.Core.Insights.Figures;
using MerchantStudio.Core.Insights.Segments;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Pipeline;
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

        await world.AskableAsync();
        await upkeep.AskAsync(world.Scope.Workspace, Now);
        await upkeep.AskAsync(world.Scope.Workspace, Now);
        Assert.Equal(UpkeepQueue.JobKind, Assert.Single(queue.Active(world.Scope.Workspace)).Kind);
    }

    [Fact]
    public async Task A_join_taken_back_and_rates_that_change_ask_for_it()
    {
        await using var world = await PipelineWorld.OpenAsync();
        await world.AskableAsync();
        await using (var session = await world.Warehouse.BeginAsync(Now))
        {
            await session.ExecuteAsync("insert into identities (alias, customer, ts, kind) values ('visitor', 'mei', timestamp '2026-06-01 08:00:00', 'identify')", [], Now);
            await session.CommitAsync(Now);
        }

        var (queue, stitcher, rates, usd) = (world.Studio.Get<JobQueue>(), world.Studio.Get<IdentityStitcher>(), world.Studio.Get<ExchangeRates>(), new DayRate(new DateOnly(2026, 6, 1), "USD", 0.9m));
        await AsksAsync(() => stitcher.PartAsync(world.Scope, "visitor", "mei", Now), true);
        await AsksAsync(() => stitcher.PartAsync(world.Scope, "visitor", "mei", Now), false);
        await AsksAsync(() => stitcher.JoinAgainAsync(world.Scope, "visitor", "mei", Now), true);
        await AsksAsync(() => rates.SetAsync(world.Scope, usd, RateQuoting.PerUnit, Now), true);
        await AsksAsync(() => rates.SetAsync(world.Scope, usd, RateQuoting.PerUnit, Now), false);
        await AsksAsync(() => rates.UploadAsync(world.Scope, "date,currency,rate\n2026-06-01,USD,0.92", RateQuoting.PerUnit, Now), true);
        await AsksAsync(() => rates.RemoveAsync(world.Scope, "USD", Now), true);
        await AsksAsync(() => rates.RemoveAsync(world.Scope, "USD", Now), false);

        async Task AsksAsync<T>(Func<Task<T>> change, bool asks)
        {
            await change();
            var asked = queue.Active(world.Scope.Workspace);
            Assert.Equal(asks ? [UpkeepQueue.JobKind] : [], asked.Select(job => job.Kind));
            foreach (var job in asked) await queue.CancelAsync(world.Scope, job.Id, Now);
        }
    }

    [Fact]
    public async Task Settings_that_only_a_run_takes_in_are_told_until_it_has()
    {
        await using var world = await PipelineWorld.OpenAsync();
        var (published, shops, rates) = (world.Studio.Get<PublishedSettings>(), world.Studio.Get<ShopSettings>(), world.Studio.Get<ExchangeRates>());
        await world.AddShoppersAsync(40, 20);
        Assert.False(await ChangedAsync());
        Assert.Null((await world.RunAsync()).Problem);
        Assert.False(await ChangedAsync());
        var before = ShopChange.Of((await world.Studio.Get<WorkspaceDirectory>().FindAsync(world.Scope.Workspace, Now))!);
        foreach (var wanted in new[] { before with { TimeZone = "Asia/Tokyo" }, before with { Currency = "JPY" }, before with { PaidStates = ["paid"] } })
        {
            Assert.True((await shops.ChangeAsync(world.Scope, wanted, Now)).Succeeded);
            Assert.True(await ChangedAsync());
            Assert.True((await shops.ChangeAsync(world.Scope, before with { Name = "Another name" }, Now)).Succeeded);
            Assert.False(await ChangedAsync());
        }

        Assert.True((await world.Studio.Get<PreparationSettings>().SaveAsync(world.Scope, new Preparation(MissingFill.Median), Now)).Succeeded);
        Assert.True(await ChangedAsync());
        Assert.True((await world.Studio.Get<PreparationSettings>().SaveAsync(world.Scope, Preparation.Default, Now)).Succeeded);
        Assert.False(await ChangedAsync());
        Assert.True((await world.Studio.Get<Segmentation>().SaveCutsAsync(world.Scope, new RfmCuts([7, 30, 60, 90], [1, 2, 3, 4], []), Now)).Succeeded);
        Assert.True(await ChangedAsync());
        await rates.HoldAsync(world.Scope, 9, Now);
        Assert.True(await ChangedAsync());
        Assert.True((await Handler(world).RunAsync(new TestJob(world.Scope, new()), Now)).Succeeded);
        Assert.True(await ChangedAsync());
        Assert.Null((await world.RunAsync()).Problem);
        Assert.False(await ChangedAsync());

        async Task<bool> ChangedAsync() => (await published.HaveChangedAsync(world.Scope, Now)).Value;
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
