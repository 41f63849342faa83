using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Experiments.Offers;
using MerchantStudio.Core.Promotions;
using MerchantStudio.Core.Promotions.Personal;
using MerchantStudio.Core.Promotions.Personal.Tries;
using MerchantStudio.Tests.Worlds;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace MerchantStudio.Tests.Promotions.Personal.Tries;

public sealed class OfferTriesTests
{
    private static readonly OfferLearningDraft Draft = new(true, 5_000, 6_000, "tried");
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(AppStateOn.Sqlite)]
    [InlineData(AppStateOn.Postgres)]
    public async Task Giving_out_keeps_the_days_money_over_rounds_and_restarts_and_nobody_gets_a_second_code(AppStateOn on)
    {
        await using var world = await PromotionWorld.OpenAsync(on, PromotionWorld.Shoppers(5));
        var owner = PromotionWorld.As(Role.Owner);
        Assert.True((await world.Tries.SaveAsync(owner, Draft, Now)).Succeeded);
        var first = (await Codes(world).GiveAsync(owner, Plan(), "Spring", Condition.Everybody, 14, Now)).Value;
        var view = (await world.Tries.ReadAsync(owner, Now)).Value!;
        Assert.InRange(view.TodayMinor, 5_001, 6_000);
        Assert.Equal(Draft, view.Draft);
        Assert.Null(view.Report);

        // Even if every tried code is used, the rules together take off no more than the day's money.
        await using var database = world.Databases.CreateDbContext();
        var made = await database.CouponRules.ToDictionaryAsync(rule => rule.Id, Now);
        var tried = first.Where(rule => rule.IsTried).ToArray();
        Assert.Equal(view.TodayMinor, tried.Sum(rule => made[rule.RuleId].BudgetMinor));
        Assert.All(tried, rule => Assert.Equal($"Spring, {rule.BasisPoints / 100} %, tried", made[rule.RuleId].Name));
        Assert.All(tried, rule => Assert.Equal(rule.Given, (int)(made[rule.RuleId].BudgetMinor!.Value / OfferJson.Read(made[rule.RuleId].OfferJson).Value.MostPerUseMinor!.Value)));

        // Each has one code of the step that was drawn for her, or of the plan's.
        var rows = await database.OfferTries.AsNoTracking().ToListAsync(Now);
        Assert.All(rows, row => Assert.True(row.IsGiven));
        var codes = await database.CouponCodes.ToDictionaryAsync(code => code.ShopperId!, code => code.RuleId, Now);
        var steps = first.ToDictionary(rule => rule.RuleId, rule => (rule.BasisPoints, rule.IsTried));
        Assert.All(rows, row => Assert.Equal((row.StepBasisPoints, row.IsDrawn && row.StepBasisPoints > 0), codes.TryGetValue(row.ShopperId, out var rule) ? steps[rule] : (0, false)));

        // The next round of the day finds the money spent; whoever was drawn keeps what she has.
        var second = (await Codes(world).GiveAsync(owner, Plan(), "Again", Condition.Everybody, 14, Now)).Value;
        Assert.DoesNotContain(second, rule => rule.IsTried);
        var again = second.Select(rule => rule.RuleId).ToArray();
        var given = (await database.CouponCodes.Where(code => again.Contains(code.RuleId)).Select(code => code.ShopperId!).ToListAsync(Now)).ToHashSet();
        Assert.DoesNotContain(rows, row => row.IsDrawn && given.Contains(row.ShopperId));
        Assert.Equal(rows.Count, await database.OfferTries.CountAsync(Now));
    }

    [Fact]
    public async Task Off_nothing_is_tried_and_what_cannot_be_given_out_leaves_no_try_behind()
    {
        await using var world = await PromotionWorld.OpenAsync(PromotionWorld.Shoppers(5));
        await using var database = world.Databases.CreateDbContext();
        var owner = PromotionWorld.As(Role.Owner);
        Assert.Null((await world.Tries.ReadAsync(owner, Now)).Value);
        Assert.DoesNotContain((await Codes(world).GiveAsync(owner, Plan(), "Off", Condition.Everybody, 14, Now)).Value, rule => rule.IsTried);
        Assert.True((await world.Tries.SaveAsync(owner, Draft, Now)).Succeeded);
        Assert.Equal("rule.name-taken", (await Codes(world).GiveAsync(owner, Plan(), "Off", Condition.Everybody, 14, Now)).Problem?.Code);
        Assert.Equal(0, await database.OfferTries.CountAsync(Now));
        Assert.Equal(0, (await world.Tries.ReadAsync(owner, Now)).Value!.TodayMinor);
        Assert.True((await world.Tries.SaveAsync(owner, Draft with { IsOn = false }, Now)).Succeeded);
        Assert.DoesNotContain((await Codes(world).GiveAsync(owner, Plan(), "Off again", Condition.Everybody, 14, Now)).Value, rule => rule.IsTried);
        Assert.Equal(2, await database.Audit.CountAsync(entry => entry.Action == "tries.changed", Now));
        Assert.Equal("tries.unfit-share", (await world.Tries.SaveAsync(owner, Draft with { ShareBasisPoints = 5_001 }, Now)).Problem?.Code);
        Assert.Equal("tries.unfit-money", (await world.Tries.SaveAsync(owner, Draft with { DayMoneyMinor = 0 }, Now)).Problem?.Code);
        Assert.Equal("access.refused", (await world.Tries.SaveAsync(PromotionWorld.As(Role.Viewer), Draft, Now)).Problem?.Code);
    }

    [Fact]
    public async Task Profits_are_margin_less_discount_and_messages_of_the_days_and_only_once_these_are_over()
    {
        await using var world = await Experiments.Stored.ExperimentWorld.OpenAsync();
        var scope = Experiments.Stored.ExperimentWorld.Owner;
        await world.PublishAsync();
        await world.ProfilesAsync(["a", "b", "c"], -30);

        // A mug costs 4: 20 - 4 - 2 of discount, and what was bought before and after the days does not count.
        await world.OrdersAsync(new("a", 3, 20, 2), new("a", -1, 50), new("b", 15, 70));
        await world.DataUntilAsync(13);
        var (from, days) = (Experiments.Stored.ExperimentWorld.Start, 14);
        world.Time.At = from.AddDays(13);
        Assert.Null(await world.Reports.ProfitsAsync(scope, from, days, ["a", "b", "c"], Now));
        world.Time.At = from.AddDays(60);
        await world.DataUntilAsync(30);
        Assert.Equal(new Dictionary<string, double> { ["a"] = 1_400, ["b"] = 0, ["c"] = 0 }, (await world.Reports.ProfitsAsync(scope, from, days, ["a", "b", "c"], Now))!.OrderBy(pair => pair.Key).ToDictionary());

        // Two messages to a and one to c at four and a half cents each; one that was kept back, one before the days and one after them cost nothing here.
        await using (var database = world.Databases.CreateDbContext())
        {
            var campaign = new Campaign { Id = Guid.NewGuid(), WorkspaceId = scope.Workspace, Name = "Spring", AudienceJson = ConditionJson.Write(Condition.Everybody), Currency = "EUR", MessageCost = 0.045m, State = CampaignState.Running, CreatedBy = "Nora", CreatedAt = from };
            database.Campaigns.Add(campaign);
            database.Deliveries.AddRange(new (string Shopper, double Day, DeliveryState State)[] { ("a", 1, DeliveryState.Sent), ("a", 13, DeliveryState.Sent), ("a", 14, DeliveryState.Sent), ("b", -1, DeliveryState.Sent), ("b", 2, DeliveryState.Suppressed), ("c", 0, DeliveryState.Sent) }.Select((sent, number) => new Delivery
            {
                Id = Guid.NewGuid(),
                WorkspaceId = scope.Workspace,
                CampaignId = campaign.Id,
                Occurrence = $"{number}",
                MessageId = Guid.NewGuid(),
                ShopperId = sent.Shopper,
                Channel = MessageChannel.Csv,
                State = sent.State,
                CreatedAt = from,
                SentAt = from.AddDays(sent.Day),
            }));
            await database.SaveChangesAsync(Now);
        }

        Assert.Equal(new Dictionary<string, double> { ["a"] = 1_391, ["b"] = 0, ["c"] = -4.5 }, (await world.Reports.ProfitsAsync(scope, from, days, ["a", "b", "c"], Now))!.OrderBy(pair => pair.Key).ToDictionary());
    }

    private static PersonalCodes Codes(PromotionWorld world) => new(world.Databases, world.Rules, world.Activation, world.Guards, world.Tries, world.Time);

    private static PersonalOfferPlan Plan()
    {
        ImmutableArray<PersonalRow> rows = [.. Enumerable.Range(0, 60).Select(number => new PersonalRow($"s{number}", number % 2 * 500, number % 2 == 0 ? PersonalReason.CostsMore : PersonalReason.Chosen, 0.2, 5_000, 0, 0, new(0, 0)))];
        return new PersonalOfferPlan(rows, [new(0, 0, 0, 0), new(500, 0, 0, 0), new(1_000, 0, 0, 0)], 0, 0, new(0, 0), 0, 0, 0, 0, [], ExpectationSource.Assumed, 0.4, PersonalBasis.Own, PersonalBasis.Own, PromotionWorld.Now);
    }
}
