using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Access;

/// <summary>What somebody did; <paramref name="Before"/> and <paramref name="After"/> hold no personal data and no secrets.</summary>
/// <param name="Action">Dotted and stable: "rule.activated".</param>
public sealed record AuditFact(string Action, string? Target = null, string? Before = null, string? After = null, string? Reason = null);

/// <summary>Rows are only ever added.</summary>
public sealed class AuditTrail(IDbContextFactory<StudioDb> contexts, TimeProvider clock)
{
    /// <summary>Adds the row to a unit of work, so that deed and record are committed together.</summary>
    public void Add(StudioDb db, WorkspaceId? workspace, Actor actor, AuditFact fact)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(actor);
        ArgumentNullException.ThrowIfNull(fact);
        db.Audit.Add(new AuditEntry
        {
            WorkspaceId = workspace,
            At = clock.GetUtcNow(),
            Actor = actor.Name,
            Action = fact.Action,
            Target = fact.Target,
            Before = fact.Before,
            After = fact.After,
            Reason = fact.Reason,
        });
    }

    /// <summary>Records a deed that has no unit of work of its own.</summary>
    public async Task WriteAsync(WorkspaceId? workspace, Actor actor, AuditFact fact, CancellationToken cancellationToken)
    {
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        Add(db, workspace, actor, fact);
        await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The workspace's entries, newest first.</summary>
    /// <param name="most">At most so many.</param>
    public async Task<Outcome<ImmutableArray<AuditEntry>>> ReadAsync(WorkspaceScope scope, int most, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadAudit) is { } refusal) return refusal;
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var rows = await db.Audit.AsNoTracking().Where(entry => entry.WorkspaceId == scope.Workspace)
            .OrderByDescending(entry => entry.At).ThenByDescending(entry => entry.Id).Take(most).ToListAsync(cancellationToken).ConfigureAwait(false);
        return rows.ToImmutableArray();
    }
}
