using System.Collections.Immutable;
using MathNet.Numerics;

namespace MerchantStudio.Core.Experiments.Offers;

/// <summary>How a bandit chooses.</summary>
/// <param name="Salt">Decides every draw: the same decisions in the same order give the same offers. As <see cref="ExperimentSplit.Salt"/>.</param>
/// <param name="Offers">Offers on the ladder, none included.</param>
/// <param name="Features">Numbers that describe a customer; the first should be a constant 1, the others of about unit size.</param>
/// <param name="Floor">Least probability of each offer that the budget allows, so that every offer stays measurable; times <paramref name="Offers"/> at most 1.</param>
/// <param name="RewardDeviation">How far one person's profit usually lies from its mean, in the unit of the rewards.</param>
/// <param name="PriorDeviation">How far a feature is thought to move the profit before anything is known, in the same unit.</param>
public sealed record BanditOptions(string Salt, int Offers, int Features, double Floor, double RewardDeviation, double PriorDeviation);

/// <param name="Propensity">Probability with which the offer was drawn: to be kept with the decision, for <see cref="OffPolicy"/>.</param>
/// <param name="Probabilities">Of all offers; 0 for those that the rest of the budget does not allow.</param>
public sealed record BanditDecision(int Offer, double Propensity, ImmutableArray<double> Probabilities);

/// <summary>Chooses offers while it learns which pay for whom: Thompson sampling with a linear model an offer, never below a floor, never beyond what is left to spend.</summary>
/// <remarks>
/// Agrawal and Goyal, Thompson sampling for contextual bandits with linear payoffs, ICML 2013. An offer's drawn score is normal with mean x·θ and variance x·B⁻¹x, so the probability that it is the
/// highest is a one-dimensional integral, taken here instead of one draw: the propensity is known, not estimated. One thread at a time.
/// </remarks>
public sealed class OfferBandit
{
    private const double Reach = 6;
    private const int Nodes = 121;

    private readonly BanditOptions _options;
    private readonly double[][] _inverse;
    private readonly double[][] _weighted;

    public OfferBandit(BanditOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Assignment.CheckSalt(options.Salt);
        if (options.Floor < 0 || options.Floor * options.Offers > 1) throw new ArgumentException($"A floor of {options.Floor} does not leave room for {options.Offers} offers.", nameof(options));
        _options = options;
        var prior = options.PriorDeviation * options.PriorDeviation / (options.RewardDeviation * options.RewardDeviation);
        _inverse = new double[options.Offers][];
        _weighted = new double[options.Offers][];
        for (var offer = 0; offer < options.Offers; offer++)
        {
            _weighted[offer] = new double[options.Features];
            _inverse[offer] = new double[options.Features * options.Features];
            for (var i = 0; i < options.Features; i++) _inverse[offer][(i * options.Features) + i] = prior;
        }
    }

    /// <param name="decision">Names the decision: shopper and time or number. The same name draws the same place.</param>
    /// <param name="customer">Her features.</param>
    /// <param name="costs">The most that each offer may cost, the first (none) 0.</param>
    /// <param name="leftToSpend">Of the spend cap. No offer above it is drawn.</param>
    public BanditDecision Choose(string decision, ReadOnlySpan<double> customer, ReadOnlySpan<double> costs, double leftToSpend)
    {
        if (costs.Length != _options.Offers || costs[0] != 0) throw new ArgumentException($"{_options.Offers} offers need as many costs, the first 0.", nameof(costs));
        Span<double> mean = stackalloc double[_options.Offers];
        Span<double> deviation = stackalloc double[_options.Offers];
        Span<bool> allowed = stackalloc bool[_options.Offers];
        var count = 0;
        for (var offer = 0; offer < _options.Offers; offer++)
        {
            (mean[offer], deviation[offer]) = Posterior(offer, customer);
            allowed[offer] = offer == 0 || costs[offer] <= leftToSpend;
            count += allowed[offer] ? 1 : 0;
        }

        var probabilities = BestOf(mean, deviation, allowed);
        for (var offer = 0; offer < probabilities.Length; offer++)
        {
            if (allowed[offer]) probabilities[offer] = _options.Floor + ((1 - (count * _options.Floor)) * probabilities[offer]);
        }

        var chosen = Draw(probabilities, Assignment.Position(_options.Salt, decision));
        return new BanditDecision(chosen, probabilities[chosen], [.. probabilities]);
    }

    /// <param name="reward">What came of it: profit after discount and send cost.</param>
    public void Learn(int offer, ReadOnlySpan<double> customer, double reward)
    {
        var (size, inverse) = (_options.Features, _inverse[offer]);
        Span<double> direction = stackalloc double[size];
        var spread = 1 + Through(inverse, customer, direction);
        for (var i = 0; i < size; i++)
        {
            _weighted[offer][i] += customer[i] * reward;
            // Sherman and Morrison: the inverse after one more row, without inverting.
            for (var j = 0; j < size; j++) inverse[(i * size) + j] -= direction[i] * direction[j] / spread;
        }
    }

    /// <summary>Expected reward of an offer for a customer and how uncertain it is.</summary>
    public (double Mean, double Deviation) Posterior(int offer, ReadOnlySpan<double> customer)
    {
        if (customer.Length != _options.Features) throw new ArgumentException($"A customer has {_options.Features} features here, not {customer.Length}.", nameof(customer));
        Span<double> direction = stackalloc double[customer.Length];
        var spread = Through(_inverse[offer], customer, direction);
        var mean = 0.0;
        for (var i = 0; i < customer.Length; i++) mean += direction[i] * _weighted[offer][i];
        return (mean, _options.RewardDeviation * Math.Sqrt(Math.Max(0, spread)));
    }

    /// <summary>Writes B⁻¹x.</summary>
    /// <returns>x·B⁻¹x.</returns>
    private static double Through(double[] inverse, ReadOnlySpan<double> x, Span<double> direction)
    {
        var spread = 0.0;
        for (var i = 0; i < x.Length; i++)
        {
            var sum = 0.0;
            for (var j = 0; j < x.Length; j++) sum += inverse[(i * x.Length) + j] * x[j];
            direction[i] = sum;
            spread += x[i] * sum;
        }

        return spread;
    }

    /// <summary>For each offer the integral over its own score of the chance that all others lie below.</summary>
    private static double[] BestOf(ReadOnlySpan<double> mean, ReadOnlySpan<double> deviation, ReadOnlySpan<bool> allowed)
    {
        var best = new double[mean.Length];
        var total = 0.0;
        for (var offer = 0; offer < best.Length; offer++)
        {
            if (!allowed[offer]) continue;
            for (var node = 0; node < Nodes; node++)
            {
                var u = -Reach + (2 * Reach * node / (Nodes - 1));
                var density = Math.Exp(-u * u / 2);
                for (var other = 0; other < best.Length && density > 0; other++)
                {
                    if (other != offer && allowed[other]) density *= Below((mean[offer] + (deviation[offer] * u) - mean[other]) / Math.Max(deviation[other], double.Epsilon));
                }

                best[offer] += density;
            }

            total += best[offer];
        }

        for (var offer = 0; offer < best.Length; offer++) best[offer] /= total;
        return best;
    }

    private static double Below(double z) => 0.5 * SpecialFunctions.Erfc(-z / Math.Sqrt(2));

    private static int Draw(double[] probabilities, double place)
    {
        var last = 0;
        for (var offer = 0; offer < probabilities.Length; offer++)
        {
            if (probabilities[offer] <= 0) continue;
            last = offer;
            place -= probabilities[offer];
            if (place < 0) return offer;
        }

        return last;
    }
}
