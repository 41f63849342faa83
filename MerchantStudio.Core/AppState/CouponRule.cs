using MerchantStudio.Core.Shop;

namespace MerchantStudio.Core.AppState;

/// <summary>A saved group of shoppers, kept as its condition.</summary>
public sealed class SegmentDefinition
{
    public required Guid Id { get; init; }
    public required WorkspaceId WorkspaceId { get; init; }
    public required string Name { get; set; }

    /// <summary>The condition tree as JSON.</summary>
    public required string ConditionJson { get; set; }
    public required string CreatedBy { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}

public enum CouponRuleState
{
    Draft,
    AwaitingApproval,
    Live,
    Paused,
    Ended,

    /// <summary>Live, but its first day is still to come; worked out from the clock, never saved.</summary>
    Scheduled,
}

public enum OfferKind
{
    Percent,
    Fixed,
    FreeShipping,

    /// <summary>So many pieces bought, so many cheaper or free.</summary>
    BuyGet,
    Gift,

    /// <summary>More off the more is bought.</summary>
    Tiered,
}

public enum RuleMethod
{
    /// <summary>Given to whoever brings a code of the rule.</summary>
    Code,

    /// <summary>Given to whoever fits, without a code.</summary>
    Automatic,
}

/// <summary>Who gets which offer, within which limits. Amounts are minor units of the workspace's currency.</summary>
public sealed class CouponRule
{
    public required Guid Id { get; init; }
    public required WorkspaceId WorkspaceId { get; init; }
    public required string Name { get; set; }
    public CouponRuleState State { get; set; }

    /// <summary>The condition tree as JSON.</summary>
    public required string ConditionJson { get; set; }

    /// <summary>What it gives, as JSON.</summary>
    public required string OfferJson { get; set; }

    /// <summary>Higher goes first among the rules of a class.</summary>
    public int Priority { get; set; }

    /// <summary>Of one group only one rule applies to a cart.</summary>
    public string? ExclusiveGroup { get; set; }

    /// <summary>Classes of offers that may stand beside it: 1 item, 2 order, 4 shipping, added up.</summary>
    public int CombinesWith { get; set; }

    /// <summary>Hundredths of a percent of the order that must remain as margin.</summary>
    public int? MarginFloorBasisPoints { get; set; }
    public required string Currency { get; set; }
    public DateTimeOffset? StartsAt { get; set; }
    public DateTimeOffset? EndsAt { get; set; }
    public int UsesPerCustomer { get; set; } = 1;
    public int? TotalUses { get; set; }
    public long? BudgetMinor { get; set; }
    public RuleMethod Method { get; set; }

    /// <summary>Uses of one day in the store's zone.</summary>
    public int? DayUses { get; set; }
    public long? DayBudgetMinor { get; set; }
    public long? CustomerBudgetMinor { get; set; }

    /// <summary>What the rule may give within single segments, as JSON; empty for no such limit.</summary>
    public string SegmentLimitsJson { get; set; } = "";
    public string CodePrefix { get; set; } = "";
    public required string CreatedBy { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? ChangedAt { get; set; }
    public string? ApprovedBy { get; set; }

    /// <summary>Who would not approve it as it stood, and what is to change; empty once it is sent again.</summary>
    public string? SentBackBy { get; set; }
    public string? SentBackReason { get; set; }
    public DateTimeOffset? ActivatedAt { get; set; }

    /// <summary>The rule whose place it takes when it goes live.</summary>
    public Guid? Replaces { get; init; }

    /// <summary>Shoppers in the audience that was frozen at activation.</summary>
    public int? AudienceCount { get; set; }

    /// <summary>Raised on every change; a write with an old value is refused.</summary>
    public int Revision { get; set; }
}

/// <summary>The terms of a rule as they were saved once.</summary>
public sealed class RuleVersion
{
    public long Id { get; init; }
    public required WorkspaceId WorkspaceId { get; init; }
    public required Guid RuleId { get; init; }

    /// <summary>1 for the first, one more for each save that changed something.</summary>
    public required int Number { get; init; }

    /// <summary>All terms as JSON.</summary>
    public required string TermsJson { get; init; }
    public required string SavedBy { get; init; }
    public required DateTimeOffset SavedAt { get; init; }
}

/// <summary>A code that was given out.</summary>
public sealed class CouponCode
{
    public long Id { get; init; }
    public required WorkspaceId WorkspaceId { get; init; }
    public required Guid RuleId { get; init; }

    /// <summary>As it is printed.</summary>
    public required string Code { get; init; }

    /// <summary>As it is looked up: letters that look alike are one. No two codes of a shop share it.</summary>
    public required string Lookup { get; init; }

    /// <summary>Who alone may use it; null for a code that anybody may use.</summary>
    public string? ShopperId { get; init; }

    /// <summary>The batch that it was made or imported in; null for the codes of an activation.</summary>
    public Guid? BatchId { get; init; }

    /// <summary>The campaign that gave it to a shopper; she has one of each campaign.</summary>
    public Guid? CampaignId { get; init; }

    /// <summary>The referral programme that it belongs to, as an advocate's code or as a reward.</summary>
    public Guid? ReferralId { get; init; }

    /// <summary>Whose friends may use it; she has one of each programme. Null for every other code, and for rewards.</summary>
    public string? AdvocateId { get; init; }

    /// <summary>Uses of this code by anybody; null where only its rule limits them.</summary>
    public int? MostUses { get; init; }
    public required DateTimeOffset GivenAt { get; init; }

    /// <summary>Orders that used the code: redeemed here, or imported with it.</summary>
    public int Uses { get; set; }
    public DateTimeOffset? LastUsedAt { get; set; }
}

public enum CodeBatchKind
{
    /// <summary>One code that anybody may use.</summary>
    Shared,

    /// <summary>Many codes, each good for one use.</summary>
    Unique,

    /// <summary>Codes that were made elsewhere.</summary>
    Imported,
}

/// <summary>Codes that were made or brought together.</summary>
public sealed class CodeBatch
{
    public required Guid Id { get; init; }
    public required WorkspaceId WorkspaceId { get; init; }
    public required Guid RuleId { get; init; }
    public required string Name { get; init; }
    public required CodeBatchKind Kind { get; init; }
    public required int Codes { get; init; }
    public required string CreatedBy { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}
