using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion.Staging;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MerchantStudio.Core.Ingestion.Quotas;

/// <summary>How much a workspace may take in and how much of it is used. Owners set the limits; uploads and imports keep to them, and live events are taken all the same.</summary>
public sealed class WorkspaceQuotas
{
    private const long LeastBytes = 100L << 20;
    private const int MostFiles = 100_000;
    private readonly IDbContextFactory<StudioDb> _contexts;
    private readonly WarehouseRegistry _warehouses;
    private readonly StudioPaths _paths;
    private readonly DiskRoom _disk;
    private readonly ImportStore _store;
    private readonly StagingFolder _staging;
    private readonly UploadTurns _uploads;
    private readonly AuditTrail _audit;
    private readonly IngestionOptions _options;

    internal WorkspaceQuotas(IDbContextFactory<StudioDb> contexts, WarehouseRegistry warehouses, StudioPaths paths, DiskRoom disk, ImportStore store, StagingFolder staging, UploadTurns uploads, AuditTrail audit, IOptions<IngestionOptions> options)
    {
        _contexts = contexts;
        _warehouses = warehouses;
        _paths = paths;
        _disk = disk;
        _store = store;
        _staging = staging;
        _uploads = uploads;
        _audit = audit;
        _options = options.Value;
    }

    /// <summary>Most uploads at once that an owner may allow.</summary>
    public int MostUploads => _options.MostUploadsInAll;

    /// <summary>Limits and what is used of them.</summary>
    public async Task<Outcome<WorkspaceRoom>> LookAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        var limits = await LimitsAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        var waiting = await _store.WaitingAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        var warehouse = await _warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        var rows = await RowCount.OfAsync(warehouse, cancellationToken).ConfigureAwait(false);
        return new WorkspaceRoom(limits, new WorkspaceUse(FolderBytes(scope.Workspace) + waiting.Sum(_staging.BytesOf), rows, _uploads.Count(scope.Workspace), waiting.Length, _disk.FreeBytes, _disk.ReservedBytes));
    }

    /// <summary>Sets the limits. One below what is used takes nothing away: it keeps more from coming in.</summary>
    public async Task<Outcome<WorkspaceLimits>> ChangeAsync(WorkspaceScope scope, WorkspaceLimits wanted, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(wanted);
        if (scope.Refusal(Right.ManageShop) is { } refusal) return refusal;
        if (wanted.MostBytes < LeastBytes || wanted.MostRows < 1 || wanted.MostUploads < 1 || wanted.MostUploads > MostUploads || wanted.MostFiles is < 1 or > MostFiles) return QuotaProblems.LimitsInvalid(MostUploads);
        var db = await _contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var workspace = await db.Workspaces.SingleAsync(row => row.Id == scope.Workspace, cancellationToken).ConfigureAwait(false);
        var before = WorkspaceLimits.Of(workspace, _options);
        if (before == wanted) return wanted;
        workspace.MostBytes = wanted.MostBytes;
        workspace.MostRows = wanted.MostRows;
        workspace.MostUploads = wanted.MostUploads;
        workspace.MostFiles = wanted.MostFiles;
        _audit.Add(db, scope.Workspace, scope.Actor, new AuditFact("quota.changed", workspace.Name, before.Facts(), wanted.Facts()));
        await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        return wanted;
    }

    /// <summary>Takes a turn for an upload, which may bring as many bytes as there is room for.</summary>
    /// <param name="announcedBytes">What the browser says the size is; 0 when unknown.</param>
    internal async Task<Outcome<UploadRoom>> BeginUploadAsync(WorkspaceId workspace, long announcedBytes, CancellationToken cancellationToken)
    {
        var limits = await LimitsAsync(workspace, cancellationToken).ConfigureAwait(false);
        var waiting = await _store.WaitingAsync(workspace, cancellationToken).ConfigureAwait(false);
        if (waiting.Length >= limits.MostFiles) return QuotaProblems.Files(waiting.Length, limits.MostFiles);
        var used = FolderBytes(workspace) + waiting.Sum(_staging.BytesOf);
        if (used + _uploads.Bytes(workspace) + announcedBytes > limits.MostBytes) return QuotaProblems.Bytes(limits.MostBytes >> 20, used >> 20, announcedBytes >> 20);
        if (_uploads.Take(workspace, limits.MostUploads, _options.MostUploadsInAll) is not { } turn) return QuotaProblems.Uploads(Math.Min(limits.MostUploads, _options.MostUploadsInAll));
        return new UploadRoom(turn, () => used + _uploads.Bytes(workspace) <= limits.MostBytes ? null : QuotaProblems.Bytes(limits.MostBytes >> 20, used >> 20, turn.Bytes >> 20));
    }

    /// <summary>Null when an import may take so much more of the disk.</summary>
    /// <param name="import">Its own file counts for nothing: it goes when the import is done.</param>
    internal async Task<Problem?> RefusalAsync(WorkspaceId workspace, Guid import, long needed, CancellationToken cancellationToken)
    {
        var limits = await LimitsAsync(workspace, cancellationToken).ConfigureAwait(false);
        var waiting = await _store.WaitingAsync(workspace, cancellationToken).ConfigureAwait(false);
        var used = FolderBytes(workspace) + waiting.Where(other => other != import).Sum(_staging.BytesOf);
        return used + needed <= limits.MostBytes ? null : QuotaProblems.Bytes(limits.MostBytes >> 20, used >> 20, needed >> 20);
    }

    internal async Task<WorkspaceLimits> LimitsAsync(WorkspaceId workspace, CancellationToken cancellationToken)
    {
        var db = await _contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        return WorkspaceLimits.Of(await db.Workspaces.AsNoTracking().SingleAsync(row => row.Id == workspace, cancellationToken).ConfigureAwait(false), _options);
    }

    private long FolderBytes(WorkspaceId workspace)
    {
        var folder = new DirectoryInfo(_paths.WorkspaceFolder(workspace));
        return folder.Exists ? folder.EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }).Sum(LengthOf) : 0;
    }

    private static long LengthOf(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            // Spill and journal files come and go while one looks.
            return 0;
        }
    }
}

/// <summary>An upload's turn and its part of the workspace's room.</summary>
/// <param name="Full">Asked while bytes come; the problem once the workspace's room is used up.</param>
internal sealed record UploadRoom(UploadTurn Turn, Func<Problem?> Full) : IDisposable
{
    public void Dispose() => Turn.Dispose();
}
