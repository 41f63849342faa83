using System.Collections.Immutable;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Pipeline.SessionEnd;

/// <summary>One visit until she buys.</summary>
/// <param name="Steps">Kinds of its events strictly before the instant of its first purchase, in order of time: nothing of the purchase, and nothing that came with or after it.</param>
/// <param name="Bought">Whether a purchase followed.</param>
internal sealed record ShopperSession(DateTimeOffset Begin, int[] Steps, bool Bought);

/// <summary>What shoppers did in each visit, by kinds of events.</summary>
/// <param name="Kinds">Names of ids 1, 2, 3..., the most frequent first.</param>
/// <param name="Sessions">By their beginning; those with nothing before a purchase are not among them.</param>
internal sealed record SessionSteps(ImmutableArray<string> Kinds, ImmutableArray<ShopperSession> Sessions)
{
    public const string Purchase = "purchase";

    /// <summary>Events that are no step of a visit: what ends it, and what the shop does later.</summary>
    public const string NoStep = "('purchase', 'refund')";

    /// <summary>A shop may name its own kinds of events; rare ones say little.</summary>
    private const int MostKinds = 40;

    private const int MostSessions = 50_000;

    /// <summary>A visit that ended less than a gap before the last event of all may go on, so nobody knows how it ends.</summary>
    private const string EndedSql = "ended_at + to_seconds($1) < (select max(ts) from clean_events)";

    /// <param name="gap">So long without an event ends a visit.</param>
    public static async Task<SessionSteps> ReadAsync(WorkspaceWarehouse warehouse, TimeSpan gap, CancellationToken cancellationToken)
    {
        var kinds = await warehouse.QueryAsync(
            $"select event_type from clean_events where event_type not in {NoStep} group by 1 order by count(*) desc, 1 limit {MostKinds}", row => row.Text(0)!, [], cancellationToken).ConfigureAwait(false);
        var ids = kinds.Select((kind, at) => (kind, Id: at + 1)).ToDictionary(one => one.kind, one => one.Id, StringComparer.Ordinal);
        var rows = await warehouse.QueryAsync(
            $"""
            select s.session_no, s.started_at, e.event_type
            from (select session_no, started_at from sessions where {EndedSql} order by started_at desc, session_no desc limit {MostSessions}) s
            join clean_events e on e.session_no = s.session_no
            left join (select session_no, min(ts) as bought_at from clean_events where event_type = '{Purchase}' group by 1) p on p.session_no = s.session_no
            where (e.event_type = '{Purchase}' and e.ts = p.bought_at) or (e.event_type not in {NoStep} and (p.bought_at is null or e.ts < p.bought_at))
            order by s.started_at, s.session_no, e.ts, e.import_id, e.source_line
            """,
            row => (Session: row.Long(0), Begin: row.Instant(1), Kind: row.Text(2)!), [gap.TotalSeconds], cancellationToken).ConfigureAwait(false);
        var sessions = ImmutableArray.CreateBuilder<ShopperSession>();
        var steps = new List<int>();
        var bought = false;
        for (var at = 0; at < rows.Length; at++)
        {
            if (rows[at].Kind == Purchase) bought = true;
            else if (ids.TryGetValue(rows[at].Kind, out var id)) steps.Add(id);
            if (at + 1 < rows.Length && rows[at + 1].Session == rows[at].Session) continue;
            if (steps.Count > 0) sessions.Add(new ShopperSession(rows[at].Begin, [.. steps], bought));
            steps.Clear();
            bought = false;
        }

        return new SessionSteps(kinds, sessions.ToImmutable());
    }
}
