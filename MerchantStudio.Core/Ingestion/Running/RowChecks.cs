using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Ingestion.Running;

/// <summary>Takes out rows whose key is already here, counts identical ones and sums up, all inside the import's transaction.</summary>
internal static class RowChecks
{
    private static readonly string[] FeedbackColumns = ["user_id", "item_id", "ts", "feedback_type", "value", "comment"];
    private static readonly string[] AdSpendColumns = ["ts", "channel", "campaign", "spend", "currency", "impressions", "clicks"];
    private static readonly string[] ReviewColumns = ["review_id", "user_id", "item_id", "ts", "rating", "label", "title", "text", "category"];

    public static async Task<Outcome<ImportReport>> RunAsync(ImportTask task, RowsRead read, KeyedMerge? merge, WarehouseSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        var report = new ImportReport(
            task.Mapping.Kind, read.Rows, read.Written, read.Rejected, 0, 0, 0, 0, read.FirstAt, read.LastAt, 0, 0, read.Reasons, read.Notes, read.Events)
        { States = read.States };
        if (merge is not null)
        {
            var merged = await merge.MergeAsync(session, report, cancellationToken).ConfigureAwait(false);
            if (!merged.TryGet(out var changed, out var ambiguous)) return ambiguous;
            report = changed;
        }

        report = task.Mapping.Kind switch
        {
            DatasetKind.Orders => await OrderChecks.RunAsync(task, read, report, session, cancellationToken).ConfigureAwait(false),
            DatasetKind.Features => await FeatureTables.CheckAsync(task, report, session, cancellationToken).ConfigureAwait(false),
            DatasetKind.Feedback when merge is null => await CheckPlainAsync(FeedbackColumns, task, report, session, cancellationToken).ConfigureAwait(false),
            DatasetKind.AdSpend when merge is null => await CheckPlainAsync(AdSpendColumns, task, report, session, cancellationToken).ConfigureAwait(false),
            DatasetKind.Events => await CheckEventsAsync(task, read, merge is not null, report, session, clock, cancellationToken).ConfigureAwait(false),
            DatasetKind.Reviews => await CheckReviewsAsync(task, merge is not null, report, session, cancellationToken).ConfigureAwait(false),
            _ => report,
        };
        if (task.Choices.Mode == ImportMode.Replace)
            report = report with { Notes = [.. report.Notes, .. await Replacement.NotesAsync(report.Kind, report.FeatureTable, task.Number, session, cancellationToken).ConfigureAwait(false)] };
        return report with { Joins = await JoinRates.MeasureAsync(task.Mapping.Kind, task.Number, session, cancellationToken).ConfigureAwait(false) };
    }

    /// <summary>Rows without a key of their own that go straight into their table.</summary>
    private static async Task<ImportReport> CheckPlainAsync(string[] compared, ImportTask task, ImportReport report, WarehouseSession session, CancellationToken cancellationToken)
    {
        if (task.Choices.Mode == ImportMode.Replace) await Replacement.ReplaceAllAsync(task.Mapping.Kind, task.Number, session, cancellationToken).ConfigureAwait(false);
        return await IdenticalAsync(KindTable.Of(task.Mapping.Kind).Name, compared, task, report, session, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<ImportReport> CheckEventsAsync(ImportTask task, RowsRead read, bool merged, ImportReport report, WarehouseSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (merged) report = await MergedEventsAsync(task, read, report, session, cancellationToken).ConfigureAwait(false);
        else report = await AddedEventsAsync(task, read, report, session, cancellationToken).ConfigureAwait(false);
        if (merged || report.Duplicates > 0)
        {
            await session.ExecuteAsync("""
                delete from reviews where import_id = $1 and not exists (select 1 from events e where e.import_id = reviews.import_id and e.source_line = reviews.source_line)
                """, [task.Number], cancellationToken).ConfigureAwait(false);
            var counts = await session.QueryAsync(
                "select event_type, count(*) from events where import_id = $1 group by 1 order by 2 desc, 1",
                row => new EventCount(row.Text(0) ?? "", row.Long(1)), [task.Number], cancellationToken).ConfigureAwait(false);
            report = report with { Events = counts };
        }

        if (read.Names is { Count: > 0 } names) await names.WriteAsync(session, task.Number, cancellationToken).ConfigureAwait(false);
        var shoppers = await RepeatedKeys.CountDistinctAsync("events", "coalesce(user_id, anonymous_id)", task.Number, read.Rows, session, cancellationToken).ConfigureAwait(false);
        if (read.FirstAt > clock.GetUtcNow()) report = report with { Notes = [new ImportNote("all_future", read.Written, 0), .. report.Notes] };
        return report with { Shoppers = shoppers };
    }

    private static async Task<ImportReport> MergedEventsAsync(ImportTask task, RowsRead read, ImportReport report, WarehouseSession session, CancellationToken cancellationToken)
    {
        await PutReviewsAsideAsync(task.Number, session, cancellationToken).ConfigureAwait(false);
        var (leftOut, changed) = await OrderParts.RunAsync(task, read.Parts, session, cancellationToken).ConfigureAwait(false);
        var added = Math.Max(0, report.Accepted - leftOut - changed);
        return report with { Accepted = added, Duplicates = report.Duplicates + leftOut, Updated = report.Updated + report.Accepted - leftOut - added };
    }

    private static async Task<ImportReport> AddedEventsAsync(ImportTask task, RowsRead read, ImportReport report, WarehouseSession session, CancellationToken cancellationToken)
    {
        if (task.Choices.Mode == ImportMode.Replace) await Replacement.ReplaceAllAsync(DatasetKind.Events, task.Number, session, cancellationToken).ConfigureAwait(false);
        long duplicates = 0;
        var hasLines = read.EventColumns.Contains(MergeKey.LineNumber);
        if (read.EventColumns.Contains("message_id"))
            duplicates += await RepeatedKeys.RemoveAsync("events", hasLines ? ["message_id", MergeKey.LineNumber] : ["message_id"], task.Number, session, cancellationToken).ConfigureAwait(false);
        var (leftOut, changed) = await OrderParts.RunAsync(task, read.Parts, session, cancellationToken).ConfigureAwait(false);
        duplicates += leftOut;
        if (read.EventColumns.Contains("order_id") && hasLines)
            duplicates += await RepeatedKeys.RemoveAsync("events", ["order_id", "line_no", "event_type"], task.Number, session, cancellationToken).ConfigureAwait(false);
        string[] compared = [.. read.EventColumns.Except(["import_id", "source_line"])];
        return await IdenticalAsync("events", compared, task, report with { Accepted = report.Accepted - duplicates - changed, Duplicates = duplicates, Updated = changed }, session, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A review inside an updated event takes the place of the one that the event carried before.</summary>
    private static Task PutReviewsAsideAsync(int import, WarehouseSession session, CancellationToken cancellationToken) => Replacement.PutAsideAsync(
        "reviews",
        FormattableString.Invariant($"""
            select r.rowid as old_row, e.replaced_line as source_line
            from reviews r join replaced_events e on e.import_id = r.import_id and e.source_line = r.source_line
            where e.replaced_by = {import} and exists (select 1 from reviews n where n.import_id = {import} and n.source_line = e.replaced_line)
            """),
        import,
        session,
        cancellationToken);

    private static async Task<ImportReport> CheckReviewsAsync(ImportTask task, bool merged, ImportReport report, WarehouseSession session, CancellationToken cancellationToken)
    {
        if (!merged)
        {
            if (task.Choices.Mode == ImportMode.Replace) await Replacement.ReplaceAllAsync(DatasetKind.Reviews, task.Number, session, cancellationToken).ConfigureAwait(false);
            var duplicates = await RepeatedKeys.RemoveAsync("reviews", ["review_id"], task.Number, session, cancellationToken).ConfigureAwait(false);
            report = await IdenticalAsync("reviews", ReviewColumns, task, report with { Accepted = report.Accepted - duplicates, Duplicates = duplicates }, session, cancellationToken).ConfigureAwait(false);
        }

        var shoppers = await RepeatedKeys.CountDistinctAsync("reviews", "user_id", task.Number, report.Read, session, cancellationToken).ConfigureAwait(false);
        return report with { Shoppers = shoppers };
    }

    /// <summary>Counts rows that repeat another one in every column; takes them out where that is wanted.</summary>
    private static async Task<ImportReport> IdenticalAsync(string table, string[] compared, ImportTask task, ImportReport report, WarehouseSession session, CancellationToken cancellationToken)
    {
        var identical = await RepeatedKeys.CountIdenticalAsync(table, compared, task.Number, report.Read, session, cancellationToken).ConfigureAwait(false);
        if (!task.Choices.DropIdentical || identical == 0) return report with { Identical = identical };
        var dropped = await RepeatedKeys.RemoveIdenticalAsync(table, compared, task.Number, session, cancellationToken).ConfigureAwait(false);
        return report with { Accepted = report.Accepted - dropped, Duplicates = report.Duplicates + dropped };
    }
}
