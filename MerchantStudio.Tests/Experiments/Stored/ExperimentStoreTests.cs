using System.Diagnostics;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Experiments;
using MerchantStudio.Tests.Worlds;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace MerchantStudio.Tests.Experiments.Stored;

public sealed class ExperimentStoreTests() : ExperimentStoreContract(AppStateOn.Sqlite)
{
    [Fact]
    public async Task A_hundred_thousand_people_are_dealt_out_in_seconds()
    {
        await using var world = await OpenAsync();
        var id = await world.RunningAsync();
        var people = ExperimentWorld.Shoppers(100_000);
        var started = Stopwatch.GetTimestamp();
        var placed = await world.EnrolAsync(id, people);
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(15), $"{Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s");
        Assert.InRange(placed.Count(person => person.Place.Kind == AssignmentKind.Holdout), 49_000, 51_000);
    }
}

public sealed class ExperimentStoreOnPostgresTests() : ExperimentStoreContract(AppStateOn.Postgres);

public abstract class ExperimentStoreContract(AppStateOn on)
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    private protected Task<ExperimentWorld> OpenAsync() => ExperimentWorld.OpenAsync(on);

    [Fact]
    public async Task Whoever_was_dealt_out_keeps_her_arm_over_restarts_and_whatever_is_changed()
    {
        await using var world = await OpenAsync();
        var id = await world.RunningAsync();
        var people = ExperimentWorld.Shoppers(1_000);
        var first = await world.EnrolAsync(id, people);
        Assert.InRange(first.Count(person => person.Place.Kind == AssignmentKind.Arm), 420, 580);
        await using (var database = world.Databases.CreateDbContext())
        {
            // As though the experiment had been dealt out by other shares since.
            var split = ExperimentSplit.Of("another salt", ["offer"], [100], 100);
            await database.Experiments.ExecuteUpdateAsync(rows => rows.SetProperty(row => row.SplitJson, System.Text.Json.JsonSerializer.Serialize(split, System.Text.Json.JsonSerializerOptions.Web)), Now);
        }

        var again = new ExperimentStore(world.Databases, null!, new Enrolment(world.Databases, world.Time), world.Time);
        Assert.Equal(first, (await again.EnrollAsync(ExperimentWorld.Owner, id, people, Now)).Value);
        await using var counted = world.Databases.CreateDbContext();
        Assert.Equal(1_000, await counted.ExperimentPeople.CountAsync(Now));
    }

    [Fact]
    public async Task People_named_twice_or_at_the_same_moment_are_written_once()
    {
        await using var world = await OpenAsync();
        var id = await world.RunningAsync();
        var people = ExperimentWorld.Shoppers(700);
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => world.Store.EnrollAsync(ExperimentWorld.Owner, id, [.. people, .. people], Now), Now)));
        Assert.All(answers, answer => Assert.Equal(answers[0].Value, answer.Value));
        Assert.Equal(1_400, answers[0].Value.Length);
        await using var database = world.Databases.CreateDbContext();
        Assert.Equal(700, await database.ExperimentPeople.CountAsync(Now));
    }

    [Fact]
    public async Task Whoever_is_held_back_from_all_campaigns_is_in_no_experiment()
    {
        await using var world = await OpenAsync();
        Assert.True((await world.Holdouts.ChangeAsync(ExperimentWorld.Owner, 1_000, Now)).Succeeded);
        var holdout = (await world.Holdouts.ReadAsync(ExperimentWorld.Owner, Now)).Value.Current!;
        var id = await world.RunningAsync();
        var placed = await world.EnrolAsync(id, ExperimentWorld.Shoppers(2_000));
        Assert.All(placed, person => Assert.Equal(holdout.Holds(person.ShopperId), person.Place.Kind == AssignmentKind.GlobalHoldout));
        Assert.InRange(placed.Count(person => person.Place.Kind == AssignmentKind.GlobalHoldout), 150, 250);
        await using var database = world.Databases.CreateDbContext();
        Assert.Equal(placed.Count(person => person.Place.Kind != AssignmentKind.GlobalHoldout), await database.ExperimentPeople.CountAsync(Now));
    }

    [Fact]
    public async Task A_larger_share_held_back_keeps_who_was_held_back_and_takes_effect_for_those_with_an_arm()
    {
        await using var world = await OpenAsync();
        var people = ExperimentWorld.Shoppers(1_000);
        var id = await world.RunningAsync();
        await world.EnrolAsync(id, people);
        await world.Holdouts.ChangeAsync(ExperimentWorld.Owner, 500, Now);
        var small = (await world.Holdouts.ReadAsync(ExperimentWorld.Owner, Now)).Value.Current!;
        world.Time.At = world.Time.At.AddDays(1);
        await world.Holdouts.ChangeAsync(ExperimentWorld.As(Role.Marketer), 1_500, Now);
        var view = (await world.Holdouts.ReadAsync(ExperimentWorld.Owner, Now)).Value;
        Assert.All(people.Where(small.Holds), person => Assert.True(view.Current!.Holds(person)));
        Assert.Equal([(1_500, "Marketer"), (500, "Owner")], view.History.Select(change => (change.BasisPoints, change.By)));
        var placed = await world.EnrolAsync(id, people);
        Assert.All(placed, person => Assert.Equal(view.Current!.Holds(person.ShopperId), person.Place.Kind == AssignmentKind.GlobalHoldout));
        Assert.Equal("experiments.holdout-unchanged", (await world.Holdouts.ChangeAsync(ExperimentWorld.Owner, 1_500, Now)).Problem!.Code);
        Assert.Equal("experiments.unfit-holdout", (await world.Holdouts.ChangeAsync(ExperimentWorld.Owner, 6_000, Now)).Problem!.Code);
        await using var database = world.Databases.CreateDbContext();
        Assert.Equal(2, await database.Audit.CountAsync(entry => entry.Action == "holdout.changed", Now));
    }

    [Fact]
    public async Task Only_a_running_experiment_takes_people_in_and_a_stopped_one_stays_stopped()
    {
        await using var world = await OpenAsync();
        var id = (await world.Store.CreateAsync(ExperimentWorld.Owner, ExperimentWorld.Draft(), Now)).Value;
        Assert.Equal("experiments.not-running", (await world.Store.EnrollAsync(ExperimentWorld.Owner, id, ["a"], Now)).Problem!.Code);
        await world.Store.StartAsync(ExperimentWorld.Owner, id, Now);
        await world.Store.StartAsync(ExperimentWorld.Owner, id, Now);
        Assert.Equal([id], (await world.Store.RunningAsync(ExperimentWorld.Owner, Now)).Value.Select(running => running.Id));
        await world.Store.StopAsync(ExperimentWorld.Owner, id, Now);
        Assert.Empty((await world.Store.RunningAsync(ExperimentWorld.Owner, Now)).Value);
        Assert.Equal("experiments.not-running", (await world.Store.EnrollAsync(ExperimentWorld.Owner, id, ["a"], Now)).Problem!.Code);
        Assert.Equal("experiments.already-stopped", (await world.Store.StartAsync(ExperimentWorld.Owner, id, Now)).Problem!.Code);
    }

    [Fact]
    public async Task Each_experiment_has_a_key_of_its_own_made_of_its_name()
    {
        await using var world = await OpenAsync();
        foreach (var name in (string[])["Win back!", "win back", "赢回老客", "Win-Back"]) await world.Store.CreateAsync(ExperimentWorld.Owner, ExperimentWorld.Draft() with { Name = name }, Now);
        var keys = (await world.Store.ListAsync(ExperimentWorld.Owner, Now)).Value.Select(row => row.Key).Order(StringComparer.Ordinal);
        Assert.Equal(["experiment", "win-back", "win-back-2", "win-back-3"], keys);
        Assert.True((await world.Store.FindAsync(ExperimentWorld.Owner, "win-back-2", Now)).Succeeded);
    }

    [Theory]
    [InlineData(Role.Viewer)]
    [InlineData(Role.Support)]
    [InlineData(Role.Analyst)]
    public async Task Whoever_may_not_publish_offers_changes_nothing(Role role)
    {
        await using var world = await OpenAsync();
        var (scope, id) = (ExperimentWorld.As(role), await world.RunningAsync());
        Assert.Equal("access.refused", (await world.Store.CreateAsync(scope, ExperimentWorld.Draft(), Now)).Problem!.Code);
        Assert.Equal("access.refused", (await world.Store.StartAsync(scope, id, Now)).Problem!.Code);
        Assert.Equal("access.refused", (await world.Store.StopAsync(scope, id, Now)).Problem!.Code);
        Assert.Equal("access.refused", (await world.Store.EnrollAsync(scope, id, ["a"], Now)).Problem!.Code);
        Assert.Equal("access.refused", (await world.Holdouts.ChangeAsync(scope, 100, Now)).Problem!.Code);
        Assert.Equal("access.refused", (await world.Reports.OverrideAsync(scope, id, 0, VerdictKind.Paid, "because I say so", Now)).Problem!.Code);
    }

    [Fact]
    public async Task What_cannot_be_measured_is_not_made()
    {
        await using var world = await OpenAsync();
        var draft = ExperimentWorld.Draft();
        foreach (var (bad, code) in ((ExperimentDraft, string)[])
        [
            (draft with { Name = " " }, "no-name"), (draft with { Arms = [], ArmBasisPoints = [] }, "unfit-arms"), (draft with { Arms = ["a", "A"], ArmBasisPoints = [1, 1] }, "unfit-arm-names"),
            (draft with { ArmBasisPoints = [5_001] }, "unfit-shares"), (draft with { HoldoutBasisPoints = 0 }, "nobody-to-compare"), (draft with { GoalDays = 0 }, "unfit-goal-days"), (draft with { PlannedPeople = 1 }, "no-plan"),
        ])
        {
            Assert.Equal("experiments." + code, (await world.Store.CreateAsync(ExperimentWorld.Owner, bad, Now)).Problem?.Code);
        }

        Assert.True((await world.Store.CreateAsync(ExperimentWorld.Owner, draft with { Arms = ["a", "b"], ArmBasisPoints = [5_000, 5_000], HoldoutBasisPoints = 0 }, Now)).Succeeded);
    }
}
