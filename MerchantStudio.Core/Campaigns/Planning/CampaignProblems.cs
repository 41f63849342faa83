using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Campaigns.Planning;

public sealed record CampaignNameMissing() : Problem("campaign.no-name", "Give the campaign a name of 1 to 80 characters.");

public sealed record CampaignNameTaken(string Name) : Problem("campaign.name-taken", "A campaign named '{0}' exists already. Choose another name.", Name);

public sealed record CampaignGone() : Problem("campaign.gone", "This campaign does not exist any more. Go back to the list.");

public sealed record CampaignChangedMeanwhile() : Problem("campaign.changed-meanwhile", "Somebody else changed this campaign since you opened it. Open it again and repeat your change.");

public sealed record CampaignNotEditable() : Problem("campaign.not-editable", "This campaign was launched, so its terms stand. Copy it to a new campaign to change them.");

public sealed record CampaignStateUnfit(string State) : Problem("campaign.unfit-state", "That cannot be done while the campaign is in the state '{0}'.", State);

public sealed record CampaignHoldoutUnfit() : Problem("campaign.unfit-holdout", "The share that is held back must lie between 0 and 50 percent. Correct it.");

public sealed record CampaignGoalUnfit(int Most) : Problem("campaign.unfit-goal", "The days in which orders count must lie between 1 and {0}. Correct them.", Most);

public sealed record CampaignBudgetUnfit() : Problem("campaign.unfit-budget", "The budget must be above zero. Correct it or leave it empty.");

public sealed record CampaignBudgetNeedsOffer() : Problem("campaign.budget-needs-offer", "A budget is kept by the codes of an offer, and this campaign has none. Choose an offer or leave the budget empty.");

public sealed record CampaignHourUnfit() : Problem("campaign.unfit-hour", "The time of the day must lie between 0:00 and 23:59. Correct it.");

public sealed record CampaignDatesReversed() : Problem("campaign.dates-reversed", "The last day lies before the first one. Correct the dates.");

public sealed record CampaignAlreadyOver(string Day) : Problem("campaign.already-over", "The day to send, {0}, has passed. Choose a later one.", Day);

public sealed record CampaignSaysNothing() : Problem("campaign.says-nothing", "This campaign has neither an offer nor a message. Choose an offer, a channel, or both.");

public sealed record CampaignMessageMissing() : Problem("campaign.no-message", "The message is empty in both languages. Write it in one of them, or choose no channel.");

public sealed record CampaignTokenNeedsOffer(string Token) : Problem("campaign.token-needs-offer", "The message asks for '{0}', but the campaign has no offer. Choose an offer or take the token out.", Token);

public sealed record CampaignMessageCostUnfit() : Problem("campaign.unfit-message-cost", "What a message costs must be 0 or more, no fortune, and have four decimals at most. Correct it.");

public sealed record CampaignVariantsTooMany(int Most) : Problem("campaign.too-many-variants", "A campaign tries {0} messages at most; more leave too few people in each to tell them apart. Remove one.", Most);

public sealed record CampaignVariantWeightUnfit(int Most) : Problem("campaign.unfit-weight", "The parts of a variant must lie between 1 and {0}. Correct them.", Most);

public sealed record CampaignVariantsAlike(string One, string Other)
    : Problem("campaign.variants-alike", "The variants {0} and {1} say and give the same, so nothing could be learnt from them. Change one or remove it.", One, Other);

public sealed record CampaignAudienceEmpty() : Problem("campaign.audience-empty", "Nobody fits the audience now, so there is nobody to write to. Loosen a line.");
