using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Pipeline.Debate;

public sealed record NothingToDebate(int Days)
    : Problem("debate.no-training", "There is no training for {0} days with two kinds of models yet, so nobody could disagree. Start one with at least two kinds.", Days);

public sealed record AlreadyLabelled(string Shopper, string By)
    : Problem("debate.already-labelled", "{1} has answered for shopper {0} already. Take that answer back first if another is right.", Shopper, By);

public sealed record DebateMoved(string Shopper)
    : Problem("debate.moved", "The insights were refreshed since this page was drawn, so the answer would be about other days. Load the page again and look at shopper {0} once more.", Shopper);

public sealed record LabelNotFound()
    : Problem("debate.label-not-found", "This answer has been taken back already.");

public sealed record LabelOfAnother(string By)
    : Problem("debate.label-of-another", "{0} gave this answer. Whoever gave it can take it back, and those who manage models.", By);

public sealed record NoteTooLong(int Most)
    : Problem("debate.note-too-long", "A note may have at most {0} characters. Shorten it.", Most);
