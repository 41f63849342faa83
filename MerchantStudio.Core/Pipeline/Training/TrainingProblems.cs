using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Pipeline.Training;

public sealed record NothingPublishedYet()
    : Problem("training.nothing-published", "The insights of this shop have not been refreshed yet, so there is nothing to learn from. Refresh the insights first.");

public sealed record NoFamilyChosen()
    : Problem("training.no-family", "Choose at least one kind of model to train.");

public sealed record BudgetTooSmall()
    : Problem("training.budget-too-small", "Not even the quickest kind of model can be trained in this time and memory. Allow more of them.");

public sealed record NoTimeLeft()
    : Problem("training.no-time-left", "The time was used up before the first model was done, so nothing was kept. Allow more time and start again; the live model is unchanged.");

public sealed record TrainingNotFound()
    : Problem("training.not-found", "There is no such training in this shop.");
