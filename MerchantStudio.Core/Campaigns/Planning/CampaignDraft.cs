using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Messages;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Campaigns.Planning;

/// <summary>A campaign as it is edited.</summary>
/// <param name="RuleId">The coupon rule that is the offer; null for a message alone.</param>
/// <param name="Channel">Null for codes without a message.</param>
/// <param name="EndpointId">For webhooks; null takes the shop's only one.</param>
/// <param name="Message">Null without a channel.</param>
/// <param name="GoalDays">How long after the launch a person's orders count.</param>
/// <param name="HoldoutBasisPoints">0 to 5,000 who get neither message nor code.</param>
/// <param name="BudgetMinor">Discounts of its codes together; null for no bound of its own.</param>
/// <param name="MessageCost">What one sent message costs, with four decimals at most.</param>
/// <param name="Weight">Parts of the treated who get the campaign's own message and offer, variant A.</param>
public sealed record CampaignDraft(
    string Name, Condition Audience, Guid? RuleId, MessageChannel? Channel, Guid? EndpointId, MessageTemplate? Message, CampaignTiming Timing,
    ExperimentGoal Goal = ExperimentGoal.Profit, int GoalDays = 14, int HoldoutBasisPoints = 1_000, long? BudgetMinor = null,
    decimal MessageCost = 0, int Weight = 1)
{
    /// <summary>What is tried beside variant A, at most <see cref="CampaignVariants.Most"/> with it.</summary>
    public ImmutableArray<CampaignVariant> Others { get; init; } = [];
}

/// <summary>Another message, another offer or both.</summary>
/// <param name="RuleId">Null for the offer of variant A.</param>
/// <param name="Message">Null for the message of variant A.</param>
/// <param name="Weight">Parts of the treated who get it.</param>
public sealed record CampaignVariant(Guid? RuleId, MessageTemplate? Message, int Weight = 1);

/// <summary>When it sends, in days and minutes of the store.</summary>
/// <param name="StartsOn">Null for the day of the launch.</param>
/// <param name="EndsOn">Last day on which it sends; null for no end.</param>
/// <param name="SendMinute">Minute of the day; null for at once.</param>
/// <param name="AtBestHour">Each shopper at the hour in which she comes most often, instead of a minute for all.</param>
public sealed record CampaignTiming(CampaignRhythm Rhythm = CampaignRhythm.Once, DateOnly? StartsOn = null, DateOnly? EndsOn = null, int? SendMinute = null, bool AtBestHour = false);

/// <summary>A campaign with its state.</summary>
/// <param name="Draft">Null when its audience cannot be read any more; <paramref name="Unreadable"/> says why.</param>
/// <param name="Fault">Code of the problem that paused it.</param>
/// <param name="NextAt">When it sends next; null when it does not.</param>
public sealed record CampaignView(
    Guid Id, string Name, CampaignDraft? Draft, Problem? Unreadable, CampaignState State, int Revision, string Currency, Guid? ExperimentId, string CreatedBy, DateTimeOffset CreatedAt,
    DateTimeOffset? ChangedAt, DateTimeOffset? StartedAt, DateTimeOffset? PreparedAt, DateTimeOffset? LastRunAt, DateTimeOffset? NextAt, DateTimeOffset? EndedAt, int? AudienceCount, string? Fault)
{
    /// <summary>Its terms stand: it was launched.</summary>
    public bool IsFrozen => State != CampaignState.Draft;
}

/// <summary>What was found about a draft.</summary>
/// <param name="Problems">Everything that stands in the way of a launch.</param>
/// <param name="Audience">Null where it cannot be counted.</param>
public sealed record CampaignCheckup(ImmutableArray<Problem> Problems, AudienceCount? Audience);
