using System.Collections.Immutable;
using MerchantStudio.Core.Experiments.Uplift;

namespace MerchantStudio.Core.Experiments.Offers;

/// <summary>Why a customer got what she got.</summary>
public enum OfferReason
{
    /// <summary>Got an offer: the smallest after which a larger one earns less than it costs more, or than the budget is better spent on.</summary>
    Chosen,

    NotEligible,

    /// <summary>Held back, so that the campaign can be judged.</summary>
    Holdout,

    /// <summary>Every offer puts her off.</summary>
    DoNotDisturb,

    /// <summary>Buys anyway; an offer only costs.</summary>
    SureThing,

    /// <summary>No offer on the ladder makes her buy.</summary>
    LostCause,

    /// <summary>Every offer on the ladder costs more than it brings, and no uplift model says why.</summary>
    WouldLoseMoney,

    /// <summary>An offer would pay, but the budget earns more with others.</summary>
    BudgetRanOut,
}

/// <param name="Offer">Index into the ladder; 0 for none.</param>
/// <param name="CutByBudget">A larger offer would have paid, but not as well as the budget does elsewhere.</param>
public readonly record struct ChosenOffer(int Offer, OfferReason Reason, double Profit, double Cost, bool CutByBudget);

/// <summary>Offers for all customers within a budget.</summary>
/// <param name="Choices">One a candidate, in their order.</param>
/// <param name="Profit">Expected, of all together.</param>
/// <param name="Cost">Expected; never above the budget.</param>
/// <param name="MostProfit">No choice within the budget can be expected to earn more (the relaxed problem's optimum).</param>
/// <param name="Threshold">What one more unit of budget would earn; 0 when there is enough.</param>
public sealed record OfferPlan(ImmutableArray<ChosenOffer> Choices, double Profit, double Cost, double MostProfit, double Threshold)
{
    /// <summary>How far the plan may be from the best, as a share of the best; 0 where it is the best.</summary>
    public double Gap => MostProfit > 0 ? Math.Max(0, (MostProfit - Profit) / MostProfit) : 0;

    public int Count(OfferReason reason) => Choices.Count(choice => choice.Reason == reason);
}

/// <summary>Chooses for each customer the smallest offer that changes what she does, so that all together earn most within a budget of expected cost.</summary>
/// <remarks>
/// Multiple-choice knapsack (Sinha and Zoltners, The multiple-choice knapsack problem, Operations Research 27, 1979): steps along each customer's upper convex hull of cost and profit are
/// taken in the order of profit per cost until the budget is spent. The relaxed problem's optimum is the same with a part of the first step that no longer fits, so the plan lies below the
/// best by less than that one step; <see cref="OfferPlan.Gap"/> states how much. Smaller steps behind it still fill what is left.
/// </remarks>
public static class OfferChoice
{
    private const int OnStack = 64;

    /// <param name="budgetMinor">Of expected discount and send cost, 0 or more; infinite for none.</param>
    public static OfferPlan Plan(ImmutableArray<OfferCandidate> candidates, double budgetMinor)
    {
        if (!(budgetMinor >= 0)) throw new ArgumentOutOfRangeException(nameof(budgetMinor), budgetMinor, "A budget is 0 or more.");
        var steps = new List<Step>(candidates.Length);
        var paying = new bool[candidates.Length];
        for (var i = 0; i < candidates.Length; i++)
        {
            if (!MayHave(candidates[i])) continue;
            var before = steps.Count;
            AddSteps(i, candidates[i].Offers, steps);
            paying[i] = steps.Count > before;
        }

        var (falling, order) = (new double[steps.Count], new int[steps.Count]);
        for (var i = 0; i < order.Length; i++) (falling[i], order[i]) = (-steps[i].Rate, i);
        Array.Sort(falling, order);
        return Spend(candidates, steps, order, paying, budgetMinor);
    }

    private static bool MayHave(OfferCandidate candidate) => candidate is { Eligible: true, Held: false, Group: not UpliftGroup.DoNotDisturb };

    private static OfferPlan Spend(ImmutableArray<OfferCandidate> candidates, List<Step> steps, int[] order, bool[] paying, double budget)
    {
        var reached = new Step?[candidates.Length];
        var stopped = new bool[candidates.Length];
        double spent = 0, profit = 0, most = 0, threshold = 0;
        var full = false;
        foreach (var at in order)
        {
            var step = steps[at];
            var fits = !stopped[step.Customer] && spent + step.ExtraCost <= budget;
            if (!fits && !full)
            {
                (full, threshold) = (true, step.Rate);
                most = profit + ((budget - spent) * step.Rate);
            }

            if (!fits)
            {
                stopped[step.Customer] = true;
                continue;
            }

            spent += step.ExtraCost;
            profit += step.ExtraProfit;
            reached[step.Customer] = step;
        }

        if (!full) most = profit;
        var choices = ImmutableArray.CreateBuilder<ChosenOffer>(candidates.Length);
        for (var i = 0; i < candidates.Length; i++)
        {
            choices.Add(reached[i] is { } step
                ? new ChosenOffer(step.Offer, OfferReason.Chosen, step.Profit, step.Cost, stopped[i])
                : new ChosenOffer(0, WhyNone(candidates[i], paying[i]), 0, 0, CutByBudget: false));
        }

        return new OfferPlan(choices.MoveToImmutable(), profit, spent, most, threshold);
    }

    private static OfferReason WhyNone(OfferCandidate candidate, bool paying) =>
        !candidate.Eligible ? OfferReason.NotEligible
        : candidate.Held ? OfferReason.Holdout
        : candidate.Group == UpliftGroup.DoNotDisturb ? OfferReason.DoNotDisturb
        : paying ? OfferReason.BudgetRanOut
        : candidate.Group switch
        {
            UpliftGroup.SureThing => OfferReason.SureThing,
            UpliftGroup.LostCause => OfferReason.LostCause,
            _ => OfferReason.WouldLoseMoney,
        };

    /// <summary>Rising steps from no offer along the upper convex hull; a larger offer that earns no more than a smaller one is not among them.</summary>
    private static void AddSteps(int customer, ImmutableArray<ExpectedOffer> offers, List<Step> steps)
    {
        Span<int> order = offers.Length <= OnStack ? stackalloc int[offers.Length] : new int[offers.Length];
        Span<int> hull = offers.Length <= OnStack ? stackalloc int[offers.Length] : new int[offers.Length];
        ByCost(offers, order);
        var length = 0;
        foreach (var at in order)
        {
            var offer = offers[at];
            if (!(offer.Profit > ProfitAt(offers, hull, length - 1))) continue;
            while (length > 0 && RateFrom(offers, hull, length - 2, offer) >= RateFrom(offers, hull, length - 2, offers[hull[length - 1]])) length--;
            hull[length++] = at;
        }

        for (var i = 0; i < length; i++)
        {
            var offer = offers[hull[i]];
            var (cost, profit) = (offer.Cost - CostAt(offers, hull, i - 1), offer.Profit - ProfitAt(offers, hull, i - 1));
            steps.Add(new Step(customer, offer.Offer, offer.Profit, offer.Cost, profit, cost, cost > 0 ? profit / cost : double.PositiveInfinity));
        }
    }

    /// <summary>By insertion: ladders are short and nearly always in order already.</summary>
    private static void ByCost(ImmutableArray<ExpectedOffer> offers, Span<int> order)
    {
        for (var i = 0; i < order.Length; i++)
        {
            var cost = offers[i].Cost;
            if (!(cost >= 0)) throw new ArgumentException($"An offer's expected cost of {cost} is not 0 or more.", nameof(offers));
            var to = i;
            for (; to > 0 && offers[order[to - 1]].Cost > cost; to--) order[to] = order[to - 1];
            order[to] = i;
        }
    }

    private static double CostAt(ImmutableArray<ExpectedOffer> offers, ReadOnlySpan<int> hull, int at) => at < 0 ? 0 : offers[hull[at]].Cost;

    private static double ProfitAt(ImmutableArray<ExpectedOffer> offers, ReadOnlySpan<int> hull, int at) => at < 0 ? 0 : offers[hull[at]].Profit;

    private static double RateFrom(ImmutableArray<ExpectedOffer> offers, ReadOnlySpan<int> hull, int at, ExpectedOffer to)
    {
        var cost = to.Cost - CostAt(offers, hull, at);
        return cost > 0 ? (to.Profit - ProfitAt(offers, hull, at)) / cost : double.PositiveInfinity;
    }

    private readonly record struct Step(int Customer, int Offer, double Profit, double Cost, double ExtraProfit, double ExtraCost, double Rate);
}
