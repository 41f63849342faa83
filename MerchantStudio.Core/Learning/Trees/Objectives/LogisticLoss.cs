using System.Runtime.Intrinsics;

namespace MerchantStudio.Core.Learning.Trees.Objectives;

/// <summary>Log-loss by log-odds z with p = 1 / (1 + e^−z): gradient p − y, hessian p (1 − p).</summary>
/// <remarks>Friedman, Hastie and Tibshirani, Additive logistic regression, Annals of Statistics 28(2), 2000.</remarks>
internal sealed class LogisticLoss : Objective
{
    private const float LeastHessian = 1e-16f;

    public override double[] Start(TreesTable table) => [BinaryModels.Logit(Math.Clamp(WeightedMean(table), 1e-6, 1 - 1e-6))];

    public override void Derive(TreesTable table, int from, int to, double[] scores, float[] gradients, float[] hessians)
    {
        var row = from;
        for (; row + Vector512<double>.Count <= to; row += Vector512<double>.Count)
        {
            var p = Probability(Vector512.Create(scores, row));
            var h = p * (Vector512<double>.One - p);
            Vector512.Narrow(p, h).GetLower().CopyTo(gradients, row);
            Vector512.Narrow(p, h).GetUpper().CopyTo(hessians, row);
        }

        for (; row < to; row++)
        {
            var p = Probability(Vector512.Create(scores[row]))[0];
            gradients[row] = (float)p;
            hessians[row] = (float)(p * (1 - p));
        }

        for (row = from; row < to; row++)
        {
            gradients[row] -= table.Y[row];
            hessians[row] = Math.Max(hessians[row], LeastHessian);
        }
    }

    public override (double Sum, double Weight) Loss(TreesTable table, int from, int to, double[] scores) =>
        Sum(table, from, to, row => Math.Max(scores[row], 0) - (scores[row] * table.Y[row]) + Math.Log(1 + Math.Exp(-Math.Abs(scores[row]))));

    public override void Answer(Span<double> scores) => scores[0] = BinaryModels.Sigmoid(scores[0]);

    private static Vector512<double> Probability(Vector512<double> z)
    {
        var e = Vector512.Exp(-Vector512.Abs(z));
        var positive = Vector512<double>.One / (Vector512<double>.One + e);
        return Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(z, Vector512<double>.Zero), positive, e * positive);
    }
}
