namespace MerchantStudio.Core.Learning.Linear;

/// <summary>Finds the lowest point of a smooth function from its gradients. Deterministic.</summary>
/// <remarks>Nocedal, Updating quasi-Newton matrices with limited storage, 1980; backtracking until Armijo's condition holds.</remarks>
public static class LimitedMemoryBfgs
{
    private const int Memory = 8;
    private const double EnoughDecrease = 1e-4;
    private const int MostHalvings = 25;

    /// <summary>One short step may only mean that the curvature is not known yet.</summary>
    private const int EnoughFlatSteps = 2;

    /// <param name="evaluate">Fills the gradient and returns the value.</param>
    /// <param name="start">Changed in place into the result.</param>
    /// <param name="tolerance">Stops when the value falls by less than this share in two steps running.</param>
    public static double Minimise(Func<double[], double[], double> evaluate, double[] start, int mostSteps, double tolerance, CancellationToken cancellationToken)
    {
        var point = start;
        var gradient = new double[point.Length];
        var value = evaluate(point, gradient);
        var past = new Queue<(double[] Move, double[] Change, double Inverse)>();
        var direction = new double[point.Length];
        var trial = new double[point.Length];
        var trialGradient = new double[point.Length];
        var flat = 0;
        for (var step = 0; step < mostSteps; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Descend(gradient, past, direction);
            var slope = Dot(direction, gradient);
            if (slope >= 0) break;
            var length = past.Count == 0 ? 1 / Math.Sqrt(-slope) : 1.0;
            double reached;
            for (var halving = 0; ; halving++, length *= 0.5)
            {
                for (var i = 0; i < trial.Length; i++) trial[i] = point[i] + (length * direction[i]);
                reached = evaluate(trial, trialGradient);
                if (reached <= value + (EnoughDecrease * length * slope)) break;
                if (halving == MostHalvings) return value;
            }

            Remember(past, point, trial, gradient, trialGradient);
            var fall = value - reached;
            Array.Copy(trial, point, point.Length);
            Array.Copy(trialGradient, gradient, gradient.Length);
            value = reached;
            flat = fall <= tolerance * Math.Abs(value) ? flat + 1 : 0;
            if (flat == EnoughFlatSteps) break;
        }

        return value;
    }

    private static void Remember(Queue<(double[] Move, double[] Change, double Inverse)> past, double[] from, double[] to, double[] before, double[] after)
    {
        var (move, change) = past.Count == Memory ? (past.Peek().Move, past.Dequeue().Change) : (new double[from.Length], new double[from.Length]);
        for (var i = 0; i < from.Length; i++)
        {
            move[i] = to[i] - from[i];
            change[i] = after[i] - before[i];
        }

        var curvature = Dot(move, change);
        if (curvature > 1e-12 * Dot(change, change)) past.Enqueue((move, change, 1 / curvature));
    }

    private static void Descend(double[] gradient, Queue<(double[] Move, double[] Change, double Inverse)> past, double[] direction)
    {
        for (var i = 0; i < direction.Length; i++) direction[i] = -gradient[i];
        if (past.Count == 0) return;
        var pairs = past.ToArray();
        var along = new double[pairs.Length];
        for (var p = pairs.Length - 1; p >= 0; p--)
        {
            along[p] = pairs[p].Inverse * Dot(pairs[p].Move, direction);
            Add(direction, -along[p], pairs[p].Change);
        }

        var newest = pairs[^1];
        var scale = 1 / (newest.Inverse * Dot(newest.Change, newest.Change));
        for (var i = 0; i < direction.Length; i++) direction[i] *= scale;
        for (var p = 0; p < pairs.Length; p++) Add(direction, along[p] - (pairs[p].Inverse * Dot(pairs[p].Change, direction)), pairs[p].Move);
    }

    private static double Dot(double[] left, double[] right)
    {
        double sum = 0;
        for (var i = 0; i < left.Length; i++) sum += left[i] * right[i];
        return sum;
    }

    private static void Add(double[] target, double factor, double[] source)
    {
        for (var i = 0; i < target.Length; i++) target[i] += factor * source[i];
    }
}
