using System.Collections.Immutable;
using MerchantStudio.Core.Experiments.Uplift;
using MerchantStudio.Core.Learning.Evaluation;

namespace MerchantStudio.Core.Experiments.Offers;

/// <summary>Where an expectation comes from; always shown beside it.</summary>
public enum ExpectationSource
{
    /// <summary>"Assumed, not measured": a propensity and an elasticity that nobody has tested in this shop.</summary>
    Assumed,

    /// <summary>An experiment's uplift model.</summary>
    Measured,
}

/// <summary>What one offer is expected to do for one customer, against no offer, in minor units.</summary>
/// <param name="Offer">Index into the ladder, from 1; no offer is 0.</param>
/// <param name="Profit">More profit than without the offer: after discount and send cost; may be negative.</param>
/// <param name="Cost">Expected discount and send cost, 0 or more: what the budget pays.</param>
/// <param name="Range">Of the profit: by the lowest and highest assumption, or the interval of what was measured.</param>
public sealed record ExpectedOffer(int Offer, double Profit, double Cost, Interval Range, ExpectationSource Source);

/// <summary>A customer to choose for.</summary>
/// <param name="Offers">Smallest first; may leave out what she may not be given.</param>
/// <param name="Group">From an uplift model; null before any experiment.</param>
/// <param name="Eligible">Rules, consent and frequency caps allow an offer.</param>
/// <param name="Held">In the campaign's or the global holdout.</param>
public sealed record OfferCandidate(ImmutableArray<ExpectedOffer> Offers, UpliftGroup? Group = null, bool Eligible = true, bool Held = false);

/// <summary>
/// How buying answers to a lower price where no experiment has measured it: chance with a discount d = p · (1 − d)^elasticity, at most 1. An assumption to plan by until an experiment gives data.
/// </summary>
/// <remarks>
/// The form is constant elasticity. The mean of published price elasticities is −2.62 (Bijmolt, van Heerde and Pieters, New empirical generalizations on the
/// determinants of price elasticity, Journal of Marketing Research 42, 2005); those are shelf prices of brands, so a coupon for one shop is assumed to do less: −1.5, from −0.5 to −3.
/// </remarks>
/// <param name="Likely">Below 0.</param>
/// <param name="Weakest">Nearest to 0.</param>
/// <param name="Strongest">Furthest from 0.</param>
public sealed record AssumedElasticity(double Likely = -1.5, double Weakest = -0.5, double Strongest = -3)
{
    /// <param name="propensity">Chance to buy without an offer in the campaign's time, from the purchase forecast.</param>
    /// <param name="basketMinor">Usual basket at full price.</param>
    /// <param name="marginRate">Share of the full price that is earned, 0 to 1.</param>
    /// <param name="discounts">The ladder without "none": 0.05 for 5 %, smallest first.</param>
    /// <param name="sendCostMinor">Of the message.</param>
    public ImmutableArray<ExpectedOffer> Ladder(double propensity, double basketMinor, double marginRate, ReadOnlySpan<double> discounts, double sendCostMinor)
    {
        if (!(Strongest <= Likely && Likely <= Weakest && Weakest <= 0)) throw new InvalidOperationException("Elasticities must be 0 or below, the strongest first.");
        if (propensity is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(propensity), propensity, "A propensity lies between 0 and 1.");
        var ladder = ImmutableArray.CreateBuilder<ExpectedOffer>(discounts.Length);
        for (var i = 0; i < discounts.Length; i++)
        {
            var discount = discounts[i];
            var range = new Interval(ProfitAt(Weakest), ProfitAt(Strongest));
            ladder.Add(new ExpectedOffer(i + 1, ProfitAt(Likely), (ChanceAt(Likely) * discount * basketMinor) + sendCostMinor, range, ExpectationSource.Assumed));

            double ChanceAt(double elasticity) => Math.Min(1, propensity * Math.Pow(1 - discount, elasticity));
            double ProfitAt(double elasticity) => (ChanceAt(elasticity) * (marginRate - discount) * basketMinor) - (propensity * marginRate * basketMinor) - sendCostMinor;
        }

        return ladder.MoveToImmutable();
    }
}

/// <summary>Expectations from an uplift model of buying, one model an offer.</summary>
public static class MeasuredOffer
{
    /// <param name="without">Predicted chance to buy without the offer.</param>
    /// <param name="uplift">Predicted change of it.</param>
    /// <param name="upliftError">Its standard error, such as that of the customer's decile; 0 when unknown makes the range a point.</param>
    public static ExpectedOffer Of(int offer, double without, double uplift, double upliftError, double discount, double basketMinor, double marginRate, double sendCostMinor)
    {
        var half = Quantiles.TwoSided(Estimate.UsualLevel, double.PositiveInfinity) * upliftError;
        return new ExpectedOffer(offer, ProfitAt(uplift), (Chance(uplift) * discount * basketMinor) + sendCostMinor, new Interval(ProfitAt(uplift - half), ProfitAt(uplift + half)), ExpectationSource.Measured);

        double Chance(double change) => Math.Clamp(without + change, 0, 1);
        double ProfitAt(double change) => (Chance(change) * (marginRate - discount) * basketMinor) - (without * marginRate * basketMinor) - sendCostMinor;
    }
}
