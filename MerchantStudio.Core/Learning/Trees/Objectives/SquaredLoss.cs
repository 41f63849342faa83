namespace MerchantStudio.Core.Learning.Trees.Objectives;

/// <summary>Half the squared error of score s: gradient s − y, hessian 1.</summary>
internal sealed class SquaredLoss : Objective
{
    public override double[] Start(TreesTable table) => [WeightedMean(table)];

    public override void Derive(TreesTable table, int from, int to, double[] scores, float[] gradients, float[] hessians)
    {
        for (var row = from; row < to; row++)
        {
            gradients[row] = (float)(scores[row] - table.Y[row]);
            hessians[row] = 1;
        }
    }

    public override (double Sum, double Weight) Loss(TreesTable table, int from, int to, double[] scores) =>
        Sum(table, from, to, row => (scores[row] - table.Y[row]) * (scores[row] - table.Y[row]) / 2);

    public override void Answer(Span<double> scores)
    {
    }
}
