using System.Text.Json;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Promotions.Replay;
using MerchantStudio.Tests.Pipeline;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace MerchantStudio.Tests.Promotions.Replay;

public sealed class ReplayJobTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_replay_is_kept_with_its_terms_and_known_as_outdated_once_they_change()
    {
        await using var world = await PromotionWorld.OpenAsync();
        await new ReplayWorld().Order("ann", 20, "A1", ("tea", 10, 3)).Order("bob", 10, "B1", ("tea", 10, 1)).WriteToAsync(world.Warehouse);
        var marketer = PromotionWorld.As(Role.Marketer);
        var draft = PromotionWorld.Draft(Core.Conditions.Condition.Everybody);
        var id = (await world.Rules.SaveAsync(marketer, null, 0, draft, Token)).Value;
        var job = new TestJob(marketer, new ReplayRequest(id, 90));
        var handler = new ReplayHandler(world.Databases, world.Warehouse.Registry, world.Audiences, world.Time);
        Assert.Null((await handler.RunAsync(job, Token)).Problem);

        // The same job again, as after a restart behind its last step, keeps one.
        Assert.Null((await handler.RunAsync(job, Token)).Problem);
        await using var database = world.Databases.CreateDbContext();
        Assert.Equal(1, await database.RuleReplays.CountAsync(Token));
        var saved = (await RuleReplays.LatestAsync(database, marketer, id, null, Token))!;
        Assert.Equal((true, "Marketer", 2, 600), (saved.OfTheseTerms, saved.MadeBy, saved.Result.Came.Uses, saved.Result.Came.DiscountMinor));
        Assert.Equal(1, job.Last!.Fraction!.Value, 2);
        Assert.Equal(id, (await world.Rules.SaveAsync(marketer, id, 0, draft with { Name = "Other name" }, Token)).Value);
        Assert.True((await RuleReplays.LatestAsync(database, marketer, id, null, Token))!.OfTheseTerms);
        Assert.Equal(id, (await world.Rules.SaveAsync(marketer, id, 1, draft with { UsesPerCustomer = 2 }, Token)).Value);
        Assert.False((await RuleReplays.LatestAsync(database, marketer, id, null, Token))!.OfTheseTerms);
    }

    [Fact]
    public async Task It_is_decided_as_the_shop_decides()
    {
        await using var world = await PromotionWorld.OpenAsync();
        await new ReplayWorld().Order("ann", 20, "A1", ("tea", 10, 3)).Order("bob", 10, "B1", ("tea", 10, 1)).WriteToAsync(world.Warehouse);
        var marketer = PromotionWorld.As(Role.Marketer);
        var id = (await world.Rules.SaveAsync(marketer, null, 0, PromotionWorld.Draft(Core.Conditions.Condition.Everybody), Token)).Value;
        await using var database = world.Databases.CreateDbContext();
        var first = Redemptions.TestRules.Live(Guid.NewGuid(), marketer.Workspace, "First");
        (first.Priority, first.OfferJson) = (9, Redemptions.TestRules.Off(1));
        database.CouponRules.Add(first);
        await database.SaveChangesAsync(Token);
        var handler = new ReplayHandler(world.Databases, world.Warehouse.Registry, world.Audiences, world.Time);
        foreach (var (best, uses) in ((bool, long)[])[(false, 0), (true, 2)])
        {
            await database.Workspaces.ExecuteUpdateAsync(set => set.SetProperty(row => row.BestOffersForCustomer, best), Token);
            Assert.Null((await handler.RunAsync(new TestJob(marketer, new ReplayRequest(id, 90)), Token)).Problem);
            database.ChangeTracker.Clear();
            Assert.Equal(uses, (await RuleReplays.LatestAsync(database, marketer, id, null, Token))!.Result.Came.Uses);
        }
    }

    [Fact]
    public void What_happened_is_held_against_the_same_number_of_days()
    {
        var replay = JsonSerializer.Deserialize<ReplayResult>(
            """
            {"from":"2026-08-24T00:00:00Z","to":"2026-11-22T00:00:00Z","currency":"EUR","groups":[],"weeks":[],"rivals":[],"todaysLines":[],
             "stop":{"dailyCostMinor":1000,"dailyCostSpan":{"low":900,"high":1200},"dailyUses":2,"dailyUsesSpan":{"low":1.8,"high":2.2}}}
            """, JobJson.Options)!;
        // Nine of ninety days: half-widths of a tenth of the period are √(0.1 + 0.01) of the whole one's.
        var compared = ReplayComparison.Of(replay, ReplayWorld.End, ReplayWorld.End, 9, false, 18, 13_000);
        var (uses, cost) = (compared.Figures[0], compared.Figures[1]);
        Assert.Equal((18, 18, true), (uses.Predicted, uses.Actual, uses.Within));
        Assert.Equal(9000 + (200 * 90 * Math.Sqrt(0.11)), cost.Span.High, 6);
        Assert.Equal(9000 - (100 * 90 * Math.Sqrt(0.11)), cost.Span.Low, 6);
        Assert.True(cost.Within);
        Assert.False(ReplayComparison.Of(replay, ReplayWorld.End, ReplayWorld.End, 9, false, 40, 0).Figures[0].Within);
    }
}
