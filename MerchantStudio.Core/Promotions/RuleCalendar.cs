using MerchantStudio.Core.AppState;

namespace MerchantStudio.Core.Promotions;

internal static class RuleCalendar
{
    public static DateOnly Today(TimeProvider time, TimeZoneInfo zone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time.GetUtcNow(), zone).DateTime);

    /// <summary>A rule ends by itself when its last day is over; one that is live is only scheduled until its first day begins.</summary>
    public static CouponRuleState StateOf(CouponRule rule, TimeProvider time) =>
        rule.State is CouponRuleState.Live or CouponRuleState.Paused && rule.EndsAt < time.GetUtcNow() ? CouponRuleState.Ended
            : rule.State == CouponRuleState.Live && rule.StartsAt > time.GetUtcNow() ? CouponRuleState.Scheduled : rule.State;
}
