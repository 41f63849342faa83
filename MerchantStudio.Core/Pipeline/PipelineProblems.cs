using System.Globalization;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Pipeline;

public sealed record NothingToLearnFrom()
    : Problem("pipeline.no-data", "There are no events and no reviews in this shop yet. Import a file first.");

public sealed record HorizonUnknown(int Days)
    : Problem("pipeline.unknown-horizon", "A forecast of {0} days does not exist. Choose 1, 7 or 30.", Days);

public sealed record AsOfBeforeData(DateTimeOffset AsOf)
    : Problem("pipeline.as-of-before-data", "There is no event before {0}. Choose a later moment.", AsOf.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture));

public sealed record HorizonNotWanted(int Days)
    : Problem("pipeline.horizon-not-wanted", "This run was asked for another horizon than {0} days. Start a run without a horizon to have all.", Days);

public sealed record RunNotFound()
    : Problem("pipeline.run-not-found", "There is no such run in this shop.");

public sealed record RunInProgress()
    : Problem("pipeline.in-progress", "The insights of this shop are being refreshed right now. Wait for the end, or cancel it first.");

public sealed record ModelNotFound()
    : Problem("models.not-found", "There is no such model in this shop. It may have gone with its run.");

public sealed record NotScoredTogether(int First, int Second)
    : Problem("models.not-scored-together", "Models {0} and {1} have not scored the same shoppers yet. They do when the insights are refreshed next.", First, Second);

public sealed record ModelFileGone(string Task, int Number)
    : Problem("models.file-gone", "The file of model {1} for {0} is missing or damaged, so it cannot be used. Refresh the insights to train a new one.", Task, Number);

public sealed record ModelInputsChanged(string Task, int Number)
    : Problem("models.inputs-changed", "Model {1} for {0} learnt from other features than the shop has now. Refresh the insights to train a new one.", Task, Number);

public sealed record ModelNotAskable(string Task, int Number)
    : Problem("models.not-askable", "Model {1} for {0} is a file that was brought along. What would change a chance can be asked of models that the studio trained.", Task, Number);

public sealed record FeatureNotActionable(string Feature)
    : Problem("models.not-actionable", "'{0}' is nothing that a shop can bring about for this shopper, so it cannot be asked what would be if it were otherwise.", Feature);

public sealed record ModelDisabled(string Task, int Number)
    : Problem("models.disabled", "Model {1} for {0} was switched off because it failed again and again at scoring. Bring a sound file as a new version.", Task, Number);

public sealed record ModelNotPromotable(string Task)
    : Problem("models.not-promotable", "Models for {0} change only when the insights are refreshed.", Task);

public sealed record ModelNotExportable(string Task, int Number)
    : Problem("models.not-exportable", "Model {1} for {0} is of a kind that cannot be written as an ONNX file. Save another version.", Task, Number);

public sealed record ModelSolvesEquations(string Task, int Number)
    : Problem("models.solves-equations", "Model {1} for {0} cannot be saved as an ONNX file: matrix factorisation, alone or in a blend, solves equations for each shopper, and ONNX has no operator for that. Save another version.", Task, Number);

public sealed record ModelKnowsTooManyItems(string Task, int Number, int Items)
    : Problem("models.too-many-items", "Model {1} for {0} cannot be saved as an ONNX file: how alike each of its {2} products is to each other would be too large a table. Save a network instead.", Task, Number, Items);

public sealed record ModelExportDiffers(string Task, int Number)
    : Problem("models.export-differs", "The file of model {1} for {0} gave other answers than the studio when it was checked, so it was not handed out. Train a new version and save that.", Task, Number);

public sealed record ModelHasNoWeights(string Task, int Number)
    : Problem("models.no-weights", "Model {1} for {0} is no neural network, so 8-bit numbers would not make its file smaller. Save it as it is.", Task, Number);

public sealed record ModelWasBrought()
    : Problem("models.was-brought", "You brought this model as an ONNX file. Use that file elsewhere.");

public sealed record NoChampion()
    : Problem("models.no-champion", "There is no model in use yet that another could be set against. Refresh the insights first.");
