using MerchantStudio.Core.Conditions;

namespace MerchantStudio.Core.Promotions;

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
