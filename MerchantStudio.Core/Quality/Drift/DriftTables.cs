using System.Collections.Immutable;
using System.Text.Json;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Quality.Drift;

/// <summary>The training rows' spread and the last comparison with it, as tables of the warehouse.</summary>
public static class DriftTables
{
    public const string Baseline = "feature_baseline";
    public const string Drift = "feature_drift";

    public static async Task WriteBaselineAsync(WarehouseSession session, string table, ImmutableArray<FeatureBins> bins, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        await AnewAsync(session, table, "feature varchar, edges varchar, counts varchar", cancellationToken).ConfigureAwait(false);
        using var rows = session.Append(table);
        foreach (var feature in bins)
        {
            rows.Text(0, feature.Feature);
            rows.Text(1, JsonSerializer.Serialize(feature.Edges));
            rows.Text(2, JsonSerializer.Serialize(feature.Counts));
            rows.EndRow();
        }

        rows.Complete();
    }

    /// <summary>Empty before a model was trained.</summary>
    public static async Task<ImmutableArray<FeatureBins>> ReadBaselineAsync(WorkspaceWarehouse warehouse, string table, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(warehouse);
        if (!await warehouse.HasTableAsync(table, cancellationToken).ConfigureAwait(false)) return [];
        return await warehouse.QueryAsync(
            $"select feature, edges, counts from {Sql.Identifier(table)}",
            row => new FeatureBins(row.Text(0)!, JsonSerializer.Deserialize<ImmutableArray<double>>(row.Text(1)!), JsonSerializer.Deserialize<ImmutableArray<long>>(row.Text(2)!)), [], cancellationToken).ConfigureAwait(false);
    }

    public static async Task WriteDriftAsync(WarehouseSession session, string table, ImmutableArray<FeatureDrift> drift, DateTimeOffset at, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        await AnewAsync(session, table, "feature varchar, psi double, measured_at timestamp", cancellationToken).ConfigureAwait(false);
        using var rows = session.Append(table);
        foreach (var feature in drift)
        {
            rows.Text(0, feature.Feature);
            rows.Double(1, feature.Psi);
            rows.Instant(2, (at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
            rows.EndRow();
        }

        rows.Complete();
    }

    /// <summary>The furthest moved first; empty before the first comparison.</summary>
    public static async Task<(ImmutableArray<FeatureDrift> Features, DateTimeOffset? At)> ReadDriftAsync(WorkspaceWarehouse warehouse, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(warehouse);
        if (!await warehouse.HasTableAsync(Drift, cancellationToken).ConfigureAwait(false)) return ([], null);
        var found = await warehouse.QueryAsync($"select feature, psi, measured_at from {Drift} order by psi desc, feature", row => (Drift: new FeatureDrift(row.Text(0)!, row.Double(1)), At: row.Instant(2)), [], cancellationToken).ConfigureAwait(false);
        return ([.. found.Select(row => row.Drift)], found.IsEmpty ? null : found[0].At);
    }

    private static Task<long> AnewAsync(WarehouseSession session, string table, string columns, CancellationToken cancellationToken) =>
        session.ExecuteAsync($"drop table if exists {Sql.Identifier(table)}; create table {Sql.Identifier(table)} ({columns})", [], cancellationToken);
}
