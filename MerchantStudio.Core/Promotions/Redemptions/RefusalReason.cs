namespace MerchantStudio.Core.Promotions.Redemptions;

/// <summary>Why an offer is not given on an order: the whole list, stable in the API.</summary>
public enum RefusalReason
{
    /// <summary>Unknown, of another shop, not begun or over: who guesses codes learns nothing from the difference.</summary>
    CouponNotFound,

    /// <summary>The rule is paused.</summary>
    CouponPaused,

    /// <summary>A personal code in somebody else's hands.</summary>
    RecipientMismatch,

    /// <summary>The shop did not say who buys, so nothing can be limited by customer.</summary>
    CustomerUnknown,
    ConditionNotMet,
    MinimumNotMet,
    NoEligibleItem,

    /// <summary>The discount would come to nothing.</summary>
    NothingToDiscount,

    /// <summary>The margin floor leaves no room for a discount.</summary>
    MarginFloor,

    /// <summary>This order used the coupon before.</summary>
    OrderAlreadyRedeemed,

    /// <summary>Another offer on this order does not go together with this one.</summary>
    NotCombinable,
    CodeLimitReached,
    CustomerLimitReached,
    SegmentLimitReached,
    DailyLimitReached,

    /// <summary>Uses or budget of the rule.</summary>
    RuleLimitReached,
    CampaignLimitReached,
}
