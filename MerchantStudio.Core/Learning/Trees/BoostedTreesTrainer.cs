using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Core.Learning.Trees.Objectives;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Learning.Trees;

/// <summary>Histogram-based gradient boosting of the log-loss. With several settings, the one with the lowest validation log-loss is kept.</summary>
/// <param name="settings">Settings to try, in order; the defaults when empty.</param>
/// <param name="threads">Workers; the result does not depend on it.</param>
/// <param name="goOn">Asked before each setting after the first; false keeps the best so far. Null tries all.</param>
/// <param name="stopHere">Asked after each round; true keeps the best round so far. Null never stops.</param>
public sealed class BoostedTreesTrainer(ImmutableArray<TreesOptions> settings = default, int threads = 2, Func<bool>? goOn = null, Func<bool>? stopHere = null) : IBinaryTrainer
{
    private readonly ImmutableArray<TreesOptions> _settings = settings.IsDefaultOrEmpty ? [new TreesOptions()] : settings;

    public string Family => BoostedTreesModel.FamilyName;

    /// <summary>The learning curve starts again at round 1 for each setting tried.</summary>
    public Outcome<BinaryTraining> Train(FeatureMatrix x, ReadOnlySpan<float> y, FeatureMatrix validationX, ReadOnlySpan<float> validationY, int seed, IProgress<LearningStep>? progress, CancellationToken cancellationToken)
    {
        if (TableCheck.Binary(x, y, validationX, validationY) is { } problem) return problem;
        var training = new TreesTable(x, y.ToArray(), x.Weights.IsEmpty ? null : x.Weights.ToArray());
        if (TreesTableCheck.TooLarge(training) is { } large) return large;
        var data = BoostingTables.Of(training, new TreesTable(validationX, validationY.ToArray()), threads);
        Boosted? best = null;
        var chosen = _settings[0];
        foreach (var options in _settings)
        {
            if (best is not null && goOn is not null && !goOn()) break;
            var boosted = new Boosting(data, options, new LogisticLoss(), seed, threads).Run(progress, stopHere, cancellationToken);
            if (best is not null && boosted.Loss >= best.Loss) continue;
            (best, chosen) = (boosted, options);
        }

        return new BinaryTraining(new BoostedTreesModel(best!.Forest, Describe(chosen, best.Rounds)), [.. TableCheck.Leaks(x, y)]);
    }

    private static string Describe(TreesOptions options, int trees) => string.Create(
        CultureInfo.InvariantCulture,
        $"{trees} trees, {options.Leaves} leaves, depth {options.Depth}, rate {options.LearningRate}, L2 {options.L2}, rows {options.RowShare}, columns {options.ColumnShare}");
}
