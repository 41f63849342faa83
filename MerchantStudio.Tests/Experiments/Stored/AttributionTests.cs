using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Experiments;
using MerchantStudio.Core.Experiments.Attribution;
using MerchantStudio.Core.Shop;
using MerchantStudio.Tests.Warehouse;
using Xunit;

namespace MerchantStudio.Tests.Experiments.Stored;

public sealed class AttributionTests
{
    private static readonly Guid Spring = Guid.Parse("aaaaaaaa-0000-0000-0000-000000000001");
    private static readonly Guid Welcome = Guid.Parse("aaaaaaaa-0000-0000-0000-000000000002");
    private static readonly Guid Rule = Guid.Parse("aaaaaaaa-0000-0000-0000-000000000003");

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Last_touch_and_position_share_each_touched_order_out_whole_and_leave_the_others_alone()
    {
        await using var world = await ExperimentWorld.OpenAsync();
        await world.PublishAsync();
        await world.OrdersAsync(new PutOrder("ann", 20, 100, Id: "o1"), new PutOrder("ben", 20, 50, Id: "o2"), new PutOrder("cleo", 20, 70, Id: "o3"), new PutOrder("dan", 20, 30, Id: "o4"));
        await using (var database = world.Databases.CreateDbContext())
        {
            // Ann: Spring, Welcome, Spring, then a coupon of the rule on the order. Ben: Spring alone. Cleo: a message after the order, and one too long before it. Dan: none.
            database.Deliveries.AddRange(Sent(Spring, "ann", 5, 1), Sent(Welcome, "ann", 10, 1), Sent(Spring, "ann", 15, 2), Sent(Spring, "ben", 19, 3), Sent(Spring, "cleo", 21, 4), Sent(Welcome, "cleo", -15, 4));
            database.Redemptions.Add(new Redemption
            {
                Id = Guid.NewGuid(),
                WorkspaceId = WarehouseWorld.Store,
                RuleId = Rule,
                Coupon = "X",
                OrderId = "o1",
                IdempotencyKey = "o1",
                RequestHash = "",
                DetailJson = "{}",
                OrderMinor = 1,
                DiscountMinor = 1000,
                CostMinor = 1000,
                Currency = "EUR",
                At = ExperimentWorld.Start.AddDays(20),
                CountersJson = "[]",
            });
            await database.SaveChangesAsync(Now);
        }

        var reading = (await Reader(world).ReadAsync(ExperimentWorld.Owner, 90, Now)).Value!;
        var (rule, spring, welcome) = (reading.Sources.Single(source => source.RuleId == Rule), reading.Sources.Single(source => source.CampaignId == Spring), reading.Sources.Single(source => source.CampaignId == Welcome));
        Assert.Equal((4, 250_00), (reading.Orders, (long)reading.RevenueMinor));
        Assert.Equal((1, 100_00.0, 1, 50_00.0, 0.0), ((int)rule.Last.Orders, rule.Last.RevenueMinor, (int)spring.Last.Orders, spring.Last.RevenueMinor, welcome.Last.RevenueMinor));

        // Four touches on Ann's order: 40 % Spring, 10 % Welcome, 10 % Spring, 40 % the coupon.
        Assert.Equal((40_00.0, 50_00 + 50_00.0, 10_00.0), (rule.Position.RevenueMinor, spring.Position.RevenueMinor, welcome.Position.RevenueMinor));
        Assert.Equal(150_00, reading.Sources.Sum(source => source.Position.RevenueMinor), 6);

        // A mug costs 4.00; the ledger took 10.00 off.
        Assert.Equal(100_00 - 4_00 - 10_00, rule.Last.ProfitMinor, 6);
        Assert.All(reading.Sources, source => Assert.Null(source.Truth));
        Assert.Null(reading.NotWasted);
    }

    [Theory]
    [InlineData("SPRING-OIL5", 1)]
    [InlineData(" spring-0i15\u00a0", 1)]
    [InlineData("SPRING-OIL6", 0)]
    public async Task An_imported_order_is_touched_by_the_code_that_was_typed_on_it(string typed, int touched)
    {
        await using var world = await ExperimentWorld.OpenAsync();
        await world.PublishAsync();
        await world.OrdersAsync(new PutOrder("ann", 20, 100, Id: "o1", Code: typed));
        await using (var database = world.Databases.CreateDbContext())
        {
            database.CouponCodes.Add(new CouponCode { WorkspaceId = WarehouseWorld.Store, RuleId = Rule, Code = "SPRING-OIL5", Lookup = CodeText.Normalise("SPRING-OIL5"), GivenAt = ExperimentWorld.Start, Uses = 1 });
            await database.SaveChangesAsync(Now);
        }

        Assert.Equal(touched, (await Reader(world).ReadAsync(ExperimentWorld.Owner, 90, Now)).Value!.Sources.Count(source => source.RuleId == Rule));
    }

    [Fact]
    public async Task Visits_by_links_are_touches_by_source_and_campaign_and_direct_ones_are_none()
    {
        await using var world = await ExperimentWorld.OpenAsync();
        await world.PublishAsync();
        await world.OrdersAsync(new PutOrder("ann", 20, 100, Id: "o1"), new PutOrder("ben", 20, 50, Id: "o2"), new PutOrder("cleo", 20, 70, Id: "o3"));
        Assert.False((await Reader(world).ReadAsync(ExperimentWorld.Owner, 90, Now)).Value!.KnowsLinks);
        await VisitAsync(1, "ann", 2, 1, """{"utm_source":"newsletter","utm_campaign":"spring"}""");
        await VisitAsync(2, "ann", 2.001, 1, """{"utm_source":"newsletter","utm_campaign":"spring"}""");
        await VisitAsync(3, "ann", 10, 2, """{"utm_source":"google"}""");
        await VisitAsync(4, "ann", 19.9, 3, null);
        await VisitAsync(5, "ben", 19, 4, """{"utm_campaign":"\u6625","position":3}""");
        await VisitAsync(6, "cleo", 21, 5, """{"utm_source":"google"}""");
        await VisitAsync(7, "cleo", -15, 6, """{"utm_source":"google"}""");
        await VisitAsync(8, "cleo", 5, 7, """{"list":"utm_source"}""");
        var reading = (await Reader(world).ReadAsync(ExperimentWorld.Owner, 90, Now)).Value!;
        Assert.True(reading.KnowsLinks);
        var sources = reading.Sources.ToDictionary(source => source.Link!, source => (source.Touched, source.Last.RevenueMinor, source.Position.RevenueMinor));
        Assert.Equal(
            new Dictionary<VisitLink, (long, double, double)> { [new("newsletter", "spring")] = (1, 0, 50_00), [new("google", "")] = (1, 100_00, 50_00), [new("", "春")] = (1, 50_00, 50_00) }.OrderBy(pair => pair.Key.Source),
            sources.OrderBy(pair => pair.Key.Source));

        async Task VisitAsync(int line, string shopper, double days, int session, string? properties)
        {
            var at = (ExperimentWorld.Start.AddDays(days)).ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);
            await world.Warehouse.RunAsync($"""
                insert into clean_events (user_id, ts, event_type, session_no, import_id, source_line) values ('{shopper}', timestamp '{at}', 'view', {session}, 7, {line});
                insert into events (user_id, ts, event_type, properties, import_id, source_line) values ('{shopper}', timestamp '{at}', 'view', {(properties is null ? "null" : $"'{properties}'")}, 7, {line});
                """);
        }
    }

    [Fact]
    public async Task A_campaign_that_touches_everybody_who_buys_anyway_is_told_by_its_control_group()
    {
        await using var world = await ExperimentWorld.OpenAsync();
        var id = await world.RunningAsync(ExperimentWorld.Draft(planned: 6_000, campaign: Spring));
        var people = ExperimentWorld.Shoppers(6_000);
        var placed = await world.EnrolAsync(id, people);
        await world.PublishAsync();
        await world.ProfilesAsync(people, -100);
        var orders = ExperimentWorld.Planted(placed, 0, discount: 7, heldDiscount: 1);
        await world.OrdersAsync(orders);
        await world.DataUntilAsync(20);
        world.Time.At = ExperimentWorld.Start.AddDays(20);
        await using (var database = world.Databases.CreateDbContext())
        {
            database.Deliveries.AddRange(placed.Where(person => person.Place.Kind == AssignmentKind.Arm).Select((person, number) => Sent(Spring, person.ShopperId, 0.001, number)));
            await database.SaveChangesAsync(Now);
        }

        var reading = (await Reader(world).ReadAsync(ExperimentWorld.Owner, 90, Now)).Value!;
        var spring = Assert.Single(reading.Sources);
        Assert.True(spring.Last.RevenueMinor > 10_000_00);
        Assert.Equal(VerdictKind.DidNotPay, spring.Truth!.Kind);
        Assert.True(spring.Truth.RevenueMinor.Interval.High < spring.Last.RevenueMinor && spring.Truth.ProfitMinor.IsBelowZero);

        // 6.00 more on each order than the control group's, which it placed with other offers or none.
        var held = placed.Where(person => person.Place.Kind == AssignmentKind.Holdout).Select(person => person.ShopperId).ToHashSet();
        var bought = orders.Count(order => order.Days > 0 && held.Contains(order.Shopper));
        Assert.Equal((bought, 1), (reading.NotWasted!.Orders, reading.NotWasted.Experiments));
        Assert.Equal(bought * 6_00, reading.NotWasted.AmountMinor.Value, 3);
    }

    private static AttributionReader Reader(ExperimentWorld world) => new(world.Databases, world.Warehouse.Registry, world.Store, world.Reports, world.Time);

    private static Delivery Sent(Guid campaign, string shopper, double days, int number) => new()
    {
        Id = Guid.NewGuid(),
        WorkspaceId = WarehouseWorld.Store,
        CampaignId = campaign,
        Occurrence = $"{number}",
        MessageId = Guid.NewGuid(),
        ShopperId = shopper,
        Channel = MessageChannel.Email,
        State = DeliveryState.Sent,
        CreatedAt = ExperimentWorld.Start,
        SentAt = ExperimentWorld.Start.AddDays(days),
    };
}
