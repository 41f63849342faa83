using System.Collections.Immutable;
using System.Diagnostics;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Promotions;
using MerchantStudio.Core.Promotions.Pricing;
using Xunit;

namespace MerchantStudio.Tests.Promotions.Pricing;

public sealed class CartDecisionTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);
    private static readonly ConditionContext Context = new(Now, TimeZoneInfo.Utc, ImmutableDictionary<Guid, SavedCondition>.Empty);
    private static readonly ShopperFacts Marta = new() { UserId = "marta", Orders = 3 };
    private static readonly Cart Basket = new([new CartLine("lamp", "Lighting", null, 1, 9530, UnitCostMinor: 5000)], 490, "EUR");

    [Fact]
    public void Items_go_before_the_order_and_shipping_last_then_priority_then_age()
    {
        var decision = Decide(DecisionMode.Priority,
            Rule("ship", new Offer(OfferKind.FreeShipping), priority: 9), Rule("old", Percent(100), days: 5), Rule("young", Percent(100), days: 1), Rule("first", Percent(100), priority: 1),
            Rule("item", new Offer(OfferKind.BuyGet) { BuyGet = new BuyGet(1, 1) }));
        Assert.Equal(["item", "first", "old", "young", "ship"], decision.Rules.Select(rule => rule.Name));
        Assert.Equal([SkipReason.NothingToGive, null, null, null, null], decision.Rules.Select(rule => rule.Skipped));
        // 1 % of 95.30, of what is left, and of that once more.
        Assert.Equal(95 + 94 + 93 + 490, decision.DiscountMinor);
        Assert.Equal(9530 + 490 - decision.DiscountMinor, decision.ToPayMinor);
    }

    [Theory]
    [InlineData(OfferClasses.Order, OfferClasses.Order, true)]
    [InlineData(OfferClasses.Order, OfferClasses.Shipping, false)]
    [InlineData(OfferClasses.None, OfferClasses.All, false)]
    public void Two_rules_stand_beside_each_other_when_each_allows_the_others_class(OfferClasses first, OfferClasses second, bool both)
    {
        var decision = Decide(DecisionMode.Priority, Rule("win-back", Percent(1500), days: 9) with { CombinesWith = first }, Rule("WELCOME10", Percent(1000)) with { CombinesWith = second });
        Assert.Equal(both ? (null, null) : (SkipReason.CannotCombine, "win-back"), (decision.Rules[1].Skipped, decision.Rules[1].Competitor));
        if (!both) Assert.Equal(953, decision.Rules[1].Price!.DiscountMinor);
    }

    [Fact]
    public void Of_an_exclusive_group_one_applies()
    {
        var decision = Decide(DecisionMode.Priority, Rule("one", Percent(500), priority: 1) with { ExclusiveGroup = "welcome" }, Rule("two", Percent(1000)) with { ExclusiveGroup = "welcome" });
        Assert.Equal((SkipReason.ExclusiveGroup, "one"), (decision.Rules[1].Skipped!.Value, decision.Rules[1].Competitor));
    }

    [Fact]
    public void The_best_combination_for_the_customer_may_leave_out_the_first_rule()
    {
        CartRule[] rules = [Rule("first", Percent(1500), priority: 9) with { CombinesWith = OfferClasses.None }, Rule("ten", Percent(1000)), Rule("eight", Percent(800)), Rule("group", Percent(1200)) with { CombinesWith = OfferClasses.Shipping }];
        Assert.Equal(["first"], Decide(DecisionMode.Priority, rules).Applied.Select(rule => rule.Name));
        var best = Decide(DecisionMode.BestForCustomer, rules);
        Assert.Equal(["eight", "ten"], best.Applied.Select(rule => rule.Name).Order());
        Assert.Equal(953 + 686, best.DiscountMinor);
    }

    /// <summary>Every subset that is permitted, tried one by one, is worth no more than the answer.</summary>
    [Fact]
    public void Best_for_the_customer_is_exact()
    {
        var random = new Random(7);
        for (var round = 0; round < 60; round++)
        {
            var cart = RandomPricing.Cart(random);
            CartRule[] rules = [.. Enumerable.Range(0, 6).Select(number => Rule($"r{number}", RandomPricing.Offer(random), random.Next(3), number) with
                { CombinesWith = (OfferClasses)random.Next(8), ExclusiveGroup = random.Next(4) == 0 ? "g" : null, MarginFloorBasisPoints = random.Next(4) == 0 ? random.Next(9000) : null })];
            var answer = Worth(CartDecision.Decide(CartRuleSet.Of(rules, Context), cart, Marta, DecisionMode.BestForCustomer, Now));
            for (var subset = 0; subset < 64; subset++)
            {
                var chosen = rules.Where((_, index) => (subset & (1 << index)) != 0).ToArray();
                var decision = CartDecision.Decide(CartRuleSet.Of(chosen, Context), cart, Marta, DecisionMode.Priority, Now);
                Assert.True(Worth(decision) <= answer, $"round {round}, subset {subset}: {Worth(decision)} > {answer}");
            }
        }

        static long Worth(CartDecision decision) => decision.DiscountMinor + decision.Gifts.Sum(gift => gift.ValueMinor);
    }

    [Fact]
    public void A_margin_floor_makes_the_discount_smaller_and_holds_for_later_rules()
    {
        // 50.00 of cost need 66.67 to be paid for a quarter to remain.
        var decision = Decide(DecisionMode.Priority, Rule("half", Percent(5000), priority: 1) with { MarginFloorBasisPoints = 2500 }, Rule("more", Percent(1000)));
        Assert.Equal((9530 - 6667, 4765 - 2863, 2500), (decision.DiscountMinor, decision.Rules[0].Margin!.ReducedMinor, decision.Rules[0].Margin!.AfterBasisPoints!.Value));
        Assert.Equal(SkipReason.MarginFloor, decision.Rules[1].Skipped);
    }

    [Fact]
    public void An_unknown_cost_is_said_and_keeps_no_floor()
    {
        var cart = Basket with { Lines = [.. Basket.Lines, new CartLine("rug", null, null, 1, 1000)] };
        var decision = CartDecision.Decide(CartRuleSet.Of([Rule("half", Percent(5000)) with { MarginFloorBasisPoints = 9000 }], Context), cart, Marta, DecisionMode.Priority, Now);
        Assert.Equal((5265, 1, null), (decision.DiscountMinor, decision.Rules[0].Margin!.UnknownCosts, decision.Rules[0].Margin!.AfterBasisPoints));
    }

    [Fact]
    public void Dates_and_conditions_keep_rules_out_line_by_line()
    {
        var decision = Decide(DecisionMode.Priority, Rule("later", Percent(100)) with { StartsAt = Now.AddSeconds(1) }, Rule("over", Percent(100)) with { EndsAt = Now.AddSeconds(-1) },
            Rule("now", Percent(100)) with { StartsAt = Now, EndsAt = Now }, Rule("regulars", Percent(100)) with { Condition = new Comparison("orders", ConditionOperator.AtLeast, ["5"]) });
        Assert.Equal(["later NotStarted", "now ", "over Over", "regulars ConditionNotMet"], decision.Rules.Select(rule => $"{rule.Name} {rule.Skipped}").Order());
        Assert.Equal([(false, (object)3L)], decision.Rules.Single(rule => rule.Name == "regulars").Lines.Select(line => (line.Fits, line.Actual!)));
    }

    [Fact(Explicit = true)]
    [Trait("Size", "Full")]
    public void A_thousand_rules_take_milliseconds()
    {
        var random = new Random(3);
        var rules = CartRuleSet.Of(Enumerable.Range(0, 1000).Select(number => Rule($"r{number}", RandomPricing.Offer(random), random.Next(100), number) with
        { CombinesWith = OfferClasses.All, Condition = new AllOf([new Comparison("orders", ConditionOperator.AtLeast, [$"{number % 6}"]), new Not(new InSegment(["rfm:at_risk"]))]) }), Context);
        var cart = RandomPricing.Cart(random);
        foreach (var mode in Enum.GetValues<DecisionMode>())
        {
            var fastest = TimeSpan.MaxValue;
            for (var round = 0; round < 20; round++)
            {
                var started = Stopwatch.GetTimestamp();
                Assert.Equal(1000, CartDecision.Decide(rules, cart, Marta, mode, Now).Rules.Length);
                var took = Stopwatch.GetElapsedTime(started);
                if (took < fastest) fastest = took;
            }

            TestContext.Current.TestOutputHelper?.WriteLine($"{mode}: {fastest.TotalMilliseconds:0.00} ms");
            Assert.True(fastest < TimeSpan.FromMilliseconds(20), $"{mode}: {fastest}");
        }
    }

    private static CartDecision Decide(DecisionMode mode, params CartRule[] rules) => CartDecision.Decide(CartRuleSet.Of(rules, Context), Basket, Marta, mode, Now);

    private static Offer Percent(int basisPoints) => new(OfferKind.Percent, basisPoints);

    private static CartRule Rule(string name, Offer offer, int priority = 0, int days = 0) =>
        new(Guid.CreateVersion7(Now), name, Condition.Everybody, offer, Now.AddDays(-days), Priority: priority, CombinesWith: OfferClasses.All);
}
