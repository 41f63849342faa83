using System.Collections.Immutable;

namespace MerchantStudio.Core.Promotions.Replay;

/// <summary>What a rule would have done in a past period. Amounts are minor units of the shop's currency; what is said of past orders is exact, what is said of extra orders is not.</summary>
/// <param name="From">First moment of the period.</param>
/// <param name="To">The first moment after it.</param>
/// <param name="Response">On what the extra orders rest.</param>
/// <param name="BreakEven">The share of abandoned baskets that has to come back for the rule to pay for itself; null where no share does, or costs are unknown.</param>
/// <param name="Seconds">How long the replay took.</param>
public sealed record ReplayResult(
    DateTimeOffset From, DateTimeOffset To, string Currency, JudgedCarts Judged, CameAnyway Came, ExtraOrders Extra, ResponseAssumption Response, NetGain? Net, double? BreakEven,
    ReplayStop Stop, MarginOutcome Margin, ImmutableArray<RivalOutcome> Rivals, ImmutableArray<ReplayWeek> Weeks, ImmutableArray<GroupReach> Groups, ImmutableArray<int> TodaysLines, double Seconds);

/// <summary>What was held against the rule.</summary>
/// <param name="Baskets">Abandoned: no purchase within a week of the last change.</param>
/// <param name="Undecided">Baskets too fresh to be called abandoned; left out.</param>
/// <param name="OtherDiscounts">Orders that had a discount of their own at the time, which is left out.</param>
/// <param name="WithoutPrice">Carts with a line whose price is unknown; left out.</param>
/// <param name="LostToOther">Another rule went first.</param>
/// <param name="Silent">Shoppers who met the condition at the beginning and neither ordered nor left a basket: nothing is assumed of them.</param>
public sealed record JudgedCarts(
    long Shoppers, long Orders, long Baskets, long Undecided, long OtherDiscounts, long WithoutPrice, long Unfit, long ConditionNotMet, long NothingToGive, long MarginFloor, long LostToOther, long Silent);

/// <summary>Past orders that would have used the offer. They were made without it, so every one of them came anyway.</summary>
/// <param name="ItemsMinor">Goods before the discount.</param>
/// <param name="Share">Of all uses, extra orders included.</param>
public sealed record CameAnyway(long Uses, long Shoppers, long DiscountMinor, long GiftMinor, long ItemsMinor, double Share, Span ShareSpan)
{
    public long CostMinor => DiscountMinor + GiftMinor;
}

/// <summary>Orders that the offer would have brought from abandoned baskets.</summary>
/// <param name="Baskets">Abandoned ones that the offer fits, within the limits.</param>
/// <param name="MarginMinor">Of those orders before the discount; null where costs are unknown.</param>
public sealed record ExtraOrders(long Baskets, double Orders, Span OrdersSpan, double CostMinor, double RevenueMinor, double? MarginMinor);

/// <summary>Margin of extra orders less all discounts and gifts.</summary>
public sealed record NetGain(double Minor, Span Span);

/// <summary>Where the limits stopped the rule.</summary>
/// <param name="RunOutAt">The first past order refused because budget or uses were gone; null when they lasted.</param>
/// <param name="DailyCostMinor">Discounts and gifts a day while the rule ran, extra orders included.</param>
public sealed record ReplayStop(DateTimeOffset? RunOutAt, long RefusedByCustomer, long RefusedByUses, long RefusedByBudget, double DailyCostMinor, Span DailyCostSpan, double DailyUses, Span DailyUsesSpan, long RefusedByDay = 0, long RefusedBySegment = 0);

/// <summary>What the discount leaves.</summary>
/// <param name="KnownCosts">Uses whose every line has a cost.</param>
/// <param name="BeforeMinor">Margin of those before the discount.</param>
/// <param name="AfterMinor">After all discounts and gifts.</param>
/// <param name="BelowFloor">Orders that end below the rule's floor; 0 without one.</param>
/// <param name="Reduced">Discounts made smaller to keep the floor.</param>
/// <param name="Losses">Uses whose order costs more than it brings.</param>
/// <param name="LossLines">Lines sold below what they cost.</param>
/// <param name="Free">Orders that cost nothing after the discount.</param>
/// <param name="LossOrders">The first few, by number.</param>
public sealed record MarginOutcome(
    long KnownCosts, long Uses, long BeforeMinor, long AfterMinor, int? FloorBasisPoints, long BelowFloor, long Reduced, long Losses, long LossLines, long Free, ImmutableArray<string> LossOrders, ImmutableArray<string> FreeOrders);

/// <summary>A live rule that met the same carts.</summary>
public sealed record RivalOutcome(Guid RuleId, string Name, long ThisFirst, long OtherFirst, long Both, long Shoppers)
{
    public long Carts => ThisFirst + OtherFirst + Both;
}

/// <param name="From">First moment of the week.</param>
/// <param name="Uses">Past orders that used the offer.</param>
/// <param name="NetMinor">Net gain from the beginning to the end of this week; null where costs are unknown.</param>
public sealed record ReplayWeek(DateTimeOffset From, long Uses, long CostMinor, double? NetMinor, Span? NetSpan);

/// <summary>How a group of shoppers fares.</summary>
/// <param name="Dimension">"loyalty", "region", "device", "gender", "price_paid".</param>
/// <param name="Group">"new", "regular", "loyal", or the word in the data.</param>
/// <param name="Shoppers">Who ordered or left a basket in the period.</param>
/// <param name="Reached">Of those, who would have been given the offer.</param>
/// <param name="Uses">Past orders and baskets of theirs that the offer fits.</param>
/// <param name="DiscountShare">Mean discount as a share of the goods; 0 without uses.</param>
/// <param name="DiscountError">Standard error of that mean.</param>
public sealed record GroupReach(string Dimension, string Group, long Shoppers, long Reached, long Uses, double DiscountShare, double DiscountError)
{
    public double ReachShare => Shoppers == 0 ? 0 : Reached / (double)Shoppers;
}
