using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Learning.Clustering;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Insights.Segments;

/// <summary>The segment stage: RFM groups and clusters of all shoppers from next_clean_events, next_sessions and next_paid_orders.</summary>
public static class SegmentBuilder
{
    /// <summary>Writes next_rfm and next_clusters.</summary>
    /// <param name="asOf">The moment that recency counts back from.</param>
    /// <param name="cuts">Edited cut points; null for the quintiles of the data.</param>
    public static async Task<Outcome<SegmentReport>> BuildAsync(WarehouseSession session, DateTimeOffset asOf, RfmCuts? cuts, int seed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        var (used, means, hasPrices) = await RfmTable.WriteAsync(session, asOf, cuts, cancellationToken).ConfigureAwait(false);
        var totals = await session.QueryAsync("select count(*), count(r) from next_rfm", row => (Shoppers: row.Long(0), Customers: row.Long(1)), [], cancellationToken).ConfigureAwait(false);
        if (totals[0].Shoppers == 0) return new NoShoppersToSegment();
        var fitted = await ClusterTable.WriteAsync(session, asOf, seed, cancellationToken).ConfigureAwait(false);
        var hasFormer = await HasTableAsync(session, "rfm", cancellationToken).ConfigureAwait(false);
        var groups = await GroupsAsync(session, "group_key", ConditionCatalog.RfmGroups, asOf, hasPrices, hasFormer, cancellationToken).ConfigureAwait(false);
        var groups8 = await GroupsAsync(session, "group8_key", ConditionCatalog.RfmGroups8, asOf, hasPrices, hasFormer, cancellationToken).ConfigureAwait(false);
        var moves = hasFormer ? await MovesAsync(session, cancellationToken).ConfigureAwait(false) : [];
        var clusters = fitted is { } found ? Report(found.Result, found.Columns, await ClusterFiguresAsync(session, asOf, hasPrices, cancellationToken).ConfigureAwait(false)) : null;
        return new SegmentReport(asOf, totals[0].Shoppers, totals[0].Customers, hasPrices, used, cuts is not null, means, groups, groups8, moves, clusters);
    }

    internal static async Task<bool> HasTableAsync(WarehouseSession session, string table, CancellationToken cancellationToken) =>
        await session.ScalarAsync<long>("select count(*) from information_schema.tables where table_name = $1", [table], cancellationToken).ConfigureAwait(false) > 0;

    private static async Task<ImmutableArray<GroupFigures>> GroupsAsync(
        WarehouseSession session, string column, ImmutableArray<string> keys, DateTimeOffset asOf, bool hasPrices, bool hasFormer, CancellationToken cancellationToken)
    {
        var found = await session.QueryAsync(
            $"""
            with recent as (select user_id, sum(net) as net from next_paid_orders where has_price and ts >= $1 group by user_id)
            select s.{column}, count(*), cast(coalesce(sum(n.net), 0) as decimal(18,4)), avg(s.recency_days)
            from next_rfm s left join recent n on n.user_id = s.user_id where s.{column} is not null group by s.{column}
            """,
            row => new GroupFigures(row.Text(0)!, row.Long(1), hasPrices ? row.Decimal(2) : null, row.DoubleOrNull(3), null), [asOf.AddDays(-365)], cancellationToken).ConfigureAwait(false);
        var former = hasFormer
            ? await session.QueryAsync($"select {column}, count(*) from rfm where {column} is not null group by {column}", row => (Key: row.Text(0)!, Count: row.Long(1)), [], cancellationToken).ConfigureAwait(false)
            : [];
        return [.. keys.Select(key => (found.FirstOrDefault(group => group.Key == key) ?? new GroupFigures(key, 0, hasPrices ? 0m : null, null, null)) with
        {
            Before = hasFormer ? former.FirstOrDefault(group => group.Key == key).Count : null,
        })];
    }

    private static Task<ImmutableArray<GroupMove>> MovesAsync(WarehouseSession session, CancellationToken cancellationToken) => session.QueryAsync(
        """
        select before.group_key, after.group_key, count(*) from rfm before join next_rfm after on after.user_id = before.user_id
        where before.group_key <> after.group_key group by before.group_key, after.group_key order by count(*) desc, before.group_key, after.group_key
        """, row => new GroupMove(row.Text(0)!, row.Text(1)!, row.Long(2)), [], cancellationToken);

    private static Task<ImmutableArray<GroupFigures>> ClusterFiguresAsync(WarehouseSession session, DateTimeOffset asOf, bool hasPrices, CancellationToken cancellationToken) => session.QueryAsync(
        """
        with recent as (select user_id, sum(net) as net from next_paid_orders where has_price and ts >= $1 group by user_id)
        select cast(c.cluster as varchar), count(*), cast(coalesce(sum(n.net), 0) as decimal(18,4)), avg(s.recency_days)
        from next_clusters c join next_rfm s on s.user_id = c.user_id left join recent n on n.user_id = c.user_id group by c.cluster order by c.cluster
        """, row => new GroupFigures(row.Text(0)!, row.Long(1), hasPrices ? row.Decimal(2) : null, row.DoubleOrNull(3), null), [asOf.AddDays(-365)], cancellationToken);

    private static ClusterReport Report(ClusterResult result, ImmutableArray<string> columns, ImmutableArray<GroupFigures> figures)
    {
        var names = ClusterTable.Name(result, columns);
        var profiles = Enumerable.Range(0, result.K).Select(cluster => new ClusterProfile(
            cluster + 1,
            figures.FirstOrDefault(group => group.Key == (cluster + 1).ToString(CultureInfo.InvariantCulture)) ?? new GroupFigures((cluster + 1).ToString(CultureInfo.InvariantCulture), 0, null, null, null),
            names[cluster].Traits, names[cluster].NamedBy,
            [.. columns.Select((column, index) => new ClusterMeasure(column, double.IsNaN(result.Means[cluster][index]) ? null : result.Means[cluster][index], result.Centres[cluster][index]))]));
        return new ClusterReport(result.K, [.. result.Tried.Select(tried => new ClusterFit(tried.K, tried.Silhouette, tried.SmallestShare))], [.. profiles]);
    }
}
