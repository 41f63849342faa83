using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion.Recognition;
using MerchantStudio.Core.Shop;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Ingestion.Staging;

/// <summary>The imports' records and saved mappings in app.db.</summary>
internal sealed class ImportStore(IDbContextFactory<StudioDb> contexts, TimeProvider clock)
{
    public async Task<ImportRecord> AddAsync(WorkspaceScope scope, Guid id, string fileName, long bytes, string sha256, CancellationToken cancellationToken)
    {
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var last = await db.Imports.Where(import => import.WorkspaceId == scope.Workspace).MaxAsync(import => (int?)import.Number, cancellationToken).ConfigureAwait(false);
        var record = new ImportRecord
        {
            Id = id,
            Number = (last ?? 0) + 1,
            WorkspaceId = scope.Workspace,
            Kind = DatasetKind.Events,
            FileName = fileName,
            FileBytes = bytes,
            FileSha256 = sha256,
            State = ImportState.Staged,
            CreatedAt = clock.GetUtcNow(),
            RequestedBy = scope.Actor.Name,
        };
        db.Imports.Add(record);
        await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        return record;
    }

    public async Task<ImportRecord?> FindAsync(WorkspaceId workspace, Guid id, CancellationToken cancellationToken)
    {
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        return await db.Imports.AsNoTracking().SingleOrDefaultAsync(import => import.Id == id && import.WorkspaceId == workspace, cancellationToken).ConfigureAwait(false);
    }

    public async Task<ImmutableArray<ImportRecord>> ListAsync(WorkspaceId workspace, CancellationToken cancellationToken)
    {
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        return [.. await db.Imports.AsNoTracking().Where(import => import.WorkspaceId == workspace).OrderByDescending(import => import.Number).ToListAsync(cancellationToken).ConfigureAwait(false)];
    }

    /// <summary>Ids of imports, of any workspace, whose file is still needed: staged within a day, or running.</summary>
    public async Task<HashSet<Guid>> WaitingAsync(CancellationToken cancellationToken)
    {
        var since = clock.GetUtcNow().AddDays(-1);
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        return [.. await db.Imports.Where(import => import.State == ImportState.Running || (import.State == ImportState.Staged && import.CreatedAt > since)).Select(import => import.Id).ToListAsync(cancellationToken).ConfigureAwait(false)];
    }

    /// <summary>Files of one workspace that wait for their import.</summary>
    public async Task<ImmutableArray<Guid>> WaitingAsync(WorkspaceId workspace, CancellationToken cancellationToken)
    {
        var since = clock.GetUtcNow().AddDays(-1);
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var waiting = db.Imports.Where(import => import.WorkspaceId == workspace && import.State == ImportState.Staged && import.CreatedAt > since).Select(import => import.Id);
        return [.. await waiting.ToListAsync(cancellationToken).ConfigureAwait(false)];
    }

    /// <summary>The complete import of this workspace with the same bytes, kind and part of the file, the latest first.</summary>
    /// <param name="part">Sheet, table or member; two sheets of one workbook are two files.</param>
    public async Task<ImportRecord?> SameFileAsync(ImportRecord record, DatasetKind kind, string? part, CancellationToken cancellationToken)
    {
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var same = await db.Imports.AsNoTracking()
            .Where(import => import.WorkspaceId == record.WorkspaceId && import.FileSha256 == record.FileSha256 && import.Kind == kind && import.State == ImportState.Complete && import.Id != record.Id)
            .OrderByDescending(import => import.Number).ToListAsync(cancellationToken).ConfigureAwait(false);
        return same.Find(import => (ImportMapping.FromJson(import.MappingJson ?? "") is { Succeeded: true } mapping ? mapping.Value.Part : null) == part);
    }

    /// <summary>Changes a record in one unit of work.</summary>
    public async Task<ImportRecord> ChangeAsync(Guid id, Action<ImportRecord> change, CancellationToken cancellationToken)
    {
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var record = await db.Imports.SingleAsync(import => import.Id == id, cancellationToken).ConfigureAwait(false);
        change(record);
        await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        return record;
    }

    public async Task RemoveAsync(Guid id, CancellationToken cancellationToken)
    {
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        await db.Imports.Where(import => import.Id == id).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Marks an import complete, within its kind's data set, which is made when there is none.</summary>
    public async Task CompleteAsync(Guid id, ImportReport report, CancellationToken cancellationToken)
    {
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var record = await db.Imports.SingleAsync(import => import.Id == id, cancellationToken).ConfigureAwait(false);
        var name = report.FeatureTable is { } table ? $"{report.Kind} {table}" : report.Kind.ToString();
        var dataset = await db.Datasets.FirstOrDefaultAsync(set => set.WorkspaceId == record.WorkspaceId && set.Kind == report.Kind && (report.FeatureTable == null || set.Name == name), cancellationToken).ConfigureAwait(false);
        if (dataset is null)
        {
            dataset = new Dataset { Id = Guid.CreateVersion7(clock.GetUtcNow()), WorkspaceId = record.WorkspaceId, Kind = report.Kind, Name = name, CreatedAt = clock.GetUtcNow() };
            db.Datasets.Add(dataset);
        }

        record.DatasetId = dataset.Id;
        record.Kind = report.Kind;
        record.State = ImportState.Complete;
        record.FinishedAt = clock.GetUtcNow();
        record.Read = report.Read;
        record.Accepted = report.Accepted;
        record.Rejected = report.Rejected;
        record.Duplicates = report.Duplicates;
        record.Updated = report.Updated;
        record.Unchanged = report.Unchanged;
        record.FirstAt = report.FirstAt;
        record.LastAt = report.LastAt;
        record.ReportJson = System.Text.Json.JsonSerializer.Serialize(report, ImportReport.Json);
        await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
    }

    public async Task<ImportMapping?> SavedMappingAsync(WorkspaceId workspace, DatasetKind kind, IEnumerable<string> columns, CancellationToken cancellationToken)
    {
        var hash = HeaderHash(columns);
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var saved = await db.SavedMappings.AsNoTracking()
            .SingleOrDefaultAsync(mapping => mapping.WorkspaceId == workspace && mapping.Kind == kind && mapping.HeaderHash == hash, cancellationToken).ConfigureAwait(false);
        return saved is not null && ImportMapping.FromJson(saved.MappingJson).TryGet(out var mapping, out var _) ? mapping : null;
    }

    public async Task SaveMappingAsync(WorkspaceId workspace, ImportMapping mapping, CancellationToken cancellationToken)
    {
        var hash = HeaderHash(mapping.Columns.Select(column => column.Name));
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var saved = await db.SavedMappings.SingleOrDefaultAsync(row => row.WorkspaceId == workspace && row.Kind == mapping.Kind && row.HeaderHash == hash, cancellationToken).ConfigureAwait(false);
        if (saved is null)
        {
            saved = new SavedMapping { Id = Guid.CreateVersion7(clock.GetUtcNow()), WorkspaceId = workspace, Kind = mapping.Kind, HeaderHash = hash, MappingJson = "", SavedAt = clock.GetUtcNow() };
            db.SavedMappings.Add(saved);
        }

        saved.MappingJson = mapping.ToJson();
        saved.SavedAt = clock.GetUtcNow();
        await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
    }

    private static string HeaderHash(IEnumerable<string> columns) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\u001f', columns.Select(Roles.Normalise)))));
}
