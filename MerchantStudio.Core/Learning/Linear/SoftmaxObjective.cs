namespace MerchantStudio.Core.Learning.Linear;

/// <summary>
/// Weighted multinomial log-loss with an L2 penalty: mean over rows of weight × -ln p(class), plus penalty / 2 × squared weights (not the biases).
/// Weights lie class by class within a feature; the last block holds the biases.
/// </summary>
/// <remarks>Rows are scored by rows and gradients summed by columns, so the result is the same for any number of threads.</remarks>
public sealed class SoftmaxObjective
{
    private const int Slice = 512;

    private readonly SparseRows _rows;
    private readonly SparseRows _columns;
    private readonly int[] _classOf;
    private readonly double[] _rowWeights;
    private readonly double _penalty;
    private readonly double[] _residuals;
    private readonly double[] _losses;

    /// <param name="rowWeights">Sums to about 1 over all rows.</param>
    public SoftmaxObjective(SparseRows rows, SparseRows columns, int[] classOf, int classes, double[] rowWeights, double penalty)
    {
        _rows = rows;
        _columns = columns;
        _classOf = classOf;
        Classes = classes;
        _rowWeights = rowWeights;
        _penalty = penalty;
        _residuals = new double[rows.Rows * classes];
        _losses = new double[rows.Rows];
    }

    public int Classes { get; }

    /// <summary>Length of the weight vector: features and one bias, times classes.</summary>
    public int Size => (_rows.Columns + 1) * Classes;

    public double Evaluate(double[] weights, double[] gradient)
    {
        ForSlices(_rows.Rows, (from, to) => Score(weights, from, to));
        ForSlices(_rows.Columns, (from, to) => Collect(weights, gradient, from, to));
        var bias = _rows.Columns * Classes;
        Array.Clear(gradient, bias, Classes);
        for (var at = 0; at < _residuals.Length; at++) gradient[bias + (at % Classes)] += _residuals[at];
        double loss = 0, squares = 0;
        foreach (var part in _losses) loss += part;
        for (var at = 0; at < bias; at++) squares += weights[at] * weights[at];
        return loss + (0.5 * _penalty * squares);
    }

    private void Score(double[] weights, int from, int to)
    {
        Span<double> logits = stackalloc double[Classes];
        for (var row = from; row < to; row++)
        {
            Softmax.Logits(weights, _rows, row, logits);
            var lost = -Softmax.ToLogProbabilities(logits)[_classOf[row]];
            _losses[row] = _rowWeights[row] * lost;
            for (var k = 0; k < Classes; k++) _residuals[(row * Classes) + k] = _rowWeights[row] * (Math.Exp(logits[k]) - (k == _classOf[row] ? 1 : 0));
        }
    }

    private void Collect(double[] weights, double[] gradient, int from, int to)
    {
        for (var column = from; column < to; column++)
        {
            var target = gradient.AsSpan(column * Classes, Classes);
            for (var k = 0; k < Classes; k++) target[k] = _penalty * weights[(column * Classes) + k];
            var rows = _columns.ColumnsOf(column);
            var values = _columns.ValuesOf(column);
            for (var at = 0; at < rows.Length; at++)
            {
                var residual = _residuals.AsSpan(rows[at] * Classes, Classes);
                for (var k = 0; k < target.Length; k++) target[k] += values[at] * residual[k];
            }
        }
    }

    private static void ForSlices(int count, Action<int, int> work) =>
        Parallel.For(0, (count + Slice - 1) / Slice, slice => work(slice * Slice, Math.Min(count, (slice + 1) * Slice)));
}
