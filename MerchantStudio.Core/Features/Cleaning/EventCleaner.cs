using System.Collections.Immutable;
using MerchantStudio.Core.Currencies;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Features.Cleaning;

/// <summary>Turns raw events into those that count, cut into sessions. Raw rows are never changed: a step that is switched off later brings its rows back.</summary>
public static class EventCleaner
{
    /// <summary>What <see cref="RunAsync"/> writes and <see cref="Sessions.Sessionizer"/> takes.</summary>
    public const string CleanedTable = "next_clean_events";

    /// <summary>More would only cut large shops into more parts, each of which looks at all rows.</summary>
    private const int MostLanes = 4;

    /// <summary>Two, so that what is sorted at once fits into memory for most shops, and a lane that is done takes over from the others.</summary>
    private const int PartsOfLane = 2;

    /// <summary>Fewer rows are not worth a part.</summary>
    private const long LeastRowsOfPart = 500_000;

    /// <summary>Clocks differ; an event this far ahead is not yet "in the future".</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromDays(1);

    /// <summary>The moment after which an event is in the future.</summary>
    internal static DateTimeOffset FutureFrom(DateTimeOffset now) => now + ClockTolerance;

    /// <summary>How many rows each step would touch, those that are off included; nothing is written.</summary>
    /// <param name="now">Events later than a day after it are in the future.</param>
    public static async Task<CleaningReport> MeasureAsync(WarehouseSession session, CleaningSettings settings, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (report, _) = await MarkAsync(session, settings, now, all: true, cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync(CleaningSql.DropMarks, [], cancellationToken).ConfigureAwait(false);
        return report;
    }

    /// <summary>
    /// Writes the kept rows to <see cref="CleanedTable"/>, in order of shopper and time, with amounts in the shop's money. shopper_no numbers the shoppers in
    /// the order of their ids, session_no the sessions of all of them, one after the other.
    /// </summary>
    /// <param name="lanes">
    /// The warehouse of the session, to write large shops on several connections at once: what the session did before is then committed on the way. Null to stay within the session's transaction.
    /// </param>
    public static async Task<CleaningReport> RunAsync(WarehouseSession session, CleaningSettings settings, DateTimeOffset now, CancellationToken cancellationToken, WorkspaceWarehouse? lanes = null)
    {
        var (report, marks) = await MarkAsync(session, settings, now, all: false, cancellationToken).ConfigureAwait(false);
        var money = settings.Money;
        var converts = money is not null && await session.ScalarAsync<bool>(
            $"select exists (select 1 from events where currency is not null and {BaseAmounts.Code("currency", "$1")} <> $1)", [money.Currency], cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync($"drop table if exists {CleanedTable}", [], cancellationToken).ConfigureAwait(false);
        object?[] used = money is null ? [] : converts ? [money.Currency, money.TimeZone, money.HoldDays] : [money.Currency];
        IReadOnlyList<object?> parameters = [.. Parameters(settings, now, null), .. used];
        var width = Math.Min(MostLanes, lanes?.Threads ?? 1);
        var rowsOfPart = Math.Max(1, settings.RowsOfPart / width);
        if (width > 1) rowsOfPart = Math.Min(rowsOfPart, Math.Max(LeastRowsOfPart, (report.Kept / (width * PartsOfLane)) + 1));
        await session.ExecuteAsync(CleaningSql.Number(marks, rowsOfPart), Parameters(settings, now, null), cancellationToken).ConfigureAwait(false);
        var parts = await session.ScalarAsync<int>(CleaningSql.CountParts, [], cancellationToken).ConfigureAwait(false);
        string Write(int part, bool create) => CleaningSql.Write(CleanedTable, create, part, marks, money, converts, settings.SessionGapMinutes);
        if (lanes is null || parts == 1)
        {
            for (var part = 0; part < parts; part++) await session.ExecuteAsync(Write(part, create: part == 0), parameters, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await session.ExecuteAsync(Write(0, create: true) + " limit 0", parameters, cancellationToken).ConfigureAwait(false);
            await session.ExecuteAsync(CleaningSql.ShareMarks, [], cancellationToken).ConfigureAwait(false);
            await session.CommitAroundAsync(() => WriteInLanesAsync(lanes, width, parts, part => Write(part, create: false), parameters, cancellationToken), cancellationToken).ConfigureAwait(false);
            await session.ExecuteAsync(CleaningSql.UnshareMarks, [], cancellationToken).ConfigureAwait(false);
        }

        await session.ExecuteAsync(CleaningSql.DropMarks, [], cancellationToken).ConfigureAwait(false);
        return report with
        {
            Kept = await session.ScalarAsync<long>($"select count(*) from {CleanedTable}", [], cancellationToken).ConfigureAwait(false),
            Sales = await SalesAsync(session, cancellationToken).ConfigureAwait(false),
            Money = money is null ? null : await MoneyReport.OfAsync(session, money, cancellationToken).ConfigureAwait(false),
        };
    }

    /// <summary>Cutting into sessions goes row by row on one thread of the engine, so several parts are written side by side.</summary>
    private static Task WriteInLanesAsync(WorkspaceWarehouse warehouse, int width, int parts, Func<int, string> write, IReadOnlyList<object?> parameters, CancellationToken cancellationToken) =>
        Parallel.ForAsync(0, parts, new ParallelOptions { MaxDegreeOfParallelism = width, CancellationToken = cancellationToken }, async (part, cancelled) =>
        {
            var session = await warehouse.BeginAsync(cancelled).ConfigureAwait(false);
            await using var _ = session.ConfigureAwait(false);
            await session.ExecuteAsync(CleaningSql.AdoptMarks, [], cancelled).ConfigureAwait(false);
            await session.ExecuteAsync(write(part), parameters, cancelled).ConfigureAwait(false);
            await session.ExecuteAsync(CleaningSql.LeaveMarks, [], cancelled).ConfigureAwait(false);
            await session.CommitAsync(cancelled).ConfigureAwait(false);
        });

    /// <summary>Runs the steps that are on, one after the other, each on what the ones before it leave; the marks stay in the session's temporary tables.</summary>
    /// <param name="all">Whether to count what every step matches; else only those that cost nothing extra.</param>
    internal static async Task<(CleaningReport Report, CleaningMarks Marks)> MarkAsync(WarehouseSession session, CleaningSettings settings, DateTimeOffset now, bool all, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(settings);
        await session.ExecuteAsync(CleaningSql.CreateMarks, [], cancellationToken).ConfigureAwait(false);
        if (!settings.KeepsUsual) await session.ExecuteAsync(CleaningSql.CreateUsual, [], cancellationToken).ConfigureAwait(false);
        var stitched = await session.ScalarAsync<bool>("select exists (select 1 from identities where refused is null and parted_at is null)", [], cancellationToken).ConfigureAwait(false);
        var marks = await CleaningSql.BeginAsync(session, stitched, cancellationToken).ConfigureAwait(false);
        var (rows, matching) = await MatchingAsync(session, settings, now, marks, all, cancellationToken).ConfigureAwait(false);
        foreach (var batch in Batches(settings))
        {
            await MeasureUsualAsync(session, settings, now, batch[0], marks, cancellationToken).ConfigureAwait(false);
            var sql = CleaningSql.IsOfOneRow(batch[0]) ? CleaningSql.Mark(batch, settings.LimitOf, marks) : CleaningSql.Mark(batch[0], marks);
            var taken = await session.ExecuteAsync(sql, Parameters(settings, now, batch[0]), cancellationToken).ConfigureAwait(false);
            if (taken > 0) marks = batch[0].Effect == CleaningEffect.LeaveOut ? marks with { LeftOut = true } : marks with { Relabelled = true };
        }

        var touched = (await session.QueryAsync(
            $"select step, count(*) from (select step from {CleaningSql.LeftOut} union all select step from {CleaningSql.Relabelled}) marks group by step",
            row => (Key: row.Text(0)!, Rows: row.Long(1)), [], cancellationToken).ConfigureAwait(false)).ToDictionary(step => step.Key, step => step.Rows);
        var leftOut = await session.ScalarAsync<long>($"select count(*) from {CleaningSql.LeftOut}", [], cancellationToken).ConfigureAwait(false);
        var counts = settings.Steps.Select(step => new CleaningStepCount(step.Key, settings.IsOn(step), matching.TryGetValue(step.Key, out var count) ? count : null, touched.GetValueOrDefault(step.Key)));
        return (new CleaningReport(rows, rows - leftOut, [.. counts], null), marks);
    }

    /// <summary>Steps that are on, in their order; neighbours that can be told from a row alone run in one pass.</summary>
    private static IEnumerable<List<CleaningStep>> Batches(CleaningSettings settings)
    {
        var batch = new List<CleaningStep>();
        foreach (var step in settings.Steps.Where(settings.IsOn).Where(step => step.Key != CleaningStep.InternalUsers || !settings.Internal.IsEmpty))
        {
            var joins = CleaningSql.IsOfOneRow(step) && step.Effect == CleaningEffect.LeaveOut;
            if (batch.Count > 0 && !joins)
            {
                yield return batch;
                batch = [];
            }

            batch.Add(step);
            if (joins) continue;
            yield return batch;
            batch = [];
        }

        if (batch.Count > 0) yield return batch;
    }

    private static async Task<(long Rows, Dictionary<string, long> Matching)> MatchingAsync(
        WarehouseSession session, CleaningSettings settings, DateTimeOffset now, CleaningMarks marks, bool all, CancellationToken cancellationToken)
    {
        var alone = settings.Steps.Where(CleaningSql.IsOfOneRow).ToList();
        await session.ExecuteAsync(CleaningSql.Match(alone, settings.LimitOf, marks), Parameters(settings, now, null), cancellationToken).ConfigureAwait(false);
        var counts = (await session.QueryAsync(
            CleaningSql.Count(alone, settings.LimitOf), row => Enumerable.Range(0, 1 + alone.Count).Select(row.Long).ToArray(), Parameters(settings, now, null), cancellationToken).ConfigureAwait(false))[0];
        var matching = alone.Zip(counts.Skip(1)).ToDictionary(pair => pair.First.Key, pair => pair.Second);
        if (!all) return (counts[0], matching);
        foreach (var step in settings.Steps.Where(step => !CleaningSql.IsOfOneRow(step)))
        {
            await MeasureUsualAsync(session, settings, now, step, marks, cancellationToken).ConfigureAwait(false);
            matching[step.Key] = await session.ScalarAsync<long>(CleaningSql.CountMatching(step, marks), Parameters(settings, now, step), cancellationToken).ConfigureAwait(false);
        }

        return (counts[0], matching);
    }

    private static async Task MeasureUsualAsync(WarehouseSession session, CleaningSettings settings, DateTimeOffset now, CleaningStep step, CleaningMarks marks, CancellationToken cancellationToken)
    {
        if (step.Key != CleaningStep.LargeAmount || settings.KeepsUsual) return;
        await session.ExecuteAsync(CleaningSql.ForgetUsual, [], cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync(CleaningSql.MeasureUsual(marks), Parameters(settings, now, step), cancellationToken).ConfigureAwait(false);
    }

    private static async Task<SalesCount?> SalesAsync(WarehouseSession session, CancellationToken cancellationToken)
    {
        const string Sales = $"""
            select count(*), count(distinct user_id), cast(coalesce(sum(amount), 0) as decimal(38, 4))
            from {CleanedTable} where event_type = 'purchase' and quantity > 0 and amount > 0
            """;
        var counts = await session.QueryAsync(Sales, row => new SalesCount(row.Long(0), row.Long(1), row.Decimal(2)), [], cancellationToken).ConfigureAwait(false);
        return counts[0].Lines > 0 ? counts[0] : null;
    }

    /// <param name="step">The step whose figure and lists are wanted; null for none.</param>
    internal static IReadOnlyList<object?> Parameters(CleaningSettings settings, DateTimeOffset now, CleaningStep? step)
    {
        var (patterns, hashes) = step?.Key switch
        {
            CleaningStep.InternalUsers => (settings.Internal, settings.InternalHashes),
            CleaningStep.TestOrders => (settings.Tests, settings.TestHashes),
            _ => ([], []),
        };
        return
        [
            FutureFrom(now), $"|{string.Join('|', settings.PaidStates.Split('|', StringSplitOptions.TrimEntries).Select(state => state.ToLowerInvariant()))}|",
            string.Join('\n', patterns.Select(Like)), string.Join('\n', hashes), step is null ? 0d : settings.LimitOf(step),
        ];
    }

    /// <summary>"anna*" as a pattern of SQL's like.</summary>
    private static string Like(string pattern) =>
        pattern.Trim().Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal).Replace('*', '%');
}
