namespace MerchantStudio.Core.Learning.Trees.Objectives;

/// <summary>Cross-entropy of K classes with p = softmax(s): gradient p_k − [y = k], hessian p_k (1 − p_k) K / (K − 1).</summary>
/// <remarks>Friedman, Greedy function approximation: a gradient boosting machine, Annals of Statistics 29(5), 2001, algorithm 6: the factor stands for the one class too many.</remarks>
internal sealed class SoftmaxLoss(int classes) : Objective
{
    private const float LeastHessian = 1e-16f;

    public override int Outputs => classes;

    public override double[] Start(TreesTable table)
    {
        var weights = new double[classes];
        for (var row = 0; row < table.Y.Length; row++) weights[(int)table.Y[row]] += table.Weights?[row] ?? 1;
        var all = weights.Sum();
        return [.. weights.Select(weight => Math.Log(Math.Max(weight / all, 1e-9)))];
    }

    public override void Derive(TreesTable table, int from, int to, double[] scores, float[] gradients, float[] hessians)
    {
        var rows = table.Y.Length;
        var p = new double[classes];
        for (var row = from; row < to; row++)
        {
            Gather(scores, rows, row, p);
            Answer(p);
            for (var k = 0; k < classes; k++)
            {
                gradients[(k * rows) + row] = (float)(p[k] - (table.Y[row] == k ? 1 : 0));
                hessians[(k * rows) + row] = Math.Max((float)(p[k] * (1 - p[k]) * classes / (classes - 1)), LeastHessian);
            }
        }
    }

    public override (double Sum, double Weight) Loss(TreesTable table, int from, int to, double[] scores)
    {
        var rows = table.Y.Length;
        var p = new double[classes];
        return Sum(table, from, to, row =>
        {
            Gather(scores, rows, row, p);
            var largest = p.Max();
            return largest + Math.Log(p.Sum(score => Math.Exp(score - largest))) - p[(int)table.Y[row]];
        });
    }

    public override void Answer(Span<double> scores)
    {
        var largest = double.NegativeInfinity;
        foreach (var score in scores) largest = Math.Max(largest, score);
        var total = 0.0;
        for (var k = 0; k < scores.Length; k++) total += scores[k] = Math.Exp(scores[k] - largest);
        for (var k = 0; k < scores.Length; k++) scores[k] /= total;
    }

    private void Gather(double[] scores, int rows, int row, double[] into)
    {
        for (var k = 0; k < classes; k++) into[k] = scores[(k * rows) + row];
    }
}
