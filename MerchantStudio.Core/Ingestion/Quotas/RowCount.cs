using System.Collections.Immutable;
using MerchantStudio.Core.Ingestion.Running;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Ingestion.Quotas;

/// <summary>Rows of all data sets together, without those that are kept aside.</summary>
internal static class RowCount
{
    private const string FeatureTableNumbers = "select table_no from feature_tables";

    private static readonly ImmutableArray<string> Tables = [.. KindTable.All.Select(kind => kind.Name).Distinct()];

    public static async Task<long> OfAsync(WorkspaceWarehouse warehouse, CancellationToken cancellationToken)
    {
        var features = await warehouse.QueryAsync(FeatureTableNumbers, row => row.Int(0), [], cancellationToken).ConfigureAwait(false);
        return await warehouse.ScalarAsync<long>(Sum(features), [], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>With this transaction's own rows.</summary>
    public static async Task<long> OfAsync(WarehouseSession session, CancellationToken cancellationToken)
    {
        var features = await session.QueryAsync(FeatureTableNumbers, row => row.Int(0), [], cancellationToken).ConfigureAwait(false);
        return await session.ScalarAsync<long>(Sum(features), [], cancellationToken).ConfigureAwait(false);
    }

    private static string Sum(ImmutableArray<int> features) =>
        $"select {string.Join(" + ", Tables.Concat(features.Select(FeatureTables.NameOf)).Select(table => $"(select count(*) from {table})"))}";
}
