using System.Numerics;

namespace MerchantStudio.Core.Learning.Linear;

/// <summary>
/// Minimises (weighted) mean log-loss + strength·((1−r)/2·‖w‖² + r·‖w‖₁): Newton steps on the loss, each solved by coordinate descent on
/// the weighted Gram matrix, halved until the objective falls. Starts from the last solution, so a path of strengths is cheap.
/// </summary>
/// <remarks>Friedman, Hastie and Tibshirani, Regularization paths for generalized linear models via coordinate descent, JSS 33(1), 2010.</remarks>
internal sealed class ElasticNetSolver
{
    private const int MostNewtonSteps = 50;
    private const int MostSweeps = 1000;
    private readonly double[][] _design;
    private readonly float[] _y;
    private readonly double _l1Ratio;
    private readonly int _threads;
    private readonly double[] _logOdds;
    private readonly double[] _shares;

    /// <param name="weights">How much each row counts; empty for all alike.</param>
    public ElasticNetSolver(double[][] design, float[] y, ReadOnlySpan<float> weights, double l1Ratio, int threads)
    {
        _design = design;
        _y = y;
        _l1Ratio = l1Ratio;
        _threads = threads;
        Weights = new double[design.Length];
        _logOdds = new double[y.Length];
        _shares = new double[y.Length];
        Array.Fill(_shares, 1.0 / y.Length);
        if (!weights.IsEmpty)
        {
            var all = 0.0;
            foreach (var weight in weights) all += weight;
            for (var row = 0; row < y.Length; row++) _shares[row] = weights[row] / all;
        }

        var rate = 0.0;
        for (var row = 0; row < y.Length; row++) rate += _shares[row] * y[row];
        rate = Math.Clamp(rate, 1e-6, 1 - 1e-6);
        Intercept = BinaryModels.Logit(rate);
        Array.Fill(_logOdds, Intercept);
    }

    public double Intercept { get; private set; }

    public double[] Weights { get; }

    public double MeanLoss => Loss(_logOdds);

    public void Solve(double strength, CancellationToken cancellationToken)
    {
        var objective = Objective(_logOdds, Weights, strength);
        for (var step = 0; step < MostNewtonSteps; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (interceptMove, moves) = NewtonDirection(strength);
            var next = Move(interceptMove, moves, strength, objective);
            var gain = objective - next;
            objective = next;
            if (gain <= 1e-10 * (1 + Math.Abs(objective))) return;
        }
    }

    /// <summary>Goes along the direction, halving until the objective does not rise; stays put when no step helps.</summary>
    private double Move(double interceptMove, double[] moves, double strength, double objective)
    {
        var change = new double[_y.Length];
        Array.Fill(change, interceptMove);
        for (var t = 0; t < moves.Length; t++)
        {
            if (moves[t] != 0) AddScaled(change, _design[t], moves[t]);
        }

        var trialLogOdds = new double[_y.Length];
        var trialWeights = new double[moves.Length];
        for (var size = 1.0; size > 1e-6; size /= 2)
        {
            for (var row = 0; row < change.Length; row++) trialLogOdds[row] = _logOdds[row] + (size * change[row]);
            for (var t = 0; t < moves.Length; t++) trialWeights[t] = Weights[t] + (size * moves[t]);
            var trial = Objective(trialLogOdds, trialWeights, strength);
            if (trial > objective) continue;
            trialLogOdds.CopyTo(_logOdds, 0);
            trialWeights.CopyTo(Weights, 0);
            Intercept += size * interceptMove;
            return trial;
        }

        return objective;
    }

    private (double Intercept, double[] Moves) NewtonDirection(double strength)
    {
        var rows = _y.Length;
        var terms = _design.Length;
        var curvature = new double[rows];
        var residual = new double[rows];
        for (var row = 0; row < rows; row++)
        {
            var p = BinaryModels.Sigmoid(_logOdds[row]);
            curvature[row] = Math.Max(p * (1 - p), 1e-6) * _shares[row];
            residual[row] = (_y[row] - p) * _shares[row];
        }

        // The last row and column of the Gram matrix belong to the intercept.
        var gram = new double[terms + 1][];
        var gradient = new double[terms + 1];
        Parallel.For(0, terms + 1, new ParallelOptions { MaxDegreeOfParallelism = _threads }, j =>
        {
            var weighted = new double[rows];
            if (j == terms) curvature.CopyTo(weighted, 0);
            else Multiply(curvature, _design[j], weighted);
            var line = new double[j + 1];
            for (var k = 0; k < j; k++) line[k] = Dot(weighted, _design[k]);
            line[j] = j == terms ? Sum(weighted) : Dot(weighted, _design[j]);
            gram[j] = line;
            gradient[j] = j == terms ? Sum(residual) : Dot(residual, _design[j]);
        });
        return Descend(gram, gradient, strength);
    }

    /// <summary>Coordinate descent on the quadratic model; <paramref name="gradient"/> is kept up to date as coordinates move.</summary>
    private (double Intercept, double[] Moves) Descend(double[][] gram, double[] gradient, double strength)
    {
        var terms = _design.Length;
        var l2 = strength * (1 - _l1Ratio);
        var l1 = strength * _l1Ratio;
        var moves = new double[terms + 1];
        for (var sweep = 0; sweep < MostSweeps; sweep++)
        {
            var largest = 0.0;
            for (var j = 0; j <= terms; j++)
            {
                var diagonal = gram[j][j];
                double move;
                if (j == terms)
                {
                    move = gradient[j] / diagonal;
                }
                else
                {
                    var at = Weights[j] + moves[j];
                    var pull = gradient[j] + (diagonal * at);
                    var shrunk = Math.CopySign(Math.Max(Math.Abs(pull) - l1, 0), pull) / (diagonal + l2);
                    move = diagonal + l2 <= 0 ? 0 : shrunk - at;
                }

                if (move == 0) continue;
                moves[j] += move;
                for (var k = 0; k <= terms; k++) gradient[k] -= move * (k <= j ? gram[j][k] : gram[k][j]);
                largest = Math.Max(largest, move * move * diagonal);
            }

            if (largest < 1e-12) break;
        }

        return (moves[terms], moves[..terms]);
    }

    private double Objective(double[] logOdds, double[] weights, double strength)
    {
        double squares = 0, absolutes = 0;
        foreach (var weight in weights)
        {
            squares += weight * weight;
            absolutes += Math.Abs(weight);
        }

        return Loss(logOdds) + (strength * (((1 - _l1Ratio) / 2 * squares) + (_l1Ratio * absolutes)));
    }

    private double Loss(double[] logOdds)
    {
        var total = 0.0;
        for (var row = 0; row < logOdds.Length; row++)
        {
            var z = logOdds[row];
            total += _shares[row] * (Math.Max(z, 0) - (z * _y[row]) + Math.Log(1 + Math.Exp(-Math.Abs(z))));
        }

        return total;
    }

    private static double Dot(double[] a, double[] b)
    {
        var total = Vector<double>.Zero;
        var i = 0;
        for (; i <= a.Length - Vector<double>.Count; i += Vector<double>.Count) total += new Vector<double>(a, i) * new Vector<double>(b, i);
        var sum = Vector.Sum(total);
        for (; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    private static double Sum(double[] a)
    {
        var sum = 0.0;
        foreach (var value in a) sum += value;
        return sum;
    }

    private static void Multiply(double[] a, double[] b, double[] into)
    {
        for (var i = 0; i < into.Length; i++) into[i] = a[i] * b[i];
    }

    private static void AddScaled(double[] into, double[] a, double by)
    {
        for (var i = 0; i < into.Length; i++) into[i] += by * a[i];
    }
}
