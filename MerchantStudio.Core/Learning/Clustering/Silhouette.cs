namespace MerchantStudio.Core.Learning.Clustering;

/// <summary>How much nearer rows lie to their own cluster than to the next one.</summary>
internal static class Silhouette
{
    /// <param name="sample">Rows to measure on; distances are taken among them only.</param>
    /// <returns>Mean of (b − a) / max(a, b), −1 to 1; a row alone in its cluster counts 0.</returns>
    public static double Mean(double[][] points, int[] assignments, int k, int[] sample)
    {
        var values = new double[sample.Length];
        Parallel.For(0, sample.Length, new ParallelOptions { MaxDegreeOfParallelism = 2 }, i =>
        {
            var sums = new double[k];
            var rows = new int[k];
            foreach (var other in sample)
            {
                if (other == sample[i]) continue;
                sums[assignments[other]] += Math.Sqrt(SquaredDistance(points[sample[i]], points[other]));
                rows[assignments[other]]++;
            }

            var own = assignments[sample[i]];
            if (rows[own] == 0) return;
            var inside = sums[own] / rows[own];
            var outside = double.PositiveInfinity;
            for (var cluster = 0; cluster < k; cluster++)
            {
                if (cluster != own && rows[cluster] > 0) outside = Math.Min(outside, sums[cluster] / rows[cluster]);
            }

            if (!double.IsInfinity(outside)) values[i] = (outside - inside) / Math.Max(Math.Max(inside, outside), 1e-12);
        });
        return values.Length == 0 ? 0 : values.Average();
    }

    public static double SquaredDistance(double[] a, double[] b)
    {
        var total = 0.0;
        for (var i = 0; i < a.Length; i++)
        {
            var difference = a[i] - b[i];
            total += difference * difference;
        }

        return total;
    }
}
