using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Ingestion.Running;

/// <summary>Counts how many ids of one kind another kind knows.</summary>
internal static class JoinRates
{
    private static readonly (DatasetKind From, DatasetKind To, string Id)[] Pairs =
    [
        (DatasetKind.Events, DatasetKind.Products, "item_id"),
        (DatasetKind.Events, DatasetKind.Customers, "user_id"),
        (DatasetKind.Orders, DatasetKind.Customers, "user_id"),
        (DatasetKind.Reviews, DatasetKind.Products, "item_id"),
    ];

    /// <summary>The pairs that an import of this kind changes, its own rows included. Orders are events, so they change those pairs, too.</summary>
    public static async Task<ImmutableArray<JoinRate>> MeasureAsync(DatasetKind kind, int import, WarehouseSession session, CancellationToken cancellationToken)
    {
        var rates = ImmutableArray.CreateBuilder<JoinRate>();
        foreach (var pair in Pairs.Where(pair => pair.From == kind || pair.To == kind || (kind == DatasetKind.Orders && pair.From == DatasetKind.Events)))
        {
            if (await session.ScalarAsync<long>(Known(pair), [], cancellationToken).ConfigureAwait(false) == 0) continue;
            var found = await session.QueryAsync(Count(pair, kind == DatasetKind.Orders ? "or import_id = $1" : "and $1 is not null"), row => new JoinRate(pair.From, pair.To, row.Long(0), row.Long(1)), [import], cancellationToken).ConfigureAwait(false);
            rates.AddRange(found);
        }

        return rates.ToImmutable();
    }

    public static async Task<ImmutableArray<JoinRate>> MeasureAsync(WorkspaceWarehouse warehouse, CancellationToken cancellationToken)
    {
        var rates = ImmutableArray.CreateBuilder<JoinRate>();
        foreach (var pair in Pairs)
            rates.AddRange(await warehouse.QueryAsync(Count(pair, ""), row => new JoinRate(pair.From, pair.To, row.Long(0), row.Long(1)), [], cancellationToken).ConfigureAwait(false));
        return rates.ToImmutable();
    }

    /// <summary>0 where there is nothing to join to: then the events need not be read for it.</summary>
    private static string Known((DatasetKind From, DatasetKind To, string Id) pair) => $"select count(*) from (select 1 from {KindTable.Of(pair.To).Name} limit 1) s";

    /// <summary>One row, or none where either kind holds nothing.</summary>
    /// <param name="own">Counts an import's rows in before it is marked as one of orders.</param>
    private static string Count((DatasetKind From, DatasetKind To, string Id) pair, string own)
    {
        var rows = pair.From == DatasetKind.Orders ? KindTable.Of(DatasetKind.Orders).Rows : "true";
        return $"""
            with ids as (select distinct {pair.Id} as id from {KindTable.Of(pair.From).Name} where {pair.Id} is not null and ({rows} {own})),
            known as (select distinct {pair.Id} as id from {KindTable.Of(pair.To).Name})
            select count(*), count(k.id) from ids left join known k on k.id = ids.id having count(*) > 0 and (select count(*) from known) > 0
            """;
    }
}
