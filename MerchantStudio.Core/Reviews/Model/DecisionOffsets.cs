namespace MerchantStudio.Core.Reviews.Model;

/// <summary>What is added to each class's log-probability before the largest is stated, so that rare classes are found too.</summary>
internal static class DecisionOffsets
{
    private const double Least = -0.5;
    private const double Most = 2.5;
    private const double Step = 0.1;

    public static int Choose(ReadOnlySpan<double> logProbabilities, ReadOnlySpan<double> offsets)
    {
        var best = 0;
        for (var k = 1; k < logProbabilities.Length; k++)
        {
            if (logProbabilities[k] + offsets[k] > logProbabilities[best] + offsets[best]) best = k;
        }

        return best;
    }

    /// <summary>The offsets on a grid with the highest macro-F1 to be expected of these probabilities; with two classes none, so that accuracy is not given up.</summary>
    /// <remarks>Counting by probability instead of by label: what happened to the few rare reviews at hand moves the choice less (Lewis, Evaluating and optimizing autonomous text classification systems, SIGIR 1995).</remarks>
    public static double[] Best(double[][] logProbabilities)
    {
        var classes = logProbabilities[0].Length;
        var best = new double[classes];
        if (classes < 3) return best;
        var probabilities = logProbabilities.Select(row => row.Select(Math.Exp).ToArray()).ToArray();
        double[] there = [.. Enumerable.Range(0, classes).Select(k => probabilities.Sum(row => row[k]))];
        var highest = -1.0;
        var steps = (int)Math.Round((Most - Least) / Step) + 1;
        for (var first = 0; first < steps; first++)
        {
            for (var second = 0; second < steps; second++)
            {
                double[] offsets = [Least + (first * Step), Least + (second * Step), 0];
                var reached = ExpectedMacroF1(logProbabilities, probabilities, there, offsets);
                if (reached <= highest) continue;
                highest = reached;
                best = offsets;
            }
        }

        return best;
    }

    private static double ExpectedMacroF1(double[][] logProbabilities, double[][] probabilities, double[] there, double[] offsets)
    {
        Span<double> right = stackalloc double[3], stated = stackalloc double[3];
        right.Clear();
        stated.Clear();
        for (var row = 0; row < probabilities.Length; row++)
        {
            var choice = Choose(logProbabilities[row], offsets);
            stated[choice]++;
            right[choice] += probabilities[row][choice];
        }

        double sum = 0;
        for (var k = 0; k < 3; k++) sum += right[k] == 0 ? 0 : 2.0 * right[k] / (stated[k] + there[k]);
        return sum / 3;
    }
}
