using System.Collections.Immutable;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Bayes;
using MerchantStudio.Core.Learning.Gaussian;
using MerchantStudio.Core.Learning.Linear;
using MerchantStudio.Core.Learning.Networks.Tables;
using MerchantStudio.Core.Learning.Trees;

namespace MerchantStudio.Core.Insights.Intent;

/// <summary>A family of models that can learn who will buy.</summary>
/// <param name="Key">What its models call themselves; names and advice lie under "Models.family-", "Models.family-about-" and "Training.when-" and this key.</param>
/// <param name="InRuns">Whether every run of the pipeline fits it.</param>
/// <param name="Chosen">Whether a training of its own takes it unless told otherwise.</param>
/// <param name="Settings">How many settings it tries at most; trying fewer takes less time.</param>
/// <param name="BytesPerCell">Memory while it is fitted beyond the rows themselves, for each row and column.</param>
/// <param name="Create">From the question and the number of settings to try, 1 to <paramref name="Settings"/>.</param>
public sealed record IntentFamily(string Key, bool InRuns, bool Chosen, int Settings, double BytesPerCell, Func<IntentQuestion, int, IBinaryTrainer> Create);

/// <summary>The families, simplest first; a new one is a line here and its texts.</summary>
public static class IntentFamilies
{
    /// <summary>Cautious settings: a shop has some hundred to some ten thousand shoppers.</summary>
    private static readonly ImmutableArray<TreesOptions> Trees =
    [
        new(Rounds: 600, LearningRate: 0.05, Leaves: 4, Depth: 2, MinRows: 20, MinHessian: 3, L2: 5, Patience: 40),
        new(Rounds: 600, LearningRate: 0.05, Leaves: 8, Depth: 4, MinRows: 20, MinHessian: 3, L2: 5, ColumnShare: 0.5, Patience: 40),
        new(Rounds: 600, LearningRate: 0.05, Leaves: 16, Depth: 6, MinRows: 20, MinHessian: 3, L2: 10, ColumnShare: 0.5, Patience: 40),
    ];

    /// <summary>Long tails go through the logarithm before logistic regression sees them.</summary>
    public static ImmutableArray<IntentFamily> All { get; } =
    [
        new(NaiveBayesModel.FamilyName, InRuns: false, Chosen: true, Settings: 1, BytesPerCell: 8, (_, _) => new NaiveBayesTrainer()),
        new(GaussianModel.FamilyName, InRuns: false, Chosen: true, Settings: 1, BytesPerCell: 24, (question, _) => new GaussianTrainer(stopHere: question.StopHere)),
        new(LogisticModel.FamilyName, InRuns: true, Chosen: true, Settings: 1, BytesPerCell: 24, (question, _) => new LogisticTrainer(new LogisticOptions(Squash: true, Threads: question.Threads, Preparation: question.Preparation), question.StopHere)),
        new(BoostedTreesModel.FamilyName, InRuns: true, Chosen: true, Trees.Length, BytesPerCell: 6, (question, settings) => new BoostedTreesTrainer(Trees[..settings], question.Threads, question.GoOn, question.StopHere)),
        new(MlpModel.FamilyName, InRuns: false, Chosen: true, Settings: 1, BytesPerCell: 4, (question, _) => new MlpTrainer(threads: question.Threads, stopHere: question.StopHere)),
    ];

    /// <returns>Null for a family that this version does not know.</returns>
    public static IntentFamily? Find(string key) => All.FirstOrDefault(family => family.Key == key);
}
