using System.Collections.Frozen;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Experiments.Offers;
using MerchantStudio.Core.Experiments.Reading;
using MerchantStudio.Core.Experiments.Uplift;
using MerchantStudio.Core.Promotions.Personal;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace MerchantStudio.Tests.Promotions.Personal;

public sealed class PersonalOfferTests
{
    private static readonly PersonalOfferQuestion Question = new([500, 1000, 1500], null, 0, Answer: PriceAnswer.Strong);

    [Fact]
    public void Each_shopper_gets_the_smallest_offer_after_which_a_larger_one_earns_less()
    {
        var plan = Plan(Question, margin: 0.4, Shopper("a", 0.2), Shopper("b", 0.2));
        foreach (var row in plan.Rows)
        {
            var ladder = Question.Elasticity.Ladder(row.Chance, row.BasketMinor, 0.4, Question.Discounts, 0);
            var best = ladder.MaxBy(offer => offer.Profit)!;
            Assert.Equal((Question.Steps[best.Offer - 1], best.Profit, best.Cost), (row.StepBasisPoints, row.Gain, row.CostMinor));
            Assert.True(row.Range.Low < row.Gain && row.Gain < row.Range.High);
        }

        Assert.Equal((ExpectationSource.Assumed, 2), (plan.Source, plan.Offered));
        Assert.Equal(plan.Rows.Sum(row => row.Range.Low), plan.Range.Low, 6);
    }

    [Fact]
    public void Where_a_discount_costs_more_than_it_brings_nobody_gets_one_and_each_is_told_why()
    {
        var careful = Plan(Question with { Answer = PriceAnswer.Careful }, margin: 0.3, Shopper("a", 0.2), Shopper("no", 0.2) with { Consents = false });
        Assert.Equal((0, 0.0, 0.0), (careful.Offered, careful.CostMinor, careful.Gain));
        Assert.Equal([PersonalReason.CostsMore, PersonalReason.NoConsent], careful.Rows.Select(row => row.Reason).Order().Reverse());
    }

    [Fact]
    public void A_budget_goes_to_those_with_whom_it_earns_most_and_the_curve_never_falls()
    {
        PersonalShopper[] shoppers = [.. Enumerable.Range(0, 200).Select(number => Shopper($"s{number}", 0.01 + (number % 20 / 40.0)) with { Basket = 20 + (number % 7 * 15) })];
        var full = Plan(Question, 0.45, shoppers);
        var half = Plan(Question with { BudgetMinor = (long)(full.CostMinor / 2) }, 0.45, shoppers);
        Assert.InRange(half.CostMinor, full.CostMinor * 0.4, full.CostMinor / 2);
        Assert.True(half.Gain > full.Gain / 2 && half.Gain <= half.MostGain + 1e-6 && half.MostGain <= full.Gain);
        Assert.Equal(full.CostMinor, half.FullCostMinor, 6);
        Assert.True(half.Count(PersonalReason.BudgetGone) > 0 || half.Steps[1].Shoppers > full.Steps[1].Shoppers);
        Assert.All(full.Curve.Zip(full.Curve.Skip(1)), pair => Assert.True(pair.First.Gain <= pair.Second.Gain + 1e-6));
        var none = Plan(Question with { BudgetMinor = 0 }, 0.45, shoppers);
        Assert.All(none.Rows, row => Assert.Equal((0, PersonalReason.BudgetGone), (row.StepBasisPoints, row.Reason)));
    }

    [Fact]
    public void The_same_people_are_held_back_however_often_it_is_planned()
    {
        PersonalShopper[] shoppers = [.. Enumerable.Range(0, 2_000).Select(number => Shopper($"s{number}", 0.2))];
        var held = Held(Plan(Question with { HoldoutBasisPoints = 1_000 }, 0.4, shoppers));
        Assert.InRange(held.Length, 150, 250);
        Assert.Equal(held, Held(Plan(Question with { HoldoutBasisPoints = 1_000, BudgetMinor = 1_000, Steps = [2_000] }, 0.4, shoppers)));
        Assert.Subset(Held(Plan(Question with { HoldoutBasisPoints = 2_000 }, 0.4, shoppers)).ToHashSet(), held.ToHashSet());

        static string[] Held(PersonalOfferPlan plan) => [.. plan.Rows.Where(row => row.Reason == PersonalReason.HeldBack).Select(row => row.ShopperId).Order(StringComparer.Ordinal)];
    }

    [Fact]
    public void By_an_experiment_only_whom_its_offer_changes_gets_it()
    {
        var told = new Dictionary<string, ShopperUplift>
        {
            ["persuadable"] = new(0.1, 0.2, 0.02),
            ["sure"] = new(0.8, 0, 0.02),
            ["lost"] = new(0.02, 0, 0.02),
            ["put-off"] = new(0.3, -0.2, 0.02),
            ["unclear"] = new(0.1, 0.2, double.NaN),
        };
        var forecast = new UpliftForecast(Guid.NewGuid(), "Spring", "offer", 14, told.ToFrozenDictionary(), new UpliftGroupRule(0.05, 0.5), null!, 400, 400, 1, PromotionWorld.Now);
        PersonalShopper[] shoppers = [.. told.Keys.Append("stranger").Select(id => Shopper(id, 0.9))];
        var plan = PersonalOffers.Plan(Ground(0.4, shoppers), new PersonalOfferQuestion([1_000], null, 0), forecast).Value;
        Assert.Equal(ExpectationSource.Measured, plan.Source);
        Assert.Equal(
            new Dictionary<string, PersonalReason>
            {
                ["lost"] = PersonalReason.NotPersuadable,
                ["persuadable"] = PersonalReason.Chosen,
                ["put-off"] = PersonalReason.PutOff,
                ["stranger"] = PersonalReason.CostsMore,
                ["sure"] = PersonalReason.BuysAnyway,
                ["unclear"] = PersonalReason.Chosen,
            },
            plan.Rows.OrderBy(row => row.ShopperId, StringComparer.Ordinal).ToDictionary(row => row.ShopperId, row => row.Reason));
        var row = plan.Rows.Single(row => row.ShopperId == "persuadable");

        // 0.3 chances of 30 % of 50 euros, less the 0.1 of 40 % that she would have brought anyway.
        Assert.Equal((0.1, 250.0, 150.0), (row.Chance, Math.Round(row.Gain, 6), Math.Round(row.CostMinor, 6)));
        Assert.True(row.Range.Low < 250 && row.Range.High > 250);
    }

    [Fact]
    public void Steps_that_are_none_are_refused()
    {
        foreach (var steps in (int[][])[[], [0], [500, 500], [1000, 500], [9_001], [1, 2, 3, 4, 5, 6, 7, 8, 9]])
            Assert.Equal("personal.unfit-steps", PersonalOffers.Plan(Ground(0.4, Shopper("a", 0.1)), Question with { Steps = [.. steps] }).Problem?.Code);
        Assert.Equal("personal.unfit-budget", PersonalOffers.Plan(Ground(0.4, Shopper("a", 0.1)), Question with { BudgetMinor = -1 }).Problem?.Code);
    }

    [Fact]
    public async Task Chances_and_baskets_come_from_the_profiles_and_whoever_sent_back_more_than_she_kept_has_no_basket()
    {
        var token = TestContext.Current.CancellationToken;
        await using var world = await PromotionWorld.OpenAsync([.. PromotionWorld.Shoppers(5, 1, 0, 2).Select(shopper => shopper with { AverageOrder = shopper.UserId == "d" ? -5 : shopper.Orders > 0 ? 50 : null, FirstOrderAt = shopper.Orders > 0 ? PromotionWorld.Now.AddDays(-60) : null })]);
        var offers = new PersonalOffers(world.Databases, world.Warehouse.Registry, world.Audiences);
        var owner = PromotionWorld.As(Role.Owner);
        var plan = PersonalOffers.Plan((await offers.ReadAsync(owner, Condition.Everybody, 30, 4_000, token)).Value, Question).Value;
        Assert.Equal((4, PersonalBasis.Typed, PersonalBasis.Pace, 0.4), (plan.Rows.Length, plan.MarginBasis, plan.ChanceBasis, plan.MarginRate));
        var rows = plan.Rows.ToDictionary(row => row.ShopperId);
        Assert.Equal(1 - Math.Exp(-5 * 30 / 90.0), rows["a"].Chance, 6);
        Assert.Equal((0.0, 3_167.0), (rows["c"].Chance, rows["c"].BasketMinor));
        Assert.Equal((0.0, 0), (rows["d"].BasketMinor, rows["d"].StepBasisPoints));
        Assert.Equal(3, (await offers.ReadAsync(owner, new Comparison("orders", ConditionOperator.AtLeast, ["1"]), 7, 4_000, token)).Value.Shoppers);
    }

    [Fact]
    public async Task A_plan_that_is_made_real_gives_each_shopper_a_code_of_her_own_step_or_leaves_nothing_behind()
    {
        var token = TestContext.Current.CancellationToken;
        await using var world = await PromotionWorld.OpenAsync(PromotionWorld.Shoppers(5, 1, 6));
        var codes = new PersonalCodes(world.Databases, world.Rules, world.Activation, world.Guards, world.Tries, world.Time);
        var plan = Plan(Question, 0.4, Shopper("a", 0.2), Shopper("b", 0.2));
        plan = plan with { Rows = [plan.Rows[0] with { StepBasisPoints = 500 }, plan.Rows[1] with { StepBasisPoints = 1_000 }, new PersonalRow("c", 0, PersonalReason.CostsMore, 0.1, 5_000, 0, 0, new(0, 0))] };
        await using var database = world.Databases.CreateDbContext();
        await database.Workspaces.ExecuteUpdateAsync(set => set.SetProperty(shop => shop.ApprovalLimitMinor, 0), token);
        Assert.Equal("personal.needs-owner", (await codes.GiveAsync(PromotionWorld.As(Role.Marketer), plan, "Spring", Condition.Everybody, 14, token)).Problem?.Code);
        Assert.Equal(0, await database.CouponRules.CountAsync(token));
        var given = (await codes.GiveAsync(PromotionWorld.As(Role.Owner), plan, "Spring", Condition.Everybody, 14, token)).Value;
        Assert.Equal([(500, 1), (1_000, 1)], given.Select(rule => (rule.BasisPoints, rule.Given)));
        var made = await database.CouponCodes.Join(database.CouponRules, code => code.RuleId, rule => rule.Id, (code, rule) => new { code.ShopperId, rule.Name, rule.State, rule.EndsAt }).OrderBy(row => row.ShopperId).ToListAsync(token);
        Assert.Equal([(plan.Rows[0].ShopperId, "Spring, 5 %"), (plan.Rows[1].ShopperId, "Spring, 10 %")], made.OrderBy(row => row.Name.Length).Select(row => (row.ShopperId!, row.Name)));
        Assert.All(made, row => Assert.Equal((CouponRuleState.Live, PromotionWorld.Now.Date.AddDays(13)), (row.State, row.EndsAt!.Value.Date)));
        Assert.Equal("personal.nobody", (await codes.GiveAsync(PromotionWorld.As(Role.Owner), plan with { Rows = [plan.Rows[2]] }, "Again", Condition.Everybody, 14, token)).Problem?.Code);
        Assert.Equal("rule.name-taken", (await codes.GiveAsync(PromotionWorld.As(Role.Owner), plan, "Spring", Condition.Everybody, 14, token)).Problem?.Code);
        Assert.Equal(2, await database.CouponRules.CountAsync(token));
    }

    private static PersonalShopper Shopper(string id, double chance) => new(id, chance, 50, true);

    private static PersonalGround Ground(double margin, params PersonalShopper[] shoppers) => new(new PersonalAudience([.. shoppers], true), margin, false, "EUR", PromotionWorld.Now, null);

    private static PersonalOfferPlan Plan(PersonalOfferQuestion question, double margin, params PersonalShopper[] shoppers) => PersonalOffers.Plan(Ground(margin, shoppers), question).Value;
}
