using System.Collections.Immutable;
using MerchantStudio.Core.Learning.Linear;
using MerchantStudio.Core.Learning.Networks.Tables;
using MerchantStudio.Core.Learning.Trees;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Learning.Evaluation.Tables.Targets;

/// <summary>What is answered of every row where no model is asked.</summary>
/// <param name="Answer">A probability for each class, else one number.</param>
internal sealed record TargetBaseline(string Name, string Chosen, float[] Answer)
{
    public float[] Answers(int rows) => [.. Enumerable.Repeat(Answer, rows).SelectMany(answer => answer)];
}

/// <summary>The families that a class, a number, a count or an order is learnt by.</summary>
internal static class TargetFamilies
{
    public static readonly ImmutableArray<string> All = [LinearModel.FamilyName, TreeEnsemble.FamilyName, MlpModel.FamilyName];

    public static Problem? Check(ImmutableArray<string> models)
    {
        var unknown = models.FirstOrDefault(name => !All.Contains(name));
        return unknown is null ? null : new Problem("evaluate.unknown-target-model", "'{0}' does not tell this. Choose from linear, trees and mlp.", unknown);
    }

    public static Outcome<TargetTraining> Train(string family, TreesObjective target, TreesTable training, TreesTable validation, int seed, CancellationToken cancellationToken) => family switch
    {
        LinearModel.FamilyName => LinearTrainer.Fit(target, training, validation, cancellationToken),
        TreeEnsemble.FamilyName => OfTrees(target, training, validation, seed, cancellationToken),
        _ => new PerceptronTrainer(target).Train(training, validation, seed, cancellationToken),
    };

    public static TargetBaseline Baseline(TreesObjective target, TreesTable training) => target switch
    {
        TreesObjective.Softmax => new("majority", "training share of each class", [.. Enumerable.Range(0, (int)training.Y.Max() + 1).Select(k => (float)training.Y.Count(y => y == k) / training.Y.Length)]),
        TreesObjective.Ranking => new("file order", "rows as they come", [0]),
        _ => new("mean", "training mean for everyone", [training.Y.Average()]),
    };

    private static Outcome<TargetTraining> OfTrees(TreesObjective target, TreesTable training, TreesTable validation, int seed, CancellationToken cancellationToken)
    {
        var (best, bestLoss) = (default(TreeEnsemble), double.PositiveInfinity);
        foreach (var options in TreesSearch.Settings)
        {
            if (!new TreeEnsembleTrainer(target, options).Train(training, validation, seed, null, cancellationToken).TryGet(out var ensemble, out var problem)) return problem;
            var loss = TargetMetrics.Loss(target, ensemble.Predict(validation.X).Value, validation);
            if (best is null || loss < bestLoss) (best, bestLoss) = (ensemble, loss);
        }

        return new TargetTraining(best!, []);
    }
}
