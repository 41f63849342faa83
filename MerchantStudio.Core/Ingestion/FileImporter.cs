using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Ingestion;

/// <summary>What happens to rows whose key is already here.</summary>
public enum ImportMode
{
    /// <summary>Adds; a row whose key is here is a duplicate.</summary>
    Append,

    /// <summary>Products and customers with the same id take the file's values.</summary>
    Upsert,

    /// <summary>The file takes the place of all earlier rows of its kind.</summary>
    Replace,
}

/// <param name="Force">Imports a file that is already here once more.</param>
/// <param name="DropIdentical">Counts rows that repeat another row of the file in every column as duplicates.</param>
/// <param name="Remember">Offers the mapping again for files with the same header.</param>
public sealed record ImportChoices(ImportMode Mode = ImportMode.Append, bool Force = false, bool DropIdentical = false, bool Remember = true);

/// <summary>Brings files into the warehouse: stage, inspect, try, import, undo.</summary>
public sealed class FileImporter
{
    /// <summary>Takes an upload into the staging folder. A size above the limit is refused before anything is read.</summary>
    /// <param name="announcedBytes">What the browser says the size is; null when unknown.</param>
    public Task<Outcome<ImportRecord>> StageAsync(WorkspaceScope scope, Stream content, string fileName, long? announcedBytes, IProgress<long>? progress, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Takes a file of this machine, of any size, without copying it.</summary>
    public Task<Outcome<ImportRecord>> StageFileAsync(WorkspaceScope scope, string path, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Looks at a staged file's beginning and suggests a mapping.</summary>
    /// <param name="kind">Null to recognise it.</param>
    /// <param name="preset">Null to recognise it.</param>
    public Task<Outcome<FileInspection>> InspectAsync(WorkspaceScope scope, Guid importId, DatasetKind? kind, string? preset, Text.FileReading? reading, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Reads the whole file as an import would and writes nothing.</summary>
    public Task<Outcome<ImportReport>> TryAsync(WorkspaceScope scope, Guid importId, ImportMapping mapping, ImportChoices choices, IProgress<long>? rows, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Starts the import as a job; everything is kept or nothing.</summary>
    /// <returns>The job's id.</returns>
    public Task<Outcome<Guid>> StartAsync(WorkspaceScope scope, Guid importId, ImportMapping mapping, ImportChoices choices, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Imports at once, in the caller's time: for the demo shop and tests.</summary>
    public Task<Outcome<ImportReport>> ImportAsync(WorkspaceScope scope, Guid importId, ImportMapping mapping, ImportChoices choices, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Takes a complete import's rows out of the data again.</summary>
    public Task<Outcome<Done>> UndoAsync(WorkspaceScope scope, Guid importId, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Forgets a staged file that is not to be imported.</summary>
    public Task<Outcome<Done>> DiscardAsync(WorkspaceScope scope, Guid importId, CancellationToken cancellationToken) => throw new NotImplementedException();

    public Task<ImportRecord?> FindAsync(WorkspaceScope scope, Guid importId, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>All imports of the workspace, the latest first.</summary>
    public Task<ImmutableArray<ImportRecord>> HistoryAsync(WorkspaceScope scope, CancellationToken cancellationToken) => throw new NotImplementedException();
}
