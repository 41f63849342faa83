using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Features;

/// <summary>What the published features look like: how often missing, how spread, and how they go with buying.</summary>
public sealed class FeatureStudy(WarehouseRegistry warehouses)
{
    private const int Bins = 24;
    private const int FiguresEach = 6;

    /// <summary>Null before the first published run.</summary>
    public async Task<Outcome<FeatureOverview?>> ReadAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        if (!await warehouse.HasTableAsync("user_features", cancellationToken).ConfigureAwait(false)) return (FeatureOverview?)null;
        var correlations = await warehouse.HasTableAsync("feature_correlation", cancellationToken).ConfigureAwait(false)
            ? await warehouse.QueryAsync("select feature, horizon_days, correlation from feature_correlation", row => (Feature: row.Text(0)!, Days: row.Int(1), Value: row.Double(2)), [], cancellationToken).ConfigureAwait(false)
            : [];
        var byFeature = correlations.ToLookup(found => found.Feature);
        var asOf = await warehouse.ScalarAsync<DateTimeOffset?>("select max(ts) from clean_events", [], cancellationToken).ConfigureAwait(false);
        var overviews = await warehouse.QueryAsync(
            $"select count(*), {string.Join(", ", FeatureCatalog.All.Select(Figures))} from user_features",
            row => new FeatureOverview(row.Long(0), asOf, [.. FeatureCatalog.All.Select((feature, index) => Read(row, 1 + (index * FiguresEach), feature, byFeature[feature.Key].ToImmutableSortedDictionary(found => found.Days, found => found.Value)))]),
            [],
            cancellationToken).ConfigureAwait(false);
        return overviews[0].Shoppers == 0 ? (FeatureOverview?)null : overviews[0];
    }

    /// <summary>A histogram from the 1 % to the 99 % quantile, so that a few extremes do not flatten it. Call only where <see cref="ReadAsync"/> found features.</summary>
    public async Task<Outcome<FeatureDistribution>> DistributionAsync(WorkspaceScope scope, FeatureDefinition feature, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(feature);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        var column = Sql.Identifier(feature.Key);
        var ends = (await warehouse.QueryAsync(
            $"select quantile_disc({column}, 0.01), quantile_disc({column}, 0.99), count(*) - count({column}) from user_features",
            row => (Low: row.DoubleOrNull(0), High: row.DoubleOrNull(1), Missing: row.Long(2)), [], cancellationToken).ConfigureAwait(false))[0];
        if (ends.Low is not { } low || ends.High is not { } high) return new FeatureDistribution([], 0, 0, ends.Missing);
        var width = Width(feature, low, high);
        var bins = (int)Math.Max(1, Math.Floor((high - low) / width) + (IsWhole(feature) ? 1 : 0));
        var counts = (await warehouse.QueryAsync(
            $"""
            select case when {column} < $1 then -1 when {column} > $2 then $4 else least(cast(floor(({column} - $1) / $3) as integer), $4 - 1) end as bin, count(*)
            from user_features where {column} is not null group by 1
            """,
            row => (Bin: row.Int(0), Shoppers: row.Long(1)), [low, high, width, bins], cancellationToken).ConfigureAwait(false)).ToDictionary(count => count.Bin, count => count.Shoppers);
        var filled = Enumerable.Range(0, bins).Select(bin => new FeatureBin(low + (bin * width), low + ((bin + 1) * width), counts.GetValueOrDefault(bin)));
        return new FeatureDistribution([.. filled], counts.GetValueOrDefault(-1), counts.GetValueOrDefault(bins), ends.Missing);
    }

    /// <summary>Writes next_feature_correlation: how each feature goes with the label in each horizon's table.</summary>
    internal static async Task CorrelateAsync(WarehouseSession session, IReadOnlyList<(int Days, string Table)> labelled, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync(
            "drop table if exists next_feature_correlation; create table next_feature_correlation (feature varchar, horizon_days integer, correlation double)", [], cancellationToken).ConfigureAwait(false);
        var correlations = string.Join(", ", FeatureCatalog.All.Select(feature => $"corr({Sql.Identifier(feature.Key)}, label)"));
        foreach (var (days, table) in labelled)
        {
            var found = await session.QueryAsync(
                $"select {correlations} from {Sql.Identifier(table)}",
                row => FeatureCatalog.All.Select((feature, index) => (feature.Key, Value: row.DoubleOrNull(index))).ToImmutableArray(),
                [],
                cancellationToken).ConfigureAwait(false);
            using var appender = session.Append("next_feature_correlation");
            foreach (var (key, value) in found[0])
            {
                if (value is not { } correlation || !double.IsFinite(correlation)) continue;
                appender.Text(0, key);
                appender.Int(1, days);
                appender.Double(2, correlation);
                appender.EndRow();
            }

            appender.Complete();
        }
    }

    /// <summary>As many columns as <see cref="FiguresEach"/>.</summary>
    private static string Figures(FeatureDefinition feature)
    {
        var column = Sql.Identifier(feature.Key);
        var quantiles = ((string[])["0.05", "0.5", "0.95"]).Select(share => $"quantile_cont({column}, {share})");
        return string.Create(CultureInfo.InvariantCulture, $"count({column}), avg({column}), {string.Join(", ", quantiles)}, count(*)");
    }

    private static FeatureFigures Read(WarehouseRow row, int at, FeatureDefinition feature, ImmutableSortedDictionary<int, double> correlations)
    {
        var all = row.Long(at + 5);
        var missing = all == 0 ? 0 : 1 - (row.Long(at) / (double)all);
        return new FeatureFigures(feature, missing, row.DoubleOrNull(at + 1), row.DoubleOrNull(at + 2), row.DoubleOrNull(at + 3), row.DoubleOrNull(at + 4), correlations);
    }

    private static bool IsWhole(FeatureDefinition feature) => feature.Unit is FeatureUnit.Count or FeatureUnit.YesNo;

    /// <summary>Whole numbers get bins of whole width, so that none is emptier for holding fewer values.</summary>
    private static double Width(FeatureDefinition feature, double low, double high)
    {
        if (IsWhole(feature)) return Math.Max(1, Math.Ceiling((high - low + 1) / Bins));
        return high > low ? (high - low) / Bins : 1;
    }
}
