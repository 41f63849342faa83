using System.Diagnostics;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Features;
using MerchantStudio.Core.Learning.Onnx.Brought;
using MerchantStudio.Core.Native.OnnxRuntime;
using MerchantStudio.Core.Pipeline;
using MerchantStudio.Core.Pipeline.Brought;
using MerchantStudio.Core.Pipeline.Serving;
using MerchantStudio.Core.Pipeline.WhatIf;
using MerchantStudio.Core.Shop;
using MerchantStudio.Tests.Pipeline.Training;
using Xunit;

namespace MerchantStudio.Tests.Pipeline.Serving;

/// <summary>One shopper's chances out of memory: those of the run until something of hers or the model changes.</summary>
public sealed class LiveScoresTests
{
    private const string Somebody = "u007";

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_shopper_has_the_chance_that_the_run_published_in_under_a_millisecond()
    {
        await using var world = await TrainingTests.PublishedAsync();
        var live = world.Studio.Get<LiveScores>();
        var published = await world.Warehouse.QueryAsync("select user_id, probability, low, high from intent_scores where horizon_days = 7", row => (User: row.Text(0)!, Probability: row.Double(1), Low: row.Double(2), High: row.Double(3)), [], Now);
        foreach (var (user, probability, low, high) in published)
        {
            var scores = (await live.FindAsync(world.Scope, new ShopperId(user), Now)).Value;
            Assert.False(scores.IsLive);
            var chance = Assert.Single(scores.Chances);
            Assert.Equal((7, 1), (chance.HorizonDays, chance.Version));
            Assert.Equal((probability, low, high), (chance.Probability, chance.Low, chance.High));
            Assert.Empty(chance.Reasons);
        }

        Assert.NotEmpty((await live.ExplainAsync(world.Scope, new ShopperId(Somebody), Now)).Value.Chances[0].Reasons);
        var times = new List<TimeSpan>();
        for (var i = 0; i < 20_000; i++)
        {
            var started = Stopwatch.GetTimestamp();
            Assert.True((await live.FindAsync(world.Scope, new ShopperId(published[i % published.Length].User), Now)).Succeeded);
            times.Add(Stopwatch.GetElapsedTime(started));
        }

        times.Sort();
        TestContext.Current.TestOutputHelper!.WriteLine($"p50 {times[times.Count / 2].TotalMicroseconds:0.0} us, p99 {times[times.Count * 99 / 100].TotalMicroseconds:0.0} us");
        Assert.True(times[times.Count * 99 / 100] < TimeSpan.FromMilliseconds(3), times[times.Count * 99 / 100].ToString());   // 1 ms is the aim; a machine at work on other things takes some more
    }

    [Fact]
    public async Task New_events_change_the_shopper_they_are_of_and_nobody_else()
    {
        await using var world = await TrainingTests.PublishedAsync();
        var live = world.Studio.Get<LiveScores>();
        var (before, other) = (await FindAsync(world, Somebody), await FindAsync(world, "u008"));
        Assert.Equal("customers.unknown", (await live.FindAsync(world.Scope, new ShopperId("u900"), Now)).Problem?.Code);
        var scores = await world.ScoresAsync();

        var at = before.AsOf.AddHours(5);
        await world.AddEventsAsync(7, at, "view", "view", "add_to_cart");
        await world.AddEventsAsync(900, at, "view", "add_to_cart");
        await UpkeepAsync(world);
        var after = await FindAsync(world, Somebody);
        Assert.True(after.IsLive);
        Assert.Equal(at.AddMinutes(2).AddTicks(TimeSpan.TicksPerMicrosecond), after.AsOf);
        Assert.NotEqual(before.Chances[0].Probability, after.Chances[0].Probability);
        Assert.True((await FindAsync(world, "u900")).IsLive);
        Assert.Equal(other.Chances[0], (await FindAsync(world, "u008")).Chances[0]);
        Assert.Equal(scores, await world.ScoresAsync());

        // Her features are those that a run would compute as of that moment, and what-if starts from the same chance.
        var features = (await live.FeaturesAsync(world.Scope, new ShopperId(Somebody), Now)).Value;
        var shop = (await world.Studio.Get<WorkspaceDirectory>().FindAsync(world.Scope.Workspace, Now))!;
        await using (var session = await world.Warehouse.BeginAsync(Now))
        {
            await FeatureBuilder.BuildAsync(session, new FeatureQuestion(after.AsOf, null, shop.TimeZone, "clean_events"), "work_check", Now);
            var whole = await FeatureBuilder.ReadAsync(session, "work_check", Now);
            for (var column = 0; column < features.Columns.Length; column++)
            {
                var same = whole.Features.Columns.IndexOf(features.Columns[column]);
                Assert.Equal(whole.Features[whole.Users.IndexOf(Somebody), same], features[0, column]);
            }
        }

        Assert.Equal(after.Chances[0].Probability, (await world.Studio.Get<ShopperWhatIf>().OpenAsync(world.Scope, new ShopperId(Somebody), 7, Now)).Value.Chance, 6);

        // A snapshot read anew has it too, and a run makes her one of all again.
        await using (var session = await world.Warehouse.BeginAsync(Now))
        {
            await session.ExecuteAsync("delete from events where user_id = 'u900'", [], Now);
            await session.CommitAsync(Now);
        }

        await UpkeepAsync(world);
        Assert.Equal("customers.unknown", (await live.FindAsync(world.Scope, new ShopperId("u900"), Now)).Problem?.Code);
        var read = (await world.Studio.Get<SnapshotReader>().ReadAsync(world.Scope.Workspace, Now)).Snapshot!;
        Assert.Equal(after.Chances[0], read.Find(new ShopperId(Somebody), withReasons: false, after.AsOf).Value.Chances[0]);
        Assert.Equal("customers.unknown", read.Find(new ShopperId("u900"), withReasons: false, after.AsOf).Problem?.Code);
        Assert.Null((await world.RunAsync(new PipelineJobInput(HorizonDays: 7))).Problem);
        var fresh = await FindAsync(world, Somebody);
        Assert.Equal((false, after.AsOf, 2), (fresh.IsLive, fresh.AsOf, fresh.Chances[0].Version));
    }

    [Fact]
    public async Task A_promotion_and_the_way_back_change_the_answer_at_once()
    {
        await using var world = await TrainingTests.PublishedAsync();
        var registry = world.Studio.Get<ModelRegistry>();
        var before = (await FindAsync(world, Somebody)).Chances[0];
        var trained = (await TrainingTests.TrainAsync(world, await TrainingTests.PlanAsync(world))).Versions.First(version => version.Family != before.Family);
        var live = (await registry.ListAsync(world.Scope, Now)).Value.Single(version => version.IsLive);
        Assert.Null((await registry.PromoteAsync(world.Scope, trained.ModelId, Now)).Problem);
        var promoted = (await FindAsync(world, Somebody)).Chances[0];
        Assert.Equal((trained.Number, trained.Family), (promoted.Version, promoted.Family));
        Assert.NotEqual(before.Probability, promoted.Probability);
        Assert.Null((await registry.PromoteAsync(world.Scope, live.Id, Now)).Problem);
        Assert.Equal(before, (await FindAsync(world, Somebody)).Chances[0]);
    }

    [Fact]
    public async Task Nothing_is_said_before_the_first_run_and_to_nobody_without_the_right()
    {
        await using var world = await PipelineWorld.OpenAsync();
        Assert.Equal("scores.not-ready", (await world.Studio.Get<LiveScores>().FindAsync(world.Scope, new ShopperId(Somebody), Now)).Problem?.Code);
        foreach (var role in Enum.GetValues<Role>())
        {
            var problem = (await world.Studio.Get<LiveScores>().FindAsync(world.Scope with { Actor = world.Scope.Actor with { Role = role } }, new ShopperId(Somebody), Now)).Problem;
            Assert.Equal(Rights.Allows(role, Right.LookUpCustomer) || Rights.Allows(role, Right.ReadFigures), problem?.Code == "scores.not-ready");
        }
    }

    [Fact, Trait("Row", "H8")]
    public async Task H8_a_brought_model_that_fails_three_times_in_a_row_is_switched_off_and_the_one_before_serves()
    {
        Assert.SkipWhen(OnnxRuntimeLibrary.Version is null, "ONNX Runtime is not offered for this machine.");
        await using var world = await TrainingTests.PublishedAsync();
        var registry = world.Studio.Get<ModelRegistry>();
        var champion = (await registry.ListAsync(world.Scope, Now)).Value.Single(model => model.IsLive);
        var (before, chance) = (await world.ScoresAsync(), (await FindAsync(world, "u008")).Chances[0]);
        var brought = world.Studio.Get<BroughtModels>();
        var content = (await world.Studio.Get<ModelExports>().ToOnnxAsync(world.Scope, champion.Id, eightBit: false, Now)).Value.Content;
        var file = (await brought.OpenAsync(world.Scope, "mine.onnx", new MemoryStream(content), Now)).Value;
        var id = (await brought.RegisterAsync(world.Scope, (await brought.TryAsync(world.Scope, file, file.Suggested, 7, Now)).Value, Now)).Value;
        Assert.Null((await registry.PromoteAsync(world.Scope, id, Now)).Problem);
        Assert.Equal("onnx", (await FindAsync(world, "u008")).Chances[0].Family);
        Assert.Equal("models.not-askable", (await world.Studio.Get<ShopperWhatIf>().OpenAsync(world.Scope, new ShopperId(Somebody), 7, Now)).Problem?.Code);

        // It scores shoppers with new events while it works.
        var at = (await FindAsync(world, Somebody)).AsOf.AddHours(5);
        var published = (await FindAsync(world, Somebody)).Chances[0].Probability;
        await EventsAsync(0);
        Assert.NotEqual(published, (await FindAsync(world, Somebody)).Chances[0].Probability);

        // A fault leaves the last chances; an answer in between forgets it.
        var runner = world.Studio.Get<BroughtRunner>();
        var patience = runner.LongestRun;
        runner.LongestRun = TimeSpan.FromMilliseconds(1);
        var last = (await FindAsync(world, Somebody)).Chances[0];
        await EventsAsync(1);
        await EventsAsync(2);
        Assert.Equal(last, (await FindAsync(world, Somebody)).Chances[0]);
        runner.LongestRun = patience;
        await EventsAsync(3);
        Assert.Equal("onnx", (await FindAsync(world, Somebody)).Chances[0].Family);

        runner.LongestRun = TimeSpan.FromMilliseconds(1);
        for (var i = 4; i < 6; i++) await EventsAsync(i);
        Assert.True((await registry.ListAsync(world.Scope, Now)).Value.Single(model => model.Id == id) is { IsLive: true, Off: null });
        await EventsAsync(6);
        var versions = (await registry.ListAsync(world.Scope, Now)).Value;
        Assert.Equal(champion.Id, versions.Single(model => model.IsLive).Id);
        Assert.Equal("model-file.time", versions.Single(model => model.Id == id).Off!.Why.Code);
        Assert.Equal(before, await world.ScoresAsync());
        Assert.Equal(chance, (await FindAsync(world, "u008")).Chances[0]);
        Assert.Equal("models.disabled", (await registry.PromoteAsync(world.Scope, id, Now)).Problem?.Code);
        var audit = (await world.Studio.Get<AuditTrail>().ReadAsync(world.Scope, 10, Now)).Value;
        Assert.Contains(audit, entry => entry is { Action: "model.disabled", Reason: "model-file.time" });
        Assert.Contains(audit, entry => entry is { Action: "model.promoted", Actor: "scheduler" });

        async Task EventsAsync(int day)
        {
            await world.AddEventsAsync(7, at.AddDays(day), "view", "add_to_cart");
            await UpkeepAsync(world);
        }
    }

    private static async Task<ShopperScores> FindAsync(PipelineWorld world, string user) => (await world.Studio.Get<LiveScores>().FindAsync(world.Scope, new ShopperId(user), Now)).Value;

    private static async Task UpkeepAsync(PipelineWorld world) => Assert.Null((await world.HandlerOf("upkeep").RunAsync(new TestJob(world.Scope, new object()), Now)).Problem);
}
