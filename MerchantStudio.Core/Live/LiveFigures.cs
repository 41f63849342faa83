using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Live;

/// <summary>An event as it came in.</summary>
/// <param name="Price">Of one item, in <paramref name="Currency"/> or, without one, in the shop's.</param>
public sealed record LiveSeen(
    long Line, DateTimeOffset At, DateTimeOffset ReceivedAt, string EventType, string? Shopper, bool IsNamed, string? ItemId, string? ItemName, decimal? Price, int? Quantity, string? Currency, string? OrderId,
    string? SearchQuery, string? Channel);

/// <param name="Minute">Its beginning, UTC.</param>
public sealed record LiveMinute(DateTimeOffset Minute, long Accepted, long Rejected, long Duplicates);

/// <summary>A refused event.</summary>
/// <param name="Reason">Code of <see cref="Reading.LiveReasons"/>.</param>
public sealed record LiveRefusal(DateTimeOffset At, string Reason, string? Field, string? Value, string? Event);

/// <summary>What came in lately.</summary>
/// <param name="LastAt">When the last event came; null where none ever did.</param>
/// <param name="Minutes">The last hour, a value for each minute, the oldest first.</param>
/// <param name="Day">Sums of the last 24 hours.</param>
/// <param name="Week">Sums of the last seven days.</param>
/// <param name="Recent">The last events, the newest first.</param>
/// <param name="Refused">The last refused ones, the newest first.</param>
public sealed record LiveView(DateTimeOffset? LastAt, ImmutableArray<LiveMinute> Minutes, LiveMinute Day, LiveMinute Week, ImmutableArray<LiveSeen> Recent, ImmutableArray<LiveRefusal> Refused)
{
    /// <summary>Nothing ever came, not even something to refuse.</summary>
    public bool IsEmpty => LastAt is null && Refused.IsEmpty && Week.Accepted + Week.Rejected + Week.Duplicates == 0;
}

/// <summary>Reads what the page of live events shows.</summary>
public sealed class LiveFigures(WarehouseRegistry warehouses, TimeProvider clock)
{
    private const int Events = 50;
    private const int Refusals = 30;

    /// <summary>Live rows are numbered upwards, so the last ones are found by their numbers.</summary>
    private const string RecentSql = """
        select source_line, ts, received_at, event_type, coalesce(user_id, anonymous_id), user_id is not null, item_id, item_name, price, quantity, currency, order_id, search_query, channel
        from events where import_id = 0 and source_line >= (select coalesce(max(next_line), 0) - 1000 from live_position) order by source_line desc limit $1
        """;

    private const string MinutesSql = "select minute, sum(accepted)::bigint, sum(rejected)::bigint, sum(duplicates)::bigint from live_minutes where minute > $1 group by 1 order by 1";

    public async Task<Outcome<LiveView>> ReadAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        var now = clock.GetUtcNow();
        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        var recent = await warehouse.QueryAsync(RecentSql, Seen, [Events], cancellationToken).ConfigureAwait(false);
        var minutes = await warehouse.QueryAsync(MinutesSql, row => new LiveMinute(row.Instant(0), row.Long(1), row.Long(2), row.Long(3)), [now.AddDays(-7)], cancellationToken).ConfigureAwait(false);
        var refused = await warehouse.QueryAsync(
            "select received_at, reason, field, value, event from live_warnings order by received_at desc limit $1",
            row => new LiveRefusal(row.Instant(0), row.Text(1)!, row.Text(2), row.Text(3), row.Text(4)), [Refusals], cancellationToken).ConfigureAwait(false);
        var last = recent.IsEmpty ? minutes.LastOrDefault(minute => minute.Accepted > 0)?.Minute : recent[0].ReceivedAt;
        return new LiveView(last, Hour(minutes, now), Sum(minutes, now.AddDays(-1)), Sum(minutes, now.AddDays(-7)), recent, refused);
    }

    private static LiveSeen Seen(WarehouseRow row) => new(
        row.Long(0), row.Instant(1), row.Instant(2), row.Text(3)!, row.Text(4), row.Boolean(5), row.Text(6), row.Text(7), row.DecimalOrNull(8), row.IntOrNull(9), row.Text(10), row.Text(11), row.Text(12), row.Text(13));

    private static ImmutableArray<LiveMinute> Hour(ImmutableArray<LiveMinute> minutes, DateTimeOffset now)
    {
        var byMinute = minutes.ToDictionary(minute => minute.Minute);
        var current = new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
        return [.. Enumerable.Range(0, 60).Select(back => current.AddMinutes(back - 59)).Select(minute => byMinute.GetValueOrDefault(minute) ?? new LiveMinute(minute, 0, 0, 0))];
    }

    private static LiveMinute Sum(ImmutableArray<LiveMinute> minutes, DateTimeOffset from)
    {
        var inside = minutes.Where(minute => minute.Minute > from).ToList();
        return new LiveMinute(from, inside.Sum(minute => minute.Accepted), inside.Sum(minute => minute.Rejected), inside.Sum(minute => minute.Duplicates));
    }
}
