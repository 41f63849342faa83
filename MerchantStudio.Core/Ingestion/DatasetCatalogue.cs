using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion.Running;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Warehouse;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Ingestion;

/// <summary>All rows of one kind that the workspace holds.</summary>
/// <param name="Shoppers">Different shoppers in it; 0 for products.</param>
/// <param name="FirstAt">Null for kinds without times, and when empty.</param>
/// <param name="ImportedAt">When rows last came in.</param>
public sealed record DatasetView(DatasetKind Kind, long Rows, long Shoppers, DateTimeOffset? FirstAt, DateTimeOffset? LastAt, int Imports, DateTimeOffset? ImportedAt);

/// <summary>The data sets of a workspace: what is there, and how to remove it.</summary>
public sealed class DatasetCatalogue(WarehouseRegistry warehouses, IDbContextFactory<StudioDb> contexts, AuditTrail audit)
{
    private const string CountSql = """
        select 'Events', count(*), count(distinct coalesce(user_id, anonymous_id)), min(ts), max(ts) from events
        union all select 'Reviews', count(*), count(distinct user_id), min(ts), max(ts) from reviews
        union all select 'Products', count(*), 0, null, null from products
        union all select 'Customers', count(*), count(distinct user_id), min(joined_at), max(joined_at) from customers
        """;

    /// <summary>The kinds that hold rows, in the order of <see cref="DatasetKind"/>.</summary>
    public async Task<Outcome<ImmutableArray<DatasetView>>> ListAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        var counts = await warehouse.QueryAsync(
            CountSql, row => (Kind: Enum.Parse<DatasetKind>(row.Text(0)!), Rows: row.Long(1), Shoppers: row.Long(2), First: row.InstantOrNull(3), Last: row.InstantOrNull(4)), [], cancellationToken).ConfigureAwait(false);
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var imports = await db.Imports.AsNoTracking().Where(import => import.WorkspaceId == scope.Workspace && import.State == ImportState.Complete)
            .Select(import => new { import.Kind, import.FinishedAt }).ToListAsync(cancellationToken).ConfigureAwait(false);
        return counts.Where(count => count.Rows > 0).OrderBy(count => count.Kind).Select(count =>
        {
            var own = imports.Where(import => import.Kind == count.Kind).ToList();
            return new DatasetView(count.Kind, count.Rows, count.Shoppers, count.First, count.Last, own.Count, own.Max(import => import.FinishedAt));
        }).ToImmutableArray();
    }

    /// <summary>Removes every row of one kind with its rejects; its imports are kept as undone.</summary>
    public async Task<Outcome<Done>> DeleteAsync(WorkspaceScope scope, DatasetKind kind, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.DeleteData) is { } refusal) return refusal;
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var imports = await db.Imports.Where(import => import.WorkspaceId == scope.Workspace && import.Kind == kind && import.State == ImportState.Complete).ToListAsync(cancellationToken).ConfigureAwait(false);
        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        var session = await warehouse.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var open = session.ConfigureAwait(false);
        var rows = await Replacement.DeleteKindAsync(kind, [.. imports.Select(import => import.Number)], session, cancellationToken).ConfigureAwait(false);
        await session.CommitAsync(cancellationToken).ConfigureAwait(false);
        foreach (var import in imports) import.State = ImportState.Undone;
        db.Datasets.RemoveRange(db.Datasets.Where(set => set.WorkspaceId == scope.Workspace && set.Kind == kind));
        audit.Add(db, scope.Workspace, scope.Actor, new AuditFact("dataset.deleted", kind.ToString(), Before: rows.ToString(CultureInfo.InvariantCulture)));
        await db.SaveChangesAsync(CancellationToken.None).ConfigureAwait(false);
        return new Done();
    }
}
