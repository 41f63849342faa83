using System.Collections.Immutable;
using System.Text;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Learning.Planning;
using MerchantStudio.Core.Learning.Registry;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline.Training;
using MerchantStudio.Core.Shop;
using MerchantStudio.Tests.Learning.Planning;
using Xunit;

namespace MerchantStudio.Tests.Pipeline.Training;

/// <summary>How a training's time is kept, on a clock that its work moves.</summary>
public sealed class FamilyRunTests : IDisposable
{
    private const int Rows = 10_000;
    private const double Judging = 1;
    private const double Closing = 0.5;

    /// <summary>Of one round of learning.</summary>
    private const double Round = 0.1;

    private static readonly FamilyCost Quick = new("quick", 1, 0, 4e-4, 100, Judging);
    private static readonly FamilyCost Long = new("long", 1, 0.4, 1.6e-3, 100, Judging);

    private readonly StudioPaths _paths = new(Directory.CreateTempSubdirectory("studio-families").FullName);
    private readonly ManualClock _clock = new();

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_paths.Root, recursive: true);

    /// <summary>On a machine that is slower than it was when the plan was made, the longest family is stopped for it.</summary>
    [Theory]
    [InlineData(0.7, "", 1)]
    [InlineData(1, "", 1)]
    [InlineData(1.5, "long", 1)]
    [InlineData(2, "long", 1.05)]
    public async Task A_plan_that_cuts_rows_keeps_to_its_budget_and_says_of_every_family_what_that_gave_up(double slowness, string stopped, double budgets)
    {
        var plan = TrainingPlanner.Choose([Quick, Long], Rows, 1 + Closing, 0, new ComputeBudget(21, 1024), Closing);
        Assert.All(plan.Families, family => Assert.InRange(family.Rows, 1, Rows - 1));
        var (state, found, seconds) = await TrainAsync(plan, slowness);
        Assert.Equal(stopped, string.Join(' ', state.Fitted.Where(family => family.Stopped).Select(family => family.Family)));
        Assert.Equal(plan.Families.Select(family => (family.Rows, Rows, (double)(family.Rows / 4))), found.Select(one => (one!.Rows, one.AllRows, one.Quarter)));
        Assert.InRange(seconds, 0, plan.Budget.Seconds * budgets);
    }

    /// <summary>Reading and the first family tell that, so that judging, of which there is much, keeps its time as well.</summary>
    [Fact]
    public async Task A_machine_twice_as_slow_as_planned_still_leaves_judging_and_looking_back_their_time()
    {
        ImmutableArray<FamilyCost> costs = [Quick with { JudgingSeconds = 3 }, Long with { JudgingSeconds = 3 }];
        var plan = TrainingPlanner.Choose(costs, Rows, 1 + Closing, 0, new ComputeBudget(30, 1024), Closing);
        Assert.All(plan.Families, family => Assert.InRange(family.Rows, 1, Rows - 1));
        var (state, found, seconds) = await TrainAsync(plan, slowness: 2);
        Assert.Equal("long", string.Join(' ', state.Fitted.Where(family => family.Stopped).Select(family => family.Family)));
        Assert.Equal(plan.Families.Select(family => (double?)(family.Rows / 4)), found.Select(one => one?.Quarter));
        Assert.InRange(seconds, 0, plan.Budget.Seconds);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(1.25, false)]
    public async Task What_a_plan_adds_to_its_families_is_made_where_the_machine_leaves_the_time(double slowness, bool left)
    {
        const double added = 3;
        var plan = Planned(new PlannedFamily("quick", Rows, 1, 1, 4 + Judging, 1, Judging)) with { OtherSeconds = 1 + Closing, ClosingSeconds = Closing, Budget = new ComputeBudget(12, 1024) };
        var run = Run(plan, reading: slowness);
        var state = (await run.RunAsync("hash", Rows, _ => true, Fit, Now)).Value;
        Assert.Equal(left, run.HasTimeBeside(state.Fitted, Rows, added));

        Outcome<FittedModel> Fit(FamilyWork work)
        {
            _clock.Advance(slowness * 4);
            return new FittedModel(stream => stream.WriteByte(1));
        }
    }

    [Fact]
    public async Task A_family_that_the_clock_stopped_is_set_against_a_quarter_of_its_time()
    {
        var plan = Planned(new PlannedFamily("long", 5_000, 1, 1, 2, 1));
        var (state, _, _) = await TrainAsync(plan with { Budget = new ComputeBudget(10, 1024) }, slowness: 20);
        var rounds = 0;
        Assert.True(state.Fitted[0].Stopped);
        await Run(plan).LookBackAsync(state.Fitted[0], Rows, 1, part =>
        {
            while (!part.StopHere()) rounds += _clock.Advance(Round);
            return 0;
        });
        Assert.InRange(rounds * Round, 0.25 * state.Fitted[0].Seconds, (0.25 * state.Fitted[0].Seconds) + Round);
    }

    [Fact]
    public async Task Nothing_is_said_without_time_or_when_the_best_so_far_is_wanted_or_all_rows_were_seen()
    {
        var plan = Planned(new PlannedFamily("long", 5_000, 1, 1, 4, 1)) with { Budget = new ComputeBudget(10, 1024), ClosingSeconds = Closing };
        var fitted = new KeptFamily("long", 5_000, "0", 4, Stopped: false);
        Assert.NotNull(await Ask(plan, fitted, spent: 10.5 - Closing - 1 - 0.01));
        Assert.Null(await Ask(plan, fitted with { Rows = Rows }));
        Assert.Null(await Ask(plan, fitted, new TestJob(Scope, "") { FinishEarly = true }));
        Assert.Null(await Ask(plan, fitted, spent: 10.5 - Closing - 1 + 0.01));
        Assert.Null(await Ask(plan, fitted, takes: 10.2));   // broken off

        Task<RowsGivenUp?> Ask(TrainingPlan asked, KeptFamily family, TestJob? job = null, double spent = 0, double takes = 1)
        {
            var run = Run(asked, job);
            _clock.Advance(spent);
            return run.LookBackAsync(family, Rows, 1, part =>
            {
                while (takes > 0 && !part.StopHere()) takes -= Round * _clock.Advance(Round);
                return 0.5;
            });
        }
    }

    private static WorkspaceScope Scope => new(new WorkspaceId("shop"), Actor.CommandLine);

    private static TrainingPlan Planned(params ImmutableArray<PlannedFamily> families) => new(families, Rows, 0, 0, new ComputeBudget(1000, 1024), Fits: true);

    /// <param name="reading">Seconds that reading takes before.</param>
    private FamilyRun Run(TrainingPlan plan, TestJob? job = null, double reading = 0)
    {
        job ??= new TestJob(Scope, "");
        var started = _clock.GetTimestamp();
        _clock.Advance(reading);
        return new FamilyRun(job, plan, 1, new TrainingProgress(job, _clock, new TrainingRequest(7, plan)), new ModelStore(_paths), _clock, started);
    }

    /// <summary>Reads, fits, judges, looks back and closes as a handler does; everything takes so many times what the plan thought.</summary>
    private async Task<(FamilyState State, ImmutableArray<RowsGivenUp?> Found, double Seconds)> TrainAsync(TrainingPlan plan, double slowness)
    {
        var run = Run(plan, reading: slowness * (plan.OtherSeconds - plan.ClosingSeconds));
        var state = (await run.RunAsync("hash", Rows, _ => true, Fit, Now)).Value;
        _clock.Advance(slowness * plan.Families.Sum(family => family.JudgingSeconds));
        List<RowsGivenUp?> found = [];
        foreach (var one in state.Fitted)
        {
            found.Add(await run.LookBackAsync(one, Rows, 1, part =>
            {
                Learn(part);
                return part.Rows.Length;
            }));
        }

        _clock.Advance(slowness * plan.ClosingSeconds);
        return (state, [.. found], run.Spent);

        Outcome<FittedModel> Fit(FamilyWork work)
        {
            Learn(work);
            return new FittedModel(stream => stream.Write(Encoding.UTF8.GetBytes(work.Family)));
        }

        void Learn(FamilyWork work)
        {
            var cost = work.Family == Quick.Family ? Quick : Long;
            for (var left = slowness * cost.FittingSeconds(work.Rows.Length, work.Settings); left > 0 && !work.StopHere(); left -= Round) _clock.Advance(Math.Min(left, Round));
        }
    }
}
