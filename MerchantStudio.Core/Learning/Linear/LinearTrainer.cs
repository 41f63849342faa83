using MerchantStudio.Core.Learning.Evaluation.Tables.Targets;
using MerchantStudio.Core.Learning.Networks.Tables;
using MerchantStudio.Core.Learning.Trees;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Learning.Linear;

/// <summary>Fits a weighted sum of inputs for each class, for the number or for the logarithm of the count, with the L2 penalty that the validation rows prefer.</summary>
internal static class LinearTrainer
{
    private const int MostTerms = 3_000;
    private const int MostSteps = 200;
    private const double Tolerance = 1e-7;

    private static readonly double[] Penalties = [0.1, 0.01, 1e-3, 1e-4];

    public static Outcome<TargetTraining> Fit(TreesObjective target, TreesTable training, TreesTable validation, CancellationToken cancellationToken)
    {
        if ((TreesTableCheck.Training(training, target) ?? TreesTableCheck.Validation(validation, target, training)) is { } problem) return problem;
        if (TableCheck.TooManyCategories(training.X) is { } many) return many;
        var encoder = DesignEncoder.Fit(training.X, squash: true);
        if (encoder.Terms.Length > MostTerms) return new Problem("learning.too-many-inputs", "Logistic regression would have to weigh {0} inputs, where each word of a category counts as one; at most {1} are possible. Leave columns out or choose another model.", encoder.Terms.Length, MostTerms);
        var scale = AnswerScale.Of(target, training);
        var (design, scaled, shares) = (encoder.Encode(training.X), scale.Scaled(training), Shares(training));
        var weights = new double[(encoder.Terms.Length + 1) * scale.Outputs];
        var (best, bestLoss) = (default(LinearModel), double.PositiveInfinity);
        foreach (var penalty in Penalties)
        {
            LimitedMemoryBfgs.Minimise((at, gradient) => Evaluate(target, scale.Outputs, design, scaled.Y, shares, penalty, at, gradient), weights, MostSteps, Tolerance, cancellationToken);
            var model = new LinearModel(encoder, scale, [.. weights], penalty);
            var loss = TargetMetrics.Loss(target, model.Predict(validation.X).Value, validation);
            if (best is null || loss < bestLoss) (best, bestLoss) = (model, loss);
        }

        return new TargetTraining(best!, []);
    }

    /// <summary>Weighted mean loss with its penalty; the weights of an input lie together, the last block holds the biases.</summary>
    private static double Evaluate(TreesObjective target, int outputs, double[][] design, float[] y, double[] shares, double penalty, double[] weights, double[] gradient)
    {
        Array.Clear(gradient);
        var (loss, raw) = (0.0, new double[outputs]);
        for (var row = 0; row < y.Length; row++)
        {
            LinearModel.Sum(design, row, weights, raw);
            loss += shares[row] * Derive(target, raw, y[row]);
            for (var input = 0; input <= design.Length; input++)
            {
                var value = shares[row] * (input < design.Length ? design[input][row] : 1);
                for (var k = 0; k < outputs; k++) gradient[(input * outputs) + k] += value * raw[k];
            }
        }

        for (var at = 0; at < design.Length * outputs; at++)
        {
            loss += penalty * weights[at] * weights[at] / 2;
            gradient[at] += penalty * weights[at];
        }

        return loss;
    }

    /// <summary>One row's loss; what it moves by takes the answers' place.</summary>
    private static double Derive(TreesObjective target, double[] raw, float y)
    {
        switch (target)
        {
            case TreesObjective.Softmax:
                var lost = -Softmax.ToLogProbabilities(raw)[(int)y];
                for (var k = 0; k < raw.Length; k++) raw[k] = Math.Exp(raw[k]) - (k == (int)y ? 1 : 0);
                return lost;
            case TreesObjective.Poisson:
                var (z, mean) = (raw[0], Math.Exp(Math.Min(raw[0], AnswerScale.MostLogRate)));
                raw[0] = mean - y;
                return mean - (y * z);
            default:
                raw[0] -= y;
                return raw[0] * raw[0] / 2;
        }
    }

    private static double[] Shares(TreesTable rows)
    {
        if (rows.Weights is not { } weights) return [.. Enumerable.Repeat(1.0 / rows.Y.Length, rows.Y.Length)];
        var all = weights.Sum(weight => (double)weight);
        return Array.ConvertAll(weights, weight => weight / all);
    }
}
