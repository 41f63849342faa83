using System.Collections.Immutable;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Features;

/// <summary>What to build: features of every shopper seen before the cutoff, from events strictly before it.</summary>
/// <param name="LabelHorizonDays">With a label: 1 when the shopper buys in [cutoff, cutoff + horizon), else 0. Null for none.</param>
/// <param name="TimeZone">The store's IANA zone; hours, weekdays and days are cut in it.</param>
/// <param name="EventsTable">Cleaned events with session numbers.</param>
public sealed record FeatureQuestion(DateTimeOffset Cutoff, int? LabelHorizonDays, string TimeZone, string EventsTable = "next_clean_events");

/// <param name="Users">Ascending; row i of the matrix is user i.</param>
/// <param name="Labels">Null when the table was built without.</param>
public sealed record FeatureTable(ImmutableArray<string> Users, FeatureMatrix Features, ImmutableArray<float>? Labels);

/// <summary>Builds feature tables and reads them. The same function serves training and scoring, so the two cannot differ.</summary>
public static class FeatureBuilder
{
    private const string Label = "label";

    /// <summary>Writes <paramref name="table"/> anew: user_id, one DOUBLE for each feature of <see cref="FeatureCatalog"/>, and the label if asked for; ordered by user_id.</summary>
    /// <returns>Rows written.</returns>
    public static async Task<long> BuildAsync(WarehouseSession session, FeatureQuestion question, string table, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(question);
        List<object?> parameters = [question.Cutoff, question.TimeZone];
        if (question.LabelHorizonDays is { } days) parameters.Add(question.Cutoff.AddDays(days));
        await session.ExecuteAsync($"drop table if exists {Sql.Identifier(table)}", [], cancellationToken).ConfigureAwait(false);
        var sql = FeatureSql.Create(table, question.EventsTable, question.LabelHorizonDays is not null);
        await session.ExecuteAsync(sql, parameters, cancellationToken).ConfigureAwait(false);
        return await session.ScalarAsync<long>($"select count(*) from {Sql.Identifier(table)}", [], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads a table that <see cref="BuildAsync"/> wrote, inside the session's transaction.</summary>
    public static Task<FeatureTable> ReadAsync(WarehouseSession session, string table, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        return ReadAsync(
            (sql, ct) => session.StreamAsync(sql, [], ct),
            (sql, values, ct) => session.ScalarAsync<long>(sql, values, ct),
            table,
            cancellationToken);
    }

    /// <inheritdoc cref="ReadAsync(WarehouseSession, string, CancellationToken)"/>
    public static Task<FeatureTable> ReadAsync(WorkspaceWarehouse warehouse, string table, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(warehouse);
        return ReadAsync(
            (sql, ct) => warehouse.StreamAsync(sql, [], ct),
            (sql, values, ct) => warehouse.ScalarAsync<long>(sql, values, ct),
            table,
            cancellationToken);
    }

    private static async Task<FeatureTable> ReadAsync(
        Func<string, CancellationToken, IAsyncEnumerable<ColumnBatch>> stream,
        Func<string, IReadOnlyList<object?>, CancellationToken, Task<long>> count,
        string table,
        CancellationToken cancellationToken)
    {
        var rows = checked((int)await count($"select count(*) from {Sql.Identifier(table)}", [], cancellationToken).ConfigureAwait(false));
        var labelled = await count("select count(*) from information_schema.columns where table_name = $1 and column_name = $2", [table, Label], cancellationToken).ConfigureAwait(false) > 0;
        var features = FeatureCatalog.All;
        var values = new float[(long)features.Length * rows];
        var labels = labelled ? new float[rows] : null;
        var users = ImmutableArray.CreateBuilder<string>(rows);
        var columns = string.Join(", ", features.Select(feature => Sql.Identifier(feature.Key)));
        var sql = $"select user_id, {columns}{(labelled ? $", {Label}" : "")} from {Sql.Identifier(table)} order by user_id";
        await foreach (var batch in stream(sql, cancellationToken).ConfigureAwait(false))
        {
            var at = users.Count;
            for (var row = 0; row < batch.Rows; row++) users.Add(batch.Text(0, row) ?? "");
            for (var feature = 0; feature < features.Length; feature++) Narrow(batch.Doubles(feature + 1), values.AsSpan((feature * rows) + at));
            if (labels is not null) Narrow(batch.Doubles(features.Length + 1), labels.AsSpan(at));
        }

        var matrix = new FeatureMatrix([.. features.Select(feature => new FeatureColumn(feature.Key))], rows, values);
        return new FeatureTable(users.MoveToImmutable(), matrix, labels is null ? null : [.. labels]);
    }

    private static void Narrow(ReadOnlySpan<double> from, Span<float> to)
    {
        for (var row = 0; row < from.Length; row++) to[row] = (float)from[row];
    }
}
