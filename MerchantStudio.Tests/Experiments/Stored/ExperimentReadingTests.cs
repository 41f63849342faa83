using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Experiments;
using MerchantStudio.Tests.Warehouse;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace MerchantStudio.Tests.Experiments.Stored;

public sealed class ExperimentReadingTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_that_counts_is_added_up_to_the_cent_and_nothing_else()
    {
        await using var world = await ExperimentWorld.OpenAsync();
        var campaign = Guid.NewGuid();
        var id = await world.RunningAsync(ExperimentWorld.Draft(campaign: campaign, messageCost: 0.0654m));
        var people = ExperimentWorld.Shoppers(20);
        var placed = await world.EnrolAsync(id, people);
        var (arm, held) = (placed.First(person => person.Place.Kind == AssignmentKind.Arm).ShopperId, placed.First(person => person.Place.Kind == AssignmentKind.Holdout).ShopperId);
        await world.PublishAsync();
        await world.ProfilesAsync(people, -100);
        await world.OrdersAsync(
            new PutOrder(arm, 1, 30, Discount: 3, Id: "o1", Quantity: 2), new PutOrder(arm, 13.9, 10, Id: "o2", Item: "bowl"), new PutOrder(arm, 14.1, 500), new PutOrder(arm, -2, 25), new PutOrder(arm, -14.1, 400),
            new PutOrder(held, 5, 40, Id: "o3", Refunded: 10), new PutOrder("stranger", 2, 900));
        await world.DataUntilAsync(20);
        world.Time.At = ExperimentWorld.Start.AddDays(20);
        await using (var database = world.Databases.CreateDbContext())
        {
            database.Redemptions.Add(Redemption("o2", 250, null));
            database.Redemptions.Add(Redemption("o1", 100, null));
            database.Redemptions.Add(Redemption("o3", 900, ExperimentWorld.Start));
            database.Deliveries.Add(Delivery(campaign, arm, DeliveryState.Sent));
            database.Deliveries.Add(Delivery(campaign, held, DeliveryState.Suppressed));
            await database.SaveChangesAsync(Now);
        }

        var reading = (await world.Reports.ReadAsync(ExperimentWorld.Owner, id, Now)).Value;
        var (treated, holdout) = (reading.Report.Arms[0].Sums, reading.Report.Arms[1].Sums);

        // Mugs cost 4.00 each: 60.00 - 8.00. The bowl's cost is not known: the mugs' mean margin, of all orders here.
        Assert.Equal((2, 57_00L + 10_00), (treated.Orders, treated.RevenueMinor));
        Assert.InRange(treated.MarginMinor, 52_00 + 9_00, 52_00 + 10_00);
        Assert.Equal((3_00L + 2_50, 7L), (treated.DiscountMinor, treated.SendCostMinor));
        Assert.Equal(treated.MarginMinor - treated.DiscountMinor - 6.54, treated.UncutProfit.Sum, 6);
        Assert.Equal(25_00, treated.Revenue.X);
        Assert.Equal((1L, 30_00L, 27_00L, 0L, 0L), (holdout.Orders, holdout.RevenueMinor, holdout.MarginMinor, holdout.DiscountMinor, holdout.SendCostMinor));
        Assert.Equal(100 / 110.0, reading.CostKnown!.Value, 9);
        Assert.Equal(20, treated.People + holdout.People);

        Redemption Redemption(string order, long cost, DateTimeOffset? takenBack) => new()
        {
            Id = Guid.NewGuid(),
            WorkspaceId = WarehouseWorld.Store,
            RuleId = campaign,
            Coupon = "X",
            OrderId = order,
            IdempotencyKey = order,
            RequestHash = "",
            DetailJson = "{}",
            OrderMinor = 1,
            DiscountMinor = cost,
            CostMinor = cost,
            Currency = "EUR",
            At = ExperimentWorld.Start.AddDays(1),
            CountersJson = "[]",
            RolledBackAt = takenBack,
        };
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Of_people_who_buy_a_fifth_more_the_interval_holds_the_truth(int seed)
    {
        await using var world = await ExperimentWorld.OpenAsync();
        var (id, placed) = await PlantedAsync(world, 0.2, seed);
        var report = (await world.Reports.ReadAsync(ExperimentWorld.Owner, id, Now)).Value.Report;
        var compared = report.Comparisons[0];

        // Of some three thousand buyers five in a thousand are cut.
        Assert.InRange(report.Arms.Sum(arm => arm.Sums.Cut), 8, 24);
        Assert.InRange(0.05, compared.ConversionAtAnyLook.Interval.Low, compared.ConversionAtAnyLook.Interval.High);
        Assert.True(compared.ConversionAtAnyLook.IsAboveZero);
        Assert.True(compared.Revenue.VarianceLeft < 0.97, "What people bought before narrows the interval.");
        Assert.Equal(VerdictKind.Paid, compared.Verdict.Kind);
        Assert.Equal(12_000, placed);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Between_two_arms_alike_nothing_is_found(int seed)
    {
        await using var world = await ExperimentWorld.OpenAsync();
        var (id, _) = await PlantedAsync(world, 0, seed);
        var compared = (await world.Reports.ReadAsync(ExperimentWorld.Owner, id, Now)).Value.Report.Comparisons[0];
        Assert.Equal(VerdictKind.NoDifference, compared.Verdict.Kind);
        Assert.False(compared.ProfitAtAnyLook.IsAboveZero || compared.ProfitAtAnyLook.IsBelowZero);
    }

    [Fact]
    public async Task A_split_that_lost_people_of_one_arm_is_said_before_anything_else()
    {
        await using var world = await ExperimentWorld.OpenAsync();
        var (id, _) = await PlantedAsync(world, 0.2, 1);
        await using (var database = world.Databases.CreateDbContext())
        {
            await database.ExperimentPeople.Where(person => person.Arm == 0 && EF.Functions.Like(person.ShopperId, "%7")).ExecuteDeleteAsync(Now);
        }

        var report = (await world.Reports.ReadAsync(ExperimentWorld.Owner, id, Now)).Value.Report;
        Assert.True(report.Split.IsBroken);
        Assert.Equal(VerdictKind.BrokenSplit, report.Comparisons[0].Verdict.Kind);
    }

    [Fact]
    public async Task Before_the_first_persons_days_are_over_nothing_has_paid_however_large_it_looks()
    {
        await using var world = await ExperimentWorld.OpenAsync();
        var (id, _) = await PlantedAsync(world, 2, 1, until: 10);
        var verdict = (await world.Reports.ReadAsync(ExperimentWorld.Owner, id, Now)).Value.Report.Comparisons[0].Verdict;
        Assert.Equal((VerdictKind.TooEarly, StillMissing.Days), (verdict.Kind, verdict.Missing));
    }

    [Fact]
    public async Task Old_data_are_not_read_as_people_who_did_not_buy()
    {
        await using var world = await ExperimentWorld.OpenAsync();
        var (id, _) = await PlantedAsync(world, 2, 1, until: 2);
        world.Time.At = ExperimentWorld.Start.AddDays(30);
        await world.EnrolAsync(id, "late1", "late2");
        var reading = (await world.Reports.ReadAsync(ExperimentWorld.Owner, id, Now)).Value;
        Assert.Equal((12_002, 12_000), (reading.Assigned, reading.People));
        Assert.Equal(2, reading.Report.Comparisons[0].Verdict.DaysRun, 2);
    }

    [Fact]
    public async Task A_visitor_who_turned_out_to_be_a_customer_counts_once_where_she_was_first()
    {
        await using var world = await ExperimentWorld.OpenAsync();
        var id = await world.RunningAsync();
        await world.EnrolAsync(id, "visitor");
        world.Time.At = world.Time.At.AddHours(1);
        await world.EnrolAsync(id, "ann", "ben");
        await world.PublishAsync();
        await world.ProfilesAsync(["ann", "ben"], -5);
        await world.Warehouse.RunAsync("insert into identities (alias, customer) values ('visitor', 'ann')");
        await world.OrdersAsync(new PutOrder("ann", 0.5, 20));
        await world.DataUntilAsync(20);
        world.Time.At = ExperimentWorld.Start.AddDays(20);
        var reading = (await world.Reports.ReadAsync(ExperimentWorld.Owner, id, Now)).Value;
        Assert.Equal((3, 2), (reading.Assigned, reading.People));
        var place = (await world.EnrolAsync(id, "visitor"))[0].Place.Arm;
        Assert.Equal(20_00, reading.Report.Arms.Single(arm => arm.Arm == place).Sums.RevenueMinor);
    }

    [Fact]
    public async Task Where_nobody_is_held_back_the_first_arm_is_compared_with()
    {
        await using var world = await ExperimentWorld.OpenAsync();
        var id = await world.RunningAsync(ExperimentWorld.Draft() with { Arms = ["as now", "new"], ArmBasisPoints = [5_000, 5_000], HoldoutBasisPoints = 0 });
        var placed = await world.EnrolAsync(id, ExperimentWorld.Shoppers(500));
        await world.PublishAsync();
        await world.OrdersAsync(new PutOrder(placed.First(person => person.Place.Arm == 1).ShopperId, 1, 30));
        await world.DataUntilAsync(20);
        world.Time.At = ExperimentWorld.Start.AddDays(20);
        var reading = (await world.Reports.ReadAsync(ExperimentWorld.Owner, id, Now)).Value;
        Assert.Equal(("as now", "new"), (reading.Control, Assert.Single(reading.Arms)));
        Assert.Equal((30_00, 0), (reading.Report.Arms[0].Sums.RevenueMinor, reading.Report.Arms[1].Sums.RevenueMinor));
        Assert.True(reading.Report.Comparisons[0].Revenue.Difference.Value > 0);
    }

    [Fact]
    public async Task An_override_needs_a_reason_and_is_kept_beside_the_verdict()
    {
        await using var world = await ExperimentWorld.OpenAsync();
        var (id, _) = await PlantedAsync(world, 0, 1);
        var marketer = ExperimentWorld.As(Role.Marketer);
        Assert.Equal("experiments.override-without-reason", (await world.Reports.OverrideAsync(marketer, id, 0, VerdictKind.Paid, " no ", Now)).Problem!.Code);
        Assert.Equal("experiments.override-changes-nothing", (await world.Reports.OverrideAsync(marketer, id, 0, VerdictKind.NoDifference, "as it is", Now)).Problem!.Code);
        Assert.True((await world.Reports.OverrideAsync(marketer, id, 0, VerdictKind.Paid, "The data lack the branch shops", Now)).Succeeded);
        var reading = (await world.Reports.ReadAsync(ExperimentWorld.Owner, id, Now)).Value;
        var compared = reading.Report.Comparisons[0];
        Assert.Equal((VerdictKind.NoDifference, VerdictKind.Paid), (compared.Verdict.Kind, reading.DecisionOn(compared)));
        Assert.Equal(("Marketer", "The data lack the branch shops", VerdictKind.NoDifference), (reading.Overrides[0].By, reading.Overrides[0].Reason, reading.Overrides[0].Was));
        world.Time.At = world.Time.At.AddHours(1);
        Assert.True((await world.Reports.OverrideAsync(marketer, id, 0, VerdictKind.NoDifference, "They sent their orders", Now)).Succeeded);
        Assert.Equal(2, (await world.Reports.ReadAsync(ExperimentWorld.Owner, id, Now)).Value.Overrides.Length);
        await using var database = world.Databases.CreateDbContext();
        Assert.Equal(2, await database.Audit.CountAsync(entry => entry.Action == "experiment.overridden" && entry.Reason != null, Now));
    }

    [Fact]
    public async Task All_campaigns_together_are_read_against_those_held_back_from_all()
    {
        await using var world = await ExperimentWorld.OpenAsync();
        await using (var database = world.Databases.CreateDbContext())
        {
            database.GlobalHoldouts.Add(new GlobalHoldoutSetting { Id = Guid.NewGuid(), WorkspaceId = WarehouseWorld.Store, Salt = "everyone", BasisPoints = 2_000, ChangedBy = "Owner", ChangedAt = ExperimentWorld.Start.AddMinutes(-1) });
            await database.SaveChangesAsync(Now);
        }

        var holdout = (await world.Holdouts.ReadAsync(ExperimentWorld.Owner, Now)).Value.Current!;
        var people = ExperimentWorld.Shoppers(8_000);
        await world.PublishAsync();
        await world.ProfilesAsync(people, -100);
        await world.OrdersAsync(ExperimentWorld.Planted(people.Select(person => new Enrolled(person, holdout.Holds(person) ? Assigned.GlobalHoldout : new Assigned(AssignmentKind.Arm, 0))), 0.4));
        await world.DataUntilAsync(14);
        world.Time.At = ExperimentWorld.Start.AddDays(14);
        var reading = (await world.Reports.AllCampaignsAsync(ExperimentWorld.Owner, Now)).Value!;
        Assert.Equal(people.Count(holdout.Holds), reading.Report.Arms[1].Sums.People);
        Assert.Equal(8_000, reading.Report.Arms.Sum(arm => arm.Sums.People));
        Assert.Equal(15, reading.Days);
        Assert.False(reading.Report.Split.IsBroken);
        var compared = reading.Report.Comparisons[0];
        Assert.InRange(0.1, compared.ConversionAtAnyLook.Interval.Low, compared.ConversionAtAnyLook.Interval.High);
        Assert.True(compared.ConversionAtAnyLook.IsAboveZero);
        await world.Holdouts.ChangeAsync(ExperimentWorld.Owner, 0, Now);
        Assert.Null((await world.Reports.AllCampaignsAsync(ExperimentWorld.Owner, Now)).Value);
    }

    [Fact]
    public async Task Before_the_first_run_and_before_the_first_person_nothing_is_said()
    {
        await using var world = await ExperimentWorld.OpenAsync();
        var id = await world.RunningAsync();
        var before = (await world.Reports.ReadAsync(ExperimentWorld.Owner, id, Now)).Value;
        Assert.Null(before.AsOf);
        Assert.Empty(before.Report.Comparisons);
        await world.PublishAsync();
        Assert.Empty((await world.Reports.ReadAsync(ExperimentWorld.Owner, id, Now)).Value.Report.Comparisons);
    }

    /// <summary>12,000 people whose orders were put in by chance, the offered ones' more often by the lift.</summary>
    private static async Task<(Guid Id, int Placed)> PlantedAsync(ExperimentWorld world, double lift, int seed, double until = 21)
    {
        var id = await world.RunningAsync(ExperimentWorld.Draft(planned: 12_000));
        var people = ExperimentWorld.Shoppers(12_000);
        var placed = await world.EnrolAsync(id, people);
        await world.PublishAsync();
        await world.ProfilesAsync(people, -100);
        await world.OrdersAsync(ExperimentWorld.Planted(placed, lift, seed).Where(order => order.Days <= until).ToArray());
        await world.DataUntilAsync(until);
        world.Time.At = ExperimentWorld.Start.AddDays(until);
        return (id, placed.Count(person => person.Place.Kind is AssignmentKind.Arm or AssignmentKind.Holdout));
    }

    private static Delivery Delivery(Guid campaign, string shopper, DeliveryState state) => new()
    {
        Id = Guid.NewGuid(),
        WorkspaceId = WarehouseWorld.Store,
        CampaignId = campaign,
        Occurrence = "",
        MessageId = Guid.NewGuid(),
        ShopperId = shopper,
        Channel = MessageChannel.Email,
        State = state,
        CreatedAt = ExperimentWorld.Start,
        SentAt = state == DeliveryState.Sent ? ExperimentWorld.Start.AddHours(1) : null,
    };
}
