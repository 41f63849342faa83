namespace MerchantStudio.Core.Learning.Trees.Objectives;

/// <summary>
/// LambdaRank for NDCG: within a query, each pair in which row i is to stand above row j has the loss w_ij log(1 + e^−(s_i − s_j)), where w_ij is how much NDCG
/// changes when the two change places in the present order. Gradients and hessians are those of this loss with w held still.
/// </summary>
/// <remarks>Burges, From RankNet to LambdaRank to LambdaMART: an overview, MSR-TR-2010-82, section 4, with σ = 1.</remarks>
internal sealed class LambdaRank : Objective
{
    /// <summary>A pair counts when at least one of the two now stands among so many first.</summary>
    internal const int Depth = 30;
    private const float LeastHessian = 1e-16f;

    public override double[] Start(TreesTable table) => [0];

    public override IReadOnlyList<(int From, int To)> Pieces(TreesTable table)
    {
        var pieces = new List<(int, int)>();
        var from = 0;
        foreach (var size in table.QuerySizes!)
        {
            pieces.Add((from, from + size));
            from += size;
        }

        return pieces;
    }

    public override void Derive(TreesTable table, int from, int to, double[] scores, float[] gradients, float[] hessians)
    {
        var g = new double[to - from];
        var h = new double[to - from];
        ForEachPair(table.Y.AsSpan(from, to - from), scores.AsSpan(from, to - from), (above, below, weight) =>
        {
            var wrong = BinaryModels.Sigmoid(scores[from + below] - scores[from + above]);
            var lambda = weight * wrong;
            g[above] -= lambda;
            g[below] += lambda;
            h[above] += lambda * (1 - wrong);
            h[below] += lambda * (1 - wrong);
        });
        for (var i = 0; i < g.Length; i++)
        {
            gradients[from + i] = (float)g[i];
            hessians[from + i] = Math.Max((float)h[i], LeastHessian);
        }
    }

    /// <summary>1 − NDCG of the query, over all its rows; a query whose rows all have one grade says nothing.</summary>
    public override (double Sum, double Weight) Loss(TreesTable table, int from, int to, double[] scores)
    {
        var grades = table.Y.AsSpan(from, to - from);
        var best = IdealDcg(grades);
        if (best == 0 || grades.IndexOfAnyExcept(grades[0]) < 0) return (0, 0);
        var order = Order(scores.AsSpan(from, to - from));
        var dcg = 0.0;
        for (var place = 0; place < order.Length; place++) dcg += Gain(grades[order[place]]) * Discount(place);
        var weight = table.Weights?[from] ?? 1;
        return (weight * (1 - (dcg / best)), weight);
    }

    public override void Answer(Span<double> scores)
    {
    }

    /// <summary>Calls for each pair of different grades with the better row, the worse row and |ΔNDCG|.</summary>
    internal static void ForEachPair(ReadOnlySpan<float> grades, ReadOnlySpan<double> scores, Action<int, int, double> pair)
    {
        var best = IdealDcg(grades);
        if (best == 0) return;
        var order = Order(scores);
        for (var first = 0; first < Math.Min(Depth, order.Length); first++)
        {
            for (var second = first + 1; second < order.Length; second++)
            {
                var (i, j) = (order[first], order[second]);
                if (grades[i] == grades[j]) continue;
                var weight = Math.Abs((Gain(grades[i]) - Gain(grades[j])) * (Discount(first) - Discount(second))) / best;
                if (grades[i] > grades[j]) pair(i, j, weight);
                else pair(j, i, weight);
            }
        }
    }

    private static double Gain(float grade) => Math.ScaleB(1, (int)grade) - 1;

    private static double Discount(int place) => 1 / Math.Log2(place + 2);

    private static double IdealDcg(ReadOnlySpan<float> grades)
    {
        var sorted = grades.ToArray();
        Array.Sort(sorted, (a, b) => b.CompareTo(a));
        var dcg = 0.0;
        for (var place = 0; place < sorted.Length; place++) dcg += Gain(sorted[place]) * Discount(place);
        return dcg;
    }

    /// <summary>Row numbers by falling score, equal scores by row.</summary>
    private static int[] Order(ReadOnlySpan<double> scores)
    {
        var keys = scores.ToArray();
        var order = Enumerable.Range(0, keys.Length).ToArray();
        Array.Sort(order, (a, b) => keys[a] != keys[b] ? keys[b].CompareTo(keys[a]) : a.CompareTo(b));
        return order;
    }
}
