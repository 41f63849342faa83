using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion.Running;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Warehouse;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Ingestion;

/// <summary>All rows of one kind that the workspace holds.</summary>
/// <param name="Shoppers">Different shoppers in it; 0 for products.</param>
/// <param name="FirstAt">Null for kinds without times, and when empty.</param>
/// <param name="ImportedAt">When rows last came in.</param>
public sealed record DatasetView(DatasetKind Kind, long Rows, long Shoppers, DateTimeOffset? FirstAt, DateTimeOffset? LastAt, int Imports, DateTimeOffset? ImportedAt)
{
    /// <summary>Which feature table; null for other kinds.</summary>
    public FeatureTableView? Table { get; init; }
}

/// <summary>The data sets of a workspace: what is there, and how to remove it.</summary>
public sealed class DatasetCatalogue(WarehouseRegistry warehouses, IDbContextFactory<StudioDb> contexts, UpkeepQueue upkeep, AuditTrail audit)
{
    private static readonly string CountSql = $"""
        select 'Events', count(*), count(distinct coalesce(user_id, anonymous_id)), min(ts), max(ts) from events where {KindTable.Of(DatasetKind.Events).Rows}
        union all select 'Orders', count(*), count(distinct user_id), min(ts), max(ts) from events where {KindTable.Of(DatasetKind.Orders).Rows}
        union all select 'Reviews', count(*), count(distinct user_id), min(ts), max(ts) from reviews
        union all select 'Products', count(*), 0, null, null from products
        union all select 'Customers', count(*), count(distinct user_id), min(joined_at), max(joined_at) from customers
        union all select 'Feedback', count(*), count(distinct user_id), min(ts), max(ts) from feedback
        union all select 'AdSpend', count(*), 0, min(ts), max(ts) from ad_spend
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
            .Select(import => new { import.Kind, import.Number, import.FinishedAt }).ToListAsync(cancellationToken).ConfigureAwait(false);
        var kinds = counts.Where(count => count.Rows > 0).OrderBy(count => count.Kind).Select(count =>
        {
            var own = imports.Where(import => import.Kind == count.Kind).ToList();
            return new DatasetView(count.Kind, count.Rows, count.Shoppers, count.First, count.Last, own.Count, own.Max(import => import.FinishedAt));
        });
        var tables = await FeatureTables.ListAsync(warehouse, cancellationToken).ConfigureAwait(false);
        ImmutableArray<DatasetView> all = [.. kinds, .. tables.Where(table => table.Rows > 0).Select(table =>
        {
            var own = imports.Where(import => import.Kind == DatasetKind.Features && table.Imports.Contains(import.Number)).ToList();
            return new DatasetView(DatasetKind.Features, table.Rows, 0, null, null, own.Count, own.Max(import => import.FinishedAt)) { Table = table };
        })];
        return all;
    }

    /// <summary>How well the ids of each pair of kinds meet; pairs of which one has no rows are left out.</summary>
    public async Task<Outcome<ImmutableArray<JoinRate>>> JoinsAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        return await JoinRates.MeasureAsync(warehouse, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>How much of the disk the shop's data take.</summary>
    public async Task<Outcome<WarehouseSize>> SizeAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        return await warehouse.SizeAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Gives the disk back what the shop's file no longer needs; whatever else asks for the data meanwhile waits.</summary>
    /// <returns>Bytes by which the file became smaller.</returns>
    public async Task<Outcome<long>> CompactAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.DeleteData) is { } refusal) return refusal;
        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        try
        {
            var gained = await warehouse.CompactAsync(cancellationToken).ConfigureAwait(false);
            await audit.WriteAsync(scope.Workspace, scope.Actor, new AuditFact("dataset.compacted", After: gained.ToString(CultureInfo.InvariantCulture)), CancellationToken.None).ConfigureAwait(false);
            return gained;
        }
        catch (WarehouseException failure) when (failure.Kind == WarehouseErrorKind.Io)
        {
            return new NoRoomToCompact();
        }
    }

    /// <summary>Removes every row of one kind with its rejects; its imports are kept as undone.</summary>
    /// <param name="featureTable">Number of the feature table to remove; null for other kinds.</param>
    public async Task<Outcome<Done>> DeleteAsync(WorkspaceScope scope, DatasetKind kind, int? featureTable, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.DeleteData) is { } refusal) return refusal;
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var imports = await db.Imports.Where(import => import.WorkspaceId == scope.Workspace && import.Kind == kind && import.State == ImportState.Complete).ToListAsync(cancellationToken).ConfigureAwait(false);
        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        if (featureTable is { } number)
        {
            var table = (await FeatureTables.ListAsync(warehouse, cancellationToken).ConfigureAwait(false)).FirstOrDefault(entry => entry.Number == number);
            imports = [.. imports.Where(import => table?.Imports.Contains(import.Number) == true)];
        }

        var session = await warehouse.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var open = session.ConfigureAwait(false);
        var rows = await Replacement.DeleteKindAsync(kind, featureTable, [.. imports.Select(import => import.Number)], session, cancellationToken).ConfigureAwait(false);
        await session.CommitAsync(cancellationToken).ConfigureAwait(false);
        foreach (var import in imports) import.State = ImportState.Undone;
        var sets = imports.Select(import => import.DatasetId).ToList();
        db.Datasets.RemoveRange(db.Datasets.Where(set => set.WorkspaceId == scope.Workspace && set.Kind == kind && (featureTable == null || sets.Contains(set.Id))));
        audit.Add(db, scope.Workspace, scope.Actor, new AuditFact("dataset.deleted", kind.ToString(), Before: rows.ToString(CultureInfo.InvariantCulture)));
        await db.SaveChangesAsync(CancellationToken.None).ConfigureAwait(false);
        await upkeep.AskAsync(scope.Workspace, CancellationToken.None).ConfigureAwait(false);
        return new Done();
    }
}

public sealed record NoRoomToCompact()
    : Problem("dataset.no-room", "The disk has no room for the copy that is made first. Free some space and try again; nothing was changed.");
