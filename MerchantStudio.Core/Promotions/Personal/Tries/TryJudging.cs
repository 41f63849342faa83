using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Experiments;
using MerchantStudio.Core.Experiments.Offers;

namespace MerchantStudio.Core.Promotions.Personal.Tries;

/// <summary>Judges tries by the propensities that they were drawn with, and the groups by their means.</summary>
internal static class TryJudging
{
    /// <summary>Below so many drawn shoppers nothing is said.</summary>
    public const int LeastTries = 30;

    private const string HalvesSalt = "tries-halves";

    /// <param name="judged">Those that are over, of all rounds.</param>
    /// <param name="usualProfit">Of one shopper, where the tries are too few to say.</param>
    /// <returns>Null while there are too few.</returns>
    public static OfferLearningReport? Of(IEnumerable<JudgedTry> judged, double usualProfit)
    {
        JudgedTry[] last = [.. judged.GroupBy(one => one.Row.ShopperId, StringComparer.Ordinal).Select(rows => rows.MaxBy(one => one.Row.At))];
        JudgedTry[] drawn = [.. last.Where(one => one.Row.IsDrawn).OrderBy(one => one.Row.ShopperId, StringComparer.Ordinal)];
        if (drawn.Length < LeastTries) return null;
        int[] ladder = [.. drawn.Select(one => one.Row.StepBasisPoints).Concat(drawn.Select(one => one.Row.PlannedBasisPoints)).Where(step => step > 0).Distinct().Order()];
        var models = Halves(drawn, ladder, usualProfit);
        var (tried, planned, held) = (SumsOf(OfferTryGroup.Tried), SumsOf(OfferTryGroup.Planned), SumsOf(OfferTryGroup.Held));
        return new OfferLearningReport(
            drawn.Length, (int)planned.People, (int)held.People,
            [.. ladder.Prepend(0).Select(step => new LearntStep(step, drawn.Count(one => one.Row.StepBasisPoints == step), OffPolicy.DoublyRobust(Log(_ => step))))],
            Compare.Mean(drawn.Aggregate(default(Sums), (sums, one) => sums.Add(one.Profit))),
            OffPolicy.InversePropensity(Log(one => one.Row.PlannedBasisPoints)), OffPolicy.DoublyRobust(Log(one => one.Row.PlannedBasisPoints)), OffPolicy.DoublyRobust(Log(Best)),
            tried.People > 1 && planned.People > 1 ? Compare.Means(tried, planned) : null, tried.People > 1 && held.People > 1 ? Compare.Means(tried, held) : null);

        Sums SumsOf(OfferTryGroup group) => last.Where(one => one.Row.Group == group).Aggregate(default(Sums), (sums, one) => sums.Add(one.Profit));
        LoggedDecision[] Log(Func<JudgedTry, int> policy) => [.. drawn.Select(one =>
        {
            var target = policy(one);
            return new LoggedDecision(one.Row.Propensity, target == one.Row.StepBasisPoints ? 1 : 0, one.Profit, Told(one, one.Row.StepBasisPoints), Told(one, target));
        })];
        double Told(JudgedTry one, int step) => models[HalfOf(one)].Posterior(step == 0 ? 0 : Array.IndexOf(ladder, step) + 1, TryDraw.Features(one.Row.Chance, one.Row.Basket)).Mean;

        // Whom an offer puts off never gets one, whatever was learnt.
        int Best(JudgedTry one) => one.Row.Propensity >= 1 ? one.Row.StepBasisPoints : ladder.Prepend(0).MaxBy(step => Told(one, step));
    }

    /// <summary>Each half of the shoppers is told by a model of the other half.</summary>
    private static OfferBandit[] Halves(JudgedTry[] drawn, int[] ladder, double usualProfit) =>
        [.. Enumerable.Range(0, 2).Select(half => TryDraw.Learn(HalvesSalt, ladder, drawn.Where(one => HalfOf(one) != half), usualProfit))];

    private static int HalfOf(JudgedTry one) => Assignment.Slot(HalvesSalt, one.Row.ShopperId) % 2;
}
