using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Core.Learning.Networks.Tables;
using MerchantStudio.Core.Learning.Trees;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Learning.Evaluation.Tables.Targets;

/// <param name="Answer">Row after row: a probability for each class, else one number.</param>
internal sealed record TargetModel(string Chosen, Func<FeatureMatrix, float[]> Answer);

/// <summary>The families that a class, a number, a count or an order is learnt by.</summary>
internal static class TargetFamilies
{
    public const string Linear = "linear";
    public const string Trees = "trees";
    public const string Perceptron = "mlp";

    public static readonly ImmutableArray<string> All = [Linear, Trees, Perceptron];

    public static Problem? Check(ImmutableArray<string> models)
    {
        var unknown = models.FirstOrDefault(name => !All.Contains(name));
        return unknown is null ? null : new Problem("evaluate.unknown-target-model", "'{0}' does not tell this. Choose from linear, trees and mlp.", unknown);
    }

    public static Outcome<TargetModel> Train(string family, TreesObjective target, TreesTable training, TreesTable validation, int seed, CancellationToken cancellationToken) => family switch
    {
        Linear => LinearTarget.Fit(target, training, validation, cancellationToken),
        Trees => OfTrees(target, training, validation, seed, cancellationToken),
        _ => OfPerceptron(target, training, validation, seed, cancellationToken),
    };

    /// <summary>What needs no model.</summary>
    public static (string Name, TargetModel Model) Baseline(TreesObjective target, TreesTable training) => target switch
    {
        TreesObjective.Softmax => ("majority", Constant("training share of each class", [.. Enumerable.Range(0, (int)training.Y.Max() + 1).Select(k => (float)training.Y.Count(y => y == k) / training.Y.Length)])),
        TreesObjective.Ranking => ("file order", Constant("rows as they come", [0])),
        _ => ("mean", Constant("training mean for everyone", [training.Y.Average()])),
    };

    private static Outcome<TargetModel> OfTrees(TreesObjective target, TreesTable training, TreesTable validation, int seed, CancellationToken cancellationToken)
    {
        var (best, bestLoss) = (default(TargetModel), double.PositiveInfinity);
        foreach (var options in TreesSearch.Settings)
        {
            if (!new TreeEnsembleTrainer(target, options).Train(training, validation, seed, null, cancellationToken).TryGet(out var ensemble, out var problem)) return problem;
            var model = new TargetModel(string.Create(CultureInfo.InvariantCulture, $"{ensemble.Rounds} rounds, {options.Leaves} leaves, depth {options.Depth}"), x => ensemble.Predict(x).Value);
            var loss = TargetMetrics.Loss(target, model.Answer(validation.X), validation);
            if (best is null || loss < bestLoss) (best, bestLoss) = (model, loss);
        }

        return best!;
    }

    private static Outcome<TargetModel> OfPerceptron(TreesObjective target, TreesTable training, TreesTable validation, int seed, CancellationToken cancellationToken)
    {
        if (!new PerceptronTrainer(target).Train(training, validation, seed, cancellationToken).TryGet(out var perceptron, out var problem)) return problem;
        return new TargetModel(perceptron.Settings, x => perceptron.Predict(x).Value);
    }

    private static TargetModel Constant(string chosen, float[] answer) => new(chosen, x => [.. Enumerable.Repeat(answer, x.Rows).SelectMany(one => one)]);
}
