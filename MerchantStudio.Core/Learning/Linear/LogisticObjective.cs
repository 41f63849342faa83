namespace MerchantStudio.Core.Learning.Linear;

/// <summary>
/// Mean log-loss of a yes-or-no question over sparse rows, plus penalty / 2 × squared weights (not the bias, which is the last weight).
/// </summary>
/// <remarks>Rows are scored by rows and gradients summed by columns, so the result is the same for any number of threads.</remarks>
public sealed class LogisticObjective
{
    private const int Slice = 2048;

    private readonly SparseRows _rows;
    private readonly SparseRows _columns;
    private readonly bool[] _yes;
    private readonly double _penalty;
    private readonly double[] _residuals;
    private readonly double[] _losses;

    /// <param name="columns">The transpose of <paramref name="rows"/>.</param>
    /// <param name="yes">Each row's answer.</param>
    public LogisticObjective(SparseRows rows, SparseRows columns, bool[] yes, double penalty)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(yes);
        _rows = rows;
        _columns = columns;
        _yes = yes;
        _penalty = penalty;
        _residuals = new double[rows.Rows];
        _losses = new double[rows.Rows];
    }

    /// <summary>Length of the weight vector: one for each column, and the bias.</summary>
    public int Size => _rows.Columns + 1;

    public double Evaluate(double[] weights, double[] gradient)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(gradient);
        ForSlices(_rows.Rows, (from, to) => Score(weights, from, to));
        ForSlices(_rows.Columns, (from, to) => Collect(weights, gradient, from, to));
        double loss = 0, squares = 0, bias = 0;
        foreach (var part in _losses) loss += part;
        foreach (var residual in _residuals) bias += residual;
        for (var at = 0; at < _rows.Columns; at++) squares += weights[at] * weights[at];
        gradient[^1] = bias;
        return loss + (0.5 * _penalty * squares);
    }

    private void Score(double[] weights, int from, int to)
    {
        for (var row = from; row < to; row++)
        {
            var columns = _rows.ColumnsOf(row);
            var values = _rows.ValuesOf(row);
            var logOdds = weights[^1];
            for (var at = 0; at < columns.Length; at++) logOdds += values[at] * weights[columns[at]];
            var against = _yes[row] ? -logOdds : logOdds;
            _losses[row] = (Math.Max(against, 0) + Math.Log(1 + Math.Exp(-Math.Abs(against)))) / _rows.Rows;
            _residuals[row] = (BinaryModels.Sigmoid(logOdds) - (_yes[row] ? 1 : 0)) / _rows.Rows;
        }
    }

    private void Collect(double[] weights, double[] gradient, int from, int to)
    {
        for (var column = from; column < to; column++)
        {
            var sum = _penalty * weights[column];
            var rows = _columns.ColumnsOf(column);
            var values = _columns.ValuesOf(column);
            for (var at = 0; at < rows.Length; at++) sum += values[at] * _residuals[rows[at]];
            gradient[column] = sum;
        }
    }

    private static void ForSlices(int count, Action<int, int> work) =>
        Parallel.For(0, (count + Slice - 1) / Slice, slice => work(slice * Slice, Math.Min(count, (slice + 1) * Slice)));
}
