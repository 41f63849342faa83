using System.Globalization;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Features.Sessions;

/// <summary>Sums up shoppers, products and currencies by day.</summary>
public static class Summaries
{
    private const string Events = "next_clean_events";

    /// <summary>Sessions whose shoppers and days are summed up at once: there are hardly more days of shoppers than sessions, and all at once may not fit into the memory of a shop's engine.</summary>
    internal const long SessionsOfPart = 2_000_000;

    /// <summary>Tables whose rows of the same key add up, so that a change is one more row: their keys and figures.</summary>
    private static readonly (string Table, string Sql, string Key, string[] Figures)[] Additive =
    [
        ("item_daily", SummarySql.ItemDaily, "item_id", ["net", "units"]),
        ("currency_daily", SummarySql.CurrencyDaily, "currency", ["lines", "original", "base", "without_rate"]),
    ];

    /// <summary>The tables written here, with <c>next_</c> before their names.</summary>
    public static IReadOnlyList<string> Tables { get; } = ["user_daily", .. Additive.Select(table => table.Table)];

    /// <summary>Writes the tables from next_clean_events, next_sessions and next_paid_orders.</summary>
    internal static async Task BuildAsync(WarehouseSession session, string timeZone, long sessionsOfPart, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        var (sessions, last) = (await session.QueryAsync(
            $"select (select count(*) from next_sessions), coalesce(max(shopper_no), 0) from {Events}", row => (row.Long(0), row.Long(1)), [], cancellationToken).ConfigureAwait(false))[0];
        var parts = Math.Max(1, (sessions + sessionsOfPart - 1) / sessionsOfPart);
        for (var part = 0L; part < parts; part++)
        {
            var within = parts == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"where shopper_no between {(last * part / parts) + 1} and {last * (part + 1) / parts}");
            await session.ExecuteAsync($"{(part == 0 ? "create table next_user_daily as" : "insert into next_user_daily")} {Of(SummarySql.UserDaily, Events, within)}", [timeZone], cancellationToken).ConfigureAwait(false);
        }

        foreach (var (table, sql, _, _) in Additive) await session.ExecuteAsync($"create table next_{table} as {Signed(sql, Events, 1)}", [timeZone], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Adds to the published sums what next_clean_events has over <paramref name="former"/>, and takes away what it lacks.</summary>
    public static async Task MoveAsync(WarehouseSession session, string former, string timeZone, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        foreach (var (table, sql, key, figures) in Additive)
        {
            var change = $"""
                insert into {table} by name
                select day, {key}, {string.Join(", ", figures.Select(figure => $"sum({figure}) as {figure}"))}
                from (select * from ({Signed(sql, Events, 1)}) a union all select * from ({Signed(sql, former, -1)}) f) c
                group by 1, 2 having {string.Join(" or ", figures.Select(figure => $"sum({figure}) <> 0"))} order by 1, 2
                """;
            await session.ExecuteAsync(change, [timeZone], cancellationToken).ConfigureAwait(false);
        }
    }

    /// <param name="within">A condition on the events' shopper_no; empty for everybody.</param>
    private static string Of(string sql, string events, string within = "") => sql
        .Replace("{shoppers}", within.Length == 0 ? "" : $"where exists (select 1 from (select distinct user_id from {events} {within}) p where p.user_id is not distinct from s.user_id)", StringComparison.Ordinal)
        .Replace("{part}", within, StringComparison.Ordinal)
        .Replace("{events}", events, StringComparison.Ordinal).Replace("{sessions}", "next_sessions", StringComparison.Ordinal).Replace("{orders}", "next_paid_orders", StringComparison.Ordinal);

    private static string Signed(string sql, string events, int sign) => Of(sql, events).Replace("{sign}", sign < 0 ? "-1" : "1", StringComparison.Ordinal);
}
