using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Ingestion.Running;

/// <summary>Rows that come twice: by a key of their own, or in every column.</summary>
internal static class RepeatedKeys
{
    /// <summary>Removes rows of this import whose key an earlier row has, in the file or in the data. Rows without the whole key stay.</summary>
    /// <returns>Rows removed.</returns>
    public static async Task<long> RemoveAsync(string table, string[] key, int import, WarehouseSession session, CancellationToken cancellationToken)
    {
        var name = Sql.Identifier(table);
        string Value(string of, string column) => column switch
        {
            MergeKey.LineNumber when key.Contains("message_id") => MergeKey.LineOf(of),

            // A line is bought once; a second refund of it, at another time, is another one.
            "event_type" => $"case when {of}event_type = 'refund' then concat('refund ', {of}ts) else {of}event_type end",
            _ => of + Sql.Identifier(column),
        };
        var columns = string.Join(", ", key.Select(column => Value("", column)));
        var whole = string.Join(" and ", key.Select(column => $"{Value("", column)} is not null"));
        var same = string.Join(" and ", key.Select(column => $"{Value("old.", column)} = {Value(name + ".", column)}"));
        var inside = await session.ExecuteAsync($"""
            delete from {name} where import_id = $1 and source_line in (
                select source_line from (
                    select source_line, row_number() over (partition by {columns} order by source_line) as place
                    from {name} where import_id = $1 and {whole}) as ranked
                where place > 1)
            """, [import], cancellationToken).ConfigureAwait(false);
        var before = await session.ExecuteAsync($"""
            delete from {name} where import_id = $1 and exists (select 1 from {name} as old where old.import_id <> $1 and {same})
            """, [import], cancellationToken).ConfigureAwait(false);
        return inside + before;
    }

    /// <summary>Rows of this import that repeat an earlier row of it in every column.</summary>
    /// <param name="read">Lines of the file.</param>
    /// <remarks>Compares 64-bit hashes: for 10 million rows the chance of one false pair is three in a million.</remarks>
    public static async Task<long> CountIdenticalAsync(string table, string[] columns, int import, long read, WarehouseSession session, CancellationToken cancellationToken) =>
        await session.ScalarAsync<long>(
            $"select count(*) - count(distinct value) from {Halves(table, $"hash({string.Join(", ", columns.Select(Sql.Identifier))})")} s", [import, read / 2], cancellationToken).ConfigureAwait(false);

    /// <summary>How many different values the rows of this import have.</summary>
    /// <param name="read">Lines of the file.</param>
    public static async Task<long> CountDistinctAsync(string table, string value, int import, long read, WarehouseSession session, CancellationToken cancellationToken) =>
        await session.ScalarAsync<long>($"select count(distinct value) from {Halves(table, value)} s", [import, read / 2], cancellationToken).ConfigureAwait(false);

    /// <summary>A value of an import's rows ($1), read in two halves parted at a line ($2): rows that are not committed yet are read by one thread for each time that they are named.</summary>
    private static string Halves(string table, string value)
    {
        var rows = $"select {value} as value from {Sql.Identifier(table)} where import_id = $1 and source_line";
        return $"({rows} <= $2 union all {rows} > $2)";
    }

    /// <summary>Removes what <see cref="CountIdenticalAsync"/> counts, comparing the columns themselves.</summary>
    public static Task<long> RemoveIdenticalAsync(string table, string[] columns, int import, WarehouseSession session, CancellationToken cancellationToken)
    {
        var name = Sql.Identifier(table);
        return session.ExecuteAsync($"""
            delete from {name} where import_id = $1 and source_line in (
                select source_line from (
                    select source_line, row_number() over (partition by {string.Join(", ", columns.Select(Sql.Identifier))} order by source_line) as place
                    from {name} where import_id = $1) as ranked
                where place > 1)
            """, [import], cancellationToken);
    }
}
