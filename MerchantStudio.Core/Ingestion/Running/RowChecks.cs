using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Ingestion.Running;

/// <summary>Takes out rows whose key is already here, counts identical ones and sums up, all inside the import's transaction.</summary>
internal static class RowChecks
{
    private static readonly string[] ReviewColumns = ["review_id", "user_id", "item_id", "ts", "rating", "label", "title", "text", "category"];

    public static async Task<ImportReport> RunAsync(ImportTask task, RowsRead read, WarehouseSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        var report = new ImportReport(
            task.Mapping.Kind, read.Rows, read.Written, read.Rejected, 0, 0, 0, 0, read.FirstAt, read.LastAt, 0, 0, read.Reasons, read.Notes, read.Events);
        if (CatalogueMerge.For(task) is { } catalogue) return await catalogue.MergeAsync(session, report, cancellationToken).ConfigureAwait(false);
        return task.Mapping.Kind == DatasetKind.Reviews
            ? await CheckReviewsAsync(task, report, session, cancellationToken).ConfigureAwait(false)
            : await CheckEventsAsync(task, read, report, session, clock, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<ImportReport> CheckEventsAsync(ImportTask task, RowsRead read, ImportReport report, WarehouseSession session, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (task.Choices.Mode == ImportMode.Replace) await Replacement.ReplaceAllAsync("events", task.Number, session, cancellationToken).ConfigureAwait(false);
        long duplicates = 0;
        if (read.EventColumns.Contains("message_id")) duplicates += await RepeatedKeys.RemoveAsync("events", ["message_id"], task.Number, session, cancellationToken).ConfigureAwait(false);
        if (read.EventColumns.Contains("order_id") && read.EventColumns.Contains("line_no"))
            duplicates += await RepeatedKeys.RemoveAsync("events", ["order_id", "line_no", "event_type"], task.Number, session, cancellationToken).ConfigureAwait(false);
        string[] compared = [.. read.EventColumns.Except(["import_id", "source_line"])];
        var identical = await RepeatedKeys.CountIdenticalAsync("events", compared, task.Number, session, cancellationToken).ConfigureAwait(false);
        if (task.Choices.DropIdentical && identical > 0)
        {
            duplicates += await RepeatedKeys.RemoveIdenticalAsync("events", compared, task.Number, session, cancellationToken).ConfigureAwait(false);
            identical = 0;
        }

        if (duplicates > 0)
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
        var shoppers = await session.ScalarAsync<long>("select count(distinct coalesce(user_id, anonymous_id)) from events where import_id = $1", [task.Number], cancellationToken).ConfigureAwait(false);
        if (read.FirstAt > clock.GetUtcNow()) report = report with { Notes = [new ImportNote("all_future", read.Written, 0), .. report.Notes] };
        return report with { Accepted = read.Written - duplicates, Duplicates = duplicates, Identical = identical, Shoppers = shoppers };
    }

    private static async Task<ImportReport> CheckReviewsAsync(ImportTask task, ImportReport report, WarehouseSession session, CancellationToken cancellationToken)
    {
        if (task.Choices.Mode == ImportMode.Replace) await Replacement.ReplaceAllAsync("reviews", task.Number, session, cancellationToken).ConfigureAwait(false);
        var duplicates = await RepeatedKeys.RemoveAsync("reviews", ["review_id"], task.Number, session, cancellationToken).ConfigureAwait(false);
        var identical = await RepeatedKeys.CountIdenticalAsync("reviews", ReviewColumns, task.Number, session, cancellationToken).ConfigureAwait(false);
        if (task.Choices.DropIdentical && identical > 0)
        {
            duplicates += await RepeatedKeys.RemoveIdenticalAsync("reviews", ReviewColumns, task.Number, session, cancellationToken).ConfigureAwait(false);
            identical = 0;
        }

        var shoppers = await session.ScalarAsync<long>("select count(distinct user_id) from reviews where import_id = $1", [task.Number], cancellationToken).ConfigureAwait(false);
        return report with { Accepted = report.Accepted - duplicates, Duplicates = duplicates, Identical = identical, Shoppers = shoppers };
    }
}
