using MerchantStudio.Core.Experiments.Offers;
using MerchantStudio.Core.Learning;
using Xunit;

namespace MerchantStudio.Tests.Experiments.Offers;

/// <summary>Two kinds of customers: to one only the second offer pays, to the other no offer does.</summary>
public sealed class OfferBanditTests
{
    private static readonly double[] Costs = [0, 5, 10];
    private static readonly BanditOptions Options = new("bandit", Offers: 3, Features: 2, Floor: 0.05, RewardDeviation: 5, PriorDeviation: 5);

    [Fact]
    public void It_comes_to_give_each_kind_of_customer_what_pays_and_keeps_the_floor()
    {
        var (bandit, log) = Played(4_000, "bandit");
        Assert.Equal(2, Favourite(bandit, 1));
        Assert.Equal(0, Favourite(bandit, -1));
        Assert.All(log, one => Assert.All(one.Decision.Probabilities, probability => Assert.InRange(probability, 0.05 - 1e-12, 0.9 + 1e-12)));
        Assert.All(log, one => Assert.Equal(1, one.Decision.Probabilities.Sum(), 9));
    }

    [Fact]
    public void Offers_are_drawn_as_often_as_their_propensities_say()
    {
        var (_, log) = Played(4_000, "bandit");
        for (var offer = 0; offer < 3; offer++)
        {
            var expected = log.Sum(one => one.Decision.Probabilities[offer]);
            var spread = Math.Sqrt(log.Sum(one => one.Decision.Probabilities[offer] * (1 - one.Decision.Probabilities[offer])));
            Assert.InRange(log.Count(one => one.Decision.Offer == offer), expected - (3 * spread), expected + (3 * spread));
        }
    }

    [Fact]
    public void The_same_salt_gives_the_same_offers_and_another_one_others()
    {
        var first = Played(300, "bandit").Log.Select(one => one.Decision.Offer).ToList();
        Assert.Equal(first, Played(300, "bandit").Log.Select(one => one.Decision.Offer));
        Assert.NotEqual(first, Played(300, "other").Log.Select(one => one.Decision.Offer));
    }

    [Fact]
    public void Nothing_is_drawn_beyond_what_is_left_to_spend()
    {
        var bandit = new OfferBandit(Options);
        var decisions = Enumerable.Range(0, 200).Select(i => bandit.Choose($"d{i}", [1, 1], Costs, leftToSpend: 7)).ToList();
        Assert.All(decisions, decision => Assert.Equal(0, decision.Probabilities[2]));
        Assert.Contains(decisions, decision => decision.Offer == 1);
        Assert.All(Enumerable.Range(0, 50), i => Assert.Equal((0, 1.0), (bandit.Choose($"e{i}", [1, 1], Costs, 0).Offer, bandit.Choose($"e{i}", [1, 1], Costs, 0).Propensity)));
    }

    [Fact]
    public void Before_it_knows_anything_all_offers_are_as_likely() =>
        Assert.All(new OfferBandit(Options).Choose("first", [1, 1], Costs, 100).Probabilities, probability => Assert.Equal(1 / 3.0, probability, 6));

    [Fact]
    public void What_it_believes_is_the_ridge_regression_of_what_it_saw()
    {
        var bandit = new OfferBandit(Options with { PriorDeviation = 10 });
        bandit.Learn(1, [1, 2], 3);
        bandit.Learn(1, [1, -1], 1);
        // (X'X + I/4) beta = X'y with X = ((1, 2), (1, -1)), y = (3, 1): beta = (4 * 5.25 - 5, 2.25 * 5 - 4) / (2.25 * 5.25 - 1).
        var determinant = (2.25 * 5.25) - 1;
        Assert.Equal(((4 * 5.25) - 5) / determinant, bandit.Posterior(1, [1, 0]).Mean, 9);
        Assert.Equal(((2.25 * 5) - 4) / determinant, bandit.Posterior(1, [0, 1]).Mean, 9);
        Assert.Equal(5 * Math.Sqrt(5.25 / determinant), bandit.Posterior(1, [1, 0]).Deviation, 9);
    }

    [Fact]
    public void What_another_policy_would_have_earned_is_told_from_the_log_within_its_interval()
    {
        var (inverse, robust, narrower) = (0, 0, 0);
        const int Worlds = 40;
        for (var world = 0; world < Worlds; world++)
        {
            var (_, log) = Played(300, $"world-{world}", (ulong)world + 50);
            // Always the first offer; the model is roughly right.
            var rows = log.Select(one => new LoggedDecision(one.Decision.Propensity, one.Decision.Offer == 1 ? 1 : 0, one.Reward, 0.8 * MeanOf(one.Decision.Offer, one.Kind), 0.8 * MeanOf(1, one.Kind))).ToArray();
            var truth = log.Average(one => MeanOf(1, one.Kind));
            var (ips, dr) = (OffPolicy.InversePropensity(rows).Value, OffPolicy.DoublyRobust(rows).Value);
            inverse += truth >= ips.Interval.Low && truth <= ips.Interval.High ? 1 : 0;
            robust += truth >= dr.Interval.Low && truth <= dr.Interval.High ? 1 : 0;
            narrower += dr.StandardError < ips.StandardError ? 1 : 0;
        }

        Assert.InRange(inverse / (double)Worlds, 0.75, 1);
        Assert.InRange(robust / (double)Worlds, 0.8, 1);
        Assert.True(narrower > Worlds / 2, $"{narrower} of {Worlds}");
    }

    private static double MeanOf(int offer, double kind) => (offer, kind > 0) switch { (0, _) => 10, (1, true) => 12, (2, true) => 16, (1, false) => 7, _ => 4 };

    private static int Favourite(OfferBandit bandit, double kind)
    {
        var probabilities = bandit.Choose("asked", [1, kind], Costs, 100).Probabilities;
        return probabilities.IndexOf(probabilities.Max());
    }

    private static (OfferBandit Bandit, List<(BanditDecision Decision, double Kind, double Reward)> Log) Played(int decisions, string salt, ulong seed = 9)
    {
        var random = new SeededRandom(seed);
        var bandit = new OfferBandit(Options with { Salt = salt });
        var log = new List<(BanditDecision, double, double)>();
        for (var i = 0; i < decisions; i++)
        {
            var kind = random.NextDouble() < 0.5 ? 1.0 : -1.0;
            var decision = bandit.Choose($"d{i}", [1, kind], Costs, 100);
            var reward = MeanOf(decision.Offer, kind) + (10 * (random.NextDouble() - 0.5));
            bandit.Learn(decision.Offer, [1, kind], reward);
            log.Add((decision, kind, reward));
        }

        return (bandit, log);
    }
}
