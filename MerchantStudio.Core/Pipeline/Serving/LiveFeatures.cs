using System.Collections.Immutable;
using MerchantStudio.Core.Features;
using MerchantStudio.Core.Insights.Segments;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Pipeline.Upkeep;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Pipeline.Serving;

/// <summary>
/// The features of shoppers whose rows have changed since the last run, computed by the run's own statement as of just after the last of their events. They stand
/// beside user_features, which stay as of the run, so that what learns and what is scored as a whole keep to one moment. A run begins the table anew.
/// </summary>
internal static class LiveFeatures
{
    public const string Table = "live_features";
    private const string Fresh = "work_live_features";

    /// <summary>Null where the shopper is no longer there.</summary>
    private const string AsOf = "as_of";
    private const string Written = "written";
    private const int OtherColumns = 3;

    /// <summary>The empty table of a run.</summary>
    /// <param name="features">One that <see cref="FeatureBuilder"/> built.</param>
    public static Task BeginAsync(WarehouseSession session, string table, string features, CancellationToken cancellationToken) => session.ExecuteAsync(
        $"drop table if exists {Sql.Identifier(table)}; create table {Sql.Identifier(table)} as select *, cast(null as timestamp) as {AsOf}, cast(null as timestamp) as {Written} from {Sql.Identifier(features)} limit 0", [], cancellationToken);

    /// <summary>Puts the touched shoppers' features in the place of those that were; reads next_clean_events, which hold all their events.</summary>
    /// <param name="published">The moment of the run; nobody goes back behind it.</param>
    public static async Task WriteAsync(WarehouseSession session, DateTimeOffset published, string timeZone, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var last = await session.ScalarAsync<DateTimeOffset?>("select max(ts) from next_clean_events", [], cancellationToken).ConfigureAwait(false);
        var asOf = last is { } ended && ended >= published ? ended.AddTicks(TimeSpan.TicksPerMicrosecond) : published;
        await FeatureBuilder.BuildAsync(session, new FeatureQuestion(asOf, null, timeZone), Fresh, cancellationToken).ConfigureAwait(false);
        if (!await IsCurrentAsync(session, cancellationToken).ConfigureAwait(false)) await BeginAsync(session, Table, Fresh, cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync($"delete from {Table} where {UpkeepSql.IsTouched(Table)}", [], cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync($"insert into {Table} by name select *, cast($1 as timestamp) as {AsOf}, cast($2 as timestamp) as {Written} from {Fresh}", [asOf, now], cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync(
            $"insert into {Table} by name select shopper as user_id, cast($1 as timestamp) as {Written} from {UpkeepSql.Touched} t where shopper is not null and not exists (select 1 from {Fresh} f where f.user_id = t.shopper)",
            [now], cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync($"drop table {Fresh}", [], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What has been written after a moment.</summary>
    public static async Task<ImmutableArray<LiveRow>> ReadAsync(WorkspaceWarehouse warehouse, DateTimeOffset? after, CancellationToken cancellationToken)
    {
        if (!await warehouse.HasTableAsync(Table, cancellationToken).ConfigureAwait(false)) return [];
        FeatureDefinition[] features = [.. FeatureCatalog.All.Where(feature => !feature.IsSensitive)];
        ImmutableArray<FeatureColumn> columns = [.. features.Select(feature => new FeatureColumn(feature.Key))];
        return await warehouse.QueryAsync(
            $"select user_id, {AsOf}, {Written}, {string.Join(", ", features.Select(feature => Sql.Identifier(feature.Key)))} from {Table} where {Written} > coalesce(cast($1 as timestamp), timestamp '0001-01-01') order by user_id",
            row => new LiveRow(row.Text(0)!, row.Instant(2), row.InstantOrNull(1), row.IsNull(1) ? null : new FeatureMatrix(columns, 1, [.. features.Select((_, index) => (float)(row.DoubleOrNull(index + OtherColumns) ?? double.NaN))])),
            [after], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A table of another version of the program may lack a feature or have one too many.</summary>
    private static async Task<bool> IsCurrentAsync(WarehouseSession session, CancellationToken cancellationToken)
    {
        if (!await SegmentBuilder.HasTableAsync(session, Table, cancellationToken).ConfigureAwait(false)) return false;
        var columns = await session.QueryAsync("select column_name from information_schema.columns where table_schema = 'main' and table_name = $1", row => row.Text(0)!, [Table], cancellationToken).ConfigureAwait(false);
        return columns.Length == FeatureCatalog.All.Length + OtherColumns && FeatureCatalog.All.All(feature => columns.Contains(feature.Key));
    }
}

/// <summary>A shopper's features as of just after her last event.</summary>
/// <param name="AsOf">Null, like the row, where she is no longer there.</param>
internal sealed record LiveRow(string UserId, DateTimeOffset Written, DateTimeOffset? AsOf, FeatureMatrix? Row);
