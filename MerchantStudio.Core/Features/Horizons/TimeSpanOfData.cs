using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Features.Horizons;

/// <summary>The time that events cover.</summary>
/// <param name="First">The earliest event; a stray date counts here.</param>
/// <param name="Start">The 0.1 % quantile of event time: a few stray dates do not stretch it.</param>
/// <param name="End">Just after the 99.9 % quantile of event time.</param>
public sealed record TimeSpanOfData(DateTimeOffset First, DateTimeOffset Last, DateTimeOffset Start, DateTimeOffset End, long Events)
{
    private static string Measure(string eventsTable) => $"""
        select min(ts), max(ts), quantile_disc(ts, 0.001), quantile_disc(ts, 0.999), count(*)
        from {Sql.Identifier(eventsTable)} where ts < coalesce(cast($1 as timestamp), timestamp '9999-01-01')
        """;

    /// <summary>Null when there is no event.</summary>
    /// <param name="before">Only events before it count; null for all.</param>
    public static async Task<TimeSpanOfData?> MeasureAsync(WarehouseSession session, string eventsTable, DateTimeOffset? before, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        return (await session.QueryAsync(Measure(eventsTable), Read, [before], cancellationToken).ConfigureAwait(false))[0];
    }

    /// <inheritdoc cref="MeasureAsync(WarehouseSession, string, DateTimeOffset?, CancellationToken)"/>
    public static async Task<TimeSpanOfData?> MeasureAsync(WorkspaceWarehouse warehouse, string eventsTable, DateTimeOffset? before, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(warehouse);
        return (await warehouse.QueryAsync(Measure(eventsTable), Read, [before], cancellationToken).ConfigureAwait(false))[0];
    }

    private static TimeSpanOfData? Read(WarehouseRow row) =>
        row.Long(4) == 0 ? null : new TimeSpanOfData(row.Instant(0), row.Instant(1), row.Instant(2), row.Instant(3).AddTicks(TimeSpan.TicksPerMicrosecond), row.Long(4));
}
