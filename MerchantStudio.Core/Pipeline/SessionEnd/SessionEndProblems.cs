using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Pipeline.SessionEnd;

public sealed record TooFewSessions(int Sessions, int Bought, int Needed)
    : Problem("session-end.too-few", "There are {0} visits to learn from, {1} of which ended in a purchase after something else. Each of the three parts (to learn, to choose, to test) needs {2} visits that did and {2} that did not. Import more visits: views and baskets beside the purchases, with their times.", Sessions, Bought, Needed);
