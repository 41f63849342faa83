using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Promotions.Guards;

public sealed record RuleBlocked(string Finding) : Problem("rule.blocked", "The checks before publishing found something that must be put right first ({0}). Look at the panel 'Before it goes live' on the rule's page.", Finding);

public sealed record RuleUnjustified(string Finding) : Problem("rule.unjustified", "The checks before publishing found something that needs a reason first. Give it in the panel 'Before it goes live' on the rule's page, or change the rule.", Finding);

public sealed record JustificationUnfit(int Least, int Most) : Problem("rule.unfit-justification", "Say in {0} to {1} letters why the rule may go live all the same.", Least, Most);

public sealed record JustificationNotAsked() : Problem("rule.justification-not-asked", "This finding asks for no reason now. Look at the rule's page again.");
