using System.Collections.Immutable;
using System.Diagnostics;
using MerchantStudio.Core.Experiments.Offers;
using MerchantStudio.Core.Experiments.Uplift;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Evaluation;
using Xunit;

namespace MerchantStudio.Tests.Experiments.Offers;

public sealed class OfferChoiceTests
{
    [Fact]
    public void The_smallest_offer_that_changes_her_mind_is_chosen()
    {
        var plan = OfferChoice.Plan([Customer((5, 50), (10, 50), (20, 49))], double.PositiveInfinity);
        Assert.Equal((1, OfferReason.Chosen, 50.0, 5.0, 0.0), (plan.Choices[0].Offer, plan.Choices[0].Reason, plan.Profit, plan.Cost, plan.Gap));
    }

    [Fact]
    public void A_larger_offer_is_chosen_where_it_earns_more_and_the_budget_allows_it()
    {
        var one = Customer((5, 20), (10, 35));
        Assert.Equal(2, OfferChoice.Plan([one], 10).Choices[0].Offer);
        var tight = OfferChoice.Plan([one], 9);
        Assert.Equal((1, true), (tight.Choices[0].Offer, tight.Choices[0].CutByBudget));
    }

    [Fact]
    public void Each_customer_without_an_offer_has_her_reason()
    {
        var bad = Customer((5, -1));
        var plan = OfferChoice.Plan(
            [
                Customer((5, 20)) with { Eligible = false }, Customer((5, 20)) with { Held = true }, Customer((5, 20)) with { Group = UpliftGroup.DoNotDisturb },
                bad with { Group = UpliftGroup.SureThing }, bad with { Group = UpliftGroup.LostCause }, bad, Customer((5, 10)), Customer((5, 20)),
            ],
            5);
        Assert.Equal(
            [OfferReason.NotEligible, OfferReason.Holdout, OfferReason.DoNotDisturb, OfferReason.SureThing, OfferReason.LostCause, OfferReason.WouldLoseMoney, OfferReason.BudgetRanOut, OfferReason.Chosen],
            plan.Choices.Select(choice => choice.Reason));
        Assert.Equal(2, plan.Threshold);
    }

    [Fact]
    public void Small_shops_come_within_the_stated_gap_of_the_best_of_all_plans()
    {
        for (ulong seed = 1; seed <= 60; seed++)
        {
            var random = new SeededRandom(seed);
            var customers = Enumerable.Range(0, 6).Select(_ => Random(random, 3)).ToImmutableArray();
            var budget = 10 + (40 * random.NextDouble());
            var plan = OfferChoice.Plan(customers, budget);
            var best = Best(customers, 0, budget);
            Assert.True(plan.Cost <= budget);
            Assert.True(best <= plan.MostProfit + 1e-9, $"seed {seed}: the bound {plan.MostProfit} lies below the best {best}");
            Assert.True(plan.Profit >= best - (plan.Gap * plan.MostProfit) - 1e-9);
            Assert.Equal(plan.Profit, plan.Choices.Sum(choice => choice.Profit), 9);
            Assert.Equal(plan.Cost, plan.Choices.Sum(choice => choice.Cost), 9);
        }
    }

    [Fact]
    public void A_hundred_thousand_customers_take_less_than_a_second_and_next_to_nothing_is_lost()
    {
        var random = new SeededRandom(5);
        var customers = Enumerable.Range(0, 100_000).Select(_ => Random(random, 6)).ToImmutableArray();
        var (plan, seconds) = (OfferChoice.Plan([], 0), double.MaxValue);
        for (var turn = 0; turn < 3; turn++)
        {
            var started = Stopwatch.GetTimestamp();
            plan = OfferChoice.Plan(customers, 400_000);
            seconds = Math.Min(seconds, Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        Assert.True(seconds < 1, $"{seconds:F2} s");
        Assert.InRange(plan.Gap, 0, 1e-4);
        Assert.InRange(plan.Cost, 399_900, 400_000);
    }

    [Fact]
    public void A_ladder_of_assumptions_says_so_and_carries_its_range()
    {
        var ladder = new AssumedElasticity().Ladder(propensity: 0.1, basketMinor: 10_000, marginRate: 0.5, [0.05, 0.1, 0.2], sendCostMinor: 2);
        Assert.All(ladder, offer => Assert.Equal(ExpectationSource.Assumed, offer.Source));
        Assert.All(ladder, offer => Assert.InRange(offer.Profit, offer.Range.Low, offer.Range.High));
        Assert.Equal((0.1 * Math.Pow(0.9, -1.5) * 4_000) - 500 - 2, ladder[1].Profit, 9);
        Assert.Equal((0.1 * Math.Pow(0.9, -1.5) * 1_000) + 2, ladder[1].Cost, 9);
        Assert.All(new AssumedElasticity(0, 0, 0).Ladder(0.9, 10_000, 0.5, [0.05, 0.1], 0), offer => Assert.True(offer.Profit < 0));
    }

    [Fact]
    public void A_measured_offer_takes_its_range_from_the_models_error()
    {
        var offer = MeasuredOffer.Of(1, without: 0.2, uplift: 0.1, upliftError: 0.02, discount: 0.1, basketMinor: 10_000, marginRate: 0.5, sendCostMinor: 5);
        Assert.Equal((0.3 * 4_000) - 1_000 - 5, offer.Profit, 9);
        Assert.Equal((0.3 * 1_000) + 5, offer.Cost, 9);
        Assert.Equal(2 * 1.6448536 * 0.02 * 4_000, offer.Range.High - offer.Range.Low, 4);
        Assert.Equal(ExpectationSource.Measured, offer.Source);
    }

    private static OfferCandidate Customer(params ReadOnlySpan<(double Cost, double Profit)> offers)
    {
        var ladder = ImmutableArray.CreateBuilder<ExpectedOffer>();
        foreach (var (cost, profit) in offers) ladder.Add(new ExpectedOffer(ladder.Count + 1, profit, cost, new Interval(profit, profit), ExpectationSource.Assumed));
        return new OfferCandidate(ladder.ToImmutable());
    }

    private static OfferCandidate Random(SeededRandom random, int offers) =>
        Customer([.. Enumerable.Range(1, offers).Select(offer => (offer * (1 + (4 * random.NextDouble())), (20 * random.NextDouble()) - 4))]);

    private static double Best(ImmutableArray<OfferCandidate> customers, int from, double budget)
    {
        if (from == customers.Length) return 0;
        var best = Best(customers, from + 1, budget);
        foreach (var offer in customers[from].Offers.Where(offer => offer.Cost <= budget)) best = Math.Max(best, offer.Profit + Best(customers, from + 1, budget - offer.Cost));
        return best;
    }
}
