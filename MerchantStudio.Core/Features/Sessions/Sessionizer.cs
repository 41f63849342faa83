using MerchantStudio.Core.Features.Cleaning;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Features.Sessions;

/// <param name="Events">Rows of clean_events.</param>
public sealed record SessionReport(long Events, long Sessions, long Shoppers, long Orders);

/// <summary>Sums up the cleaned events by session, paid order and day.</summary>
public static class Sessionizer
{
    /// <summary>The tables written here, with <c>next_</c> before their names.</summary>
    public static IReadOnlyList<string> Tables { get; } = ["sessions", "paid_orders", .. Summaries.Tables];

    /// <summary>Reads <see cref="EventCleaner.CleanedTable"/> and writes the tables.</summary>
    /// <param name="timeZone">The store's IANA zone, in which days are cut.</param>
    public static Task<SessionReport> RunAsync(WarehouseSession session, string timeZone, CancellationToken cancellationToken) => RunAsync(session, timeZone, Summaries.SessionsOfPart, cancellationToken);

    /// <param name="sessionsOfPart">About how many sessions are summed up by shopper and day at once.</param>
    internal static async Task<SessionReport> RunAsync(WarehouseSession session, string timeZone, long sessionsOfPart, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        foreach (var table in Tables) await session.ExecuteAsync($"drop table if exists {Sql.Identifier("next_" + table)}", [], cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync(SessionSql.Sessions, [], cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync(SessionSql.PaidOrders, [], cancellationToken).ConfigureAwait(false);
        await Summaries.BuildAsync(session, timeZone, sessionsOfPart, cancellationToken).ConfigureAwait(false);
        var counts = await session.QueryAsync(
            $"select (select count(*) from {EventCleaner.CleanedTable}), count(*), count(distinct user_id), (select count(*) from next_paid_orders) from next_sessions",
            row => new SessionReport(row.Long(0), row.Long(1), row.Long(2), row.Long(3)),
            [],
            cancellationToken).ConfigureAwait(false);
        return counts[0];
    }
}
