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

    /// <summary>An advocate's own referral code.</summary>
    SelfReferral,

    /// <summary>A referral code of somebody who has ordered before.</summary>
    NotFirstOrder,

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

    /// <summary>Kept from this offer so that its effect can be measured: in the holdout of the experiment that carries it, or of all campaigns.</summary>
    HeldOut,

    /// <summary>Another combination of offers is worth more to the shopper; only where the shop lets the best one win.</summary>
    BetterCombination,

    /// <summary>The shopper could not be read in time; only in decisions, which then leave the offer out instead of waiting.</summary>
    NotInTime,
}
