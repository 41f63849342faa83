using System.Collections.Immutable;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Features.Horizons;

/// <summary>A cutoff and how many shoppers seen before it buy in its label window.</summary>
public sealed record LabelWindow(DateTimeOffset Cutoff, long Shoppers, long Positives);

/// <summary>One length of forecast: the windows to learn from, or what is missing for it.</summary>
/// <param name="Training">Latest first; label windows that overlap neither each other nor the later two.</param>
public sealed record HorizonPlan(int Days, ImmutableArray<LabelWindow> Training, LabelWindow? Validation, LabelWindow? Test, Problem? Missing)
{
    public bool IsOffered => Missing is null;
}

public sealed record NoPurchases()
    : Problem("horizon.no-purchases", "The data holds no purchases, so there is nothing to learn buying from. Import events with purchases or orders.");

public sealed record HistoryTooShort(int HorizonDays, double DaysNeeded, double DaysHeld)
    : Problem("horizon.history-too-short", "A forecast of {0} days needs {1} days of events; the data covers {2}. Import a longer period.", HorizonDays, Math.Round(DaysNeeded, 1), Math.Round(DaysHeld, 1));

public sealed record TooFewBuyers(int HorizonDays, long Positives, int Needed)
    : Problem("horizon.too-few-buyers", "A forecast of {0} days needs {2} buyers in each of its time windows; one of them has {1}. Import more data or choose another length.", HorizonDays, Positives, Needed);

/// <summary>Decides which forecasts the data can carry: windows for training, validation and test must fit, one after the other, after two days of history, with enough buyers in each.</summary>
public static class HorizonPlanner
{
    public const int LeastPositives = 30;
    public const int LeastHistoryDays = 2;

    /// <summary>More training windows than this add rows but hardly new situations.</summary>
    public const int MostTrainingWindows = 6;

    public static ImmutableArray<int> Horizons { get; } = [1, 7, 30];

    /// <summary>A plan for each of <see cref="Horizons"/>, offered or not.</summary>
    /// <param name="asOf">Only events before it are known; null for all.</param>
    public static async Task<ImmutableArray<HorizonPlan>> PlanAsync(WarehouseSession session, string eventsTable, DateTimeOffset? asOf, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        var span = await TimeSpanOfData.MeasureAsync(session, eventsTable, asOf, cancellationToken).ConfigureAwait(false);
        var purchases = await session.ScalarAsync<long>(
            $"select count(*) from {Sql.Identifier(eventsTable)} where event_type = 'purchase' and ts < coalesce(cast($1 as timestamp), timestamp '9999-01-01')", [asOf], cancellationToken).ConfigureAwait(false);
        if (span is null || purchases == 0) return [.. Horizons.Select(days => new HorizonPlan(days, [], null, null, new NoPurchases()))];
        var plans = ImmutableArray.CreateBuilder<HorizonPlan>();
        foreach (var days in Horizons)
        {
            var windows = ImmutableArray.CreateBuilder<LabelWindow>();
            foreach (var cutoff in Cutoffs(span, days)) windows.Add(await CountAsync(session, eventsTable, cutoff, days, cancellationToken).ConfigureAwait(false));
            plans.Add(Plan(days, span, windows.ToImmutable()));
        }

        return plans.ToImmutable();
    }

    /// <summary>Cutoffs whose label windows fit, latest first: test, validation, then training.</summary>
    internal static IEnumerable<DateTimeOffset> Cutoffs(TimeSpanOfData span, int days)
    {
        var earliest = span.Start.AddDays(LeastHistoryDays);
        return Enumerable.Range(1, 2 + MostTrainingWindows).Select(window => span.End.AddDays(-(double)window * days)).TakeWhile(cutoff => cutoff >= earliest);
    }

    /// <param name="windows">Latest first, as <see cref="Cutoffs"/> gives them.</param>
    internal static HorizonPlan Plan(int days, TimeSpanOfData span, ImmutableArray<LabelWindow> windows)
    {
        if (windows.Length < 3) return new HorizonPlan(days, [], null, null, new HistoryTooShort(days, (3 * days) + LeastHistoryDays, (span.End - span.Start).TotalDays));
        var training = windows[2..];
        var fewest = Math.Min(Math.Min(windows[0].Positives, windows[1].Positives), training.Sum(window => window.Positives));
        return new HorizonPlan(days, training, windows[1], windows[0], fewest < LeastPositives ? new TooFewBuyers(days, fewest, LeastPositives) : null);
    }

    private static async Task<LabelWindow> CountAsync(WarehouseSession session, string eventsTable, DateTimeOffset cutoff, int days, CancellationToken cancellationToken)
    {
        var counts = await session.QueryAsync(
            $"""
            select count(*) filter (where seen), count(*) filter (where seen and buys)
            from (select bool_or(ts < cast($1 as timestamp)) as seen,
                         bool_or(event_type = 'purchase' and ts >= cast($1 as timestamp) and ts < cast($2 as timestamp)) as buys
                  from {Sql.Identifier(eventsTable)} where ts < cast($2 as timestamp) group by shopper_no) shoppers
            """,
            row => new LabelWindow(cutoff, row.Long(0), row.Long(1)),
            [cutoff, cutoff.AddDays(days)],
            cancellationToken).ConfigureAwait(false);
        return counts[0];
    }
}
