using System.Collections.Immutable;
using MerchantStudio.Core.Experiments.Offers;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Promotions.Personal;

/// <summary>How strongly shoppers are assumed to answer to a lower price where nothing was measured.</summary>
public enum PriceAnswer
{
    /// <summary>−1.5, from −0.5 to −3: a coupon does less than a lower price on the shelf.</summary>
    Careful,

    /// <summary>−2.62, from −1.5 to −4: the mean of published price elasticities.</summary>
    Published,

    /// <summary>−4, from −2.62 to −6.</summary>
    Strong,
}

/// <summary>Among which offers, and within which budget, the smallest one that pays is looked for.</summary>
/// <param name="Steps">Percent off in hundredths, rising: 500 for 5 %. "No offer" is always among them.</param>
/// <param name="BudgetMinor">Of expected discounts and messages; null for no bound.</param>
/// <param name="HoldoutBasisPoints">Share of those who may have an offer that is left alone, so that the plan can be judged.</param>
/// <param name="SendCostMinor">Of one message.</param>
public sealed record PersonalOfferQuestion(ImmutableArray<int> Steps, long? BudgetMinor, int HoldoutBasisPoints = 1_000, long SendCostMinor = 0, PriceAnswer Answer = PriceAnswer.Careful)
{
    public const int MostSteps = 8;

    internal double[] Discounts => [.. Steps.Select(step => step / 10_000.0)];

    internal AssumedElasticity Elasticity => Answer switch
    {
        PriceAnswer.Careful => new AssumedElasticity(),
        PriceAnswer.Published => new AssumedElasticity(-2.62, -1.5, -4),
        _ => new AssumedElasticity(-4, -2.62, -6),
    };

    internal Problem? Fault()
    {
        if (Steps.IsDefaultOrEmpty || Steps.Length > MostSteps || Steps.Any(step => step is <= 0 or > 9_000) || !Steps.Zip(Steps.Skip(1)).All(pair => pair.First < pair.Second)) return new PersonalStepsUnfit(MostSteps);
        if (BudgetMinor < 0) return new PersonalBudgetUnfit();
        if (HoldoutBasisPoints is < 0 or > 5_000) return new PersonalHoldoutUnfit();
        if (SendCostMinor < 0) return new PersonalSendCostUnfit();
        return null;
    }
}

public sealed record PersonalStepsUnfit(int Most) : Problem("personal.unfit-steps", "Give 1 to {0} steps of percent off, each larger than the one before and at most 90. Correct them.", Most);

public sealed record PersonalBudgetUnfit() : Problem("personal.unfit-budget", "The budget is an amount of 0 or more. Correct it, or leave it empty for none.");

public sealed record PersonalHoldoutUnfit() : Problem("personal.unfit-holdout", "From nobody to half of the shoppers can be held back. Correct the share.");

public sealed record PersonalSendCostUnfit() : Problem("personal.unfit-send-cost", "A message costs nothing or more. Correct the cost.");

public sealed record PersonalMarginUnfit() : Problem("personal.unfit-margin", "The margin lies above 0 and at most at 100 percent. Correct it, or leave it empty to take it from the catalogue.");

public sealed record PersonalMarginUnknown() : Problem("personal.margin-unknown", "No product has a cost, so nobody can say what an order earns. Import costs, or type the margin.");

public sealed record PersonalBasketUnknown() : Problem("personal.basket-unknown", "No order has a price, so nobody can say what a discount costs. Import orders with prices.");
