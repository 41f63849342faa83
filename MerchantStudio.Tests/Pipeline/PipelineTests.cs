using System.Text.Json;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Native.OnnxRuntime;
using MerchantStudio.Core.Pipeline;
using Xunit;

namespace MerchantStudio.Tests.Pipeline;

public sealed class PipelineTests
{
    private const int Stages = 9;

    [Fact]
    public async Task A_run_publishes_chances_for_each_horizon_that_the_data_offers()
    {
        await using var world = await PipelineWorld.OpenAsync();
        Assert.False(world.Warehouse.CompactionIsDue);
        await world.AddShoppersAsync(260, 35);
        var report = (await world.RunAsync()).Value;
        Assert.Equal([(1, true), (7, true), (30, false)], report.Intent.Select(section => (section.HorizonDays, section.Report is not null)));
        Assert.Equal("horizon.history-too-short", report.Intent[2].Problem!.Code);
        var counts = await world.Warehouse.QueryAsync("select horizon_days, count(*), min(probability), max(probability) from intent_scores group by 1 order by 1", row => (Days: row.Int(0), Rows: row.Long(1), Least: row.Double(2), Most: row.Double(3)), [], PipelineWorld.Now);
        Assert.Equal([(1, 260L), (7, 260L)], counts.Select(count => (count.Days, count.Rows)));
        Assert.All(counts, count => Assert.InRange(count.Most, count.Least, 1));
        Assert.Equal(260, report.IntentOf(7)!.ScoredShoppers);
        Assert.Equal(260, await world.Warehouse.ScalarAsync<long>("select count(*) from shopper_profile where intent_7 is not null and rfm_group is not null", [], PipelineWorld.Now));
        Assert.Equal("reviews.none", report.Sentiment!.Problem!.Code);
        Assert.False(await world.Warehouse.HasTableAsync("work_intent_7_test", PipelineWorld.Now));
        Assert.True(world.Warehouse.CompactionIsDue);
    }

    [Fact]
    public async Task The_same_rows_and_seed_give_the_same_scores()
    {
        async Task<string[]> Scores()
        {
            await using var world = await PipelineWorld.OpenAsync();
            await world.AddShoppersAsync(120, 30);
            await world.RunAsync();
            return await world.ScoresAsync();
        }

        Assert.Equal(await Scores(), await Scores());
    }

    [Fact]
    public async Task What_happens_after_the_moment_of_the_run_changes_no_score()
    {
        var asOf = PipelineWorld.Opening.AddDays(28);
        async Task<string[]> Scores(bool later)
        {
            await using var world = await PipelineWorld.OpenAsync();
            await world.AddShoppersAsync(120, 28);
            if (later) await world.AddShoppersAsync(200, 20, from: asOf, seed: 9);
            Assert.Null((await world.RunAsync(new PipelineJobInput(AsOf: asOf))).Problem);
            return await world.ScoresAsync();
        }

        Assert.Equal(await Scores(later: false), await Scores(later: true));
    }

    [Fact]
    public async Task Without_purchases_intent_says_what_is_missing_and_segments_still_work()
    {
        await using var world = await PipelineWorld.OpenAsync();
        await world.AddShoppersAsync(60, 20, buying: false);
        var report = (await world.RunAsync()).Value;
        Assert.All(report.Intent, section => Assert.Equal("horizon.no-purchases", section.Problem!.Code));
        Assert.Equal(60, report.Segments!.Report!.Shoppers);
        Assert.Equal(0, await world.Warehouse.ScalarAsync<long>("select count(*) from intent_scores", [], PipelineWorld.Now));
    }

    [Fact]
    public async Task One_single_shopper_is_no_reason_to_fail()
    {
        await using var world = await PipelineWorld.OpenAsync();
        await world.AddShoppersAsync(1, 60);
        var report = (await world.RunAsync()).Value;
        Assert.All(report.Intent, section => Assert.NotNull(section.Problem));
        Assert.Equal(1, await world.Warehouse.ScalarAsync<long>("select count(*) from shopper_profile", [], PipelineWorld.Now));
    }

    [Fact]
    public async Task A_run_keeps_the_spread_of_its_training_rows_and_later_data_are_compared_with_it()
    {
        await using var world = await PipelineWorld.OpenAsync();
        await world.AddShoppersAsync(150, 60);
        var check = world.Studio.Get<DriftCheck>();
        Assert.Equal("drift.nothing-trained", (await check.MeasureAsync(world.Scope, PipelineWorld.Now)).Problem!.Code);
        Assert.True((await world.RunAsync()).Succeeded);
        var atRun = (await check.ReadAsync(world.Scope, PipelineWorld.Now)).Value;
        Assert.True(atRun.Trained);
        Assert.Contains(atRun.Features, feature => feature.Feature == "views_7d");
        var before = await world.Warehouse.ScalarAsync<long>("select count(*) from user_features", [], PipelineWorld.Now);

        await using (var session = await world.Warehouse.BeginAsync(PipelineWorld.Now))
        {
            // Everybody suddenly looks at fifty things on the last evening.
            await session.ExecuteAsync("insert into events (user_id, ts, event_type, item_id, import_id, source_line) select user_id, (select max(ts) from events) + i * interval '10 seconds', 'view', 'new' || i, 2, i from (select distinct user_id from events) u, range(50) t(i)", [], PipelineWorld.Now);
            await session.CommitAsync(PipelineWorld.Now);
        }

        var after = (await check.MeasureAsync(world.Scope, PipelineWorld.Now)).Value;
        Assert.True(after.Features.Single(feature => feature.Feature == "views_1d").Psi > 1);
        Assert.True(after.Moved > atRun.Moved);
        Assert.Equal(after.Features, (await check.ReadAsync(world.Scope, PipelineWorld.Now)).Value.Features);
        Assert.Equal(before, await world.Warehouse.ScalarAsync<long>("select count(*) from user_features", [], PipelineWorld.Now));
        Assert.Equal(0, await world.Warehouse.ScalarAsync<long>("select count(*) from information_schema.tables where table_name like 'next%'", [], PipelineWorld.Now));
    }

    [Fact]
    public async Task The_way_rows_are_prepared_is_the_shops_choice_and_stands_on_the_models_card()
    {
        await using var world = await PipelineWorld.OpenAsync();
        await world.AddShoppersAsync(120, 60);
        var chosen = new Preparation(MissingFill.Median, 0, Scaling.MinMax);
        Assert.True((await world.Studio.Get<PreparationSettings>().SaveAsync(world.Scope, chosen, PipelineWorld.Now)).Succeeded);
        Assert.True((await world.RunAsync()).Succeeded);
        var models = (await world.Studio.Get<ModelRegistry>().ListAsync(world.Scope, PipelineWorld.Now)).Value.Where(model => model.Task.StartsWith("intent", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(models);
        Assert.All(models, model => Assert.Equal(model.Family == "logistic" ? chosen : null, model.Facts!.Preparation));
    }

    [Fact]
    public async Task Reviews_with_five_stars_only_say_that_there_is_no_contrast()
    {
        await using var world = await PipelineWorld.OpenAsync();
        await world.AddReviewsAsync(80, _ => 5);
        var report = (await world.RunAsync()).Value;
        Assert.Equal("reviews.one-class", report.Sentiment!.Problem!.Code);
    }

    [Fact]
    public async Task Without_any_rows_the_run_says_so()
    {
        await using var world = await PipelineWorld.OpenAsync();
        Assert.Equal("pipeline.no-data", (await world.RunAsync()).Problem!.Code);
        var run = (await world.Studio.Get<PipelineRuns>().FindAsync(world.Scope, 1, PipelineWorld.Now)).Value.Summary;
        Assert.Equal((JobState.Failed, "pipeline.no-data"), (run.State, run.Problem!.Code));
    }

    [Fact]
    public async Task Events_in_the_future_only_leave_nothing_to_score()
    {
        await using var world = await PipelineWorld.OpenAsync();
        await world.AddShoppersAsync(40, 20, from: TimeProvider.System.GetUtcNow().AddYears(1));
        var outcome = await world.RunAsync(new PipelineJobInput(OverrideReason: "a test of future dates"));
        if (outcome.TryGet(out var report, out var problem)) Assert.Equal((0, 40 * 20 > 0), (report.Cleaning!.Kept, report.Cleaning.Rows > 0));
        else Assert.StartsWith("quality.", problem.Code, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(3, true)]
    [InlineData(4, false)]
    [InlineData(5, true)]
    [InlineData(8, false)]
    [InlineData(9, true)]
    public async Task A_run_cut_off_anywhere_goes_on_and_ends_as_if_nothing_had_happened(int stage, bool checkpointLost)
    {
        string[] whole;
        await using (var untouched = await PipelineWorld.OpenAsync())
        {
            await untouched.AddShoppersAsync(100, 26);
            await untouched.RunAsync();
            whole = await untouched.ScoresAsync();
        }

        await using var world = await PipelineWorld.OpenAsync();
        await world.AddShoppersAsync(100, 26);
        var cut = new TestJob(world.Scope, new PipelineJobInput()) { CutOffAt = stage, LoseCheckpoint = checkpointLost };
        await Assert.ThrowsAsync<ProcessEnded>(() => world.RunAsync(cut));
        var again = new TestJob(world.Scope, new PipelineJobInput()) { JobId = cut.JobId, CheckpointJson = cut.CheckpointJson };
        Assert.Null((await world.RunAsync(again)).Problem);
        Assert.InRange(again.Checkpoints, Math.Min(Stages, Stages - stage + (checkpointLost ? 1 : 0)), Stages);
        Assert.Equal(whole, await world.ScoresAsync());
        var run = Assert.Single((await world.Studio.Get<PipelineRuns>().ListAsync(world.Scope, 10, PipelineWorld.Now)).Value);
        Assert.Equal((JobState.Succeeded, Stages), (run.State, run.Stages.Length));
    }

    [Fact]
    public async Task A_cancelled_run_leaves_what_was_published_and_no_table_of_its_own()
    {
        await using var world = await PipelineWorld.OpenAsync();
        await world.AddShoppersAsync(100, 26);
        await world.RunAsync();
        var before = await world.ScoresAsync();
        await world.AddShoppersAsync(50, 26, seed: 77);
        var cut = new TestJob(world.Scope, new PipelineJobInput()) { CutOffAt = 5 };
        await Assert.ThrowsAsync<ProcessEnded>(() => world.RunAsync(cut));
        await world.Handler.CleanUpAsync(cut, PipelineWorld.Now);
        Assert.Equal(before, await world.ScoresAsync());
        Assert.Equal(0, await world.Warehouse.ScalarAsync<long>("select count(*) from information_schema.tables where table_name like 'next%' or table_name like 'work%'", [], PipelineWorld.Now));
        Assert.Equal(1, (await world.Studio.Get<PipelineReports>().LatestPublishedAsync(world.Scope, PipelineWorld.Now))!.Number);
    }

    [Fact]
    public async Task An_older_model_can_be_made_to_serve_again()
    {
        await using var world = await PipelineWorld.OpenAsync();
        await world.AddShoppersAsync(150, 30);
        Assert.Null((await world.RunAsync(new PipelineJobInput(HorizonDays: 7))).Problem);
        await world.AddShoppersAsync(80, 30, seed: 6);
        Assert.Null((await world.RunAsync(new PipelineJobInput(HorizonDays: 7, Seed: 2))).Problem);
        var registry = world.Studio.Get<ModelRegistry>();
        var models = (await registry.ListAsync(world.Scope, PipelineWorld.Now)).Value;
        Assert.Equal([(2, true), (1, false)], models.Select(model => (model.Number, model.IsLive)));
        var newer = await world.ScoresAsync();
        Assert.True((await registry.PromoteAsync(world.Scope, models[1].Id, PipelineWorld.Now)).Value.IsLive);
        Assert.NotEqual(newer, await world.ScoresAsync());
        Assert.Equal(0, await world.Warehouse.ScalarAsync<long>("select count(*) from shopper_profile p join intent_scores s on s.user_id = p.user_id and s.horizon_days = 7 where p.intent_7 <> s.probability", [], PipelineWorld.Now));
        await registry.PromoteAsync(world.Scope, models[0].Id, PipelineWorld.Now);
        Assert.Equal(newer, await world.ScoresAsync());
    }

    [Fact]
    public async Task A_model_is_handed_out_as_a_file_that_gives_the_same_chances_elsewhere()
    {
        await using var world = await PipelineWorld.OpenAsync();
        await world.AddShoppersAsync(150, 30);
        Assert.Null((await world.RunAsync(new PipelineJobInput(HorizonDays: 7))).Problem);
        var model = (await world.Studio.Get<ModelRegistry>().ListAsync(world.Scope, PipelineWorld.Now)).Value.Single(model => model.Facts is not null);
        var exports = world.Studio.Get<ModelExports>();
        var export = (await exports.ToOnnxAsync(world.Scope, model.Id, eightBit: false, PipelineWorld.Now)).Value;
        Assert.Equal("intent-7-v1.onnx", export.FileName);
        Assert.InRange(export.LargestDifference, 0, 1e-5);
        if (OnnxRuntimeLibrary.Version is not null) Assert.Equal(150, export.Compared);
        Assert.Equal("models.no-weights", (await exports.ToOnnxAsync(world.Scope, model.Id, eightBit: true, PipelineWorld.Now)).Problem!.Code);
        Assert.Equal("models.not-found", (await exports.ToOnnxAsync(world.Scope, Guid.NewGuid(), eightBit: false, PipelineWorld.Now)).Problem!.Code);
        var viewer = world.Scope with { Actor = world.Scope.Actor with { Role = Role.Viewer } };
        Assert.Equal("access.refused", (await exports.ToOnnxAsync(viewer, model.Id, eightBit: false, PipelineWorld.Now)).Problem!.Code);
    }

    [Fact]
    public async Task The_model_of_reviews_is_handed_out_as_a_file_that_reads_them_alike()
    {
        await using var world = await PipelineWorld.OpenAsync();
        await world.AddReviewsAsync(200, review => 1 + (review % 5));
        Assert.Null((await world.RunAsync(new PipelineJobInput())).Problem);
        var model = (await world.Studio.Get<ModelRegistry>().ListAsync(world.Scope, PipelineWorld.Now)).Value.Single(model => model.Task == "sentiment");
        var export = (await world.Studio.Get<ModelExports>().ToOnnxAsync(world.Scope, model.Id, eightBit: false, PipelineWorld.Now)).Value;
        Assert.Equal(("sentiment-v1.onnx", ExportedRows.Reviews), (export.FileName, export.Rows));
        Assert.InRange(export.LargestDifference, 0, 1e-5);
        if (OnnxRuntimeLibrary.Version is not null) Assert.Equal(200, export.Compared);
    }

    [Fact]
    public async Task Progress_shows_every_stage_and_the_learning_curve()
    {
        await using var world = await PipelineWorld.OpenAsync();
        await world.AddShoppersAsync(100, 26);
        var job = new TestJob(world.Scope, new PipelineJobInput());
        await world.RunAsync(job);
        Assert.Equal(["clean", "quality", "sessions", "features", "train", "evaluate", "segment", "score", "publish"], job.Last!.Stages.Select(stage => stage.Key));
        Assert.All(job.Last.Stages, stage => Assert.Equal(StageState.Done, stage.State));
        var detail = job.Last.Detail!.Deserialize<PipelineDetail>(PipelineJson.Options)!;
        Assert.NotEmpty(detail.Curve);
        Assert.Contains(detail.Notes, note => note.Key == "evaluated");
    }
}
