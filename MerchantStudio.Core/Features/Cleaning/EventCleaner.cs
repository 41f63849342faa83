using System.Collections.Immutable;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Features.Cleaning;

/// <summary>Turns raw events into those that count. Raw rows are never changed: a step that is switched off later brings its rows back.</summary>
public static class EventCleaner
{
    /// <summary>What <see cref="RunAsync"/> writes and <see cref="Sessions.Sessionizer"/> takes.</summary>
    public const string CleanedTable = "next_cleaned_rows";

    /// <summary>Clocks differ; an event this far ahead is not yet "in the future".</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromDays(1);

    /// <summary>How many rows each step would touch; nothing is written.</summary>
    /// <param name="now">Events later than a day after it are in the future.</param>
    public static async Task<CleaningReport> MeasureAsync(WarehouseSession session, CleaningSettings settings, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(settings);
        var counts = await session.QueryAsync(
            CleaningSql.Measure(settings),
            row => ImmutableArray.CreateRange(Enumerable.Range(0, 1 + (CleaningStep.All.Length * 2)).Select(row.Long)),
            Parameters(settings, now),
            cancellationToken).ConfigureAwait(false);
        var steps = CleaningStep.All.Select((step, index) => new CleaningStepCount(step.Key, settings.IsOn(step), counts[0][1 + (index * 2)], counts[0][2 + (index * 2)])).ToImmutableArray();
        var leftOut = steps.Zip(CleaningStep.All).Where(pair => pair.Second.Effect == CleaningEffect.LeaveOut).Sum(pair => pair.First.Touched);
        return new CleaningReport(counts[0][0], counts[0][0] - leftOut, steps, null);
    }

    /// <summary>Measures, then writes the kept rows to <see cref="CleanedTable"/>, in order of shopper and time.</summary>
    public static async Task<CleaningReport> RunAsync(WarehouseSession session, CleaningSettings settings, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var report = await MeasureAsync(session, settings, now, cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync($"drop table if exists {CleanedTable}", [], cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync(CleaningSql.Create(CleanedTable, settings), Parameters(settings, now), cancellationToken).ConfigureAwait(false);
        return report with
        {
            Kept = await session.ScalarAsync<long>($"select count(*) from {CleanedTable}", [], cancellationToken).ConfigureAwait(false),
            Sales = await SalesAsync(session, cancellationToken).ConfigureAwait(false),
        };
    }

    private static async Task<SalesCount?> SalesAsync(WarehouseSession session, CancellationToken cancellationToken)
    {
        const string Sales = $"""
            select count(*), count(distinct user_id), cast(coalesce(sum(price * quantity), 0) as decimal(38, 4))
            from {CleanedTable} where event_type = 'purchase' and quantity > 0 and price > 0
            """;
        var counts = await session.QueryAsync(Sales, row => new SalesCount(row.Long(0), row.Long(1), row.Decimal(2)), [], cancellationToken).ConfigureAwait(false);
        return counts[0].Lines > 0 ? counts[0] : null;
    }

    private static IReadOnlyList<object?> Parameters(CleaningSettings settings, DateTimeOffset now) =>
        [now + ClockTolerance, $"|{string.Join('|', settings.PaidStates.Split('|', StringSplitOptions.TrimEntries).Select(state => state.ToLowerInvariant()))}|", (long)settings.BotEventsPerDay];
}
