using MerchantStudio.Core.Learning.Trees.Objectives;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Learning.Trees;

/// <summary>
/// Gradient-boosted trees for any of the objectives. The same table, options and seed give the same bits, whatever the number of threads.
/// </summary>
/// <remarks>
/// Chen and Guestrin, XGBoost, KDD 2016 (second-order gain, sparse direction, sampling); Ke et al., LightGBM, NIPS 2017 (histograms, leaf-wise growth);
/// Burges, MSR-TR-2010-82 (LambdaMART).
/// </remarks>
public sealed class TreeEnsembleTrainer(TreesObjective objective, TreesOptions options, int threads = 2)
{
    /// <param name="training">Rows to learn from.</param>
    /// <param name="validation">Rows that choose the round to stop at; null or none runs all rounds.</param>
    /// <param name="seed">Decides which rows and columns each tree sees.</param>
    /// <param name="progress">Mean losses after each round: the objective's own, for ranking 1 − NDCG.</param>
    /// <param name="cancellationToken">Looked at between rounds.</param>
    public Outcome<TreeEnsemble> Train(TreesTable training, TreesTable? validation, int seed, IProgress<LearningStep>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(training);
        CheckMonotone(training.X);
        if (TreesTableCheck.Training(training, objective) is { } problem) return problem;
        if (validation is { X.Rows: > 0 })
        {
            if (!ColumnAlignment.Align(training.X.Columns, validation.X).TryGet(out var aligned, out var other)) return other;
            validation = validation with { X = aligned };
            if (TreesTableCheck.Validation(validation, objective, training) is { } bad) return bad;
        }

        var data = BoostingTables.Of(training, validation, threads);
        var loss = Objective.Of(objective, training);
        return new TreeEnsemble(objective, new Boosting(data, options, loss, seed, threads).Run(progress, null, cancellationToken).Forest, options.Leaves, options.Depth);
    }

    private void CheckMonotone(FeatureMatrix x)
    {
        if (options.Monotone.IsDefaultOrEmpty) return;
        if (options.Monotone.Length != x.Columns.Length) throw new InvalidOperationException($"{options.Monotone.Length} monotone signs for {x.Columns.Length} columns.");
        for (var column = 0; column < x.Columns.Length; column++)
        {
            if (options.Monotone[column] != 0 && x.Columns[column].IsCategorical) throw new InvalidOperationException($"Column '{x.Columns[column].Name}' has no order, so nothing can rise with it.");
        }
    }
}
