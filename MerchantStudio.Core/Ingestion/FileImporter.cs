using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion.Quotas;
using MerchantStudio.Core.Ingestion.Recognition;
using MerchantStudio.Core.Ingestion.Running;
using MerchantStudio.Core.Ingestion.Staging;
using MerchantStudio.Core.Ingestion.Text;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Warehouse;
using Microsoft.Extensions.Options;

namespace MerchantStudio.Core.Ingestion;

/// <summary>Brings files into the warehouse: stage, inspect, try, import, undo.</summary>
public sealed class FileImporter
{
    private const int PreviewRows = 100;
    private readonly StagingFolder _staging;
    private readonly ReadableFiles _files;
    private readonly ImportStore _store;
    private readonly ImportWork _work;
    private readonly ImportRun _run;
    private readonly WarehouseRegistry _warehouses;
    private readonly WorkspaceQuotas _quotas;
    private readonly UpkeepQueue _upkeep;
    private readonly AuditTrail _audit;
    private readonly IngestionOptions _options;
    private readonly TimeProvider _clock;

    internal FileImporter(StagingFolder staging, ReadableFiles files, ImportStore store, ImportWork work, ImportRun run, WarehouseRegistry warehouses, WorkspaceQuotas quotas, UpkeepQueue upkeep, AuditTrail audit, IOptions<IngestionOptions> options, TimeProvider clock)
    {
        _staging = staging;
        _files = files;
        _store = store;
        _work = work;
        _run = run;
        _warehouses = warehouses;
        _quotas = quotas;
        _upkeep = upkeep;
        _audit = audit;
        _options = options.Value;
        _clock = clock;
    }

    /// <summary>Largest upload in the browser.</summary>
    public long UploadLimitBytes => _options.UploadLimitBytes;

    /// <summary>Takes an upload into the staging folder. A size above the limit is refused before anything is read.</summary>
    /// <param name="announcedBytes">What the browser says the size is; null when unknown.</param>
    /// <param name="progress">Bytes taken so far.</param>
    public async Task<Outcome<ImportRecord>> StageAsync(WorkspaceScope scope, Stream content, string fileName, long? announcedBytes, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(content);
        if (Refusal(scope) is { } refusal) return refusal;
        if (announcedBytes is { } announced && _staging.Announced(announced) is { } tooMuch) return tooMuch;
        if (!(await _quotas.BeginUploadAsync(scope.Workspace, announcedBytes ?? 0, cancellationToken).ConfigureAwait(false)).TryGet(out var room, out var noRoom)) return noRoom;
        using (room)
        {
            var id = Guid.CreateVersion7(_clock.GetUtcNow());
            var taken = await _staging.TakeAsync(id, content, room, progress, cancellationToken).ConfigureAwait(false);
            if (!taken.TryGet(out var file, out var problem)) return problem;
            return await _store.AddAsync(scope, id, Path.GetFileName(fileName), file.Bytes, file.Sha256, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Takes a file of this machine, of any size, without copying it.</summary>
    public async Task<Outcome<ImportRecord>> StageFileAsync(WorkspaceScope scope, string path, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (Refusal(scope) is { } refusal) return refusal;
        if (!File.Exists(path)) return TextProblems.Missing(Path.GetFileName(path));
        var id = Guid.CreateVersion7(_clock.GetUtcNow());
        var (bytes, sha256) = await _staging.LinkAsync(id, path, cancellationToken).ConfigureAwait(false);
        return await _store.AddAsync(scope, id, Path.GetFileName(path), bytes, sha256, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Looks at a staged file's beginning and suggests a mapping.</summary>
    /// <param name="kind">Null to recognise it.</param>
    /// <param name="preset">Null to recognise it, "none" to judge the columns one by one.</param>
    /// <param name="reading">What somebody decided about encoding, delimiter and header; null to detect them.</param>
    public async Task<Outcome<FileInspection>> InspectAsync(WorkspaceScope scope, Guid importId, DatasetKind? kind, string? preset, FileReading? reading, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ImportData) is { } refusal) return refusal;
        if (await _store.FindAsync(scope.Workspace, importId, cancellationToken).ConfigureAwait(false) is not { } record || !_staging.Holds(importId)) return ImportProblems.Unknown();
        var limits = (reading ?? new FileReading()) with { MaxColumns = kind is null or DatasetKind.Features ? FileReading.MostFeatureColumns : FileReading.MostColumns, MaxUnpackedBytes = _options.UnpackLimitBytes, MaxUnpackRatio = _options.UnpackRatio };
        if (!(await _files.OpenAsync(importId, limits.Part, cancellationToken).ConfigureAwait(false)).TryGet(out var readable, out var unconverted)) return unconverted;
        var opened = await Task.Run(() => DelimitedFile.Open(readable, limits), cancellationToken).ConfigureAwait(false);
        if (!opened.TryGet(out var file, out var unreadable)) return unreadable;
        using (file)
        {
            if (file.Sample.IsEmpty) return file.Shape.HasHeader ? TextProblems.HeaderOnly() : TextProblems.Empty();
            // Nothing but a feature table is that wide.
            if (file.Columns.Length > FileReading.MostColumns) kind = DatasetKind.Features;
            if (!Recognizer.Recognise(file.Shape, file.Sample, kind, preset).TryGet(out var found, out var unknown)) return unknown;
            var saved = preset is null ? await _store.SavedMappingAsync(scope.Workspace, found.Kind, file.Columns, cancellationToken).ConfigureAwait(false) : null;
            return new FileInspection(
                importId, record.FileName, record.FileBytes, file.Shape, found.Kind, found.Preset, found.Confidence, found.Suggestions,
                (saved is null ? found.Mapping : Renamed(saved, file.Columns) with { Encoding = file.Shape.Encoding, Delimiter = file.Shape.Delimiter, HasHeader = file.Shape.HasHeader }) with { Part = file.Shape.Part },
                saved is not null, [.. file.Sample.Take(PreviewRows)], file.EstimatedRows)
            {
                AsksDateOrder = found.AsksDateOrder && saved?.DateOrder is null,
                SameFile = await _store.SameFileAsync(record, found.Kind, file.Shape.Part, cancellationToken).ConfigureAwait(false),
            };
        }
    }

    /// <summary>Reads the file as an import would, counts, and writes nothing.</summary>
    /// <param name="mostRows">Stops there; null for the whole file.</param>
    public async Task<Outcome<ImportReport>> TryAsync(WorkspaceScope scope, Guid importId, ImportMapping mapping, ImportChoices choices, long? mostRows, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(mapping);
        ArgumentNullException.ThrowIfNull(choices);
        if (scope.Refusal(Right.ImportData) is { } refusal) return refusal;
        if (await _store.FindAsync(scope.Workspace, importId, cancellationToken).ConfigureAwait(false) is not { } record || !_staging.Holds(importId)) return ImportProblems.Unknown();
        if (!choices.Force && await _store.SameFileAsync(record, mapping.Kind, mapping.Part, cancellationToken).ConfigureAwait(false) is { } same) return AlreadyHere(same);
        if (!(await _files.OpenAsync(importId, mapping.Part, cancellationToken).ConfigureAwait(false)).TryGet(out var readable, out var unconverted)) return unconverted;
        var zone = await _work.ZoneAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        var tried = await _run.RunAsync(new ImportTask(scope.Workspace, record.Number, readable, zone, mapping, choices, DryRun: true, mostRows) { RowLimit = await _work.RowLimitAsync(scope.Workspace, cancellationToken).ConfigureAwait(false) }, null, cancellationToken).ConfigureAwait(false);
        return tried.TryGet(out var report, out var problem) ? await _work.AskedAsync(scope.Workspace, report, cancellationToken).ConfigureAwait(false) : problem;
    }

    /// <summary>Makes a staged import ready to be carried out as an "import" job with <see cref="ImportJobInput"/>.</summary>
    /// <returns>The record, or <c>import.same-file</c> when this very file is here already and was not forced.</returns>
    public async Task<Outcome<ImportRecord>> PrepareAsync(WorkspaceScope scope, Guid importId, ImportMapping mapping, ImportChoices choices, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(mapping);
        ArgumentNullException.ThrowIfNull(choices);
        if (scope.Refusal(Right.ImportData) is { } refusal) return refusal;
        if (mapping.Check() is { } incomplete) return incomplete;
        if (choices.Mode == ImportMode.Upsert && MergeKey.Of(mapping, choices).Problem is { } noKey) return noKey;
        if (await _store.FindAsync(scope.Workspace, importId, cancellationToken).ConfigureAwait(false) is not { } record) return ImportProblems.Unknown();
        if (record.State != ImportState.Staged) return ImportProblems.NotStaged(record.State.ToString());
        if (!choices.Force && await _store.SameFileAsync(record, mapping.Kind, mapping.Part, cancellationToken).ConfigureAwait(false) is { } same)
            return ImportProblems.SameFile(same.Number, same.CreatedAt.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        if (await _work.NoRoomAsync(record, cancellationToken).ConfigureAwait(false) is { } full) return full;
        return await _store.ChangeAsync(importId, import =>
        {
            import.Kind = mapping.Kind;
            import.Preset = mapping.Preset;
            import.MappingJson = mapping.ToJson();
            import.ChoicesJson = JsonSerializer.Serialize(choices, ImportWork.Json);
        }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Imports at once, in the caller's time: for the demo shop and tests. A file that is here already adds nothing and says so.</summary>
    public async Task<Outcome<ImportReport>> ImportAsync(WorkspaceScope scope, Guid importId, ImportMapping mapping, ImportChoices choices, CancellationToken cancellationToken)
    {
        var prepared = await PrepareAsync(scope, importId, mapping, choices, cancellationToken).ConfigureAwait(false);
        if (!prepared.TryGet(out var record, out var problem)) return problem;
        try
        {
            return await _work.ImportAsync(record, null, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await _work.SettleAsync(record, ImportState.Cancelled, null, CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>What importing a file that is already here comes to: every row is a duplicate.</summary>
    /// <returns>Null when the file is new.</returns>
    public async Task<ImportReport?> AlreadyHereAsync(WorkspaceScope scope, Guid importId, ImportMapping mapping, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return await _store.FindAsync(scope.Workspace, importId, cancellationToken).ConfigureAwait(false) is { } record
            && await _store.SameFileAsync(record, mapping.Kind, mapping.Part, cancellationToken).ConfigureAwait(false) is { } same ? AlreadyHere(same) : null;
    }

    /// <summary>Takes a complete import's rows out of the data again, and brings back what it had replaced.</summary>
    public async Task<Outcome<Done>> UndoAsync(WorkspaceScope scope, Guid importId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.DeleteData) is { } refusal) return refusal;
        if (await _store.FindAsync(scope.Workspace, importId, cancellationToken).ConfigureAwait(false) is not { } record) return ImportProblems.Unknown();
        if (record.State != ImportState.Complete) return ImportProblems.CannotUndo(record.State.ToString());
        var warehouse = await _warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        var session = await warehouse.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = session.ConfigureAwait(false);
        await Replacement.UndoAsync(record.Number, session, cancellationToken).ConfigureAwait(false);
        await session.CommitAsync(cancellationToken).ConfigureAwait(false);
        await _store.ChangeAsync(importId, import => import.State = ImportState.Undone, CancellationToken.None).ConfigureAwait(false);
        await _audit.WriteAsync(scope.Workspace, scope.Actor, new AuditFact("import.undone", $"{record.Number}: {record.FileName}", Before: record.Accepted.ToString(CultureInfo.InvariantCulture)), CancellationToken.None).ConfigureAwait(false);
        await _upkeep.AskAsync(scope.Workspace, CancellationToken.None).ConfigureAwait(false);
        return new Done();
    }

    /// <summary>Forgets a staged file that is not to be imported.</summary>
    public async Task<Outcome<Done>> DiscardAsync(WorkspaceScope scope, Guid importId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ImportData) is { } refusal) return refusal;
        if (await _store.FindAsync(scope.Workspace, importId, cancellationToken).ConfigureAwait(false) is not { State: ImportState.Staged }) return ImportProblems.Unknown();
        _staging.Remove(importId);
        await _store.RemoveAsync(importId, cancellationToken).ConfigureAwait(false);
        return new Done();
    }

    /// <summary>Notes which job carries an import out, so that its page can follow it.</summary>
    public Task<ImportRecord> BelongsToJobAsync(ImportRecord record, Guid jobId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        return _store.ChangeAsync(record.Id, import => import.JobId = jobId, cancellationToken);
    }

    public Task<ImportRecord?> FindAsync(WorkspaceScope scope, Guid importId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return _store.FindAsync(scope.Workspace, importId, cancellationToken);
    }

    /// <summary>All imports of the workspace, the latest first.</summary>
    public Task<ImmutableArray<ImportRecord>> HistoryAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return _store.ListAsync(scope.Workspace, cancellationToken);
    }

    /// <summary>A mapping is remembered by its columns' names without case and signs; the file at hand may write them otherwise.</summary>
    private static ImportMapping Renamed(ImportMapping saved, ImmutableArray<string> columns) =>
        saved with { Columns = [.. saved.Columns.Zip(columns, (column, name) => column with { Name = name })] };

    private static ImportReport AlreadyHere(ImportRecord same) =>
        new(same.Kind, same.Read, 0, same.Rejected, same.Accepted + same.Duplicates, 0, same.Updated + same.Unchanged, 0, same.FirstAt, same.LastAt, 0, 0, [], [], []) { SameAsImport = same.Number };

    /// <summary>Only the studio itself fills the demo shop, so that own rows never mix with made-up ones.</summary>
    private static Problem? Refusal(WorkspaceScope scope) =>
        scope.Workspace == WorkspaceDirectory.Demo && scope.Actor != Actor.Scheduler ? ImportProblems.DemoIsClosed() : scope.Refusal(Right.ImportData);
}
