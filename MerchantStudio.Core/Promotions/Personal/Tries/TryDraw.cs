using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Experiments;
using MerchantStudio.Core.Experiments.Offers;

namespace MerchantStudio.Core.Promotions.Personal.Tries;

/// <summary>One decision that is over, as it is learnt from. Amounts are minor units.</summary>
/// <param name="Profit">Margin after the discount and what was sent.</param>
internal readonly record struct JudgedTry(OfferTry Row, double Profit);

/// <summary>Deals the shoppers of a plan out and lets chance choose for some of them, by what earlier rounds taught and within the day's money.</summary>
internal static class TryDraw
{
    /// <summary>One use takes off no more than so many times what the step gives on the usual basket.</summary>
    private const int CapTimes = 2;

    /// <summary>At least so much of all probability is spread over the steps, so that each stays measurable.</summary>
    private const double FloorTogether = 0.2;

    /// <summary>Below so many judged tries the spread of profits is not read from them.</summary>
    private const int LeastToKnowSpread = 30;

    public static ImmutableArray<TryStep> StepsOf(PersonalOfferPlan plan)
    {
        var basket = MeanBasket(plan);
        return [.. plan.Steps.Where(step => step.BasisPoints > 0).Select(step => new TryStep(step.BasisPoints, Math.Max(1, (long)Math.Ceiling(basket * step.BasisPoints / 10_000 * CapTimes))))];
    }

    /// <param name="open">Shoppers who were tried before and whose days are not over.</param>
    /// <param name="skip">Held back from all campaigns: nobody is compared with them here.</param>
    /// <param name="leftMinor">Of the day's money.</param>
    /// <returns>One row for each shopper who may be judged.</returns>
    public static ImmutableArray<OfferTry> Rows(
        OfferLearning learning, Guid round, PersonalOfferPlan plan, IReadOnlySet<string> open, Func<string, bool> skip, OfferBandit bandit, ImmutableArray<TryStep> steps, long leftMinor, string day, DateTimeOffset at, int days)
    {
        var mean = MeanBasket(plan);
        var rows = ImmutableArray.CreateBuilder<OfferTry>(plan.Rows.Length);
        double[] costs = [0, .. steps.Select(step => (double)step.CapMinor)];
        var goesOn = true;

        // In an order that chance made, so that where the money ends does not depend on who the shoppers are.
        foreach (var row in plan.Rows.Where(row => row.Reason != PersonalReason.NoConsent && !open.Contains(row.ShopperId) && !skip(row.ShopperId)).OrderBy(row => Assignment.Hash($"{learning.Salt}-{round:N}", row.ShopperId)))
        {
            var group = GroupOf(learning, row);
            var basket = mean > 0 ? row.BasketMinor / mean : 0;
            var (chosen, propensity, drawn) = (row.StepBasisPoints, 1.0, false);
            goesOn &= costs[^1] <= leftMinor;
            if (group == OfferTryGroup.Tried && row.Reason == PersonalReason.PutOff) drawn = true;
            else if (group == OfferTryGroup.Tried && goesOn)
            {
                var decision = bandit.Choose($"{row.ShopperId} {round:N}", Features(row.Chance, basket), costs, leftMinor);
                (chosen, propensity, drawn) = (decision.Offer == 0 ? 0 : steps[decision.Offer - 1].BasisPoints, decision.Propensity, true);
                leftMinor -= (long)costs[decision.Offer];
            }

            rows.Add(new OfferTry
            {
                Id = Guid.CreateVersion7(at),
                WorkspaceId = learning.WorkspaceId,
                RoundId = round,
                ShopperId = row.ShopperId,
                Group = group,
                IsDrawn = drawn,
                StepBasisPoints = chosen,
                PlannedBasisPoints = row.StepBasisPoints,
                Propensity = propensity,
                Chance = row.Chance,
                Basket = basket,
                MostMinor = drawn && chosen > 0 ? steps.First(step => step.BasisPoints == chosen).CapMinor : 0,
                Day = day,
                At = at,
                Days = days,
            });
        }

        return rows.ToImmutable();
    }

    /// <summary>What earlier rounds taught about the steps of a ladder. The same tries teach the same.</summary>
    public static OfferBandit Learn(string salt, ReadOnlySpan<int> ladder, IEnumerable<JudgedTry> judged, double usualProfit)
    {
        int[] offers = [0, .. ladder];
        var known = judged.Where(one => one.Row.IsDrawn && Array.IndexOf(offers, one.Row.StepBasisPoints) >= 0).ToArray();
        var sums = known.Aggregate(default(Sums), (sums, one) => sums.Add(one.Profit));
        var deviation = known.Length < LeastToKnowSpread || !(sums.Variance > 0) ? Math.Max(1, usualProfit) : Math.Sqrt(sums.Variance);
        var bandit = new OfferBandit(new BanditOptions(salt, offers.Length, FeatureCount, FloorTogether / offers.Length, deviation, deviation));
        foreach (var one in known) bandit.Learn(Array.IndexOf(offers, one.Row.StepBasisPoints), Features(one.Row.Chance, one.Row.Basket), one.Profit);
        return bandit;
    }

    internal const int FeatureCount = 3;

    /// <summary>What the choice looks at: whether she would buy anyway and how large her basket is, bounded so that no single shopper moves everything.</summary>
    internal static double[] Features(double chance, double basket) => [1, chance, Math.Min(basket, 3)];

    /// <summary>The same group in every round.</summary>
    private static OfferTryGroup GroupOf(OfferLearning learning, PersonalRow row) => row.Reason == PersonalReason.HeldBack ? OfferTryGroup.Held
        : Assignment.Slot(learning.Salt, row.ShopperId) < learning.ShareBasisPoints ? OfferTryGroup.Tried : OfferTryGroup.Planned;

    private static double MeanBasket(PersonalOfferPlan plan) => plan.Rows.Where(row => row.BasketMinor > 0).Select(row => row.BasketMinor).DefaultIfEmpty(0).Average();
}
