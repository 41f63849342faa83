using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;

namespace MerchantStudio.Core.Promotions;

/// <summary>What one use of a code takes off. Amounts are minor units of the shop's currency.</summary>
/// <param name="PercentBasisPoints">Hundredths of a percent, 1 to 10,000; only for a percent offer.</param>
/// <param name="AmountMinor">Only for a fixed offer.</param>
/// <param name="CapMinor">The most that one use of a percent offer takes off; for free shipping, what one shipment costs at most.</param>
/// <param name="MinimumSpendMinor">Smaller orders get nothing.</param>
public sealed record Offer(OfferKind Kind, int? PercentBasisPoints = null, long? AmountMinor = null, long? CapMinor = null, long? MinimumSpendMinor = null)
{
    /// <summary>The most that one use can cost; null when nothing bounds it.</summary>
    public long? MostPerUseMinor => Kind == OfferKind.Fixed ? AmountMinor : CapMinor;

    /// <summary>What the offer takes off an order, exact in minor units; 0 below the minimum, null where a shipment's cost is unknown.</summary>
    public long? DiscountOn(long orderMinor)
    {
        if (orderMinor <= 0 || orderMinor < MinimumSpendMinor) return 0;
        return Kind switch
        {
            OfferKind.Percent => Math.Min(CapMinor ?? long.MaxValue, (long)decimal.Round(orderMinor * (decimal)(PercentBasisPoints ?? 0) / 10_000m, 0, MidpointRounding.AwayFromZero)),
            OfferKind.Fixed => Math.Min(orderMinor, AmountMinor ?? 0),
            _ => CapMinor,
        };
    }
}

/// <summary>A coupon rule as it is edited.</summary>
/// <param name="StartsOn">First day in the store's zone; null for at once.</param>
/// <param name="EndsOn">Last day, until 23:59:59 in the store's zone; null for no end.</param>
/// <param name="TotalUses">Uses of all codes together.</param>
/// <param name="BudgetMinor">Discounts of all codes together.</param>
/// <param name="CodePrefix">0 to 8 of A-Z and 0-9.</param>
public sealed record RuleDraft(
    string Name,
    Condition Condition,
    Offer Offer,
    DateOnly? StartsOn = null,
    DateOnly? EndsOn = null,
    int UsesPerCustomer = 1,
    int? TotalUses = null,
    long? BudgetMinor = null,
    string CodePrefix = "")
{
    /// <summary>Codes that may be given out without any limit being broken even if every code is used to its own limit; null for no bound.</summary>
    public long? MostCodes
    {
        get
        {
            var byUses = TotalUses is { } uses ? uses / (long)UsesPerCustomer : (long?)null;
            var byBudget = BudgetMinor is { } budget && Offer.MostPerUseMinor is > 0 and var most ? budget / most / UsesPerCustomer : (long?)null;
            return byUses is null ? byBudget : byBudget is null ? byUses : Math.Min(byUses.Value, byBudget.Value);
        }
    }
}
