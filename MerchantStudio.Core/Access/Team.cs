using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Access;

public sealed record Member(Guid UserId, string Name, string Email, Role Role);

/// <summary>An invitation that nobody has taken up yet.</summary>
public sealed record Invitation(Guid Id, Role Role, string CreatedBy, DateTimeOffset ExpiresAt);

/// <summary>What a link is good for.</summary>
/// <param name="Shop">Name of the shop that an invitation leads to; null for a password reset.</param>
public sealed record LinkOffer(AccessLinkKind Kind, string? Shop, Role? Role);

/// <summary>Who works in a shop and as what; invitations and reset links that an owner hands over herself.</summary>
public sealed class Team
{
    private static readonly TimeSpan InvitationLife = TimeSpan.FromDays(7);
    private static readonly TimeSpan ResetLife = TimeSpan.FromHours(1);

    private readonly AccountWork _work;
    private readonly Accounts _accounts;
    private readonly AuditTrail _audit;
    private readonly TimeProvider _clock;

    internal Team(AccountWork work, Accounts accounts, AuditTrail audit, TimeProvider clock)
    {
        _work = work;
        _accounts = accounts;
        _audit = audit;
        _clock = clock;
    }

    /// <summary>Owners first, then by name.</summary>
    public Task<Outcome<ImmutableArray<Member>>> MembersAsync(WorkspaceScope scope, CancellationToken cancellationToken) => AsManagerAsync<ImmutableArray<Member>>(
        scope,
        async db =>
        {
            var rows = await db.Memberships.Where(row => row.WorkspaceId == scope.Workspace)
                .Join(db.Users, row => row.UserId, user => user.Id, (row, user) => new { row.UserId, user.DisplayName, user.Email, row.Role })
                .ToListAsync(cancellationToken).ConfigureAwait(false);
            return rows.Select(row => new Member(row.UserId, row.DisplayName, row.Email ?? "", row.Role))
                .OrderByDescending(member => member.Role).ThenBy(member => member.Name, StringComparer.CurrentCulture).ToImmutableArray();
        },
        cancellationToken);

    public Task<Outcome<ImmutableArray<Invitation>>> InvitationsAsync(WorkspaceScope scope, CancellationToken cancellationToken) => AsManagerAsync<ImmutableArray<Invitation>>(
        scope,
        async db =>
        {
            var now = _clock.GetUtcNow();
            var rows = await db.AccessLinks.AsNoTracking()
                .Where(link => link.WorkspaceId == scope.Workspace && link.Kind == AccessLinkKind.Invitation && link.UsedAt == null && link.ExpiresAt > now)
                .OrderBy(link => link.ExpiresAt).ToListAsync(cancellationToken).ConfigureAwait(false);
            return rows.Select(link => new Invitation(link.Id, link.Role ?? Role.Viewer, link.CreatedBy, link.ExpiresAt)).ToImmutableArray();
        },
        cancellationToken);

    /// <returns>The link's token, shown once; only its hash is kept.</returns>
    public Task<Outcome<string>> InviteAsync(WorkspaceScope scope, Role role, CancellationToken cancellationToken) => AsManagerAsync<string>(
        scope,
        db =>
        {
            _audit.Add(db, scope.Workspace, scope.Actor, new AuditFact("team.invited", After: role.ToString()));
            return Task.FromResult<Outcome<string>>(AddLink(db, scope, AccessLinkKind.Invitation, InvitationLife, role, null));
        },
        cancellationToken);

    public Task<Outcome<Done>> WithdrawAsync(WorkspaceScope scope, Guid invitation, CancellationToken cancellationToken) => AsManagerAsync<Done>(
        scope,
        async db =>
        {
            var link = await db.AccessLinks.SingleOrDefaultAsync(row => row.Id == invitation && row.WorkspaceId == scope.Workspace && row.UsedAt == null, cancellationToken).ConfigureAwait(false);
            if (link is null) return new LinkNotValid();
            link.UsedAt = _clock.GetUtcNow();
            _audit.Add(db, scope.Workspace, scope.Actor, new AuditFact("team.invitation-withdrawn", Before: link.Role.ToString()));
            return new Done();
        },
        cancellationToken);

    public Task<Outcome<Done>> ChangeRoleAsync(WorkspaceScope scope, Guid user, Role role, CancellationToken cancellationToken) => WithMemberAsync(
        scope,
        user,
        (db, member, name) =>
        {
            _audit.Add(db, scope.Workspace, scope.Actor, new AuditFact("team.role-changed", name, member.Role.ToString(), role.ToString()));
            member.Role = role;
        },
        leavesOwners: role == Role.Owner,
        cancellationToken);

    /// <summary>Ends the person's access to this shop at her next action; the account stays for her other shops.</summary>
    public Task<Outcome<Done>> RemoveAsync(WorkspaceScope scope, Guid user, CancellationToken cancellationToken) => WithMemberAsync(
        scope,
        user,
        (db, member, name) =>
        {
            _audit.Add(db, scope.Workspace, scope.Actor, new AuditFact("team.removed", name, member.Role.ToString()));
            db.Memberships.Remove(member);
        },
        leavesOwners: false,
        cancellationToken);

    /// <returns>The token of a link that lets the member set a new password within the hour.</returns>
    public Task<Outcome<string>> ResetLinkAsync(WorkspaceScope scope, Guid user, CancellationToken cancellationToken) => AsManagerAsync<string>(
        scope,
        async db =>
        {
            if (await NameAsync(db, scope.Workspace, user, cancellationToken).ConfigureAwait(false) is not { } name) return new MemberNotFound();
            if (await WorksElsewhereAsync(db, scope.Actor, user, cancellationToken).ConfigureAwait(false)) return new ResetNotYours();
            _audit.Add(db, scope.Workspace, scope.Actor, new AuditFact("team.reset-link-made", name));
            return AddLink(db, scope, AccessLinkKind.PasswordReset, ResetLife, null, user);
        },
        cancellationToken);

    /// <summary>What the link is good for, without using it.</summary>
    public async Task<Outcome<LinkOffer>> LookAtAsync(string token, AccessLinkKind kind, CancellationToken cancellationToken) => await _work.ReadAsync<Outcome<LinkOffer>>(
        async db =>
        {
            if (await FindLinkAsync(db, token, kind, cancellationToken).ConfigureAwait(false) is not { } link) return new LinkNotValid();
            var shop = await db.Workspaces.Where(row => row.Id == link.WorkspaceId).Select(row => row.Name).SingleOrDefaultAsync(cancellationToken).ConfigureAwait(false);
            return new LinkOffer(kind, shop, link.Role);
        }).ConfigureAwait(false);

    /// <summary>Makes the account and the membership; somebody who has an account joins with its password.</summary>
    public async Task<Outcome<StudioUser>> JoinAsync(string token, PersonDraft person, CancellationToken cancellationToken) => await _work.ChangeAsync<Outcome<StudioUser>>(
        async (users, db) =>
        {
            ArgumentNullException.ThrowIfNull(person);
            if (await FindLinkAsync(db, token, AccessLinkKind.Invitation, cancellationToken).ConfigureAwait(false) is not { WorkspaceId: { } workspace, Role: { } role } link) return (new LinkNotValid(), false);
            var known = await users.FindByEmailAsync(person.Email?.Trim() ?? "").ConfigureAwait(false);
            var account = known is null
                ? await _accounts.CreateAsync(users, person).ConfigureAwait(false)
                : await Accounts.CheckPasswordAsync(users, person.Email!, person.Password).ConfigureAwait(false);
            // A failed try with an existing account counts towards its lockout, so it is kept.
            if (!account.TryGet(out var user, out var problem)) return (known is null ? problem : new EmailTaken(), known is not null);
            if (await db.Memberships.FindAsync([user.Id, workspace], cancellationToken).ConfigureAwait(false) is null)
                db.Memberships.Add(new Membership { UserId = user.Id, WorkspaceId = workspace, Role = role });
            link.UsedAt = _clock.GetUtcNow();
            _audit.Add(db, workspace, Accounts.ActorOf(user), new AuditFact("team.joined", After: role.ToString()));
            await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
            return (user, true);
        },
        cancellationToken).ConfigureAwait(false);

    /// <summary>Sets a new password by a reset link; every session of the account ends.</summary>
    public async Task<Outcome<StudioUser>> ResetAsync(string token, string password, CancellationToken cancellationToken) => await _work.ChangeAsync<Outcome<StudioUser>>(
        async (users, db) =>
        {
            if (await FindLinkAsync(db, token, AccessLinkKind.PasswordReset, cancellationToken).ConfigureAwait(false) is not { UserId: { } id } link) return (new LinkNotValid(), false);
            if (await users.FindByIdAsync(id.ToString()).ConfigureAwait(false) is not { } user) return (new LinkNotValid(), false);
            await users.RemovePasswordAsync(user).ConfigureAwait(false);
            var set = await users.AddPasswordAsync(user, password ?? "").ConfigureAwait(false);
            if (!set.Succeeded) return (set.ToProblem(), false);
            await users.SetLockoutEndDateAsync(user, null).ConfigureAwait(false);
            link.UsedAt = _clock.GetUtcNow();
            _audit.Add(db, null, Accounts.ActorOf(user), new AuditFact("account.password-reset"));
            await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
            return (user, true);
        },
        cancellationToken).ConfigureAwait(false);

    private string AddLink(StudioDb db, WorkspaceScope scope, AccessLinkKind kind, TimeSpan life, Role? role, Guid? user)
    {
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var now = _clock.GetUtcNow();
        db.AccessLinks.Add(new AccessLink
        {
            Id = Guid.CreateVersion7(now),
            Kind = kind,
            TokenHash = HashOf(token),
            WorkspaceId = scope.Workspace,
            Role = role,
            UserId = user,
            CreatedBy = scope.Actor.Name,
            CreatedAt = now,
            ExpiresAt = now + life,
        });
        return token;
    }

    /// <summary>Whether a new password would also open a shop that the actor does not own.</summary>
    private static async Task<bool> WorksElsewhereAsync(StudioDb db, Actor actor, Guid user, CancellationToken cancellationToken) =>
        actor.UserId is { } owner && await db.Memberships.AnyAsync(
            row => row.UserId == user && row.WorkspaceId != WorkspaceDirectory.Demo
                && !db.Memberships.Any(own => own.UserId == owner && own.WorkspaceId == row.WorkspaceId && own.Role == Role.Owner),
            cancellationToken).ConfigureAwait(false);

    private async Task<AccessLink?> FindLinkAsync(StudioDb db, string token, AccessLinkKind kind, CancellationToken cancellationToken)
    {
        var hash = HashOf(token ?? "");
        var now = _clock.GetUtcNow();
        return await db.AccessLinks.SingleOrDefaultAsync(link => link.TokenHash == hash && link.Kind == kind && link.UsedAt == null && link.ExpiresAt > now, cancellationToken).ConfigureAwait(false);
    }

    private async Task<Outcome<Done>> WithMemberAsync(WorkspaceScope scope, Guid user, Action<StudioDb, Membership, string> change, bool leavesOwners, CancellationToken cancellationToken) => await AsManagerAsync<Done>(
        scope,
        async db =>
        {
            var members = await db.Memberships.Where(row => row.WorkspaceId == scope.Workspace).ToListAsync(cancellationToken).ConfigureAwait(false);
            if (members.Find(row => row.UserId == user) is not { } member) return new MemberNotFound();
            if (!leavesOwners && member.Role == Role.Owner && members.Count(row => row.Role == Role.Owner) == 1) return new LastOwner();
            change(db, member, await NameAsync(db, scope.Workspace, user, cancellationToken).ConfigureAwait(false) ?? "");
            return new Done();
        },
        cancellationToken).ConfigureAwait(false);

    private static Task<string?> NameAsync(StudioDb db, WorkspaceId workspace, Guid user, CancellationToken cancellationToken) =>
        db.Users.Where(row => row.Id == user && db.Memberships.Any(member => member.UserId == user && member.WorkspaceId == workspace)).Select(row => (string?)row.DisplayName).SingleOrDefaultAsync(cancellationToken);

    private async Task<Outcome<T>> AsManagerAsync<T>(WorkspaceScope scope, Func<StudioDb, Task<Outcome<T>>> work, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ManageTeam) is { } refusal) return refusal;
        return await _work.ChangeAsync<Outcome<T>>(
            async (_, db) =>
            {
                var result = await work(db).ConfigureAwait(false);
                if (result.Succeeded) await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
                return (result, result.Succeeded);
            },
            cancellationToken).ConfigureAwait(false);
    }

    private static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
