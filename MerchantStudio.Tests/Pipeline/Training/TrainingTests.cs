using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Planning;
using MerchantStudio.Core.Pipeline;
using MerchantStudio.Core.Pipeline.Training;
using Xunit;

namespace MerchantStudio.Tests.Pipeline.Training;

public sealed class TrainingTests
{
    private const int Horizon = 7;

    /// <summary>That the published shop's shoppers come on.</summary>
    internal const int Days = 35;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_training_adds_a_version_of_each_family_and_leaves_alone_what_serves()
    {
        await using var world = await PublishedAsync();
        var (scores, live) = (await world.ScoresAsync(), await LiveAsync(world));
        var report = await TrainAsync(world, await PlanAsync(world));
        Assert.Equal(IntentFamilies.All.Select(family => family.Key).Order(), report.Versions.Select(version => version.Family).Order());
        Assert.Equal(report.Versions.OrderBy(version => version.Validation.LogLoss).Select(version => version.Family), report.Versions.Select(version => version.Family));
        var versions = (await world.Studio.Get<ModelRegistry>().ListAsync(world.Scope, Now)).Value;
        foreach (var made in report.Versions)
        {
            var model = versions.Single(version => version.Id == made.ModelId);
            Assert.False(model.IsLive);
            Assert.True(model.FileThere);
            Assert.Equal((made.Number, made.Rows, 64), (model.Number, model.Facts!.Recipe!.Rows, model.Facts.Recipe.RowsHash.Length));
            Assert.NotEmpty(model.Figures!.Importance);
        }

        Assert.Equal(live, await LiveAsync(world));
        Assert.Equal(scores, await world.ScoresAsync());
        Assert.Equal(0, await world.Warehouse.ScalarAsync<long>("select count(*) from information_schema.tables where table_name like 'next%' or table_name like 'work%'", [], Now));
    }

    [Fact]
    public async Task A_perceptron_is_handed_out_with_8_bit_numbers_too_and_what_they_cost_is_said()
    {
        await using var world = await PublishedAsync();
        var report = await TrainAsync(world, await PlanAsync(world));
        var id = report.Versions.Single(version => version.Family == BinaryModels.Perceptron).ModelId;
        var whole = (await world.Studio.Get<ModelExports>().ToOnnxAsync(world.Scope, id, eightBit: false, Now)).Value;
        var export = (await world.Studio.Get<ModelExports>().ToOnnxAsync(world.Scope, id, eightBit: true, Now)).Value;
        var version = (await world.Studio.Get<ModelRegistry>().ListAsync(world.Scope, Now)).Value.Single(version => version.Id == id);
        Assert.Null(whole.Rounding);
        Assert.EndsWith("-8bit.onnx", export.FileName, StringComparison.Ordinal);
        Assert.True(export.Content.Length < 0.6 * whole.Content.Length, $"{export.Content.Length} of {whole.Content.Length} bytes");
        var cost = Assert.IsType<ChanceRounding>(export.Rounding);
        Assert.Equal(whole.Content.Length, cost.Bytes);
        Assert.Equal(version.Figures!.Test.LogLoss, cost.LogLossBefore, 9);
        Assert.Equal(version.Figures.Test.Auroc, cost.AurocBefore, 9);
        Assert.NotEqual(cost.LogLossBefore, cost.LogLoss);
        Assert.Equal(cost.LogLossBefore, cost.LogLoss, 0.01);
    }

    [Fact]
    public async Task The_windows_are_those_of_the_run_so_its_family_comes_out_bit_for_bit()
    {
        await using var world = await PublishedAsync();
        var report = await TrainAsync(world, await PlanAsync(world));
        var versions = (await world.Studio.Get<ModelRegistry>().ListAsync(world.Scope, Now)).Value;
        var run = versions.Single(version => version is { IsLive: true, Task: "intent-7" });
        var again = versions.Single(version => version.Id == report.Versions.Single(made => made.Family == run.Family).ModelId);
        Assert.Equal(run.FileHash, again.FileHash);
        Assert.Equal(run.Facts!.Recipe!.RowsHash, again.Facts!.Recipe!.RowsHash);
        Assert.Equal(run.DataHash, again.DataHash);
    }

    [Fact]
    public async Task Time_left_over_goes_into_a_look_at_earlier_moments()
    {
        await using var world = await PublishedAsync();
        var plan = await PlanAsync(world) with { Families = [new PlannedFamily("logistic", int.MaxValue, 1, 1, 1, 1)] };
        var report = Read((await Handler(world).RunAsync(new TestJob(world.Scope, new TrainingRequest(1, plan)), Now)).Value);
        var folds = report.Versions[0].Folds!;
        Assert.Equal(3, folds.Folds);
        Assert.InRange(folds.Auroc, 0.5, 1);
        Assert.InRange(folds.Deviation, 0, 0.2);

        var (question, moments) = Windows();
        Assert.NotNull(EarlierMoments.Judge(IntentFamilies.Find("logistic")!, question, 1, moments, TimeProvider.System, Now));
        Assert.Null(EarlierMoments.Judge(IntentFamilies.Find("logistic")!, question, 1, [.. moments.Select(_ => 0.0)], TimeProvider.System, Now));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_training_that_was_cut_off_goes_on_behind_the_last_finished_family(bool losesCheckpoint)
    {
        await using var world = await PublishedAsync();
        var plan = await PlanAsync(world);
        var cut = new TestJob(world.Scope, new TrainingRequest(Horizon, plan)) { CutOffAt = 2, LoseCheckpoint = losesCheckpoint };
        await Assert.ThrowsAsync<ProcessEnded>(() => Handler(world).RunAsync(cut, Now));
        Assert.Equal(["live"], await StatesAsync(world));
        var next = new TestJob(world.Scope, new TrainingRequest(Horizon, plan)) { JobId = cut.JobId, CheckpointJson = cut.CheckpointJson };
        var report = Read((await Handler(world).RunAsync(next, Now)).Value);
        Assert.Equal(IntentFamilies.All.Length - (losesCheckpoint ? 1 : 2), next.Checkpoints);

        var whole = await TrainAsync(world, plan);
        var versions = (await world.Studio.Get<ModelRegistry>().ListAsync(world.Scope, Now)).Value.ToDictionary(version => version.Id);
        Assert.Equal(whole.Versions.Select(version => versions[version.ModelId].FileHash), report.Versions.Select(version => versions[version.ModelId].FileHash));

        // Cut off behind the registering, it finds its versions there.
        await Handler(world).RunAsync(next, Now);
        Assert.Equal(versions.Count, (await world.Studio.Get<ModelRegistry>().ListAsync(world.Scope, Now)).Value.Length);
    }

    [Fact]
    public async Task A_checkpoint_of_other_rows_is_not_gone_on_with()
    {
        await using var world = await PublishedAsync();
        var plan = await PlanAsync(world);
        var cut = new TestJob(world.Scope, new TrainingRequest(Horizon, plan)) { CutOffAt = 1 };
        await Assert.ThrowsAsync<ProcessEnded>(() => Handler(world).RunAsync(cut, Now));
        await using (var session = await world.Warehouse.BeginAsync(Now))
        {
            await session.ExecuteAsync("delete from clean_events where user_id = 'u001'", [], Now);
            await session.CommitAsync(Now);
        }

        var next = new TestJob(world.Scope, new TrainingRequest(Horizon, plan)) { CheckpointJson = cut.CheckpointJson };
        Assert.True((await Handler(world).RunAsync(next, Now)).Succeeded);
        Assert.Equal(IntentFamilies.All.Length, next.Checkpoints);
    }

    [Fact]
    public async Task Cancelled_or_out_of_time_before_the_first_model_it_keeps_nothing()
    {
        await using var world = await PublishedAsync();
        var plan = await PlanAsync(world);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Handler(world).RunAsync(new TestJob(world.Scope, new TrainingRequest(Horizon, plan)), cancelled.Token));
        var none = await Handler(world).RunAsync(new TestJob(world.Scope, new TrainingRequest(Horizon, plan with { Budget = new ComputeBudget(1e-6, 1024) })), Now);
        Assert.Equal("training.no-time-left", none.Problem!.Code);
        Assert.Equal(["live"], await StatesAsync(world));
    }

    [Fact]
    public async Task Asked_to_stop_it_keeps_the_best_so_far_and_says_so()
    {
        await using var world = await PublishedAsync();
        var asked = false;
        var job = new TestJob(world.Scope, new TrainingRequest(Horizon, await PlanAsync(world))) { StopsWhen = progress => asked |= progress?.Stages.Any(stage => stage is { Key: "trees", State: StageState.Running, Rows: 5 }) == true };
        var report = Read((await Handler(world).RunAsync(job, Now)).Value);
        Assert.Equal(["mlp"], report.Skipped);
        var trees = report.Versions.Single(version => version.Family == "trees");
        Assert.True(trees.Stopped);
        Assert.Equal(5, trees.Curve[^1].Round);
        Assert.False(report.Versions.Single(version => version.Family == "logistic").Stopped);
        Assert.Equal(RepeatEnding.WasStopped, (await world.Studio.Get<ModelRepeats>().RepeatAsync(world.Scope, trees.ModelId, Now)).Value.Ending);
    }

    [Fact]
    public async Task What_the_rows_left_out_might_have_added_is_told_from_a_quarter_of_the_others()
    {
        await using var world = await PublishedAsync();
        var whole = await PlanAsync(world);
        var some = await TrainAsync(world, whole with { Families = [.. WithRows(400, "trees").Families, .. WithRows(whole.Rows, "logistic").Families] });
        var quarter = await TrainAsync(world, WithRows(100, "trees"));
        var trees = some.Versions.Single(version => version.Family == "trees");
        Assert.Equal(new RowsGivenUp(400, whole.Rows, quarter.Versions[0].Validation.Auroc, trees.Validation.Auroc), trees.GivenUp);
        Assert.Null(some.Versions.Single(version => version.Family == "logistic").GivenUp);
        Assert.Equal(3, (await world.Studio.Get<ModelRegistry>().ListAsync(world.Scope, Now)).Value.Count(version => version is { Task: "intent-7", IsLive: false }));   // nothing of the quarter is kept

        var stopped = new TestJob(world.Scope, new TrainingRequest(Horizon, WithRows(400, "trees"))) { StopsWhen = progress => progress?.Stages.Any(stage => stage is { Key: "measure", State: StageState.Running }) == true };
        Assert.Null(Read((await Handler(world).RunAsync(stopped, Now)).Value).Versions[0].GivenUp);

        TrainingPlan WithRows(int rows, string key) => whole with { Families = [.. whole.Families.Where(family => family.Family == key).Select(family => family with { Rows = rows })] };
    }

    [Fact]
    public async Task The_plan_is_told_before_the_start_and_a_small_budget_gives_something_up()
    {
        await using var world = await PublishedAsync();
        var measure = (await world.Studio.Get<Trainings>().MeasureAsync(world.Scope, Horizon, Now)).Value;
        Assert.Equal((await world.Studio.Get<PipelineReports>().LatestPublishedAsync(world.Scope, Now))!.IntentOf(Horizon)!.Training.Shoppers, measure.Rows);
        Assert.Equal(IntentFamilies.All.Select(family => family.Key), measure.Costs.Select(cost => cost.Family));
        Assert.All(measure.Costs, cost => Assert.True(cost.Seconds(measure.Rows, cost.Settings) > 0));
        Assert.All(measure.Plan(Keys, new ComputeBudget(600, 4096)).Families, family => Assert.Equal((measure.Rows, family.AllSettings), (family.Rows, family.Settings)));
        var cheapest = measure.OtherSeconds + measure.Costs.Min(cost => cost.Seconds(measure.Rows, 1));
        var small = measure.Plan(Keys, new ComputeBudget(1.1 * cheapest / TrainingPlanner.SafeShare, 4096));
        Assert.Contains(small.Families, family => family.IsLeftOut);
    }

    [Fact]
    public async Task Before_the_first_run_and_without_the_right_it_is_refused()
    {
        await using var world = await PipelineWorld.OpenAsync();
        var trainings = world.Studio.Get<Trainings>();
        Assert.Equal("training.nothing-published", (await trainings.OffersAsync(world.Scope, Now)).Problem!.Code);
        Assert.Equal("training.nothing-published", (await trainings.MeasureAsync(world.Scope, Horizon, Now)).Problem!.Code);
        var plan = new TrainingPlan([new PlannedFamily("logistic", 1000, 1, 1, 1, 1)], 1000, 0, 0, new ComputeBudget(60, 1024), Fits: true);
        var viewer = world.Scope with { Actor = new Actor("Vera", Guid.NewGuid(), Role.Viewer) };
        Assert.Equal("access.refused", (await trainings.StartAsync(viewer, new TrainingRequest(Horizon, plan), Now)).Problem!.Code);
        Assert.Equal("training.no-family", (await trainings.StartAsync(world.Scope, new TrainingRequest(Horizon, plan with { Families = [] }), Now)).Problem!.Code);
        Assert.Equal("training.budget-too-small", (await trainings.StartAsync(world.Scope, new TrainingRequest(Horizon, plan with { Fits = false }), Now)).Problem!.Code);
    }

    /// <summary>Four windows of a hundred invented shoppers each.</summary>
    private static (IntentQuestion Question, ImmutableArray<double> Moments) Windows()
    {
        var (x, y) = MerchantStudio.Tests.Learning.LearningWorld.Shoppers(400, 3);
        var window = new IntentWindow(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1), x, [.. y]);
        return (new IntentQuestion(1, window, window with { X = x.Take([.. Enumerable.Range(0, 100)]), Y = [.. y.Take(100)] }, window, Seed: 1), [.. Enumerable.Range(0, 400).Select(row => (double)(row / 100))]);
    }

    internal static string[] Keys => [.. IntentFamilies.All.Select(family => family.Key)];

    internal static async Task<PipelineWorld> PublishedAsync()
    {
        var world = await PipelineWorld.OpenAsync();
        await world.AddShoppersAsync(260, Days);
        Assert.Null((await world.RunAsync(new PipelineJobInput(HorizonDays: Horizon))).Problem);
        return world;
    }

    /// <summary>All families on all rows, whatever this machine takes for it.</summary>
    internal static async Task<TrainingPlan> PlanAsync(PipelineWorld world)
    {
        var rows = (await world.Studio.Get<PipelineReports>().LatestPublishedAsync(world.Scope, Now))!.IntentOf(Horizon)!.Training.Shoppers;
        return new TrainingPlan([.. IntentFamilies.All.Select(family => new PlannedFamily(family.Key, rows, family.Settings, family.Settings, 1, 1))], rows, 1, 1, new ComputeBudget(600, 4096), Fits: true);
    }

    internal static async Task<TrainingReport> TrainAsync(PipelineWorld world, TrainingPlan plan) =>
        Read((await Handler(world).RunAsync(new TestJob(world.Scope, new TrainingRequest(Horizon, plan)), Now)).Value);

    private static IJobHandler Handler(PipelineWorld world) => world.HandlerOf("training");

    private static TrainingReport Read(System.Text.Json.Nodes.JsonNode result) => PipelineJson.Read<TrainingReport>(result.ToJsonString());

    private static async Task<ImmutableArray<string>> StatesAsync(PipelineWorld world) =>
        [.. (await world.Studio.Get<ModelRegistry>().ListAsync(world.Scope, Now)).Value.Select(version => version.IsLive ? "live" : "kept")];

    private static async Task<Guid> LiveAsync(PipelineWorld world) =>
        (await world.Studio.Get<ModelRegistry>().ListAsync(world.Scope, Now)).Value.Single(version => version.IsLive).Id;
}
