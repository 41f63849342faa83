using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Promotions;
using MerchantStudio.Core.Promotions.Pricing;
using MerchantStudio.Core.Promotions.Redemptions;
using MerchantStudio.Core.Shop;
using MerchantStudio.Tests.Warehouse;
using Xunit;

namespace MerchantStudio.Tests.Promotions;

/// <summary>What a typed basket is told is what a redemption of the same would be.</summary>
public sealed class CartTrialTests
{
    private static readonly Core.Access.WorkspaceScope Owner = PromotionWorld.As(Role.Owner);

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_draft_is_judged_on_a_typed_basket_as_its_code_is_when_it_runs()
    {
        await using var world = await WorldAsync();
        var trials = TrialsOf(world, out var judge);
        var draft = PromotionWorld.Draft(new AllOf([new Comparison("orders", ConditionOperator.AtLeast, ["2"]), new BasketHolds(BasketPart.Category, ["tea"], 2)]), new Offer(OfferKind.Percent, 1_500, CapMinor: 700, MinimumSpendMinor: 3_000));
        var id = (await world.Rules.SaveAsync(Owner, null, 0, draft, Now)).Value;
        await using (var database = world.Databases.CreateDbContext())
        {
            var rule = database.CouponRules.Single(rule => rule.Id == id);
            (rule.State, rule.ActivatedAt) = (CouponRuleState.Live, PromotionWorld.Now);
            database.CouponCodes.Add(new CouponCode { WorkspaceId = WarehouseWorld.Store, RuleId = id, Code = "TEA15", Lookup = CodeText.Normalise("TEA15"), GivenAt = PromotionWorld.Now });
            await database.SaveChangesAsync(Now);
        }

        foreach (var shopper in (string?[])["a", "b", "stranger", null])
        {
            foreach (var (pieces, price) in ((int, long?)[])[(1, null), (2, null), (3, 1_000), (2, 500)])
            {
                var question = new TrialQuestion([new TrialLine("sencha", pieces, price), new TrialLine("cup", 1, null)], 490, shopper, "tea15", "web");
                var trial = (await trials.TryAsync(Owner, draft, null, question, Now)).Value;
                await using var database = world.Databases.CreateDbContext();
                var redeemed = await judge.JudgeAsync(database, WarehouseWorld.Store, new CouponUse("TEA15", null, shopper ?? "nobody", trial.Cart), Now);
                Assert.Equal((redeemed.Verdict.Reason, redeemed.Verdict.Price?.DiscountMinor), (trial.Own.Reason, trial.Own.Price?.DiscountMinor));
                Assert.Equal(redeemed.Verdict.Trace.Select(line => (line.Fits, line.Actual)), trial.Own.Trace.Select(line => (line.Fits, line.Actual)));
                Assert.Equal((redeemed.Verdict.Reason, redeemed.Verdict.Price?.DiscountMinor), (trial.Code!.Reason, trial.Code.Price?.DiscountMinor));
            }
        }
    }

    [Fact]
    public async Task Live_offers_without_a_code_stand_beside_it_and_the_moment_decides_which_have_begun()
    {
        await using var world = await WorldAsync();
        var trials = TrialsOf(world, out _);
        await using (var database = world.Databases.CreateDbContext())
        {
            var next = Redemptions.TestRules.Live(Guid.NewGuid(), WarehouseWorld.Store, "Next week");
            (next.Method, next.StartsAt, next.Priority) = (RuleMethod.Automatic, PromotionWorld.Now.AddDays(7), 9);
            database.CouponRules.Add(next);
            await database.SaveChangesAsync(Now);
        }

        var draft = PromotionWorld.Draft(Condition.Everybody, new Offer(OfferKind.Percent, 1_000));
        var question = new TrialQuestion([new TrialLine("cup", 2, null)], 490);
        var today = (await trials.TryAsync(Owner, draft, null, question, Now)).Value;
        Assert.Equal((300, 3_000 + 490 - 300, SkipReason.NotStarted), (today.Decision.DiscountMinor, today.Decision.ToPayMinor, today.Decision.Rules.Single(rule => rule.Name == "Next week").Skipped));
        var later = (await trials.TryAsync(Owner, draft, null, question with { At = PromotionWorld.Now.AddDays(8) }, Now)).Value;
        Assert.Equal((500, SkipReason.CannotCombine), (later.Decision.DiscountMinor, later.Decision.Rules.Single(rule => rule.Name == "Win back").Skipped));
        Assert.Equal(RefusalReason.CouponNotFound, (await trials.TryAsync(Owner, draft, null, question with { Code = "NOSUCH" }, Now)).Value.Code!.Reason);
    }

    [Fact]
    public async Task Products_are_found_by_name_and_one_without_a_price_asks_for_it()
    {
        await using var world = await WorldAsync();
        var trials = TrialsOf(world, out _);
        var found = Assert.Single((await trials.FindAsync(Owner, "SENCH", 8, Now)).Value);
        Assert.Equal(("sencha", "Sencha 100 g", "tea", 1_200L), (found.ItemId, found.Name, found.Category, found.PriceMinor));
        var draft = PromotionWorld.Draft(Condition.Everybody);
        var question = new TrialQuestion([new TrialLine("unpriced", 1, null)]);
        Assert.IsType<TrialPriceMissing>((await trials.TryAsync(Owner, draft, null, question, Now)).Problem);
        Assert.IsType<CartEmpty>((await trials.TryAsync(Owner, draft, null, question with { Lines = [] }, Now)).Problem);
        Assert.Equal(900, (await trials.TryAsync(Owner, draft, null, question with { Lines = [new TrialLine("unpriced", 1, 900)] }, Now)).Value.Cart.ItemsMinor);
    }

    private static async Task<PromotionWorld> WorldAsync()
    {
        var world = await PromotionWorld.OpenAsync(PromotionWorld.Shoppers(3, 1));
        await world.Warehouse.RunAsync("insert into products (item_id, name, category, brand, price, cost) values ('sencha', 'Sencha 100 g', 'tea', 'Lark', 12, 4), ('cup', 'Cup', 'kitchen', 'Lark', 15, 5), ('unpriced', 'Sample', 'tea', 'Lark', null, null)");
        return world;
    }

    private static CartTrials TrialsOf(PromotionWorld world, out CouponJudge judge)
    {
        var registry = world.Warehouse.Registry;
        judge = new CouponJudge(new ShopperJudge(world.Audiences, registry), new ReferralFriends(registry), world.Time);
        return new CartTrials(world.Databases, registry, world.Audiences, judge, world.Time);
    }
}
