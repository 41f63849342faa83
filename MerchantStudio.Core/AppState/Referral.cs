using MerchantStudio.Core.Shop;

namespace MerchantStudio.Core.AppState;

public enum ReferralState
{
    Draft,
    Running,

    /// <summary>Codes give nothing until it is resumed; rewards that were given keep working.</summary>
    Paused,
    Ended,
}

/// <summary>What a friend gets who orders with an advocate's code, and what the advocate gets for it.</summary>
public sealed class ReferralProgramme
{
    public required Guid Id { get; init; }
    public required WorkspaceId WorkspaceId { get; init; }
    public required string Name { get; set; }
    public ReferralState State { get; set; }

    /// <summary>The coupon rule that advocates' codes belong to: the friend's offer.</summary>
    public required Guid FriendRuleId { get; set; }

    /// <summary>The coupon rule that rewards belong to: the advocate's offer.</summary>
    public required Guid RewardRuleId { get; set; }

    /// <summary>Rewards that one advocate may hold, used ones included.</summary>
    public required int MostRewards { get; set; }
    public required string CreatedBy { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>Raised on every change; a write with an old value is refused.</summary>
    public int Revision { get; set; }
}

/// <summary>A code that an advocate was given for a friend's first order. The order's redemption wrote it, in the same transaction.</summary>
public sealed class ReferralReward
{
    public required Guid Id { get; init; }
    public required WorkspaceId WorkspaceId { get; init; }
    public required Guid ProgrammeId { get; init; }
    public required string AdvocateId { get; init; }

    /// <summary>Whose order it is for; she brings one reward of a programme to one advocate.</summary>
    public required string FriendId { get; init; }

    /// <summary>The friend's redemption.</summary>
    public required Guid RedemptionId { get; init; }

    /// <summary>The reward as it was given out; its <see cref="CouponCode"/> is gone once the reward was taken back.</summary>
    public required string Code { get; init; }
    public required DateTimeOffset GivenAt { get; init; }

    /// <summary>The redemption that uses it now; null while it is unused.</summary>
    public Guid? UsedIn { get; init; }

    /// <summary>When the friend's order was taken back before the reward was used.</summary>
    public DateTimeOffset? TakenBackAt { get; init; }
}
