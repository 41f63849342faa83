using System.Globalization;
using MerchantStudio.Core.AppState;

namespace MerchantStudio.Core.Promotions.Redemptions;

/// <summary>The limits that a rule itself sets on one use, in the order of <see cref="CounterScope"/>.</summary>
internal static class RuleLimits
{
    /// <param name="segments">Those of the rule's that the shopper is in.</param>
    /// <param name="day">From <see cref="Day"/>, in the store's zone.</param>
    public static IEnumerable<CounterLimit> Of(CouponRule rule, IEnumerable<SegmentLimit> segments, string shopper, string day) =>
    [
        new CounterLimit(CounterScope.Rule, rule.Id.ToString("D"), rule.TotalUses, rule.BudgetMinor),
        new CounterLimit(CounterScope.Day, $"{rule.Id:D}/{day}", rule.DayUses, rule.DayBudgetMinor),
        .. segments.OrderBy(limit => limit.Segment, StringComparer.Ordinal).Select(limit => new CounterLimit(CounterScope.Segment, $"{rule.Id:D}/{limit.Segment}", limit.Uses, limit.BudgetMinor)),
        new CounterLimit(CounterScope.Customer, $"{rule.Id:D}/{shopper}", rule.UsesPerCustomer, rule.CustomerBudgetMinor),
    ];

    public static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
