using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Promotions.Replay;

public sealed record ReplayDaysUnfit() : Problem("replay.unfit-days", "A replay looks back over 7 to 730 days. Choose a period within that.");

public sealed record ReplayNotMade() : Problem("replay.not-made", "This rule was not replayed before it went live, so there is nothing to compare with. Replay the next one before you activate it.");

public sealed record ReplayRuleNotLive() : Problem("replay.rule-not-live", "The rule has not been live yet. Compare again when it has been for a day or more.");

public sealed record ReplayTooEarly() : Problem("replay.too-early", "The rule has been live for less than a day. Compare again tomorrow.");
