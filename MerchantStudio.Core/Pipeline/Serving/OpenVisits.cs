using System.Collections.Frozen;
using MerchantStudio.Core.Pipeline.SessionEnd;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Pipeline.Serving;

/// <summary>A visit that may go on.</summary>
/// <param name="Steps">Kinds of its events until a purchase, oldest first.</param>
/// <param name="Bought">Whether she has bought in it already.</param>
internal sealed record OpenVisit(IReadOnlyList<string> Steps, DateTimeOffset LastAt, bool Bought);

/// <summary>Reads the visits in which something happened lately, from what the run and the upkeep since have cleaned.</summary>
internal static class OpenVisits
{
    private const string LastVisits = $"""
        select e.user_id, e.event_type, s.ended_at
        from (select arg_max(session_no, ended_at) as session_no, max(ended_at) as ended_at from sessions where ended_at >= $1 group by user_id) s
        join clean_events e on e.session_no = s.session_no
        where e.event_type = '{SessionSteps.Purchase}' or e.event_type not in {SessionSteps.NoStep}
        order by e.user_id, e.ts, e.import_id, e.source_line
        """;

    /// <param name="since">Visits whose last event came before are over.</param>
    /// <returns>By shopper.</returns>
    public static async Task<FrozenDictionary<string, OpenVisit>> ReadAsync(WorkspaceWarehouse warehouse, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var rows = await warehouse.QueryAsync(LastVisits, row => (User: row.Text(0)!, Kind: row.Text(1)!, LastAt: row.Instant(2)), [since], cancellationToken).ConfigureAwait(false);
        return rows.GroupBy(row => row.User).ToFrozenDictionary(visit => visit.Key, visit => new OpenVisit([.. visit.Select(row => row.Kind).TakeWhile(kind => kind != SessionSteps.Purchase)], visit.First().LastAt, visit.Any(row => row.Kind == SessionSteps.Purchase)), StringComparer.Ordinal);
    }
}
