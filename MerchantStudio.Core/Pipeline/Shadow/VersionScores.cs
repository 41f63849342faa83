using System.Collections.Immutable;
using MerchantStudio.Core.Insights.Segments;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Pipeline.Shadow;

/// <summary>
/// The table of what each version said of each shopper at each scoring: of the one in use and of its challengers alike, and never read to decide anything.
/// Scores belong to a model's file: two versions with the same file are the same model.
/// </summary>
internal static class VersionScores
{
    public const string Table = "version_scores";

    /// <summary>Moments this many horizons back are kept, so that the outcomes of at least one of them are known.</summary>
    private const int KeptHorizons = 2;

    /// <summary>And of those no more than so many in a horizon, besides the newest.</summary>
    private const int KeptInHorizon = 4;

    private const string Columns = "(model_hash VARCHAR, horizon_days INTEGER, as_of TIMESTAMP, user_id VARCHAR, probability DOUBLE)";

    /// <summary>Begins the table of a run with what is kept of the former ones.</summary>
    /// <param name="asOf">Of the run; what was scored as of then or later is scored anew.</param>
    public static async Task BeginAsync(WarehouseSession session, string table, DateTimeOffset asOf, CancellationToken cancellationToken)
    {
        var name = Sql.Identifier(table);
        await session.ExecuteAsync($"drop table if exists {name}; create table {name}{Columns}", [], cancellationToken).ConfigureAwait(false);
        if (!await SegmentBuilder.HasTableAsync(session, Table, cancellationToken).ConfigureAwait(false)) return;
        var scored = await session.QueryAsync($"select distinct horizon_days, as_of from {Table} where as_of < cast($1 as timestamp) order by 1, 2", row => (Days: row.Int(0), AsOf: row.Instant(1)), [asOf], cancellationToken).ConfigureAwait(false);
        foreach (var horizon in scored.GroupBy(moment => moment.Days))
        {
            foreach (var kept in Kept([.. horizon.Select(moment => moment.AsOf)], horizon.Key, asOf))
                await session.ExecuteAsync($"insert into {name} select * from {Table} where horizon_days = $1 and as_of = cast($2 as timestamp)", [horizon.Key, kept], cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Which moments stay beside a new one.</summary>
    /// <param name="moments">Ascending, all before <paramref name="asOf"/>.</param>
    internal static IEnumerable<DateTimeOffset> Kept(IReadOnlyList<DateTimeOffset> moments, int days, DateTimeOffset asOf)
    {
        var apart = TimeSpan.FromDays((double)days / KeptInHorizon);
        DateTimeOffset? last = null;
        foreach (var moment in moments.Where(moment => moment >= asOf.AddDays(-KeptHorizons * days)))
        {
            if (last is { } before && moment - before < apart) continue;
            last = moment;
            yield return moment;
        }
    }

    /// <summary>Puts a model's chances of one moment into the table, in the place of those that it has there already.</summary>
    public static async Task PutAsync(WarehouseSession session, string table, string modelHash, int days, DateTimeOffset asOf, ImmutableArray<string> users, IReadOnlyList<float> chances, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync($"delete from {Sql.Identifier(table)} where model_hash = $1 and horizon_days = $2 and as_of = cast($3 as timestamp)", [modelHash, days, asOf], cancellationToken).ConfigureAwait(false);
        var at = (asOf.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond;
        using var rows = session.Append(table, "model_hash", "horizon_days", "as_of", "user_id", "probability");
        for (var i = 0; i < users.Length; i++)
        {
            rows.Text(0, modelHash);
            rows.Int(1, days);
            rows.Instant(2, at);
            rows.Text(3, users[i]);
            rows.Double(4, chances[i]);
            rows.EndRow();
        }

        rows.Complete();
    }

    /// <summary>The moment that the published features are of, if a horizon was scored then; else null.</summary>
    public static async Task<DateTimeOffset?> LastAsync(WorkspaceWarehouse warehouse, int days, CancellationToken cancellationToken) =>
        await warehouse.HasTableAsync(Table, cancellationToken).ConfigureAwait(false)
            ? await warehouse.ScalarAsync<DateTimeOffset?>($"select max(as_of) from {Table} where horizon_days = $1 and as_of = (select max(as_of) from shopper_profile)", [days], cancellationToken).ConfigureAwait(false) : null;

    /// <summary>Moments at which both models scored the same shoppers, ascending.</summary>
    public static async Task<ImmutableArray<DateTimeOffset>> SharedAsync(WorkspaceWarehouse warehouse, int days, string first, string second, CancellationToken cancellationToken) =>
        await warehouse.HasTableAsync(Table, cancellationToken).ConfigureAwait(false)
            ? await warehouse.QueryAsync(
                $"select as_of from (select distinct as_of, model_hash from {Table} where horizon_days = $1 and model_hash in ($2, $3)) s group by as_of having count(*) = $4 order by as_of",
                row => row.Instant(0), [days, first, second, first == second ? 1L : 2L], cancellationToken).ConfigureAwait(false)
            : [];

    /// <summary>What both said of each shopper at a moment, by her id.</summary>
    public static Task<ImmutableArray<SharedScore>> ReadAsync(WorkspaceWarehouse warehouse, int days, DateTimeOffset asOf, string first, string second, CancellationToken cancellationToken) =>
        warehouse.QueryAsync(
            $"""
            select a.user_id, a.probability, b.probability, false from {Table} a join {Table} b on b.user_id = a.user_id
            where a.horizon_days = $1 and b.horizon_days = $1 and a.as_of = cast($2 as timestamp) and b.as_of = cast($2 as timestamp) and a.model_hash = $3 and b.model_hash = $4 order by 1
            """,
            Read, [days, asOf, first, second], cancellationToken);

    /// <summary>The same with who has bought since. A shopper who was joined to another in the meantime goes by that name.</summary>
    /// <param name="until">Purchases from then on do not count.</param>
    public static Task<ImmutableArray<SharedScore>> ReadOutcomesAsync(WorkspaceWarehouse warehouse, int days, DateTimeOffset asOf, DateTimeOffset until, string first, string second, CancellationToken cancellationToken) =>
        warehouse.QueryAsync(
            $"""
            with bought as (select distinct user_id from clean_events where event_type = 'purchase' and ts >= cast($2 as timestamp) and ts < cast($5 as timestamp))
            select a.user_id, a.probability, b.probability, o.user_id is not null
            from {Table} a join {Table} b on b.user_id = a.user_id left join upkeep_aliases n on n.alias = a.user_id left join bought o on o.user_id = coalesce(n.shopper, a.user_id)
            where a.horizon_days = $1 and b.horizon_days = $1 and a.as_of = cast($2 as timestamp) and b.as_of = cast($2 as timestamp) and a.model_hash = $3 and b.model_hash = $4 order by 1
            """,
            Read, [days, asOf, first, second, until], cancellationToken);

    private static SharedScore Read(WarehouseRow row) => new(row.Text(0) ?? "", row.Double(1), row.Double(2), row.Boolean(3));
}

/// <param name="Bought">False where nobody has looked.</param>
internal readonly record struct SharedScore(string UserId, double First, double Second, bool Bought);
