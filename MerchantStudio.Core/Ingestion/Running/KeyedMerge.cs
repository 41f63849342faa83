using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion.Recognition;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Ingestion.Running;

/// <summary>Merges a file's rows into the data by a key: new ones are added, known ones are kept, updated or replaced as the mode says.</summary>
/// <remarks>An update never takes a value away: a column that the file lacks, and a blank cell, leave what is there.</remarks>
internal sealed class KeyedMerge
{
    private readonly ImportTask _task;
    private readonly string _table;
    private readonly string _incoming;
    private readonly string _merged;
    private readonly ImmutableArray<string> _key;
    private readonly string _sameKey;

    private KeyedMerge(ImportTask task, ImmutableArray<string> key)
    {
        _task = task;
        _table = KindTable.Of(task.Mapping.Kind).Name;
        _incoming = "incoming_" + _table;
        _merged = "merged_" + _table;
        _key = key;
        _sameKey = string.Join(" and ", key.Select(column => $"{Value("t.", column)} = {Value("i.", column)}"));
    }

    /// <summary>Lines of events that are here and carry a review that reads differently now.</summary>
    private string ChangedReviews => FormattableString.Invariant($"""
        select n.source_line
        from reviews n join {_incoming} i on i.source_line = n.source_line join {_table} t on {_sameKey}
        left join reviews r on r.import_id = t.import_id and r.source_line = t.source_line
        where n.import_id = {_task.Number}
          and (r.source_line is null or n.rating is distinct from r.rating or n.title is distinct from r.title or n.text is distinct from r.text)
        """);

    /// <summary>Null when the rows go straight into the table: their kind has no id of its own, and nothing is to be updated.</summary>
    public static Outcome<KeyedMerge?> For(ImportTask task)
    {
        // Orders are taken in order by order, and a feature table has no key.
        if (task.Mapping.Kind == DatasetKind.Orders) return (KeyedMerge?)null;
        if (task.Mapping.Kind == DatasetKind.Features) return task.Choices.Mode == ImportMode.Upsert ? ImportProblems.NoKey() : (KeyedMerge?)null;
        if (KindTable.Of(task.Mapping.Kind).Key.IsEmpty && task.Choices.Mode != ImportMode.Upsert) return (KeyedMerge?)null;
        return MergeKey.Of(task.Mapping, task.Choices).TryGet(out var key, out var problem) ? new KeyedMerge(task, key) : problem;
    }

    /// <summary>The table that collects the file's rows: of this connection alone, because a dry run may still be at work beside the import.</summary>
    public Task PrepareAsync(WarehouseSession session, CancellationToken cancellationToken) =>
        session.ExecuteAsync($"create temp table {_incoming} as select * from {_table} limit 0", [], cancellationToken);

    /// <summary>Where rows of a table are written to: beside it when it is the one that is merged.</summary>
    public string Target(string table) => table == _table ? _incoming : table;

    /// <returns>The report with what was added, updated, unchanged and left out, or why the key cannot be used.</returns>
    public async Task<Outcome<ImportReport>> MergeAsync(WarehouseSession session, ImportReport report, CancellationToken cancellationToken)
    {
        var duplicates = await RemoveRepeatedAsync(session, cancellationToken).ConfigureAwait(false);
        long updated = 0, unchanged = 0;
        switch (_task.Choices.Mode)
        {
            case ImportMode.Append:
                duplicates += await session.ExecuteAsync($"delete from {_incoming} as i where exists (select 1 from {_table} t where {_sameKey})", [], cancellationToken).ConfigureAwait(false);
                break;
            case ImportMode.Upsert:
                if (await AmbiguousAsync(session, cancellationToken).ConfigureAwait(false) is { } ambiguous) return ambiguous;
                (updated, unchanged) = await UpdateAsync(session, cancellationToken).ConfigureAwait(false);
                break;
            default:
                await Replacement.PutAsideAsync(
                    _table, $"select t.rowid as old_row, i.source_line from {_table} t left join {_incoming} i on {_sameKey}", _task.Number, session, cancellationToken).ConfigureAwait(false);
                break;
        }

        var added = await session.ExecuteAsync($"insert into {_table} select * from {_incoming}", [], cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync($"drop table {_incoming}", [], cancellationToken).ConfigureAwait(false);
        return report with
        {
            Accepted = added,
            Duplicates = duplicates,
            Updated = updated,
            Unchanged = unchanged,
            Shoppers = _task.Mapping.Kind == DatasetKind.Customers ? added + updated : 0,
        };
    }

    private string Value(string of, string column) => column == MergeKey.LineNumber && _key.Contains("message_id") ? MergeKey.LineOf(of) : of + column;

    /// <summary>Of a key that comes twice in the file the last row holds; a row without the whole key is a new one.</summary>
    private Task<long> RemoveRepeatedAsync(WarehouseSession session, CancellationToken cancellationToken)
    {
        var whole = string.Join(" and ", _key.Select(column => $"{Value("", column)} is not null"));
        return session.ExecuteAsync($"""
            delete from {_incoming} where source_line in (
                select source_line from (
                    select source_line, row_number() over (partition by {string.Join(", ", _key.Select(column => Value("", column)))} order by source_line desc) as place from {_incoming} where {whole}) as ranked
                where place > 1)
            """, [], cancellationToken);
    }

    /// <summary>A row of the file must not meet several rows of the data: which of them would it change?</summary>
    private async Task<Problem?> AmbiguousAsync(WarehouseSession session, CancellationToken cancellationToken)
    {
        var several = await session.ScalarAsync<long>(
            $"select count(*) from (select i.source_line from {_incoming} i join {_table} t on {_sameKey} group by 1 having count(*) > 1) s", [], cancellationToken).ConfigureAwait(false);
        if (several == 0) return null;
        var key = _task.Choices.Keys.IsDefaultOrEmpty ? _key : _task.Choices.Keys.Select(Roles.Key);
        return ImportProblems.KeyNotUnique(string.Join(", ", key), several);
    }

    /// <summary>Takes the rows that are here out of the incoming ones, puts the changed ones' old form aside and writes their new form.</summary>
    private async Task<(long Updated, long Unchanged)> UpdateAsync(WarehouseSession session, CancellationToken cancellationToken)
    {
        var columns = await session.QueryAsync(
            "select column_name from information_schema.columns where table_name = $1 and table_schema = 'main' and column_name not in ('import_id', 'source_line') order by ordinal_position",
            row => row.Text(0)!, [_table], cancellationToken).ConfigureAwait(false);
        var kind = KindTable.Of(_task.Mapping.Kind);
        var fill = (_task.Choices.FillBlanks.IsDefault ? [] : _task.Choices.FillBlanks).SelectMany(role => kind.ColumnsOf(role)).ToHashSet(StringComparer.Ordinal);
        var merged = columns.Select(column => fill.Contains(column) ? $"coalesce(t.{column}, i.{column}) as {column}" : $"coalesce(i.{column}, t.{column}) as {column}");

        // Protected texts differ at every protection; the hashes beside them tell whether the contact is the same, and a name counts as the same.
        var compared = columns.Where(column => !column.EndsWith("_protected", StringComparison.Ordinal) && column != "received_at");
        var same = string.Join(" and ", compared.Select(column => $"new.{column} is not distinct from old.{column}"));
        if (_task.Mapping.Kind == DatasetKind.Events) same += $" and new.source_line not in ({ChangedReviews})";
        await session.ExecuteAsync($"""
            create temp table {_merged} as
            with new as (select t.rowid as old_row, {string.Join(", ", merged)}, i.import_id, i.source_line from {_incoming} i join {_table} t on {_sameKey})
            select new.*, {same} as same from new join {_table} old on old.rowid = new.old_row
            """, [], cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync($"delete from {_incoming} where source_line in (select source_line from {_merged})", [], cancellationToken).ConfigureAwait(false);
        var unchanged = await session.ExecuteAsync($"delete from {_merged} where same", [], cancellationToken).ConfigureAwait(false);
        await Replacement.PutAsideAsync(_table, $"select old_row, source_line from {_merged}", _task.Number, session, cancellationToken).ConfigureAwait(false);
        var updated = await session.ExecuteAsync($"insert into {_table} by name select * exclude (old_row, same) from {_merged}", [], cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync($"drop table {_merged}", [], cancellationToken).ConfigureAwait(false);
        return (updated, unchanged);
    }
}
