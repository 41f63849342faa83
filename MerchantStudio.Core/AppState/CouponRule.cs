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
}

public enum OfferKind
{
    Percent,
    Fixed,
    FreeShipping,
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
    public required OfferKind OfferKind { get; set; }

    /// <summary>Hundredths of a percent, 1 to 10,000; only for <see cref="OfferKind.Percent"/>.</summary>
    public int? PercentBasisPoints { get; set; }

    /// <summary>Only for <see cref="OfferKind.Fixed"/>.</summary>
    public long? AmountMinor { get; set; }

    /// <summary>The most that one use of a percent offer takes off.</summary>
    public long? CapMinor { get; set; }
    public long? MinimumSpendMinor { get; set; }
    public required string Currency { get; set; }
    public DateTimeOffset? StartsAt { get; set; }
    public DateTimeOffset? EndsAt { get; set; }
    public int UsesPerCustomer { get; set; } = 1;
    public int? TotalUses { get; set; }
    public long? BudgetMinor { get; set; }
    public string CodePrefix { get; set; } = "";
    public required string CreatedBy { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? ChangedAt { get; set; }
    public string? ApprovedBy { get; set; }
    public DateTimeOffset? ActivatedAt { get; set; }

    /// <summary>Shoppers in the audience that was frozen at activation.</summary>
    public int? AudienceCount { get; set; }

    /// <summary>Raised on every change; a write with an old value is refused.</summary>
    public int Revision { get; set; }
}

/// <summary>A personal code that was given out.</summary>
public sealed class CouponCode
{
    public long Id { get; init; }
    public required WorkspaceId WorkspaceId { get; init; }
    public required Guid RuleId { get; init; }
    public required string Code { get; init; }
    public required string ShopperId { get; init; }
    public required DateTimeOffset GivenAt { get; init; }

    /// <summary>Times the code came back in imported orders.</summary>
    public int Uses { get; set; }
    public DateTimeOffset? LastUsedAt { get; set; }
}
