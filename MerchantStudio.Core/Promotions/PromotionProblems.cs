using System.Collections.Immutable;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Promotions;

public sealed record RuleNameMissing() : Problem("rule.no-name", "Give the rule a name of 1 to 80 characters.");

public sealed record RuleNameTaken(string Name) : Problem("rule.name-taken", "A rule named '{0}' exists already. Choose another name.", Name);

public sealed record RulePercentUnfit() : Problem("rule.unfit-percent", "The percentage must lie above 0 and at most at 100. Correct 'Percent off'.");

public sealed record RuleAmountUnfit() : Problem("rule.unfit-amount", "The amount off must be above zero. Correct 'Amount off'.");

public sealed record RuleCapUnfit() : Problem("rule.unfit-cap", "The most that one use may cost must be above zero. Correct 'At most' or leave it empty.");

public sealed record RuleMinimumUnfit() : Problem("rule.unfit-minimum", "The smallest order cannot be below zero. Correct 'Minimum spend' or leave it empty.");

public sealed record RuleAmountAboveMinimum() : Problem("rule.amount-above-minimum", "The amount off is as large as the smallest order, which would then be free. Raise 'Minimum spend' above the amount.");

public sealed record RuleDatesReversed() : Problem("rule.dates-reversed", "The last day lies before the first one. Correct the dates.");

public sealed record RuleAlreadyOver(string EndsOn) : Problem("rule.already-over", "The last day, {0}, has passed. Choose a later one.", EndsOn);

public sealed record RuleUsesUnfit() : Problem("rule.unfit-uses", "Uses per customer must lie between 1 and 1,000, and total uses must not be fewer than that. Correct the limits.");

public sealed record RuleBudgetUnfit() : Problem("rule.unfit-budget", "The budget must be above zero and cover at least one use. Raise it or leave it empty.");

public sealed record RuleBudgetNeedsCap() : Problem("rule.budget-needs-cap", "A budget can only be kept when one use cannot cost more than a set amount. Fill in 'At most'.");

public sealed record RuleDayUnfit() : Problem("rule.unfit-day", "A day's limit must be one use or more, and its budget must cover at least one use. Raise it or leave it empty.");

public sealed record RuleCustomerBudgetUnfit() : Problem("rule.unfit-customer-budget", "A customer's budget must be above zero and cover at least one use. Raise it or leave it empty.");

public sealed record RuleSegmentsUnfit(int Most) : Problem("rule.unfit-segments", "A rule may limit up to {0} segments, each once, by uses or by a budget that covers at least one use. Correct the segments' limits.", Most);

public sealed record RuleNeedsNoCode() : Problem("rule.needs-no-code", "This rule gives its offer without a code. Make codes for a rule that asks for one.");

public sealed record RulePrefixUnfit() : Problem("rule.unfit-prefix", "A code may begin with up to 8 of A-Z and 0-9. Correct the prefix.");

public sealed record RuleOfferUnreadable(string Place) : Problem("rule.unreadable-offer", "The offer cannot be read at {0}. Build it again.", Place);

public sealed record RuleBuyGetUnfit(int Limit) : Problem("rule.unfit-buy-get", "Pieces to buy, pieces to get and how often must lie between 1 and {0}, and the percentage off above 0 and at most at 100. Correct them.", Limit);

public sealed record RuleGiftUnfit() : Problem("rule.unfit-gift", "A gift needs an item id, a name of at most 200 characters and a value of zero or more. Fill them in.");

public sealed record RuleTiersUnfit(int Limit) : Problem("rule.unfit-tiers", "A tiered offer needs 1 to {0} tiers. Add or remove some.", Limit);

public sealed record RuleTierUnfit(int Tier) : Problem("rule.unfit-tier", "Tier {0} must begin above the one before and give either a percentage up to 100 or an amount below its beginning. Correct it.", Tier);

public sealed record RuleItemsMissing() : Problem("rule.no-items", "An offer for chosen items needs at least one category, brand or item. Choose some, or let it apply to the order.");

public sealed record RuleChoiceUnfit(int Limit) : Problem("rule.unfit-choice", "A list of categories, brands or items may hold up to {0} names of at most 200 characters. Shorten it.", Limit);

public sealed record RulePriorityUnfit() : Problem("rule.unfit-priority", "The priority must lie between 0 and 1,000. Correct it.");

public sealed record RuleGroupUnfit() : Problem("rule.unfit-group", "The name of an exclusive group may have up to 40 characters. Shorten it.");

public sealed record RuleMarginUnfit() : Problem("rule.unfit-margin", "The margin floor must lie above 0 and below 100 percent. Correct it or leave it empty.");

public sealed record RuleGone() : Problem("rule.gone", "This rule does not exist any more. Go back to the list.");

public sealed record RuleChangedMeanwhile() : Problem("rule.changed-meanwhile", "Somebody else changed this rule since you opened it. Open it again and repeat your change.");

public sealed record RuleNotEditable() : Problem("rule.not-editable", "Codes of this rule are given out, so its terms stand. Copy it to a new rule to change them.");

public sealed record RuleIsOfferOfCampaign(string Campaign)
    : Problem("rule.offer-of-campaign", "This rule is the offer of the campaign '{0}', which gives the codes to those it does not hold back. Launch the campaign, or choose another offer there.", Campaign);

public sealed record SendingBackUnexplained(int Least, int Most) : Problem("rule.sent-back-unexplained", "Say in {0} to {1} letters what is to change.", Least, Most);

public sealed record RuleStateUnfit(string State) : Problem("rule.unfit-state", "That cannot be done while the rule is in the state '{0}'.", State);

public sealed record RuleAudienceEmpty() : Problem("rule.audience-empty", "Nobody fits the condition now, so there is nobody to give a code to. Loosen a line.");

public sealed record RuleLimitTooSmall() : Problem("rule.limit-too-small", "Budget or total uses do not allow for a single code. Raise the limit.");

public sealed record CodeBatchNameUnfit() : Problem("codes.no-name", "Give the batch a name of 1 to 80 characters.");

public sealed record CodeCountUnfit(int Most) : Problem("codes.unfit-count", "A batch holds 1 to {0} codes. Correct the number.", Most);

public sealed record CodeUsesUnfit() : Problem("codes.unfit-uses", "A code must be good for one use or more. Correct the number or leave it empty.");

public sealed record CodeUnfit(string Code) : Problem("codes.unfit", "'{0}' cannot be a code: use 3 to 40 letters A to Z, figures and hyphens, with none at the ends.", Code);

public sealed record CodeTaken(string Code) : Problem("codes.taken", "The code '{0}' exists in this shop already, or reads like one that does (O and 0, I, L and 1 are the same). Choose another.", Code);

public sealed record CodeFileTooLarge(string File, long Most) : Problem("codes.file-too-large", "'{0}' is larger than {1} MB. Split it into several files.", File, Most);

public sealed record CodesNoneNew(int Taken, int Unfit) : Problem("codes.none-new", "The file holds no new code: {0} exist already, {1} lines are no codes. Nothing was taken in.", Taken, Unfit)
{
    /// <summary>The first of them.</summary>
    public ImmutableArray<(int Line, string Code)> TakenLines { get; init; } = [];

    public ImmutableArray<(int Line, string Code)> UnfitLines { get; init; } = [];
}
