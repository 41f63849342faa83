namespace MerchantStudio.Core.Learning.Trees.Objectives;

/// <summary>Negative Poisson log-likelihood by the logarithm s of the rate, less what does not depend on s: e^s − y s. Gradient e^s − y.</summary>
/// <remarks>The hessian e^s is taken e^0.7 times larger, as XGBoost and LightGBM do (max_delta_step 0.7), so that no step overshoots where rates are small.</remarks>
internal sealed class PoissonLoss : Objective
{
    internal const double StepGuard = 0.7;

    /// <summary>Logarithms of rates stay below it: e^30 is more than any count.</summary>
    internal const double MostLogRate = 30;

    public override double[] Start(TreesTable table) => [Math.Log(Math.Max(WeightedMean(table), 1e-9))];

    public override void Derive(TreesTable table, int from, int to, double[] scores, float[] gradients, float[] hessians)
    {
        for (var row = from; row < to; row++)
        {
            var score = Math.Min(scores[row], MostLogRate);
            gradients[row] = (float)(Math.Exp(score) - table.Y[row]);
            hessians[row] = (float)Math.Exp(score + StepGuard);
        }
    }

    public override (double Sum, double Weight) Loss(TreesTable table, int from, int to, double[] scores) =>
        Sum(table, from, to, row => Math.Exp(Math.Min(scores[row], MostLogRate)) - (table.Y[row] * scores[row]));

    public override void Answer(Span<double> scores) => scores[0] = Math.Exp(Math.Min(scores[0], MostLogRate));
}
