using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Conditions;

public sealed record ConditionUnreadable(string Place)
    : Problem("condition.unreadable", "The condition cannot be read at {0}. Open the segment or rule and build it again.", Place);

public sealed record ConditionTooDeep(int Limit)
    : Problem("condition.too-deep", "Groups are nested more than {0} deep. Save the inner part as a segment and name that instead.", Limit);

public sealed record ConditionTooLong(int Limit)
    : Problem("condition.too-long", "The condition has more than {0} lines. Save a part as a segment and name that instead.", Limit);

public sealed record ConditionAttributeUnknown(string Key)
    : Problem("condition.unknown-attribute", "'{0}' is nothing that can be asked about a shopper here. Choose another line.", Key);

public sealed record ConditionOperatorUnfit(string Key, string Operator)
    : Problem("condition.unfit-operator", "'{0}' cannot be compared with '{1}'. Choose another comparison.", Key, Operator);

public sealed record ConditionValueUnfit(string Key, string Value)
    : Problem("condition.unfit-value", "'{1}' is no value for '{0}'. Enter a figure, a date or a choice that fits.", Key, Value);

public sealed record ConditionSegmentUnknown(string Key)
    : Problem("condition.unknown-segment", "The segment '{0}' does not exist any more. Choose another one.", Key);

public sealed record ConditionAsksBasket(string Key)
    : Problem("condition.asks-basket", "'{0}' is known only when an order is placed, so a segment cannot ask for it. Use it in a coupon rule, or remove the line.", Key);

public sealed record AudienceNotReady()
    : Problem("audience.not-ready", "Shoppers are not prepared yet. Import events and refresh the insights once.");
