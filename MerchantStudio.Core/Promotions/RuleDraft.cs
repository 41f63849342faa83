using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;

namespace MerchantStudio.Core.Promotions;

/// <summary>What a rule may give within one segment.</summary>
/// <param name="Segment">Key as in <see cref="InSegment"/>.</param>
/// <param name="Uses">Null where only money is limited.</param>
/// <param name="BudgetMinor">Null where only uses are.</param>
public sealed record SegmentLimit(string Segment, int? Uses, long? BudgetMinor);

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
    /// <summary>Higher goes first among the rules of a class, 0 to 1,000.</summary>
    public int Priority { get; init; }

    /// <summary>Of one group only one rule applies to a cart; null for none.</summary>
    public string? ExclusiveGroup { get; init; }

    /// <summary>The classes of offers it lets stand beside it.</summary>
    public OfferClasses CombinesWith { get; init; }

    /// <summary>Hundredths of a percent of what is paid for the items that must remain as margin; null for no floor.</summary>
    public int? MarginFloorBasisPoints { get; init; }

    public RuleMethod Method { get; init; }

    /// <summary>Uses of all on one day in the store's zone; null for no bound, as with the next two.</summary>
    public int? DayUses { get; init; }
    public long? DayBudgetMinor { get; init; }

    /// <summary>Discounts of one customer together.</summary>
    public long? CustomerBudgetMinor { get; init; }

    /// <summary>A shopper in several of them counts in each. Who is in none is not limited by them.</summary>
    public ImmutableArray<SegmentLimit> SegmentLimits { get; init; } = [];

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
