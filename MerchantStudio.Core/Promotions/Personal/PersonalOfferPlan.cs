using System.Collections.Immutable;
using MerchantStudio.Core.Experiments.Offers;
using MerchantStudio.Core.Learning.Evaluation;

namespace MerchantStudio.Core.Promotions.Personal;

/// <summary>Why a shopper gets no offer, or that she gets one.</summary>
public enum PersonalReason
{
    Chosen,

    /// <summary>Wants no messages.</summary>
    NoConsent,

    /// <summary>Held back, so that the plan, or all campaigns, can be judged.</summary>
    HeldBack,

    /// <summary>By the experiment: an offer puts her off.</summary>
    PutOff,

    /// <summary>By the experiment: buys without an offer.</summary>
    BuysAnyway,

    /// <summary>By the experiment: no offer makes her buy.</summary>
    NotPersuadable,

    /// <summary>Each step costs more than it is expected to bring.</summary>
    CostsMore,

    /// <summary>An offer would pay, but the budget earns more with others.</summary>
    BudgetGone,
}

/// <summary>One shopper of the plan. Amounts are minor units.</summary>
/// <param name="StepBasisPoints">0 for no offer.</param>
/// <param name="Chance">To buy in the plan's days without an offer.</param>
/// <param name="Gain">Profit beyond that of no offer; 0 without one.</param>
public sealed record PersonalRow(string ShopperId, int StepBasisPoints, PersonalReason Reason, double Chance, double BasketMinor, double CostMinor, double Gain, Interval Range);

/// <param name="BasisPoints">Percent off in hundredths; 0 for no offer.</param>
public sealed record PersonalStep(int BasisPoints, int Shoppers, double CostMinor, double Gain);

/// <summary>What a budget costs and gains.</summary>
public readonly record struct BudgetPoint(double CostMinor, double Gain);

/// <summary>Where a figure of the plan comes from.</summary>
public enum PersonalBasis
{
    /// <summary>Measured in the shop, or worked out from its own data.</summary>
    Own,

    /// <summary>Typed by a person.</summary>
    Typed,

    /// <summary>From each shopper's own pace of orders, where no forecast is in use.</summary>
    Pace,
}

/// <summary>Who gets which offer, who gets none and why.</summary>
/// <param name="Rows">By gain, those with an offer first.</param>
/// <param name="Steps">No offer first, then the ladder.</param>
/// <param name="Range">Of the gain together: between the assumptions' ends, or the ends of what was measured. All rows move together, so their ends add up.</param>
/// <param name="MostGain">No choice within the budget could be expected to gain more.</param>
/// <param name="ThresholdGain">What one more unit of budget would gain.</param>
/// <param name="FullCostMinor">What the plan would cost without a budget.</param>
/// <param name="Source">Assumed or measured.</param>
public sealed record PersonalOfferPlan(
    ImmutableArray<PersonalRow> Rows, ImmutableArray<PersonalStep> Steps, double CostMinor, double Gain, Interval Range, double MostGain, double ThresholdGain, double FullCostMinor, double FullGain,
    ImmutableArray<BudgetPoint> Curve, ExpectationSource Source, double MarginRate, PersonalBasis MarginBasis, PersonalBasis ChanceBasis, DateTimeOffset AsOf)
{
    public int Offered => Rows.Count(row => row.StepBasisPoints > 0);

    public int Count(PersonalReason reason) => Rows.Count(row => row.Reason == reason);

    /// <summary>Shoppers for whom the smallest step of the ladder is enough.</summary>
    public int SmallestIsEnough => Steps.Length > 1 ? Steps[1].Shoppers : 0;
}
