using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Access;

/// <summary>What a new workspace needs.</summary>
/// <param name="Currency">ISO 4217.</param>
/// <param name="TimeZone">IANA name.</param>
/// <param name="Id">Null: made from the name.</param>
public sealed record WorkspaceDraft(string Name, string Currency, string TimeZone, WorkspaceId? Id = null, bool IsDemo = false);

/// <summary>The workspaces of this installation and who may open which.</summary>
public sealed class WorkspaceDirectory(IDbContextFactory<StudioDb> contexts, AuditTrail audit, TimeProvider clock)
{
    /// <summary>Short name of the demo shop.</summary>
    public static WorkspaceId Demo { get; } = new("demo");

    /// <summary>A person who makes a workspace becomes its owner; only owners of some shop (or nobody's: the command line) may.</summary>
    public async Task<Outcome<Workspace>> CreateAsync(WorkspaceDraft draft, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(actor);
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        if (!await MayCreateAsync(db, actor, cancellationToken).ConfigureAwait(false)) return new AccessRefused(Right.ManageShop);
        var added = await AddAsync(db, draft, actor, cancellationToken).ConfigureAwait(false);
        if (added.Succeeded) await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        return added;
    }

    /// <summary>Whether <see cref="CreateAsync"/> would be refused for want of a right.</summary>
    public async Task<bool> MayCreateAsync(Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(actor);
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        return await MayCreateAsync(db, actor, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Adds the workspace to a unit of work.</summary>
    internal async Task<Outcome<Workspace>> AddAsync(StudioDb db, WorkspaceDraft draft, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(draft);
        if (ShopDetails.Check(draft.Name, draft.Currency, draft.TimeZone) is { } problem) return problem;
        var taken = (await db.Workspaces.Select(workspace => workspace.Id).ToListAsync(cancellationToken).ConfigureAwait(false)).ToHashSet();
        if (draft.Id is { } wanted && taken.Contains(wanted)) return new WorkspaceExists(wanted);

        var workspace = new Workspace
        {
            Id = draft.Id ?? FreeId(draft.Name, taken),
            Name = draft.Name.Trim(),
            Currency = draft.Currency,
            TimeZone = draft.TimeZone,
            IsDemo = draft.IsDemo,
            CreatedAt = clock.GetUtcNow(),
        };
        db.Workspaces.Add(workspace);
        if (actor.UserId is { } user) db.Memberships.Add(new Membership { UserId = user, WorkspaceId = workspace.Id, Role = Role.Owner });
        audit.Add(db, workspace.Id, actor, new AuditFact("workspace.created", workspace.Name));
        return workspace;
    }

    /// <returns>Null when there is no such workspace.</returns>
    public async Task<Workspace?> FindAsync(WorkspaceId workspace, CancellationToken cancellationToken)
    {
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        return await db.Workspaces.AsNoTracking().SingleOrDefaultAsync(row => row.Id == workspace, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What the actor may open, by name; the command line sees all.</summary>
    public async Task<ImmutableArray<Workspace>> ListAsync(Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(actor);
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var all = db.Workspaces.AsNoTracking();
        if (actor.UserId is { } user)
        {
            all = all.Where(workspace => db.Memberships.Any(membership => membership.UserId == user && membership.WorkspaceId == workspace.Id));
        }
        else if (actor != Actor.CommandLine && actor != Actor.Scheduler)
        {
            all = all.Where(workspace => workspace.Id == Demo);
        }

        return [.. await all.OrderBy(workspace => workspace.Name).ToListAsync(cancellationToken).ConfigureAwait(false)];
    }

    /// <summary>The person's role in the workspace as it stands in app.db now; null for none.</summary>
    public async Task<Role?> RoleAsync(Guid user, WorkspaceId workspace, CancellationToken cancellationToken)
    {
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        return await db.Memberships.Where(membership => membership.UserId == user && membership.WorkspaceId == workspace)
            .Select(membership => (Role?)membership.Role).SingleOrDefaultAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task<bool> MayCreateAsync(StudioDb db, Actor actor, CancellationToken cancellationToken) => actor.UserId is { } user
        ? await db.Memberships.AnyAsync(row => row.UserId == user && row.Role == Role.Owner, cancellationToken).ConfigureAwait(false)
        : actor.Role == Role.Owner;

    private static WorkspaceId FreeId(string name, HashSet<WorkspaceId> taken)
    {
        var letters = name.Normalize(NormalizationForm.FormD).ToLowerInvariant()
            .Where(letter => CharUnicodeInfo.GetUnicodeCategory(letter) != UnicodeCategory.NonSpacingMark)
            .Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-');
        var stem = string.Join('-', string.Concat(letters).Split('-', StringSplitOptions.RemoveEmptyEntries));
        stem = stem.Length == 0 ? "shop" : stem[..Math.Min(stem.Length, 32)].Trim('-');
        var free = new WorkspaceId(stem);
        for (var number = 2; taken.Contains(free) || free == Demo; number++) free = new WorkspaceId(string.Create(CultureInfo.InvariantCulture, $"{stem}-{number}"));
        return free;
    }
}

public sealed record WorkspaceUnknown(string Workspace)
    : Problem("workspace.unknown", "There is no workspace '{0}'. 'workspace list' prints those there are; 'workspace create' makes one.", Workspace);

public sealed record WorkspaceExists(WorkspaceId Workspace)
    : Problem("workspace.exists", "There is already a workspace with the short name '{0}'. Choose another one.", Workspace.Value);
