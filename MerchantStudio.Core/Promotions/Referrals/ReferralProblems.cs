using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Promotions.Referrals;

public sealed record ReferralNameMissing() : Problem("referral.no-name", "Give the programme a name of 1 to 80 characters.");

public sealed record ReferralNameTaken(string Name) : Problem("referral.name-taken", "A referral programme named '{0}' exists already. Choose another name.", Name);

public sealed record ReferralRulesUnfit() : Problem("referral.unfit-rules", "Choose two different coupon rules that ask for a code: one for the friend, one for the advocate.");

public sealed record ReferralRuleNotLive(string Name) : Problem("referral.rule-not-live", "The coupon rule '{0}' is paused, over or gone. Resume it or choose another.", Name);

public sealed record ReferralFriendCondition(string Name)
    : Problem("referral.friend-condition", "The coupon rule '{0}' asks for something that a new customer cannot be, so no friend would get it. Choose a rule for everybody, or one that asks about the basket only.", Name);

public sealed record ReferralRewardsUnfit(int Most) : Problem("referral.unfit-rewards", "An advocate may hold 1 to {0} rewards. Correct the number.", Most);

public sealed record ReferralRewardUses(string Name, int Uses, int Rewards)
    : Problem("referral.reward-uses", "The rule '{0}' lets a customer use {1} of its codes, but an advocate may hold {2} rewards. Raise its uses per customer or lower the number of rewards.", Name, Uses, Rewards);

public sealed record ReferralGone() : Problem("referral.gone", "This referral programme does not exist in this shop. Go back to the list.");

public sealed record ReferralNotEditable() : Problem("referral.not-editable", "Codes of this programme are given out, so its two offers stand. Only its name and its number of rewards can change.");

public sealed record ReferralStateUnfit(string State) : Problem("referral.unfit-state", "That cannot be done while the programme is in the state '{0}'.", State);

public sealed record ReferralNotRunning() : Problem("referral.not-running", "This referral programme is not running, so it gives no codes. Start or resume it.");

public sealed record ReferralNeedsOwner() : Problem("referral.needs-owner", "What this programme's offers may cost is above the shop's limit, so an owner has to start it. Give both rules a budget, or ask an owner.");

public sealed record ReferralCustomerMissing() : Problem("referral.no-customer", "Give the customer's id as user_id, 1 to 200 characters.");

public sealed record ReferralNobody() : Problem("referral.nobody", "Nobody is in this segment now, so there is nobody to give a code to.");

/// <summary>Limits of the friend's rule allow for no more codes.</summary>
public sealed record ReferralCodesGone(string Name) : Problem("referral.codes-gone", "The limits of the coupon rule '{0}' allow for no more codes. Raise its total uses or its budget.", Name);
