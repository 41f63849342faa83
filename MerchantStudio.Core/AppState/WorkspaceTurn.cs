using MerchantStudio.Core.Shop;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.AppState;

/// <summary>One writer at a time in a workspace.</summary>
public static class WorkspaceTurn
{
    /// <summary>In a transaction: waits until no other one has its turn in the workspace, and keeps the turn until the transaction ends. Reading, and writing without a turn, go on beside it.</summary>
    /// <remarks>On SQLite the transaction itself is the turn: only one writes at a time.</remarks>
    public static Task TakeTurnAsync(this StudioDb db, WorkspaceId workspace, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        return db.Database.IsNpgsql()
            ? db.Database.ExecuteSqlAsync($"""SELECT 1 FROM "Workspaces" WHERE "Id" = {workspace.Value} FOR NO KEY UPDATE""", cancellationToken)
            : Task.CompletedTask;
    }
}
