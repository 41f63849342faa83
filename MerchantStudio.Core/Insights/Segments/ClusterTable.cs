using System.Collections.Immutable;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Clustering;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Insights.Segments;

/// <summary>Parts all shoppers by how they behave; writes next_clusters.</summary>
internal static class ClusterTable
{
    /// <summary>What shoppers are compared by; also the first half of trait keys.</summary>
    public static ImmutableArray<string> Measures { get; } =
        ["visits", "views", "carts", "orders", "average_order", "days_since_seen", "categories", "discount_share"];

    /// <summary>Centres are found on this many shoppers at most; everybody is then put with the nearest.</summary>
    private const int FittedShoppers = 20_000;

    /// <summary>A measure sets a cluster apart when its mean lies this many deviations from everybody's.</summary>
    private const double TellingDeviation = 0.3;

    private const string InputsSql = """
        with seen as (
            select user_id, count(*) filter (where event_type = 'view') as views, count(*) filter (where event_type = 'add_to_cart') as carts,
                   count(distinct category) as categories, extract(epoch from cast($1 as timestamp) - max(ts)) / 86400.0 as days
            from next_clean_events where user_id is not null group by user_id),
        visits as (select user_id, count(*) as visits from next_sessions group by user_id),
        orders as (
            select user_id, count(*) as orders, cast(sum(net) filter (where has_price) as double) / nullif(count(*) filter (where has_price), 0) as average_order,
                   cast(sum(discount) filter (where has_price) as double) / nullif(cast(sum(gross) filter (where has_price) as double), 0) as discount_share
            from next_paid_orders where user_id is not null group by user_id)
        select e.user_id, coalesce(v.visits, 0), e.views, e.carts, coalesce(o.orders, 0), o.average_order, e.days, e.categories, o.discount_share
        from seen e left join visits v on v.user_id = e.user_id left join orders o on o.user_id = e.user_id
        order by e.user_id
        """;

    /// <returns>The clusters without figures; null when there is nothing to tell shoppers apart by.</returns>
    public static async Task<(ClusterResult Result, ImmutableArray<string> Columns)?> WriteAsync(
        WarehouseSession session, DateTimeOffset asOf, int seed, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync("drop table if exists next_clusters; create table next_clusters(user_id VARCHAR, cluster INTEGER);", [], cancellationToken).ConfigureAwait(false);
        var rows = await session.QueryAsync(InputsSql,
            row => (UserId: row.Text(0)!, Values: Enumerable.Range(1, Measures.Length).Select(column => (float)(row.DoubleOrNull(column) ?? double.NaN)).ToArray()),
            [asOf], cancellationToken).ConfigureAwait(false);
        var columns = Enumerable.Range(0, Measures.Length).Where(column => Varies(rows.Select(row => row.Values[column]))).ToArray();
        if (rows.Length < 3 || columns.Length == 0) return null;
        var matrix = Matrix(rows.Select(row => row.Values).ToArray(), columns);
        var result = Fit(matrix, seed, cancellationToken);
        if (result.K < 2) return null;
        using var appender = session.Append("next_clusters", "user_id", "cluster");
        for (var row = 0; row < rows.Length; row++)
        {
            appender.Text(0, rows[row].UserId);
            appender.Int(1, result.Assignments[row] + 1);
            appender.EndRow();
        }

        appender.Complete();
        return (result, [.. columns.Select(column => Measures[column])]);
    }

    /// <summary>Traits of each cluster, strongest first, and how many of them make a name that no other cluster has.</summary>
    public static ImmutableArray<(ImmutableArray<string> Traits, int NamedBy)> Name(ClusterResult result, ImmutableArray<string> columns)
    {
        var traits = result.Centres.Select(centre => columns
            .Select((column, index) => (Key: $"{column}.{(centre[index] > 0 ? "high" : "low")}", Strength: Math.Abs(centre[index])))
            .Where(trait => trait.Strength >= TellingDeviation)
            .OrderByDescending(trait => trait.Strength).ThenBy(trait => trait.Key, StringComparer.Ordinal)
            .Select(trait => trait.Key).ToImmutableArray()).ToArray();
        return [.. traits.Select((own, index) => (own, Enough(own, index)))];

        int Enough(ImmutableArray<string> own, int index)
        {
            for (var count = Math.Min(2, own.Length); count < own.Length; count++)
            {
                var name = own.Take(count).ToHashSet();
                if (!traits.Where((_, other) => other != index).Any(other => name.SetEquals(other.Take(count)))) return count;
            }

            return own.Length;
        }
    }

    private static ClusterResult Fit(FeatureMatrix all, int seed, CancellationToken cancellationToken)
    {
        var options = new KMeansOptions(FewestClusters: 3);
        if (all.Rows <= FittedShoppers) return KMeans.Fit(all, options, seed, cancellationToken);
        var step = all.Rows / (double)FittedShoppers;
        int[] sample = [.. Enumerable.Range(0, FittedShoppers).Select(index => (int)(index * step))];
        var fitted = KMeans.Fit(all.Take(sample), options, seed, cancellationToken);
        return fitted.K < 2 ? fitted : Spread(fitted, sample, KMeans.Standardise(all));
    }

    /// <summary>Puts everybody with the nearest of the sample's clusters, in units standardised over everybody.</summary>
    private static ClusterResult Spread(ClusterResult fitted, int[] sample, double[][] points)
    {
        var width = points[0].Length;
        var centres = Enumerable.Range(0, fitted.K).Select(cluster => Mean(sample.Where((_, index) => fitted.Assignments[index] == cluster))).ToArray();
        var assignments = points.Select(point => Enumerable.Range(0, fitted.K).MinBy(cluster => Distance(point, centres[cluster]))).ToImmutableArray();
        var sizes = new int[fitted.K];
        foreach (var cluster in assignments) sizes[cluster]++;
        return fitted with { Assignments = assignments, Sizes = [.. sizes], Centres = [.. centres.Select(centre => centre.ToImmutableArray())] };

        double[] Mean(IEnumerable<int> rows)
        {
            var sum = new double[width];
            var count = 0;
            foreach (var row in rows)
            {
                count++;
                for (var column = 0; column < width; column++) sum[column] += points[row][column];
            }

            return [.. sum.Select(value => value / Math.Max(1, count))];
        }

        static double Distance(double[] left, double[] right)
        {
            var sum = 0.0;
            for (var column = 0; column < left.Length; column++) sum += (left[column] - right[column]) * (left[column] - right[column]);
            return sum;
        }
    }

    private static bool Varies(IEnumerable<float> values) => values.Where(value => !float.IsNaN(value)).Distinct().Take(2).Count() == 2;

    private static FeatureMatrix Matrix(float[][] rows, int[] columns)
    {
        var values = new float[columns.Length * rows.Length];
        for (var column = 0; column < columns.Length; column++)
            for (var row = 0; row < rows.Length; row++)
                values[(column * rows.Length) + row] = rows[row][columns[column]];
        return new FeatureMatrix([.. columns.Select(column => new FeatureColumn(Measures[column]))], rows.Length, values);
    }
}
