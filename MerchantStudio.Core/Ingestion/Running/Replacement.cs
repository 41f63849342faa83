using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Ingestion.Running;

/// <summary>Rows that a later import took the place of are kept aside until that import is undone.</summary>
internal static class Replacement
{
    private static readonly (DatasetKind Kind, string Table, string? Key)[] Tables =
        [(DatasetKind.Events, "events", null), (DatasetKind.Reviews, "reviews", null), (DatasetKind.Products, "products", "item_id"), (DatasetKind.Customers, "customers", "user_id")];

    public static string TableOf(DatasetKind kind) => Tables.Single(entry => entry.Kind == kind).Table;

    /// <summary>Puts every earlier row of the table aside.</summary>
    public static async Task ReplaceAllAsync(string table, int import, WarehouseSession session, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync($"insert into replaced_{table} select t.*, $1 from {table} t where t.import_id <> $1", [import], cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync($"delete from {table} where import_id <> $1", [import], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes every row of a kind, kept-aside ones included, and all else of the imports that brought them.</summary>
    /// <returns>Rows of the kind removed.</returns>
    public static async Task<long> DeleteKindAsync(DatasetKind kind, IReadOnlyList<int> imports, WarehouseSession session, CancellationToken cancellationToken)
    {
        var table = TableOf(kind);
        foreach (var import in imports)
        {
            await session.ExecuteAsync("delete from rejects where import_id = $1", [import], cancellationToken).ConfigureAwait(false);
            await session.ExecuteAsync("delete from imported where import_id = $1", [import], cancellationToken).ConfigureAwait(false);
        }

        await session.ExecuteAsync($"delete from replaced_{table}", [], cancellationToken).ConfigureAwait(false);
        return await session.ExecuteAsync($"delete from {table}", [], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes an import's rows out of every table and brings back what it had replaced.</summary>
    public static async Task UndoAsync(int import, WarehouseSession session, CancellationToken cancellationToken)
    {
        foreach (var (_, table, key) in Tables)
        {
            // What it replaced is still replaced where a later import had replaced its own rows in turn.
            var same = key is null ? "" : $" and later.{key} = replaced_{table}.{key}";
            await session.ExecuteAsync($"""
                update replaced_{table} set replaced_by = (select min(later.replaced_by) from replaced_{table} later where later.import_id = $1{same})
                where replaced_by = $1 and exists (select 1 from replaced_{table} later where later.import_id = $1{same})
                """, [import], cancellationToken).ConfigureAwait(false);
            await session.ExecuteAsync($"delete from {table} where import_id = $1", [import], cancellationToken).ConfigureAwait(false);
            await session.ExecuteAsync($"delete from replaced_{table} where import_id = $1", [import], cancellationToken).ConfigureAwait(false);
            await session.ExecuteAsync($"insert into {table} select * exclude (replaced_by) from replaced_{table} where replaced_by = $1", [import], cancellationToken).ConfigureAwait(false);
            await session.ExecuteAsync($"delete from replaced_{table} where replaced_by = $1", [import], cancellationToken).ConfigureAwait(false);
        }

        await session.ExecuteAsync("delete from rejects where import_id = $1", [import], cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync("delete from imported where import_id = $1", [import], cancellationToken).ConfigureAwait(false);
    }
}
