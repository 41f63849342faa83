using System.Globalization;
using MerchantStudio.Core.Experiments;
using MerchantStudio.Core.Experiments.Reading;
using MerchantStudio.Core.Experiments.Uplift;
using MerchantStudio.Core.Learning;
using Xunit;

namespace MerchantStudio.Tests.Experiments.Stored;

public sealed class UpliftReportTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_people_whom_the_offer_changes_only_after_a_past_order_the_model_finds_who_they_are()
    {
        await using var world = await ExperimentWorld.OpenAsync();
        var id = await world.RunningAsync(ExperimentWorld.Draft(planned: 3_000));
        var people = ExperimentWorld.Shoppers(3_000);
        var placed = await world.EnrolAsync(id, people);
        await world.PublishAsync();
        await world.ProfilesAsync(people, -100);
        var random = new SeededRandom(5);
        await world.OrdersAsync([.. placed.SelectMany((person, number) =>
        {
            var bought = number % 2 == 0;
            var rate = 0.1 + (bought && person.Place.Kind == AssignmentKind.Arm ? 0.3 : 0);
            return ((PutOrder?[])[bought ? new PutOrder(person.ShopperId, -5, 20) : null, random.NextDouble() < rate ? new PutOrder(person.ShopperId, 2, 20, person.Place.Kind == AssignmentKind.Arm ? 4 : 0) : null]).OfType<PutOrder>();
        })]);
        await world.DataUntilAsync(20);
        world.Time.At = ExperimentWorld.Start.AddDays(20);
        var view = (await new UpliftReports(world.Store, world.Reports).ReadAsync(ExperimentWorld.Owner, id, 0, Now)).Value;
        Assert.True(view.Qini.Interval.Low > 0, string.Create(CultureInfo.InvariantCulture, $"{view.Qini.Interval}"));
        var persuadable = view.Groups.Single(group => group.Group == UpliftGroup.Persuadable);
        Assert.InRange(persuadable.People, 1_200, 1_900);
        Assert.True(persuadable.Actual.Interval.Low > 0.2);
    }

    [Fact]
    public async Task From_few_people_nothing_is_learnt()
    {
        await using var world = await ExperimentWorld.OpenAsync();
        var id = await world.RunningAsync();
        await world.EnrolAsync(id, ExperimentWorld.Shoppers(400));
        await world.PublishAsync();
        await world.DataUntilAsync(20);
        world.Time.At = ExperimentWorld.Start.AddDays(20);
        Assert.Equal("experiments.too-few-for-uplift", (await new UpliftReports(world.Store, world.Reports).ReadAsync(ExperimentWorld.Owner, id, 0, Now)).Problem!.Code);
    }
}
