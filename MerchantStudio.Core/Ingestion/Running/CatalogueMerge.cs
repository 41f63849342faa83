using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Ingestion.Running;

/// <summary>Merges products or customers by their id: new ones are added, known ones are kept, updated or replaced as the mode says.</summary>
internal sealed class CatalogueMerge
{
    private readonly ImportTask _task;
    private readonly string _table;
    private readonly string _key;
    private readonly string[] _columns;

    private CatalogueMerge(ImportTask task, string table, string key, string[] columns)
    {
        _task = task;
        _table = table;
        _key = key;
        _columns = columns;
    }

    /// <summary>Null for kinds without ids of their own.</summary>
    public static CatalogueMerge? For(ImportTask task) => task.Mapping.Kind switch
    {
        DatasetKind.Products => new CatalogueMerge(task, "products", "item_id", ["name", "category", "brand", "price", "cost", "description"]),
        // Protected texts differ at every protection; the hashes tell whether the contact is the same, and a name counts as the same.
        DatasetKind.Customers => new CatalogueMerge(task, "customers", "user_id", ["email_hash", "phone_hash", "country", "city", "gender", "birth_year", "joined_at", "email_consent"]),
        _ => null,
    };

    /// <summary>Makes the table that the file's rows are collected in: of this connection alone, because a dry run may still be at work beside the import.</summary>
    public Task PrepareAsync(WarehouseSession session, CancellationToken cancellationToken) =>
        session.ExecuteAsync($"create temp table incoming_{_table} as select * from {_table} limit 0", [], cancellationToken);

    public async Task<ImportReport> MergeAsync(WarehouseSession session, ImportReport report, CancellationToken cancellationToken)
    {
        // Of an id that comes twice in the file the last row holds.
        var duplicates = await session.ExecuteAsync($"""
            delete from incoming_{_table} where source_line in (
                select source_line from (
                    select source_line, row_number() over (partition by {_key} order by source_line desc) as place from incoming_{_table}) as ranked
                where place > 1)
            """, [], cancellationToken).ConfigureAwait(false);
        long updated = 0, unchanged = 0;
        var known = $"exists (select 1 from {_table} t where t.{_key} = incoming_{_table}.{_key})";
        if (_task.Choices.Mode == ImportMode.Append)
        {
            duplicates += await session.ExecuteAsync($"delete from incoming_{_table} where {known}", [], cancellationToken).ConfigureAwait(false);
        }
        else if (_task.Choices.Mode == ImportMode.Upsert)
        {
            var same = string.Join(" and ", _columns.Select(column => $"t.{column} is not distinct from incoming_{_table}.{column}"));
            unchanged = await session.ExecuteAsync(
                $"delete from incoming_{_table} where exists (select 1 from {_table} t where t.{_key} = incoming_{_table}.{_key} and {same})", [], cancellationToken).ConfigureAwait(false);
            updated = await session.ScalarAsync<long>($"select count(*) from incoming_{_table} where {known}", [], cancellationToken).ConfigureAwait(false);
            var replaced = $"exists (select 1 from incoming_{_table} i where i.{_key} = t.{_key})";
            await session.ExecuteAsync($"insert into replaced_{_table} select t.*, $1 from {_table} t where {replaced}", [_task.Number], cancellationToken).ConfigureAwait(false);
            await session.ExecuteAsync($"delete from {_table} as t where {replaced}", [], cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await Replacement.ReplaceAllAsync(_table, _task.Number, session, cancellationToken).ConfigureAwait(false);
        }

        var added = await session.ExecuteAsync($"insert into {_table} select * from incoming_{_table}", [], cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync($"drop table incoming_{_table}", [], cancellationToken).ConfigureAwait(false);
        return report with
        {
            Accepted = added - updated,
            Duplicates = duplicates,
            Updated = updated,
            Unchanged = unchanged,
            Shoppers = _task.Mapping.Kind == DatasetKind.Customers ? added : 0,
        };
    }
}
