using System.Text.Json.Nodes;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Demo;
using MerchantStudio.Core.Demo.Generator;
using MerchantStudio.Core.Experiments;
using MerchantStudio.Core.Experiments.Reading;
using MerchantStudio.Core.Ingestion;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Warehouse;
using MerchantStudio.Tests.Worlds;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MerchantStudio.Tests.Demo;

public sealed class DemoLoadTests
{
    private static readonly WorkspaceScope Scope = new(WorkspaceDirectory.Demo, Actor.Scheduler);

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_start_fills_the_demo_through_the_importer_and_asks_for_a_run()
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        Assert.NotNull((await studio.Get<DemoWorkspace>().EnsureAsync(Now)).Value);
        Assert.True((await LoadAsync(studio)).Succeeded);

        var truth = await DemoFiles.ReadJsonAsync<DemoTruth>(SampleData.File(DemoFiles.Truth), Now);
        var imports = await studio.Get<FileImporter>().HistoryAsync(Scope, Now);
        Assert.All(truth.Rows, rows => Assert.Equal(rows.Count, Assert.Single(imports, import => DemoSource.TableOf(import.Kind) == rows.Key).Read));
        Assert.All(imports, import => Assert.Equal(ImportState.Complete, import.State));
        Assert.All(imports, import => Assert.Equal(import.Read, import.Accepted + import.Rejected + import.Duplicates));
        Assert.Contains(studio.Get<JobQueue>().Active(WorkspaceDirectory.Demo), job => job.Kind == "pipeline");

        var warehouse = await studio.Get<WarehouseRegistry>().OpenAsync(WorkspaceDirectory.Demo, Now);
        Assert.Equal(9 + 14, await warehouse.ScalarAsync<long>("select count(*) from rejects where column_name in ('timestamp', 'event_type')", [], Now));
        var last = (await warehouse.QueryAsync("select max(ts) from events", row => row.Instant(0), [], Now))[0];
        var age = TimeProvider.System.GetUtcNow() - last;
        Assert.InRange(age, TimeSpan.Zero, TimeSpan.FromDays(8));
        Assert.Equal(DayOfWeek.Sunday, last.UtcDateTime.DayOfWeek);
        await TheCampaignIsReadFromTheOrdersAsync(studio, warehouse);
    }

    [Fact]
    public async Task A_load_that_was_cut_off_goes_on_without_importing_anything_twice()
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        await studio.Get<DemoWorkspace>().EnsureAsync(Now);
        Assert.True((await LoadAsync(studio)).Succeeded);
        Assert.True((await LoadAsync(studio)).Succeeded);
        Assert.Equal(4, (await studio.Get<FileImporter>().HistoryAsync(Scope, Now)).Length);
    }

    [Fact]
    public async Task Nobody_imports_own_files_into_the_demo()
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        await studio.Get<DemoWorkspace>().EnsureAsync(Now);
        var owner = new WorkspaceScope(WorkspaceDirectory.Demo, new Actor("Mei", null, Role.Owner));
        var staged = await studio.Get<FileImporter>().StageAsync(owner, new MemoryStream("user_id\nu1\n"u8.ToArray()), "mine.csv", null, null, Now);
        Assert.Equal("import.demo-is-closed", staged.Problem?.Code);
    }

    [Fact]
    public async Task A_reset_empties_the_demo_and_leaves_own_shops_alone()
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        var own = await studio.WorkspaceAsync();
        await studio.Get<FileImporter>().StageAsync(own, new MemoryStream("user_id,event_type,item_id,timestamp\nann,view,tea,2026-03-01T10:00:00Z\n"u8.ToArray()), "mine.csv", null, null, Now);
        var demo = studio.Get<DemoWorkspace>();
        await demo.EnsureAsync(Now);
        Assert.True((await LoadAsync(studio)).Succeeded);
        await FinishJobsAsync(studio);

        Assert.NotNull((await demo.ResetAsync(Actor.CommandLine, Now)).Value);
        Assert.Empty(await studio.Get<FileImporter>().HistoryAsync(Scope, Now));
        Assert.Single(await studio.Get<FileImporter>().HistoryAsync(own, Now));
        Assert.Equal("demo.busy", (await demo.ResetAsync(Actor.CommandLine, Now)).Problem?.Code);
    }

    [Fact]
    public async Task Missing_files_are_said_in_one_sentence()
    {
        await using var studio = await TemporaryStudio.OpenAsync(services => services.AddSingleton(new DemoSource("/nowhere")));
        Assert.Equal("demo.files-missing", (await studio.Get<DemoWorkspace>().EnsureAsync(Now)).Problem?.Code);
    }

    /// <summary>The demo's shoppers never heard of the campaign: in truth it brought no order, and each message cost its postage.</summary>
    private static async Task TheCampaignIsReadFromTheOrdersAsync(TemporaryStudio studio, WorkspaceWarehouse warehouse)
    {
        await using (var session = await warehouse.BeginAsync(Now))
        {
            foreach (var statement in (string[])[
                "create table clean_events as select user_id, ts, event_type, item_id, price, coalesce(quantity, 1) as quantity, price * coalesce(quantity, 1) as amount, coalesce(discount, 0) as discount, order_id from events where user_id is not null and event_type is not null and ts is not null",
                "create table paid_orders as select order_id as order_no, user_id, min(ts) as ts, sum(amount) as gross, sum(discount) as discount, cast(0 as decimal(18,4)) as refunded, sum(amount) - sum(discount) as net from clean_events where event_type = 'purchase' group by order_id, user_id",
                "create table shopper_profile as select user_id, min(ts) as first_seen from clean_events group by user_id"]) await session.ExecuteAsync(statement, [], Now);
            await session.CommitAsync(Now);
        }

        var reading = (await studio.Get<ExperimentReports>().ReadAsync(Scope with { Actor = new Actor("Mei", null, Role.Owner) }, DemoCampaign.ExperimentId, Now)).Value;
        var compared = Assert.Single(reading.Report.Comparisons);
        Assert.InRange(reading.People, 1_000, 6_000);
        Assert.Equal(reading.Assigned, reading.People);
        Assert.False(reading.Report.Split.IsBroken);
        Holds(compared.Conversion, 0);
        Holds(compared.Verdict.Profit!, -DemoCampaign.MessageCostMinor);
        Assert.NotEqual(VerdictKind.TooEarly, compared.Verdict.Kind);
        Assert.NotEqual(VerdictKind.Paid, compared.Verdict.Kind);

        await IntervalsHoldTheTruthAsOftenAsTheySayAsync(studio, reading);

        static void Holds(Estimate estimate, double truth) => Assert.True(estimate.Interval.Low <= truth && truth <= estimate.Interval.High, $"{estimate.Interval} does not hold {truth}");
    }

    /// <summary>The same people dealt out five hundred other ways: nine of ten intervals hold what is true of all of them, as their level says, but for chance (1 in 1,000 on either side of the binomial).</summary>
    private static async Task IntervalsHoldTheTruthAsOftenAsTheySayAsync(TemporaryStudio studio, ExperimentReading reading)
    {
        const int Splits = 500;
        var people = (await studio.Get<ExperimentReports>().WithPeopleAsync(Scope, reading.Experiment, async (session, _, _) => (await session.QueryAsync(
            "select user_id, orders, revenue, margin, discount, revenue_before, assigned_at from experiment_people order by user_id",
            row => (Id: row.Text(0)!, Outcome: new PersonOutcome(0, row.Int(1), row.Long(2), row.Long(3), row.Long(4), 0, row.LongOrNull(5), row.Instant(6))), [], Now)).ToArray(), Now))!;
        var (conversion, revenue, profit, broken) = (0, 0, 0, 0);
        for (var number = 0; number < Splits; number++)
        {
            var split = ExperimentSplit.Of($"split-{number}", ["campaign"], [Assignment.Slots - DemoCampaign.HoldoutBasisPoints], DemoCampaign.HoldoutBasisPoints);
            var outcomes = people.Select(person => split.ArmOf(person.Id) is var place && place.Kind == AssignmentKind.Arm ? person.Outcome with { Arm = place.Arm, SendCostMinor = DemoCampaign.MessageCostMinor } : person.Outcome with { Arm = ExperimentSplit.HoldoutArm }).ToArray();
            var report = ExperimentReport.Of(outcomes, split, reading.Rule, reading.AsOf!.Value);
            var compared = Assert.Single(report.Comparisons);
            conversion += Holds(compared.Conversion, 0);
            revenue += Holds(compared.Revenue.Difference, 0);
            profit += Holds(compared.Profit.Difference, -DemoCampaign.MessageCostMinor);
            broken += report.Split.IsBroken ? 1 : 0;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"Of {Splits} splits the interval of conversion holds the truth {conversion} times, that of revenue {revenue} times and that of profit {profit} times; {broken} splits are broken.");
        Assert.Equal(0.9, reading.Rule.Level);
        Assert.All((int[])[conversion, revenue, profit], held => Assert.InRange(held, 429, 470));
        Assert.InRange(broken, 0, 4);

        static int Holds(Estimate estimate, double truth) => estimate.Interval.Low <= truth && truth <= estimate.Interval.High ? 1 : 0;
    }

    private static async Task<Outcome<JsonNode>> LoadAsync(TemporaryStudio studio)
    {
        await using var services = studio.Services.CreateAsyncScope();
        var handler = services.ServiceProvider.GetServices<IJobHandler>().Single(handler => handler.Kind == "demo");
        return await handler.RunAsync(new QuietJob(), Now);
    }

    private static async Task FinishJobsAsync(TemporaryStudio studio)
    {
        var queue = studio.Get<JobQueue>();
        foreach (var job in queue.Active(WorkspaceDirectory.Demo)) await queue.CancelAsync(Scope, job.Id, Now);
    }

    private sealed class QuietJob : IJobContext
    {
        public Guid JobId { get; } = Guid.NewGuid();

        public WorkspaceScope Scope => DemoLoadTests.Scope;

        public string InputJson => "{}";

        public string? CheckpointJson => null;

        public bool FinishEarly => false;

        public void Report(JobProgress progress)
        {
        }

        public Task SaveCheckpointAsync(string checkpointJson, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
