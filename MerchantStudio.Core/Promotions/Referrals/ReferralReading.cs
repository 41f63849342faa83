using System.Collections.Immutable;
using MerchantStudio.Core.AppState;

namespace MerchantStudio.Core.Promotions.Referrals;

/// <param name="Shares">Her share events since she had her code; those that name another code do not count.</param>
/// <param name="Friends">Other shoppers who used the code or whose events name it.</param>
/// <param name="Orders">Friends' orders that stand.</param>
/// <param name="RevenueMinor">Of those orders: goods at their prices less all discounts and refunds.</param>
/// <param name="Rewards">Given and not taken back.</param>
public sealed record ReferralAdvocate(string ShopperId, string Code, DateTimeOffset GivenAt, long Shares, long Friends, long Orders, long RevenueMinor, int Rewards, int RewardsUsed);

/// <summary>What a programme brought.</summary>
/// <param name="Advocates">Those with most orders first, then those with most shares; <paramref name="AllAdvocates"/> have a code.</param>
/// <param name="CountsEvents">False before the first run of the pipeline: shares and visits are not known then.</param>
/// <param name="Rewards">Given and not taken back.</param>
/// <param name="RewardsTakenBack">Because the friend's order was.</param>
public sealed record ReferralReading(
    Guid ProgrammeId, ReferralState State, string Currency, ImmutableArray<ReferralAdvocate> Advocates, int AllAdvocates, long Shares, long Friends, long Orders, long RevenueMinor, long Rewards, int RewardsTakenBack, bool CountsEvents);

public sealed record ReferralShare(DateTimeOffset At, string? ItemId, string? Channel);

public enum RewardState
{
    /// <summary>The advocate held as many as she may, the friend brought one before, or the reward's rule was over.</summary>
    None,
    Given,
    Used,
    TakenBack,
}

/// <param name="RewardCode">Null where none was given.</param>
public sealed record ReferralOrder(string OrderId, string FriendId, DateTimeOffset At, DateTimeOffset? TakenBackAt, long OrderMinor, long DiscountMinor, string? RewardCode, RewardState Reward);

/// <summary>The rows behind one advocate's figures, the latest first.</summary>
public sealed record ReferralRows(ReferralAdvocate Advocate, ImmutableArray<ReferralShare> Shares, ImmutableArray<ReferralOrder> Orders);
