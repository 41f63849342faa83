using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Ingestion.Running;

/// <summary>Rows that a later import took the place of are kept aside until that import is undone.</summary>
/// <remarks>
/// A row put aside says which import took its place and, where one row did, the line of that row: <c>replaced_by</c> and <c>replaced_line</c>.
/// Undoing an import brings back what it had replaced, unless a later import has in turn replaced the row that took its place.
/// </remarks>
internal static class Replacement
{
    /// <summary>What live events stand under.</summary>
    private const int LiveImport = 0;

    private const string CarriedReviews = "delete from reviews where import_id = $1";
    private const string CarriedChanges = "delete from changed_orders where import_id = $1";

    /// <summary>Puts every earlier imported row of the kind aside.</summary>
    public static Task ReplaceAllAsync(DatasetKind kind, int import, WarehouseSession session, CancellationToken cancellationToken) =>
        ReplaceAllAsync(KindTable.Of(kind).Name, KindTable.Of(kind).Imported, import, session, cancellationToken);

    /// <param name="rows">A condition on the table's rows.</param>
    public static async Task ReplaceAllAsync(string table, string rows, int import, WarehouseSession session, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync($"insert into replaced_{table} by name select t.*, $1 as replaced_by from {table} t where import_id <> $1 and {rows}", [import], cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync($"delete from {table} where import_id <> $1 and {rows}", [import], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What the merchant should know of a replacement: how many rows make room, and how many live events stay.</summary>
    /// <param name="featureTable">Which feature table; null for other kinds.</param>
    public static async Task<ImmutableArray<ImportNote>> NotesAsync(DatasetKind kind, int? featureTable, int import, WarehouseSession session, CancellationToken cancellationToken)
    {
        var table = featureTable is { } number ? FeatureTables.NameOf(number) : KindTable.Of(kind).Name;
        var aside = await session.ScalarAsync<long>($"select count(*) from replaced_{table} where replaced_by = $1", [import], cancellationToken).ConfigureAwait(false);
        var live = kind == DatasetKind.Events ? await session.ScalarAsync<long>("select count(*) from events where import_id = $1", [LiveImport], cancellationToken).ConfigureAwait(false) : 0;
        ImmutableArray<ImportNote> all = [new("replaces", aside, 0), new("keeps_live", live, 0)];
        return all.RemoveAll(note => note.Rows == 0);
    }

    /// <summary>Puts chosen rows aside.</summary>
    /// <param name="rows">A query of old_row, the row's rowid, and source_line, the line that takes its place or null.</param>
    public static async Task PutAsideAsync(string table, string rows, int import, WarehouseSession session, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync(
            $"insert into replaced_{table} by name select t.*, $1 as replaced_by, a.source_line as replaced_line from {table} t join ({rows}) a on a.old_row = t.rowid", [import], cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync($"delete from {table} where rowid in (select old_row from ({rows}) a)", [], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes every row of a kind, kept-aside ones included, and all else of the imports that brought them.</summary>
    /// <param name="featureTable">Which feature table; null for other kinds.</param>
    /// <returns>Rows of the kind removed.</returns>
    public static async Task<long> DeleteKindAsync(DatasetKind kind, int? featureTable, IReadOnlyList<int> imports, WarehouseSession session, CancellationToken cancellationToken)
    {
        var (table, rows) = featureTable is { } number ? (FeatureTables.NameOf(number), "true") : (KindTable.Of(kind).Name, KindTable.Of(kind).Rows);
        await session.ExecuteAsync($"delete from replaced_{table} where {rows}", [], cancellationToken).ConfigureAwait(false);
        var removed = await session.ExecuteAsync($"delete from {table} where {rows}", [], cancellationToken).ConfigureAwait(false);
        foreach (var import in imports)
        {
            await session.ExecuteAsync("delete from rejects where import_id = $1", [import], cancellationToken).ConfigureAwait(false);
            await session.ExecuteAsync("delete from imported where import_id = $1", [import], cancellationToken).ConfigureAwait(false);
            await session.ExecuteAsync(CarriedChanges, [import], cancellationToken).ConfigureAwait(false);
            if (kind == DatasetKind.Events) await session.ExecuteAsync(CarriedReviews, [import], cancellationToken).ConfigureAwait(false);
        }

        if (kind == DatasetKind.Events) await session.ExecuteAsync(CarriedReviews, [LiveImport], cancellationToken).ConfigureAwait(false);
        await FeatureTables.DropEmptyAsync(session, cancellationToken).ConfigureAwait(false);
        return removed;
    }

    /// <summary>Removes rows of an import that was never committed.</summary>
    /// <remarks>
    /// A kill in the moment in which the engine writes its log can leave them: at the next start it takes large groups of rows from the log at once, and does not
    /// take them back where the log ends before their transaction does.
    /// </remarks>
    public static async Task ForgetAsync(int import, WarehouseSession session, CancellationToken cancellationToken)
    {
        var tables = await TablesAsync(session, cancellationToken).ConfigureAwait(false);
        var left = string.Join(" union all ", tables.Select(table => $"select 1 from {table} where import_id = $1 union all select 1 from replaced_{table} where replaced_by = $1"));
        if (!await session.ScalarAsync<bool>($"select exists ({left} union all select 1 from rejects where import_id = $1)", [import], cancellationToken).ConfigureAwait(false)) return;
        foreach (var table in tables)
        {
            await session.ExecuteAsync($"delete from {table} where import_id = $1", [import], cancellationToken).ConfigureAwait(false);
            await session.ExecuteAsync($"delete from replaced_{table} where replaced_by = $1", [import], cancellationToken).ConfigureAwait(false);
        }

        await session.ExecuteAsync("delete from rejects where import_id = $1", [import], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes an import's rows out of every table and brings back what it had replaced.</summary>
    public static async Task UndoAsync(int import, WarehouseSession session, CancellationToken cancellationToken)
    {
        foreach (var table in await TablesAsync(session, cancellationToken).ConfigureAwait(false))
        {
            await session.ExecuteAsync($"""
                update replaced_{table} set replaced_by = later.replaced_by, replaced_line = later.replaced_line
                from replaced_{table} later
                where replaced_{table}.replaced_by = $1 and later.import_id = $1 and later.source_line = replaced_{table}.replaced_line
                """, [import], cancellationToken).ConfigureAwait(false);
            await session.ExecuteAsync($"""
                update replaced_{table} set replaced_by = (select min(later.replaced_by) from replaced_{table} later where later.import_id = $1 and later.replaced_line is null)
                where replaced_by = $1 and replaced_line is null and exists (select 1 from replaced_{table} later where later.import_id = $1 and later.replaced_line is null)
                """, [import], cancellationToken).ConfigureAwait(false);
            await session.ExecuteAsync($"delete from {table} where import_id = $1", [import], cancellationToken).ConfigureAwait(false);
            await session.ExecuteAsync($"delete from replaced_{table} where import_id = $1", [import], cancellationToken).ConfigureAwait(false);
            await session.ExecuteAsync($"insert into {table} select * exclude (replaced_by, replaced_line) from replaced_{table} where replaced_by = $1", [import], cancellationToken).ConfigureAwait(false);
            await session.ExecuteAsync($"delete from replaced_{table} where replaced_by = $1", [import], cancellationToken).ConfigureAwait(false);
        }

        await FeatureTables.DropEmptyAsync(session, cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync(CarriedChanges, [import], cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync("delete from rejects where import_id = $1", [import], cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync("delete from imported where import_id = $1", [import], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Every table that imports write to and keep rows aside of.</summary>
    private static async Task<ImmutableArray<string>> TablesAsync(WarehouseSession session, CancellationToken cancellationToken)
    {
        var features = await FeatureTables.ListAsync(session, cancellationToken).ConfigureAwait(false);
        return [.. KindTable.All.Select(kind => kind.Name).Distinct(), .. features.Select(table => FeatureTables.NameOf(table.Number))];
    }
}
