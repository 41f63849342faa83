using MerchantStudio.Core.Experiments;
using MerchantStudio.Core.Experiments.Reading;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Registry;
using Xunit;

namespace MerchantStudio.Tests.Experiments.Stored;

/// <summary>The offer changes only those who bought before; every second one has.</summary>
public sealed class UpliftForecastTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_tells_of_each_shopper_what_the_offer_changes_and_a_restart_keeps_the_model_with_its_card()
    {
        await using var world = await ExperimentWorld.OpenAsync();
        var (id, asOf) = (await BegunAsync(world), ExperimentWorld.Start.AddDays(20));
        var first = (await Forecasts(world).LearnAsync(ExperimentWorld.Owner, id, 0, asOf, Now)).Value;
        Assert.Equal((1, 2_000, 14, "offer", "Win back"), (first.Number, first.Treated + first.Holdout, first.GoalDays, first.ArmName, first.Name));
        Assert.True(first.Qini.Interval.Low > 0, $"{first.Qini.Interval}");
        var (bought, never) = (first.Shoppers.Where(one => IsBuyer(one.Key)).ToArray(), first.Shoppers.Where(one => !IsBuyer(one.Key)).ToArray());
        Assert.InRange(bought.Average(one => one.Value.Uplift), 0.2, 0.4);
        Assert.InRange(never.Average(one => one.Value.Uplift), -0.1, 0.1);
        Assert.All(first.Shoppers.Values, one => Assert.InRange(one.Error, 0.001, 0.2));

        // Another process on the same folder and database reads it back and learns nothing.
        world.Time.At = asOf.AddDays(1);
        var again = (await Forecasts(world).LearnAsync(ExperimentWorld.Owner, id, 0, asOf, Now)).Value;
        Assert.Equal((1, first.LearntAt, first.Rule), (again.Number, again.LearntAt, again.Rule));
        Assert.Equal((first.Qini.Uplift.Coefficient, first.Qini.Interval), (again.Qini.Uplift.Coefficient, again.Qini.Interval));
        Assert.Equal(first.Qini.Uplift.Points.AsEnumerable(), again.Qini.Uplift.Points);
        Assert.All(first.Shoppers, one => Assert.Equal(one.Value, again.Shoppers[one.Key]));
    }

    [Fact]
    public async Task More_orders_of_its_people_or_a_file_that_is_gone_make_a_new_version()
    {
        await using var world = await ExperimentWorld.OpenAsync();
        var (id, asOf) = (await BegunAsync(world), ExperimentWorld.Start.AddDays(20));
        Assert.Equal(1, (await Forecasts(world).LearnAsync(ExperimentWorld.Owner, id, 0, asOf, Now)).Value.Number);
        foreach (var file in Directory.GetFiles(world.Warehouse.Paths.Models, "*", SearchOption.AllDirectories)) File.Delete(file);
        Assert.Equal(2, (await Forecasts(world).LearnAsync(ExperimentWorld.Owner, id, 0, asOf, Now)).Value.Number);
        await world.OrdersAsync([.. Enumerable.Range(0, 50).Select(number => new PutOrder($"s{number}", 3.5, 30))]);
        Assert.Equal(3, (await Forecasts(world).LearnAsync(ExperimentWorld.Owner, id, 0, asOf, Now)).Value.Number);
    }

    [Fact]
    public async Task Nothing_is_learnt_of_an_arm_that_is_not_there_or_by_who_may_not_read()
    {
        await using var world = await ExperimentWorld.OpenAsync();
        var id = await world.RunningAsync();
        await world.EnrolAsync(id, ExperimentWorld.Shoppers(100));
        await world.PublishAsync();
        await world.DataUntilAsync(20);
        world.Time.At = ExperimentWorld.Start.AddDays(20);
        Assert.Equal("experiments.no-such-arm", (await Forecasts(world).LearnAsync(ExperimentWorld.Owner, id, 1, world.Time.At, Now)).Problem?.Code);
        Assert.Equal("experiments.too-few-for-uplift", (await Forecasts(world).LearnAsync(ExperimentWorld.Owner, id, 0, world.Time.At, Now)).Problem?.Code);
    }

    private static bool IsBuyer(string shopper) => (shopper[^1] - '0') % 2 == 0;

    private static UpliftForecasts Forecasts(ExperimentWorld world) => new(world.Store, world.Reports, new UpliftShelf(world.Databases, new ModelStore(world.Warehouse.Paths), world.Time));

    private static async Task<Guid> BegunAsync(ExperimentWorld world)
    {
        var id = await world.RunningAsync(ExperimentWorld.Draft(planned: 2_000));
        var people = ExperimentWorld.Shoppers(2_000);
        var placed = await world.EnrolAsync(id, people);
        await world.PublishAsync();
        await world.ProfilesAsync(people, -100);
        var random = new SeededRandom(5);
        await world.OrdersAsync([.. placed.SelectMany(person =>
        {
            var bought = IsBuyer(person.ShopperId);
            var rate = 0.1 + (bought && person.Place.Kind == AssignmentKind.Arm ? 0.3 : 0);
            return ((PutOrder?[])[bought ? new PutOrder(person.ShopperId, -5, 20) : null, random.NextDouble() < rate ? new PutOrder(person.ShopperId, 2, 20, person.Place.Kind == AssignmentKind.Arm ? 4 : 0) : null]).OfType<PutOrder>();
        })]);
        await world.DataUntilAsync(20);
        world.Time.At = ExperimentWorld.Start.AddDays(20);
        return id;
    }
}
