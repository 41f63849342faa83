using MerchantStudio.Core.Live.Journal;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Live.Moving;

/// <summary>What the page of live events counts: events a minute and samples of refused ones, kept for a week.</summary>
internal static class LiveCounts
{
    private const int MostWarnings = 200;
    private const long Minute = 60_000_000;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    /// <param name="repeated">Events that the warehouse had already.</param>
    public static async Task WriteAsync(List<LiveRecord> records, long repeated, DateTimeOffset now, WarehouseSession session, CancellationToken cancellationToken)
    {
        using (var counts = session.Append("live_minutes", "minute", "accepted", "rejected", "duplicates"))
        {
            foreach (var minute in records.GroupBy(record => record.ReceivedAt / Minute))
            {
                var late = Math.Min(repeated, minute.Sum(record => (long)record.Accepted));
                repeated -= late;
                counts.Instant(0, minute.Key * Minute);
                counts.Long(1, minute.Sum(record => (long)record.Accepted) - late);
                counts.Long(2, minute.Sum(record => (long)record.Rejected));
                counts.Long(3, minute.Sum(record => (long)record.Duplicates) + late);
                counts.EndRow();
            }

            counts.Complete();
        }

        await session.ExecuteAsync("delete from live_minutes where minute < $1", [now - Kept], cancellationToken).ConfigureAwait(false);
        var samples = records.SelectMany(record => record.Warnings.Select(warning => (record.ReceivedAt, Warning: warning))).TakeLast(MostWarnings).ToList();
        if (samples.Count == 0) return;
        using (var warnings = session.Append("live_warnings", "received_at", "reason", "field", "value", "event"))
        {
            foreach (var (at, warning) in samples)
            {
                warnings.Instant(0, at);
                warnings.Text(1, warning.Reason);
                warnings.Text(2, warning.Field);
                warnings.Text(3, warning.Value);
                warnings.Text(4, warning.Event);
                warnings.EndRow();
            }

            warnings.Complete();
        }

        await session.ExecuteAsync("delete from live_warnings where received_at < $1", [now - Kept], cancellationToken).ConfigureAwait(false);
    }
}
