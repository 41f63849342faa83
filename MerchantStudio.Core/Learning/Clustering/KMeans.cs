using System.Collections.Immutable;

namespace MerchantStudio.Core.Learning.Clustering;

/// <param name="FewestClusters">2 or more.</param>
/// <param name="MostClusters">Largest number tried.</param>
/// <param name="Restarts">Seeded starts for each number; the tightest is kept.</param>
/// <param name="SilhouetteSample">Most rows that the silhouette is measured on.</param>
/// <param name="SmallestShare">A number of clusters is not chosen when one of them would hold less than this share of rows, if another number avoids it.</param>
public sealed record KMeansOptions(int FewestClusters = 2, int MostClusters = 8, int Restarts = 5, int SilhouetteSample = 1500, double SmallestShare = 0.02);

/// <summary>How well a number of clusters parts the rows.</summary>
/// <param name="Silhouette">Mean silhouette, −1 to 1; higher is better parted.</param>
/// <param name="Inertia">Mean squared distance to the own centre, in standardised units.</param>
public sealed record ClusterCount(int K, double Silhouette, double Inertia, double SmallestShare);

/// <param name="K">Number chosen; 1 when the rows do not differ.</param>
/// <param name="Assignments">Cluster of each row, 0 to K−1; 0 is the largest.</param>
/// <param name="Centres">Mean of each cluster in standardised log units: how many deviations above or below all rows, one value a column.</param>
/// <param name="Means">Mean of each cluster in the columns' own units; NaN where all are missing.</param>
/// <param name="Sizes">Rows of each cluster.</param>
/// <param name="Tried">Every number tried, to justify the choice.</param>
public sealed record ClusterResult(int K, ImmutableArray<int> Assignments, ImmutableArray<ImmutableArray<double>> Centres, ImmutableArray<ImmutableArray<double>> Means, ImmutableArray<int> Sizes, ImmutableArray<ClusterCount> Tried);

/// <summary>k-means on log-scaled, standardised columns; the number of clusters is the one with the best silhouette.</summary>
/// <remarks>Arthur and Vassilvitskii, k-means++, SODA 2007; Rousseeuw, Silhouettes, J. Comput. Appl. Math. 20, 1987.</remarks>
public static class KMeans
{
    private const int MostIterations = 100;

    public static ClusterResult Fit(FeatureMatrix x, KMeansOptions options, int seed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(options);
        var points = Standardise(x);
        var distinct = points.Select(point => string.Join('|', point)).Distinct().Take(options.MostClusters).Count();
        if (distinct < 2 || distinct < options.FewestClusters) return Describe(x, points, new int[x.Rows], 1, []);
        var sample = new SeededRandom(SeededRandom.Mix((ulong)seed, 99)).Sample(x.Rows, Math.Min(x.Rows, options.SilhouetteSample));
        var tried = new List<(ClusterCount Count, int[] Assignments)>();
        for (var k = options.FewestClusters; k <= Math.Min(options.MostClusters, distinct); k++)
        {
            var (assignments, inertia) = Best(points, k, options.Restarts, seed, cancellationToken);
            var smallest = Enumerable.Range(0, k).Min(cluster => assignments.Count(own => own == cluster)) / (double)x.Rows;
            tried.Add((new ClusterCount(k, Silhouette.Mean(points, assignments, k, sample), inertia / x.Rows, smallest), assignments));
        }

        var eligible = tried.Where(one => one.Count.SmallestShare >= options.SmallestShare).ToList();
        var chosen = (eligible.Count > 0 ? eligible : tried).MaxBy(one => one.Count.Silhouette);
        return Describe(x, points, BySize(chosen.Assignments, chosen.Count.K), chosen.Count.K, [.. tried.Select(one => one.Count)]);
    }

    /// <summary>sign(v)·log(1+|v|), then mean 0 and deviation 1; missing becomes the mean.</summary>
    internal static double[][] Standardise(FeatureMatrix x)
    {
        var points = new double[x.Rows][];
        for (var row = 0; row < x.Rows; row++) points[row] = new double[x.Columns.Length];
        for (var column = 0; column < x.Columns.Length; column++)
        {
            var values = x.Column(column);
            double sum = 0, squares = 0;
            var present = 0;
            foreach (var value in values)
            {
                if (float.IsNaN(value)) continue;
                sum += Log(value);
                squares += Log(value) * Log(value);
                present++;
            }

            var mean = present == 0 ? 0 : sum / present;
            var deviation = present == 0 ? 0 : Math.Sqrt(Math.Max(0, (squares / present) - (mean * mean)));
            for (var row = 0; row < x.Rows; row++) points[row][column] = float.IsNaN(values[row]) || deviation < 1e-9 ? 0 : (Log(values[row]) - mean) / deviation;
        }

        return points;
    }

    private static double Log(float value) => Math.CopySign(Math.Log(1 + Math.Abs((double)value)), value);

    private static (int[] Assignments, double Inertia) Best(double[][] points, int k, int restarts, int seed, CancellationToken cancellationToken)
    {
        (int[] Assignments, double Inertia) best = ([], double.PositiveInfinity);
        for (var restart = 0; restart < restarts; restart++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var run = Run(points, k, new SeededRandom(SeededRandom.Mix((ulong)seed, (ulong)((k * 1000) + restart))), cancellationToken);
            if (run.Inertia < best.Inertia) best = run;
        }

        return best;
    }

    private static (int[] Assignments, double Inertia) Run(double[][] points, int k, SeededRandom random, CancellationToken cancellationToken)
    {
        var centres = Seeds(points, k, random);
        var assignments = new int[points.Length];
        Array.Fill(assignments, -1);
        var inertia = 0.0;
        for (var iteration = 0; iteration < MostIterations; iteration++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var moved = 0;
            inertia = 0;
            for (var row = 0; row < points.Length; row++)
            {
                var (nearest, distance) = Nearest(points[row], centres, k);
                if (nearest != assignments[row]) moved++;
                assignments[row] = nearest;
                inertia += distance;
            }

            if (moved == 0) break;
            MoveCentres(points, assignments, centres);
        }

        return (assignments, inertia);
    }

    /// <summary>Each next centre is a row drawn with chance proportional to its squared distance from the centres so far.</summary>
    private static double[][] Seeds(double[][] points, int k, SeededRandom random)
    {
        var centres = new double[k][];
        centres[0] = [.. points[random.NextInt(points.Length)]];
        var distances = new double[points.Length];
        for (var chosen = 1; chosen < k; chosen++)
        {
            var total = 0.0;
            for (var row = 0; row < points.Length; row++)
            {
                distances[row] = Nearest(points[row], centres, chosen).Distance;
                total += distances[row];
            }

            var at = random.NextDouble() * total;
            var pick = 0;
            while (pick < points.Length - 1 && (at -= distances[pick]) > 0) pick++;
            centres[chosen] = [.. points[pick]];
        }

        return centres;
    }

    private static void MoveCentres(double[][] points, int[] assignments, double[][] centres)
    {
        var rows = new int[centres.Length];
        var sums = centres.Select(centre => new double[centre.Length]).ToArray();
        for (var row = 0; row < points.Length; row++)
        {
            rows[assignments[row]]++;
            for (var column = 0; column < points[row].Length; column++) sums[assignments[row]][column] += points[row][column];
        }

        for (var cluster = 0; cluster < centres.Length; cluster++)
        {
            // A cluster that lost its last row keeps its centre and may win rows again.
            if (rows[cluster] == 0) continue;
            for (var column = 0; column < sums[cluster].Length; column++) centres[cluster][column] = sums[cluster][column] / rows[cluster];
        }
    }

    private static (int Nearest, double Distance) Nearest(double[] point, double[][] centres, int count)
    {
        var (nearest, best) = (0, double.PositiveInfinity);
        for (var cluster = 0; cluster < count; cluster++)
        {
            var distance = Silhouette.SquaredDistance(point, centres[cluster]);
            if (distance < best) (nearest, best) = (cluster, distance);
        }

        return (nearest, best);
    }

    private static int[] BySize(int[] assignments, int k)
    {
        var order = Enumerable.Range(0, k).OrderByDescending(cluster => assignments.Count(own => own == cluster)).ThenBy(cluster => cluster).ToList();
        return [.. assignments.Select(own => order.IndexOf(own))];
    }

    private static ClusterResult Describe(FeatureMatrix x, double[][] points, int[] assignments, int k, ImmutableArray<ClusterCount> tried)
    {
        var members = Enumerable.Range(0, k).Select(cluster => Enumerable.Range(0, x.Rows).Where(row => assignments[row] == cluster).ToArray()).ToArray();
        var columns = Enumerable.Range(0, x.Columns.Length).ToArray();
        return new ClusterResult(
            k, [.. assignments],
            [.. members.Select(rows => columns.Select(column => rows.Length == 0 ? 0 : rows.Average(row => points[row][column])).ToImmutableArray())],
            [.. members.Select(rows => columns.Select(column => Mean(x, rows, column)).ToImmutableArray())],
            [.. members.Select(rows => rows.Length)], tried);
    }

    private static double Mean(FeatureMatrix x, int[] rows, int column)
    {
        var present = rows.Select(row => x[row, column]).Where(value => !float.IsNaN(value)).ToArray();
        return present.Length == 0 ? double.NaN : present.Average(value => (double)value);
    }
}
