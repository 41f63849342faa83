using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Demo.Generator;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Demo;

/// <summary>Compares what the last published run says with what was planted in the demo shop.</summary>
public sealed class DemoScoreboard(WarehouseRegistry warehouses, DemoSource source, DemoWorkspace demo)
{
    /// <summary>Reads published tables only; a part that was not published is null.</summary>
    public async Task<Outcome<DemoScores>> MeasureAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        if (scope.Workspace != WorkspaceDirectory.Demo) return DemoProblems.NotTheDemo();
        if (!source.IsThere) return DemoProblems.FilesMissing(source.Folder);

        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        if (!await warehouse.HasTableAsync("rfm", cancellationToken).ConfigureAwait(false)) return DemoProblems.NothingPublished();
        var truth = await TruthFiles.SummaryAsync(source, cancellationToken).ConfigureAwait(false);
        var shoppers = await TruthFiles.ShoppersAsync(source, cancellationToken).ConfigureAwait(false);
        return new DemoScores(
            await demo.ShiftDaysAsync(cancellationToken).ConfigureAwait(false),
            await IntentTruth.MeasureAsync(warehouse, shoppers, cancellationToken).ConfigureAwait(false),
            await DriverTruth.MeasureAsync(warehouse, truth, cancellationToken).ConfigureAwait(false),
            await GroupsAsync(warehouse, "clusters", "select user_id, cast(cluster as varchar) from clusters", shoppers, cancellationToken).ConfigureAwait(false),
            await GroupsAsync(warehouse, "rfm", "select user_id, group_key from rfm", shoppers, cancellationToken).ConfigureAwait(false),
            await SentimentTruth.MeasureAsync(warehouse, await TruthFiles.ReviewsAsync(source, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false),
            await BadRowsAsync(warehouse, truth, cancellationToken).ConfigureAwait(false),
            [.. truth.PriceEffects.Select(effect => new PlantedPrice(effect.Category, effect.Elasticity))]);
    }

    private static async Task<GroupingScore?> GroupsAsync(
        WorkspaceWarehouse warehouse, string table, string sql, ImmutableDictionary<string, TrueShopper> shoppers, CancellationToken cancellationToken)
    {
        if (!await warehouse.HasTableAsync(table, cancellationToken).ConfigureAwait(false)) return null;
        var found = await warehouse.QueryAsync(sql, row => (UserId: row.Text(0)!, Group: row.Text(1)!), [], cancellationToken).ConfigureAwait(false);
        var pairs = found.Where(row => shoppers.ContainsKey(row.UserId)).Select(row => (row.Group, shoppers[row.UserId].Kind)).ToList();
        if (pairs.Count == 0) return null;
        var matches = ClusterAgreement.Matches(pairs);
        return new(
            matches.Length, pairs.Count, ClusterAgreement.AdjustedRand(pairs), matches.Sum(match => match.Agreeing) / (double)pairs.Count,
            pairs.GroupBy(pair => pair.Kind, StringComparer.Ordinal).Max(kind => kind.Count()) / (double)pairs.Count, matches);
    }

    private static async Task<ImmutableArray<BadRowScore>> BadRowsAsync(WorkspaceWarehouse warehouse, DemoTruth truth, CancellationToken cancellationToken)
    {
        var rejects = await warehouse.QueryAsync(
            "select column_name, count(*) from rejects group by column_name", row => (Column: row.Text(0) ?? "", Rows: row.Long(1)), [], cancellationToken).ConfigureAwait(false);
        return [.. truth.BadRows.Select(bad => new BadRowScore(bad.Key, bad.Count, RejectedBy(bad.Key) is { } column ? rejects.Where(row => row.Column == column).Sum(row => row.Rows) : null))];
    }

    /// <summary>The column that an import rejects such rows for; null for rows that are let in and left to cleaning.</summary>
    private static string? RejectedBy(string badRow) => badRow switch { "bad_date" => "timestamp", "unknown_event" => "event_type", "no_shopper" => "user_id", _ => null };
}
