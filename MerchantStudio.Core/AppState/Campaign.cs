using MerchantStudio.Core.Shop;

namespace MerchantStudio.Core.AppState;

public enum CampaignState
{
    Draft,

    /// <summary>Launched: its people are dealt out, its first message is still to come.</summary>
    Scheduled,
    Running,

    /// <summary>Sends nothing until it is resumed; codes that were given keep working.</summary>
    Paused,
    Ended,
}

public enum CampaignRhythm
{
    Once,
    Daily,
    Weekly,

    /// <summary>Each shopper once, on the day she comes to fit the audience.</summary>
    OnEntering,
}

/// <summary>Who is told of which offer, when, and compared with whom. Days and minutes are the store's, so that a change of the clocks leaves them where they are.</summary>
public sealed class Campaign
{
    public required Guid Id { get; init; }
    public required WorkspaceId WorkspaceId { get; init; }
    public required string Name { get; set; }
    public CampaignState State { get; set; }

    /// <summary>Whom it is for: a condition tree as JSON, which may name segments.</summary>
    public required string AudienceJson { get; set; }

    /// <summary>The coupon rule that is the offer; null for a message alone.</summary>
    public Guid? RuleId { get; set; }

    /// <summary>How many parts of those who are treated get this message and offer, the first of its variants; one where no other is tried.</summary>
    public int Weight { get; set; } = 1;

    /// <summary>What is tried beside it, in order; always read along.</summary>
    public ICollection<CampaignVariantRow> Variants { get; } = [];

    /// <summary>Null for codes without a message.</summary>
    public MessageChannel? Channel { get; set; }
    public Guid? EndpointId { get; set; }

    /// <summary>The message in its languages; null without a channel.</summary>
    public string? TemplateJson { get; set; }
    public CampaignRhythm Rhythm { get; set; }

    /// <summary>First day; null for the day of the launch.</summary>
    public DateOnly? StartsOn { get; set; }

    /// <summary>Last day on which it sends; null for no end.</summary>
    public DateOnly? EndsOn { get; set; }

    /// <summary>Minute of the day; null for at once, or for each shopper's best hour.</summary>
    public int? SendMinute { get; set; }
    public bool AtBestHour { get; set; }
    public ExperimentGoal Goal { get; set; }

    /// <summary>How long after the launch a person's orders count.</summary>
    public int GoalDays { get; set; } = 14;

    /// <summary>Share of the audience that gets neither message nor code, 0 to 5,000.</summary>
    public int HoldoutBasisPoints { get; set; }

    /// <summary>Discounts of its codes together, kept by the redemptions; null for no bound of its own.</summary>
    public long? BudgetMinor { get; set; }
    public required string Currency { get; set; }

    /// <summary>What one sent message costs, with four decimals at most: a text message may cost less than a cent.</summary>
    public decimal MessageCost { get; set; }
    public Guid? ExperimentId { get; set; }
    public required string CreatedBy { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? ChangedAt { get; set; }
    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>When everybody of the frozen audience was dealt out; without a channel also when they had their codes.</summary>
    public DateTimeOffset? PreparedAt { get; set; }

    /// <summary>The moment for which it was sent last; what was due before is done.</summary>
    public DateTimeOffset? LastRunAt { get; set; }
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Shoppers in the audience that was frozen at the launch.</summary>
    public int? AudienceCount { get; set; }

    /// <summary>Code of the problem that paused it; null when a person did.</summary>
    public string? Fault { get; set; }

    /// <summary>Raised on every change; a write with an old value is refused.</summary>
    public int Revision { get; set; }
}

/// <summary>Another message or offer that a campaign tries, from the second on.</summary>
public sealed class CampaignVariantRow
{
    public required Guid CampaignId { get; init; }

    /// <summary>1 to 3; 0 is the campaign's own.</summary>
    public required int Number { get; init; }

    /// <summary>Null for the campaign's own offer.</summary>
    public Guid? RuleId { get; set; }

    /// <summary>Null for the campaign's own message.</summary>
    public string? TemplateJson { get; set; }
    public int Weight { get; set; } = 1;
}

/// <summary>Where a shopper of a campaign came to stand.</summary>
public enum CampaignPlace
{
    /// <summary>Not dealt out yet.</summary>
    Waiting,
    Treated,
    Holdout,

    /// <summary>Held back from every campaign.</summary>
    GlobalHoldout,
}

/// <summary>One of those whom a campaign is for, as it was frozen at the launch or when she came to fit.</summary>
public sealed class CampaignMember
{
    public required WorkspaceId WorkspaceId { get; init; }
    public required Guid CampaignId { get; init; }
    public required string ShopperId { get; init; }
    public CampaignPlace Place { get; set; }

    /// <summary>Which message and offer she gets where she is treated; 0 for the campaign's own.</summary>
    public int Variant { get; set; }
    public required DateTimeOffset AddedAt { get; init; }
}
