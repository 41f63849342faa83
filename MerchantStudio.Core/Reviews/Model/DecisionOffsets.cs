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

    /// <summary>The offsets on a grid with the highest macro-F1; with two classes none, so that accuracy is not given up.</summary>
    public static double[] Best(double[][] logProbabilities, int[] classOf)
    {
        var classes = logProbabilities[0].Length;
        var best = new double[classes];
        if (classes < 3) return best;
        var highest = -1.0;
        var steps = (int)Math.Round((Most - Least) / Step) + 1;
        for (var first = 0; first < steps; first++)
        {
            for (var second = 0; second < steps; second++)
            {
                double[] offsets = [Least + (first * Step), Least + (second * Step), 0];
                var reached = MacroF1(logProbabilities, classOf, offsets);
                if (reached <= highest) continue;
                highest = reached;
                best = offsets;
            }
        }

        return best;
    }

    private static double MacroF1(double[][] logProbabilities, int[] classOf, double[] offsets)
    {
        Span<int> right = stackalloc int[3], stated = stackalloc int[3], there = stackalloc int[3];
        right.Clear();
        stated.Clear();
        there.Clear();
        for (var row = 0; row < classOf.Length; row++)
        {
            var choice = Choose(logProbabilities[row], offsets);
            stated[choice]++;
            there[classOf[row]]++;
            if (choice == classOf[row]) right[choice]++;
        }

        double sum = 0;
        for (var k = 0; k < 3; k++) sum += right[k] == 0 ? 0 : 2.0 * right[k] / (stated[k] + there[k]);
        return sum / 3;
    }
}
