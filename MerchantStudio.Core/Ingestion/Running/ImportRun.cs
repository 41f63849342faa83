using System.Collections.Immutable;
using System.Text.Json;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion.Quotas;
using MerchantStudio.Core.Ingestion.Recognition;
using MerchantStudio.Core.Ingestion.Rows;
using MerchantStudio.Core.Ingestion.Text;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using Microsoft.Extensions.Options;

namespace MerchantStudio.Core.Ingestion.Running;

/// <summary>Reads a file into the warehouse in one transaction: all of it is there afterwards, or nothing.</summary>
internal sealed class ImportRun(WarehouseRegistry warehouses, IContactProtector contacts, DiskRoom disk, IOptions<IngestionOptions> options, TimeProvider clock)
{
    private const int RowsBetweenLooks = 2_000;

    /// <summary>A checkpoint needs some room itself, and one that finds none ends the engine for everybody.</summary>
    private const long LeastForTrim = 4L << 20;

    /// <returns>What was done, or why nothing was.</returns>
    public async Task<Outcome<ImportReport>> RunAsync(ImportTask task, Action<JobProgress>? report, CancellationToken cancellationToken)
    {
        var progress = new ImportProgress(report);
        progress.Begin(ImportProgress.Read, ImportProgress.Convert);
        var mapping = task.Mapping;
        if (mapping.Check() is { } incomplete) return incomplete;
        if (!KeyedMerge.For(task).TryGet(out var merge, out var noKey)) return noKey;
        var reading = mapping.Reading with { MaxUnpackedBytes = options.Value.UnpackLimitBytes, MaxUnpackRatio = options.Value.UnpackRatio };
        if (!DelimitedFile.Open(task.File, reading).TryGet(out var file, out var unreadable)) return unreadable;
        using (file)
        {
            if (!ColumnMap.Create(mapping, file.Shape).TryGet(out var columns, out var missing)) return missing;
            var warehouse = await warehouses.OpenAsync(task.Workspace, cancellationToken).ConfigureAwait(false);
            using var watch = new DiskWatch(disk, cancellationToken);
            try
            {
                var session = await warehouse.BeginAsync(watch.Token).ConfigureAwait(false);
                await using var _ = session.ConfigureAwait(false);
                return await RunAsync(task, file, columns, merge, session, progress, watch.Token).ConfigureAwait(false);
            }
            catch (UnpackLimitException limit)
            {
                return TextProblems.UnpacksTooLarge(limit);
            }
            catch (InvalidDataException)
            {
                return TextProblems.DamagedGzip();
            }
            catch (Exception full) when (full is WarehouseException { Kind: WarehouseErrorKind.Io } || (full is OperationCanceledException && watch.FoundTooLittle && !cancellationToken.IsCancellationRequested))
            {
                // Before anything is written down elsewhere on this disk: it has no room until the warehouse's file is as large as it was.
                await TrimAsync(warehouse).ConfigureAwait(false);
                return ImportProblems.DiskFull();
            }
        }
    }

    private async Task TrimAsync(WorkspaceWarehouse warehouse)
    {
        if (disk.FreeBytes < LeastForTrim) return;
        try
        {
            await warehouse.TrimAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (WarehouseException)
        {
            // Somebody else's transaction is open: the room comes back with the next checkpoint, and what must be written waits for it.
        }
    }

    private async Task<Outcome<ImportReport>> RunAsync(
        ImportTask task, DelimitedFile file, ColumnMap columns, KeyedMerge? merge, WarehouseSession session, ImportProgress progress, CancellationToken cancellationToken)
    {
        if (merge is not null) await merge.PrepareAsync(session, cancellationToken).ConfigureAwait(false);
        if (task.Mapping.Kind == DatasetKind.Orders) await OrderChecks.PrepareAsync(session, cancellationToken).ConfigureAwait(false);
        var features = task.Mapping.Kind == DatasetKind.Features ? await FeatureTables.PrepareAsync(task, file, columns, session, cancellationToken).ConfigureAwait(false) : null;
        var read = await Task.Run(() => Convert(task, file, columns, merge, features, session, progress, cancellationToken), cancellationToken).ConfigureAwait(false);
        progress.End(ImportProgress.Read, ImportProgress.Convert);
        if (read.Rows == 0) return file.Shape.HasHeader ? TextProblems.HeaderOnly() : TextProblems.Empty();
        if (read.Written == 0 && !task.DryRun) return ImportProblems.NothingAccepted(read.Rejected, read.Reasons[0]);

        progress.Begin(ImportProgress.Check);
        var @checked = await RowChecks.RunAsync(task, read, merge, session, clock, cancellationToken).ConfigureAwait(false);
        if (!@checked.TryGet(out var report, out var ambiguous)) return ambiguous;
        progress.End(ImportProgress.Check);
        progress.Detail(new ImportDetail(read.Rows, read.Rejected, read.Rows / Math.Max(progress.Seconds, 0.001), report.Reasons, report.Events), 0.95);
        if (report.Read != report.Accepted + report.Rejected + report.Duplicates + report.Updated + report.Unchanged)
            throw new InvalidOperationException($"Import {task.Number}: {report.Read} rows read do not add up.");
        if (report.Rejected == report.Read && !task.DryRun) return ImportProblems.NothingAccepted(report.Rejected, report.Reasons[0]);
        if (task.RowLimit is { } most && report.Accepted > 0 && await RowCount.OfAsync(session, cancellationToken).ConfigureAwait(false) is var rows && rows > most) return QuotaProblems.Rows(most, rows);
        if (task.DryRun) return report with { Seconds = progress.Seconds };

        progress.Begin(ImportProgress.Write);
        report = report with { Seconds = progress.Seconds };
        await session.ExecuteAsync("insert into imported (import_id, report, kind) values ($1, $2, $3)", [task.Number, JsonSerializer.Serialize(report, ImportReport.Json), task.Mapping.Kind.ToString()], cancellationToken).ConfigureAwait(false);
        await session.CommitAsync(cancellationToken).ConfigureAwait(false);
        progress.End(ImportProgress.Write);
        return report with { Seconds = progress.Seconds };
    }

    private RowsRead Convert(ImportTask task, DelimitedFile file, ColumnMap columns, KeyedMerge? merge, FeatureTableForm? features, WarehouseSession session, ImportProgress progress, CancellationToken cancellationToken)
    {
        using var rejects = new RejectLog(session.Append("rejects", RejectLog.Columns), task.Number);
        var target = new RowTarget(session, rejects, task.Number, task.Zone, clock.GetUtcNow(), contacts, table => merge?.Target(table) ?? table);
        using IRowWriter rows = task.Mapping.Kind switch
        {
            DatasetKind.Reviews => new ReviewRows(target, columns, task.Mapping, insideEvents: false),
            DatasetKind.Products => new ProductRows(target, columns, task.Mapping),
            DatasetKind.Customers => new CustomerRows(target, columns, task.Mapping),
            DatasetKind.Orders => new OrderRows(target, columns, task.Mapping),
            DatasetKind.Feedback => new FeedbackRows(target, columns, task.Mapping),
            DatasetKind.AdSpend => new AdSpendRows(target, columns, task.Mapping),
            DatasetKind.Features => new FeatureRows(target, columns, task.Mapping, features!),
            _ => new EventRows(target, columns, task.Mapping),
        };
        long count = 0;
        while (count != task.MostRows && file.Read())
        {
            count++;
            if (file.IsWhole) rows.Write(file);
            else if (!TryRagged(file)) rejects.AddBroken(file);
            else rows.Write(file);
            if (count % RowsBetweenLooks != 0) continue;
            cancellationToken.ThrowIfCancellationRequested();
            progress.Rows(count, file.Fraction, () => new ImportDetail(count, rejects.Count, count / progress.Seconds, [.. rejects.Reasons.Take(20)], rows.Events));
        }

        progress.Rows(count, 1, () => new ImportDetail(count, rejects.Count, count / progress.Seconds, [.. rejects.Reasons.Take(20)], rows.Events));
        rows.Complete();
        rejects.Complete();
        return new RowsRead(count, rows.Accepted, rejects.Count, rows.FirstAt, rows.LastAt, rejects.Reasons, Notes(rows, file), rows.Events, (rows as EventRows)?.WrittenColumns ?? [], (rows as EventRows)?.Names ?? (rows as OrderRows)?.Names, (rows as EventRows)?.Parts ?? [],
            (rows as EventRows)?.States ?? (rows as OrderRows)?.States ?? []);
    }

    private static ImmutableArray<ImportNote> Notes(IRowWriter rows, DelimitedFile file) =>
        file.Source.LateRecords > 0 ? rows.Notes.Add(new ImportNote("late_fields", file.Source.LateRecords, file.Source.FirstLate)) : rows.Notes;

    /// <summary>Delimiters too many at a row's end are a habit of some programs and lose nothing.</summary>
    private static bool TryRagged(DelimitedFile file)
    {
        if (file.Fault != RecordFault.None || file.FieldCount <= file.Columns.Length) return false;
        for (var field = file.Columns.Length; field < file.FieldCount; field++)
        {
            if (!file.Utf8(field).IsEmpty) return false;
        }

        return true;
    }
}

/// <summary>What reading and converting brought.</summary>
/// <param name="Rows">Records found.</param>
/// <param name="Written">Records that became rows, before duplicates are taken out.</param>
/// <param name="EventColumns">Columns of events that the file fills; empty for other kinds.</param>
/// <param name="Parts">Events that tell a part of their order, or change it.</param>
/// <param name="States">Order states that somebody has to explain.</param>
internal sealed record RowsRead(
    long Rows, long Written, long Rejected, DateTimeOffset? FirstAt, DateTimeOffset? LastAt,
    ImmutableArray<RejectReason> Reasons, ImmutableArray<ImportNote> Notes, ImmutableArray<EventCount> Events,
    ImmutableArray<string> EventColumns, ProductNames? Names, IReadOnlyList<(long Line, OrderPart Part)> Parts, ImmutableArray<StateCount> States);
