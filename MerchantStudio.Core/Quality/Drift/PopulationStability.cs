using System.Collections.Immutable;
using MerchantStudio.Core.Learning;

namespace MerchantStudio.Core.Quality.Drift;

/// <summary>How the values of one feature were spread over the rows that a model was trained on.</summary>
/// <param name="Edges">Ascending and distinct; bin i holds values up to edge i, the last one those above.</param>
/// <param name="Counts">A count for each bin, then that of missing values.</param>
public sealed record FeatureBins(string Feature, ImmutableArray<double> Edges, ImmutableArray<long> Counts)
{
    public long Rows => Counts.Sum();
}

/// <summary>How far a feature's spread has moved.</summary>
/// <param name="Psi">Population stability index: 0 for the same spread; above 0.2 counts as moved.</param>
public sealed record FeatureDrift(string Feature, double Psi)
{
    public bool Moved => Psi > PopulationStability.Limit;
}

/// <summary>
/// The population stability index, the sum over bins of (now - then) ln(now / then), over ten bins cut at the deciles of the training rows and one for missing values.
/// </summary>
/// <remarks>Half a row is added to each bin, so that an empty one has a logarithm.</remarks>
public static class PopulationStability
{
    public const double Limit = 0.2;

    /// <summary>With fewer rows on either side chance alone moves the index about as far as the limit.</summary>
    public const int FewestRows = 100;

    private const int Bins = 10;

    /// <summary>Deciles are taken from every n-th row of larger tables; counts are of all.</summary>
    private const int MostSorted = 100_000;

    public static ImmutableArray<FeatureBins> Describe(FeatureMatrix training)
    {
        ArgumentNullException.ThrowIfNull(training);
        return [.. Enumerable.Range(0, training.Columns.Length).Select(column =>
        {
            var edges = Edges(training.Column(column));
            return new FeatureBins(training.Columns[column].Name, edges, Count(training.Column(column), edges));
        })];
    }

    /// <summary>Features that both know, the furthest moved first; none with fewer than <see cref="FewestRows"/> rows on either side.</summary>
    public static ImmutableArray<FeatureDrift> Compare(ImmutableArray<FeatureBins> training, FeatureMatrix now)
    {
        ArgumentNullException.ThrowIfNull(now);
        if (now.Rows < FewestRows) return [];
        var known = training.Where(bins => bins.Rows >= FewestRows).ToDictionary(bins => bins.Feature);
        return [.. Enumerable.Range(0, now.Columns.Length)
            .Where(column => known.ContainsKey(now.Columns[column].Name))
            .Select(column => new FeatureDrift(now.Columns[column].Name, Index(known[now.Columns[column].Name].Counts, Count(now.Column(column), known[now.Columns[column].Name].Edges))))
            .OrderByDescending(drift => drift.Psi).ThenBy(drift => drift.Feature, StringComparer.Ordinal)];
    }

    /// <param name="then">Rows in each bin.</param>
    /// <param name="now">Rows in each of the same bins.</param>
    public static double Index(ImmutableArray<long> then, ImmutableArray<long> now)
    {
        double thenAll = then.Sum() + (0.5 * then.Length), nowAll = now.Sum() + (0.5 * now.Length), sum = 0;
        for (var bin = 0; bin < then.Length; bin++)
        {
            double before = (then[bin] + 0.5) / thenAll, after = (now[bin] + 0.5) / nowAll;
            sum += (after - before) * Math.Log(after / before);
        }

        return sum;
    }

    private static ImmutableArray<double> Edges(ReadOnlySpan<float> values)
    {
        var step = Math.Max(1, values.Length / MostSorted);
        var sorted = new List<float>(Math.Min(values.Length, 2 * MostSorted));
        for (var row = 0; row < values.Length; row += step)
        {
            if (!float.IsNaN(values[row])) sorted.Add(values[row]);
        }

        sorted.Sort();
        return sorted.Count == 0 ? [] : [.. Enumerable.Range(1, Bins - 1).Select(tenth => (double)sorted[(sorted.Count - 1) * tenth / Bins]).Distinct()];
    }

    private static ImmutableArray<long> Count(ReadOnlySpan<float> values, ImmutableArray<double> edges)
    {
        var counts = new long[edges.Length + 2];
        foreach (var value in values)
        {
            if (float.IsNaN(value))
            {
                counts[^1]++;
                continue;
            }

            var bin = edges.BinarySearch(value);
            counts[bin < 0 ? ~bin : bin]++;
        }

        return [.. counts];
    }
}
