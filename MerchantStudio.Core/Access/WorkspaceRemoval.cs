using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Access;

/// <summary>What is lost with a workspace.</summary>
/// <param name="Rows">Accepted rows of all its imports.</param>
public sealed record WorkspaceContents(string Name, int Imports, long Rows, int Runs, int Rules, int Codes, int Members);

/// <summary>Deletes a workspace with everything in it; only the audit trail remembers.</summary>
public sealed class WorkspaceRemoval(IDbContextFactory<StudioDb> contexts, WarehouseRegistry warehouses, StudioPaths paths, AuditTrail audit)
{
    /// <summary>What <see cref="RemoveAsync"/> would take away.</summary>
    public async Task<Outcome<WorkspaceContents>> LookAtAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ManageShop) is { } refusal) return refusal;
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var workspace = await db.Workspaces.SingleAsync(row => row.Id == scope.Workspace, cancellationToken).ConfigureAwait(false);
        var imports = db.Imports.Where(row => row.WorkspaceId == scope.Workspace && row.State == ImportState.Complete);
        return new WorkspaceContents(
            workspace.Name,
            await imports.CountAsync(cancellationToken).ConfigureAwait(false),
            await imports.SumAsync(row => row.Accepted, cancellationToken).ConfigureAwait(false),
            await db.PipelineRuns.CountAsync(row => row.WorkspaceId == scope.Workspace, cancellationToken).ConfigureAwait(false),
            await db.CouponRules.CountAsync(row => row.WorkspaceId == scope.Workspace, cancellationToken).ConfigureAwait(false),
            await db.CouponCodes.CountAsync(row => row.WorkspaceId == scope.Workspace, cancellationToken).ConfigureAwait(false),
            await db.Memberships.CountAsync(row => row.WorkspaceId == scope.Workspace, cancellationToken).ConfigureAwait(false));
    }

    /// <param name="typedName">The shop's name, typed by whoever confirms.</param>
    public async Task<Outcome<Done>> RemoveAsync(WorkspaceScope scope, string typedName, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ManageShop) is { } refusal) return refusal;
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var workspace = await db.Workspaces.SingleAsync(row => row.Id == scope.Workspace, cancellationToken).ConfigureAwait(false);
        if (!string.Equals(typedName?.Trim(), workspace.Name, StringComparison.Ordinal)) return new WorkspaceNameMistyped(workspace.Name);
        if (await db.Jobs.AnyAsync(job => job.WorkspaceId == scope.Workspace && job.FinishedAt == null, cancellationToken).ConfigureAwait(false)) return new WorkspaceBusy();

        // Files first: were the process to die between the two, an empty shop would remain to be deleted again, never rows without a shop.
        await warehouses.DeleteAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        if (Directory.Exists(paths.WorkspaceFolder(scope.Workspace))) Directory.Delete(paths.WorkspaceFolder(scope.Workspace), recursive: true);
        db.Workspaces.Remove(workspace);
        db.AccessLinks.RemoveRange(db.AccessLinks.Where(link => link.WorkspaceId == scope.Workspace));
        audit.Add(db, scope.Workspace, scope.Actor, new AuditFact("workspace.deleted", workspace.Name));
        await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        return new Done();
    }
}

public sealed record WorkspaceNameMistyped(string Name)
    : Problem("workspace.name-mistyped", "To delete the shop type its name exactly: {0}", Name);

public sealed record WorkspaceBusy()
    : Problem("workspace.busy", "Work is going on in this shop. Wait until it has finished, or cancel it, and delete the shop then.");
