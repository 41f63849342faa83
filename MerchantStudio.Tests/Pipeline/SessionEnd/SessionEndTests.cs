using System.Collections.Frozen;
using System.Text.Json.Nodes;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Planning;
using MerchantStudio.Core.Native.OnnxRuntime;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline;
using MerchantStudio.Core.Pipeline.Serving;
using MerchantStudio.Core.Pipeline.SessionEnd;
using MerchantStudio.Core.Pipeline.Training;
using MerchantStudio.Core.Shop;
using Xunit;

namespace MerchantStudio.Tests.Pipeline.SessionEnd;

/// <summary>Whether a visit ends in a purchase: learnt from beginnings of visits, judged on later ones, kept, put in use and asked in the middle of one.</summary>
public sealed class SessionEndTests
{
    private static readonly TimeSpan Gap = TimeSpan.FromMinutes(30);

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_beginning_holds_nothing_of_the_purchase_and_nothing_that_came_with_or_after_it()
    {
        await using var world = await PipelineWorld.OpenAsync();
        var at = PipelineWorld.Opening;
        await world.AddEventsAsync(1, at, "view", "add_to_cart", "purchase", "favorite", "view", "purchase");
        await world.AddEventsAsync(2, at.AddHours(1), "purchase", "view");
        await world.AddEventsAsync(3, at.AddHours(2), "view", "search", "view");
        await world.AddEventsAsync(4, at.AddHours(3), "view", "refund", "search");
        await world.AddEventsAsync(5, at.AddHours(4), "view");
        await world.AddEventsAsync(5, at.AddHours(4).AddMinutes(1), "add_to_cart");
        await world.AddEventsAsync(5, at.AddHours(4).AddMinutes(1), "purchase");
        await world.AddEventsAsync(6, at.AddHours(9), "view");
        Assert.Null((await world.RunAsync()).Problem);

        var steps = await SessionSteps.ReadAsync(world.Warehouse, Gap, Now);
        string[] read = [.. steps.Sessions.Select(session => string.Join(' ', session.Steps.Select(step => steps.Kinds[step - 1])) + (session.Bought ? " +" : " -"))];
        Assert.Equal(["view add_to_cart +", "view search view -", "view search -", "view +"], read);   // who buys first says nothing, and the last visit may go on
        Assert.DoesNotContain("purchase", steps.Kinds);
        for (var seed = 0; seed < 30; seed++)
        {
            var drawn = SessionPrefixes.Draw(steps, seed).Sides.All.SelectMany(side => side).ToList();
            Assert.All(drawn.Zip(steps.Sessions), pair => Assert.Equal(pair.First.Steps, pair.Second.Steps[..pair.First.Steps.Length]));
            Assert.All(drawn, one => Assert.NotEmpty(one.Steps));
        }

        Assert.Equal([1, 2, 3], Enumerable.Range(0, 30).Select(seed => SessionPrefixes.Draw(steps, seed).Sides.All.SelectMany(side => side).ElementAt(1).Steps.Length).Distinct().Order());
    }

    [Fact]
    public async Task Models_are_judged_on_later_visits_beside_majority_and_rule_and_the_promoted_one_answers_in_the_middle_of_a_visit()
    {
        await using var world = await VisitsAsync();
        var job = new TestJob(world.Scope, new SessionEndRequest(Plan()));
        var report = PipelineJson.Read<SessionEndReport>((await world.HandlerOf("session-end").RunAsync(job, Now)).Value.ToJsonString());
        Assert.True(report.Training.To < report.Validation.From && report.Validation.To < report.Test.From, $"{report.Training} {report.Validation} {report.Test}");
        Assert.Equal(["cnn", "gru", "logistic", "lstm", "trees"], report.Versions.Select(version => version.Family).Order());
        Assert.Equal(report.Versions.OrderBy(version => version.Metrics.Validation.LogLoss).Select(version => version.Family), report.Versions.Select(version => version.Family));
        Assert.Equal(("majority", "rule of thumb", 0.5), (report.Majority.Model, report.Rule!.Model, report.Majority.Auroc));
        Assert.All(report.Versions, version => Assert.Equal((report.Test.Sessions, report.Test.Bought), (version.Metrics.Test.Rows, version.Metrics.Test.Positives)));
        Assert.All(report.Versions, version => Assert.True(version.Metrics.Test.AurocInterval.Low > 0.6 && version.Metrics.Test.LogLoss < report.Majority.LogLoss, $"{version.Metrics.Test}"));

        // The next plan reckons with the epochs that the networks took.
        var epochs = await world.Studio.Get<SessionEndTrainings>().EpochsAsync(world.Scope, Now);
        var curves = PipelineJson.Read<TrainingDetail>(job.Last!.Detail!.ToJsonString()).Curves.Where(curve => curve.Family is "cnn" or "gru" or "lstm");
        Assert.Equal(curves.Select(curve => (curve.Family, curve.Steps[^1].Round)).Order(), epochs.Select(pair => (pair.Key, pair.Value)).Order());
        Assert.All(report.Versions, version => Assert.Equal(epochs.GetValueOrDefault(version.Family), version.Facts.Epochs));

        await ExportedAlikeAsync(world, report);

        // Nothing answers until a version is put in use; the way back is a promotion too.
        var clock = TimeProvider.System.GetUtcNow().AddMinutes(-10);
        var registry = world.Studio.Get<ModelRegistry>();
        var (network, table) = (report.Versions.Single(version => version.Family == "gru"), report.Versions.Single(version => version.Family == "logistic"));
        await VisitAsync(clock, "view");
        Assert.Null(await ChanceAsync());
        Assert.Empty(await UnderWayAsync());
        Assert.Equal("access.refused", (await registry.PromoteAsync(world.Scope with { Actor = new Actor("Viewer", null, Role.Viewer) }, network.ModelId, Now)).Problem!.Code);
        Assert.Null((await registry.PromoteAsync(world.Scope, table.ModelId, Now)).Problem);
        var byTable = (await ChanceAsync())!;
        Assert.Null((await registry.PromoteAsync(world.Scope, network.ModelId, Now)).Problem);
        var looked = (await ChanceAsync())!;
        Assert.Equal(("logistic", table.Number, "gru", network.Number), (byTable.Family, byTable.Version, looked.Family, looked.Version));
        Assert.NotEqual(byTable.Probability, looked.Probability);
        var versions = (await registry.ListAsync(world.Scope, Now)).Value;
        Assert.Equal(network.ModelId, versions.Single(version => version is { IsLive: true, SessionEnd: not null }).Id);
        Assert.Equal(table.ModelId, versions.Single(version => version is { ServedBefore: true, SessionEnd: not null }).Id);
        Assert.Equal((network.Facts, network.Metrics), (versions.Single(version => version.Id == network.ModelId).SessionEnd!.Facts, versions.Single(version => version.Id == network.ModelId).SessionEnd!.Metrics));
        Assert.Null((await registry.PromoteAsync(world.Scope, table.ModelId, Now)).Problem);
        Assert.Equal(byTable with { Reasons = [] }, (await ChanceAsync())! with { Reasons = [] });
        Assert.Null((await registry.PromoteAsync(world.Scope, network.ModelId, Now)).Problem);

        // The answer follows her: what she puts in the basket raises it, and after the purchase there is nothing left to ask.
        await VisitAsync(clock.AddMinutes(1), "add_to_cart");
        var wants = (await ChanceAsync())!;
        Assert.Equal((2, clock.AddMinutes(1).ToUnixTimeSeconds()), (wants.Events, wants.LastAt.ToUnixTimeSeconds()));
        Assert.True(wants.Probability > looked.Probability + 0.1, $"{looked} {wants}");
        Assert.True(wants.Low <= wants.Probability && wants.Probability <= wants.High);
        Assert.All(wants.Reasons, reason => Assert.Equal(reason.Kind is "view" or "add_to_cart" ? 1 : 0, reason.Events));
        Assert.Equal("view", wants.Reasons[0].Kind);   // who begins with the basket seldom buys
        Assert.True(wants.Reasons[0].Points > 10, $"{wants}");
        Assert.Equal(wants with { Reasons = [] }, Assert.Single(await UnderWayAsync()).Value with { Reasons = [] });
        var changes = 0;
        world.Studio.Get<LiveScores>().Changed += workspace => changes += workspace == world.Scope.Workspace ? 1 : 0;
        var read = (await world.Studio.Get<SnapshotReader>().ReadAsync(world.Scope.Workspace, Now)).Snapshot!;
        Assert.NotNull(read.Find(new ShopperId("u900"), false, wants.LastAt + Gap).Value.Visit);
        Assert.Null(read.Find(new ShopperId("u900"), false, wants.LastAt + Gap + TimeSpan.FromSeconds(1)).Value.Visit);
        Assert.Null(read.Find(new ShopperId("s0001"), false, wants.LastAt).Value.Visit);
        await VisitAsync(clock.AddMinutes(2), "purchase");
        Assert.Null(await ChanceAsync());
        Assert.Empty(await UnderWayAsync());
        Assert.Equal(1, changes);

        async Task<FrozenDictionary<string, VisitChance>> UnderWayAsync() => (await world.Studio.Get<LiveScores>().VisitsAsync(world.Scope, ["s0001", "u900", "u900", "nobody"], Now)).Value;

        async Task VisitAsync(DateTimeOffset at, string kind)
        {
            await world.AddEventsAsync(900, at, kind);
            Assert.Null((await world.HandlerOf("upkeep").RunAsync(new TestJob(world.Scope, new object()), Now)).Problem);
        }

        async Task<VisitChance?> ChanceAsync() => (await world.Studio.Get<LiveScores>().ExplainAsync(world.Scope, new ShopperId("u900"), Now)) is { Succeeded: true } found ? found.Value.Visit : null;
    }

    /// <summary>Each version is handed out as a file; with 8-bit numbers, networks alone, and their cost begins at the figures of the card.</summary>
    private static async Task ExportedAlikeAsync(PipelineWorld world, SessionEndReport report)
    {
        var exports = world.Studio.Get<ModelExports>();
        foreach (var version in report.Versions)
        {
            var export = (await exports.ToOnnxAsync(world.Scope, version.ModelId, eightBit: false, Now)).Value;
            Assert.Equal(($"session-end-v{version.Number}.onnx", ExportedRows.Visits, null), (export.FileName, export.Rows, export.Rounding));
            Assert.InRange(export.LargestDifference, 0, 1e-5);
            if (OnnxRuntimeLibrary.Version is not null) Assert.Equal(report.Training.Sessions + report.Validation.Sessions + report.Test.Sessions, export.Compared);
            var rounded = await exports.ToOnnxAsync(world.Scope, version.ModelId, eightBit: true, Now);
            Assert.Equal(version.Family is "logistic" or "trees" ? "models.no-weights" : null, rounded.Problem?.Code);
            if (!rounded.Succeeded) continue;
            var cost = Assert.IsType<ChanceRounding>(rounded.Value.Rounding);
            Assert.True(rounded.Value.Content.Length < 0.7 * export.Content.Length, $"{rounded.Value.Content.Length} of {export.Content.Length} bytes");
            Assert.Equal((export.Content.Length, report.Test.Sessions, version.Metrics.Test.LogLoss, version.Metrics.Test.Auroc), (cost.Bytes, cost.Rows, cost.LogLossBefore, cost.AurocBefore));
            Assert.NotEqual(cost.LogLossBefore, cost.LogLoss);
            Assert.Equal(cost.LogLossBefore, cost.LogLoss, 0.02);
        }

        var viewer = world.Scope with { Actor = new Actor("Viewer", null, Role.Viewer) };
        Assert.Equal("access.refused", (await exports.ToOnnxAsync(viewer, report.Versions[0].ModelId, eightBit: false, Now)).Problem!.Code);
    }

    [Fact]
    public async Task Too_few_visits_and_missing_rights_are_told_and_the_plan_is_measured_on_the_shops_own_visits()
    {
        await using var world = await PipelineWorld.OpenAsync();
        var trainings = world.Studio.Get<SessionEndTrainings>();
        Assert.Equal("training.nothing-published", (await trainings.MeasureAsync(world.Scope, Now)).Problem!.Code);
        Assert.Equal("access.refused", (await trainings.MeasureAsync(world.Scope with { Actor = new Actor("Viewer", null, Role.Viewer) }, Now)).Problem!.Code);
        await AddVisitsAsync(world, 0, 60);
        Assert.Null((await world.RunAsync()).Problem);
        Assert.Equal("session-end.too-few", (await trainings.MeasureAsync(world.Scope, Now)).Problem!.Code);
        Assert.Equal("session-end.too-few", (await world.HandlerOf("session-end").RunAsync(new TestJob(world.Scope, new SessionEndRequest(Plan())), Now)).Problem!.Code);

        await AddVisitsAsync(world, 60, 400);
        Assert.Null((await world.RunAsync()).Problem);
        var measure = (await trainings.MeasureAsync(world.Scope, Now)).Value;
        Assert.InRange(measure.Sessions, 380, 400);
        Assert.Equal((int)(measure.Sessions * 0.2), measure.Judged);
        Assert.Equal(SessionEndFamilies.All.Select(family => family.Key), measure.Costs.Select(cost => cost.Family));
        Assert.True(measure.Plan(["gru", "logistic"], new ComputeBudget(300, 4096)).Fits);
        Assert.Equal("training.no-family", (await trainings.StartAsync(world.Scope, new SessionEndRequest(measure.Plan([], new ComputeBudget(300, 4096))), Now)).Problem!.Code);
    }

    [Fact]
    public async Task What_visits_left_out_might_have_added_is_told_from_a_quarter_of_the_others()
    {
        await using var world = await VisitsAsync();
        var (some, quarter) = (await OfAsync(200), await OfAsync(50));
        Assert.Equal(quarter.Metrics.Validation.Auroc, some.GivenUp!.Quarter);
        Assert.Equal((200, some.Facts.Training.Sessions, some.Metrics.Validation.Auroc), (some.GivenUp.Rows, some.GivenUp.AllRows, some.GivenUp.Whole));
        Assert.Null((await OfAsync(int.MaxValue)).GivenUp);
        Assert.InRange((await OfAsync(100, "gru")).Facts.Epochs, 1, 30);
        Assert.Empty(await world.Studio.Get<SessionEndTrainings>().EpochsAsync(world.Scope, Now));   // few visits do not say how long all of them take

        async Task<SessionEndVersion> OfAsync(int rows, string family = "logistic") => Assert.Single((await TrainAsync(world, Plan() with { Families = [new PlannedFamily(family, rows, 1, 1, 1, 1)] })).Versions);
    }

    [Fact]
    public async Task Visits_that_say_nothing_are_refused_in_words_and_the_version_in_use_stays()
    {
        const string Look = "event_type <> 'purchase'";
        await using var world = await PipelineWorld.OpenAsync();
        await AddVisitsAsync(world, 0, 400);
        Assert.Null((await world.RunAsync()).Problem);
        var registry = world.Studio.Get<ModelRegistry>();
        Assert.Null((await TrainLogisticAsync()).Problem);
        var live = (await VersionsAsync())[0].Id;
        Assert.Null((await registry.PromoteAsync(world.Scope, live, Now)).Problem);
        await ExecuteAsync("create table kept as from clean_events");
        foreach (var (change, code) in ((string, string?)[])[
            ("delete from clean_events where event_type = 'purchase'", "session-end.too-few"),   // nobody buys
            ("delete from clean_events where session_no not in (select session_no from kept where event_type = 'purchase')", "session-end.too-few"),   // everybody buys
            ($"delete from clean_events where event_type = 'purchase' and ts > timestamp '{PipelineWorld.Opening.AddHours(330):yyyy-MM-dd HH:mm}'", "session-end.too-few"),   // few buy among the last
            ($"update clean_events set event_type = 'view' where {Look}", null),   // one kind, of which there are more or fewer
            ($"delete from clean_events where {Look} and (session_no, source_line) not in (select (session_no, min(source_line)) from kept where {Look} group by session_no); update clean_events set event_type = 'view' where {Look}", "learning.nothing-varies")])
        {
            await ExecuteAsync($"delete from clean_events; insert into clean_events from kept; {change}");
            var before = (await VersionsAsync()).Count;
            Assert.Equal((change, code), (change, (await TrainLogisticAsync()).Problem?.Code));
            var versions = await VersionsAsync();
            Assert.Equal(live, versions.Single(version => version.IsLive).Id);
            Assert.Equal(code is null ? before + 1 : before, versions.Count);
        }

        Task<Outcome<JsonNode>> TrainLogisticAsync() =>
            world.HandlerOf("session-end").RunAsync(new TestJob(world.Scope, new SessionEndRequest(Plan() with { Families = [.. Plan().Families.Where(family => family.Family == "logistic")] })), Now);

        async Task<List<ModelSummary>> VersionsAsync() => [.. (await registry.ListAsync(world.Scope, Now)).Value.Where(version => version.SessionEnd is not null)];

        async Task ExecuteAsync(string sql)
        {
            await using var session = await world.Warehouse.BeginAsync(Now);
            await session.ExecuteAsync(sql, [], Now);
            await session.CommitAsync(Now);
        }
    }

    [Fact]
    public async Task Families_for_which_no_time_was_left_are_named()
    {
        await using var world = await VisitsAsync();
        var job = new TestJob(world.Scope, new SessionEndRequest(Plan())) { StopsWhen = progress => progress?.Stages.Any(stage => stage is { Key: "logistic", State: StageState.Done }) == true };
        var report = PipelineJson.Read<SessionEndReport>((await world.HandlerOf("session-end").RunAsync(job, Now)).Value.ToJsonString());
        Assert.Equal(["logistic"], report.Versions.Select(version => version.Family));
        Assert.Equal(["trees", "gru", "lstm", "cnn"], report.Skipped);
    }

    private static TrainingPlan Plan() => new([.. SessionEndFamilies.All.Select(family => new PlannedFamily(family.Key, int.MaxValue, 1, 1, 1, 1))], 600, 1, 1, new ComputeBudget(600, 4096), Fits: true);

    private static async Task<SessionEndReport> TrainAsync(PipelineWorld world, TrainingPlan? plan = null) =>
        PipelineJson.Read<SessionEndReport>((await world.HandlerOf("session-end").RunAsync(new TestJob(world.Scope, new SessionEndRequest(plan ?? Plan())), Now)).Value.ToJsonString());

    private static async Task<PipelineWorld> VisitsAsync()
    {
        var world = await PipelineWorld.OpenAsync();
        await AddVisitsAsync(world, 0, 700);
        Assert.Null((await world.RunAsync()).Problem);
        return world;
    }

    /// <summary>One visit an hour: a basket after a look is mostly bought, a look after a basket seldom, and who only looks never buys.</summary>
    private static async Task AddVisitsAsync(PipelineWorld world, int from, int to)
    {
        var random = new SeededRandom((ulong)from + 3);
        await using var session = await world.Warehouse.BeginAsync(Now);
        using (var rows = session.Append("events", "user_id", "ts", "event_type", "item_id", "import_id", "source_line"))
        {
            for (var visit = from; visit < to; visit++)
            {
                string[] kinds = random.NextInt(3) switch
                {
                    0 => random.NextDouble() < 0.85 ? ["view", "add_to_cart", "purchase"] : ["view", "add_to_cart"],
                    1 => random.NextDouble() < 0.1 ? ["add_to_cart", "view", "view", "purchase"] : ["add_to_cart", "view", "view"],
                    _ => ["view", "search", "view", "favorite"],
                };
                for (var step = 0; step < kinds.Length; step++)
                {
                    rows.Text(0, FormattableString.Invariant($"s{visit % 150:0000}"));
                    rows.Instant(1, PipelineWorld.Opening.AddHours(visit).AddMinutes((step * 3) + random.NextInt(3)).ToUnixTimeMilliseconds() * 1000);
                    rows.Text(2, kinds[step]);
                    rows.Text(3, "i1");
                    rows.Int(4, 1);
                    rows.Long(5, 1_000_000L + (visit * 10) + step);
                    rows.EndRow();
                }
            }

            rows.Complete();
        }

        await session.CommitAsync(Now);
    }
}
