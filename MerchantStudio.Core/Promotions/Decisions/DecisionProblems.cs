using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Promotions.Decisions;

public sealed record DecisionTooManyCodes(int Most) : Problem("decision.too-many-codes", "At most {0} codes can be asked about at once, each of up to 200 characters. Send fewer.", Most);

public sealed record DecisionTooManyExperiments(int Most) : Problem("decision.too-many-experiments", "At most {0} experiments can be named at once. Send fewer.", Most);

public sealed record DecisionExperimentUnknown(string Key) : Problem("decision.experiment-unknown", "No experiment called '{0}' is running in this shop. Send the key of one that runs, or leave it out.", Key);
