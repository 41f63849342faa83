using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Access;

/// <summary>Who a new account is for.</summary>
public sealed record PersonDraft(string Name, string Email, string Password)
{
    /// <summary>Never the password, nor the address: a log may print this.</summary>
    public override string ToString() => nameof(PersonDraft);
}

/// <summary>People's accounts: the first owner, signing in, passwords.</summary>
public sealed class Accounts
{
    private readonly AccountWork _work;
    private readonly SetupCode _code;
    private readonly WorkspaceDirectory _workspaces;
    private readonly AuditTrail _audit;
    private readonly TimeProvider _clock;

    internal Accounts(AccountWork work, SetupCode code, WorkspaceDirectory workspaces, AuditTrail audit, TimeProvider clock)
    {
        _work = work;
        _code = code;
        _workspaces = workspaces;
        _audit = audit;
        _clock = clock;
    }

    /// <summary>Whether somebody set this studio up already.</summary>
    public Task<bool> HasOwnerAsync(CancellationToken cancellationToken) =>
        _work.ReadAsync(db => db.Users.AnyAsync(cancellationToken));

    /// <summary>Makes the first owner and her shop; needs the code that the console shows, once.</summary>
    public async Task<Outcome<StudioUser>> SetUpAsync(string code, PersonDraft person, WorkspaceDraft shop, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(person);
        ArgumentNullException.ThrowIfNull(shop);
        if (!_code.Fits(code)) return new SetupCodeWrong();
        if (ShopDetails.Check(shop.Name, shop.Currency, shop.TimeZone) is { } problem) return problem;
        var made = await _work.ChangeAsync<Outcome<StudioUser>>(
            async (users, db) =>
            {
                if (await db.Users.AnyAsync(cancellationToken).ConfigureAwait(false)) return (new AlreadySetUp(), false);
                var created = await CreateAsync(users, person).ConfigureAwait(false);
                if (!created.Succeeded) return (created, false);
                var owner = ActorOf(created.Value);
                // The owner also has the demo, to learn on.
                if (await db.Workspaces.AnyAsync(row => row.Id == WorkspaceDirectory.Demo, cancellationToken).ConfigureAwait(false))
                    db.Memberships.Add(new Membership { UserId = created.Value.Id, WorkspaceId = WorkspaceDirectory.Demo, Role = Role.Owner });
                _audit.Add(db, null, owner, new AuditFact("studio.set-up"));
                var workspace = await _workspaces.AddAsync(db, shop, owner, cancellationToken).ConfigureAwait(false);
                if (workspace.Problem is { } refused) return (refused, false);
                await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
                return (created, true);
            },
            cancellationToken).ConfigureAwait(false);
        if (made.Succeeded) _code.Spend();
        return made;
    }

    /// <summary>The person whose e-mail and password these are. One answer for every refusal, and the same time for an unknown address.</summary>
    public Task<Outcome<StudioUser>> SignInAsync(string email, string password, CancellationToken cancellationToken) =>
        _work.ChangeAsync(async (users, db) => (await CheckPasswordAsync(users, email, password).ConfigureAwait(false), true), cancellationToken);

    public async Task<Outcome<StudioUser>> ChangePasswordAsync(Guid user, string current, string wanted, CancellationToken cancellationToken) =>
        await _work.ChangeAsync<Outcome<StudioUser>>(
            async (users, db) =>
            {
                if (await users.FindByIdAsync(user.ToString()).ConfigureAwait(false) is not { } account) return (new MemberNotFound(), false);
                var changed = await users.ChangePasswordAsync(account, current, wanted).ConfigureAwait(false);
                if (!changed.Succeeded) return (changed.ToProblem(), false);
                _audit.Add(db, null, ActorOf(account), new AuditFact("account.password-changed"));
                await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
                return (account, true);
            },
            cancellationToken).ConfigureAwait(false);

    internal async Task<Outcome<StudioUser>> CreateAsync(UserManager<StudioUser> users, PersonDraft person)
    {
        if (string.IsNullOrWhiteSpace(person.Name) || person.Name.Trim().Length > 80) return new PersonNameInvalid();
        if (!System.Net.Mail.MailAddress.TryCreate(person.Email?.Trim() ?? "", out var address)) return new EmailInvalid();
        var user = new StudioUser { Id = Guid.CreateVersion7(_clock.GetUtcNow()), DisplayName = person.Name.Trim(), Email = address.Address, UserName = address.Address, CreatedAt = _clock.GetUtcNow() };
        var created = await users.CreateAsync(user, person.Password ?? "").ConfigureAwait(false);
        return created.Succeeded ? user : created.ToProblem();
    }

    internal static async Task<Outcome<StudioUser>> CheckPasswordAsync(UserManager<StudioUser> users, string email, string password)
    {
        var user = await users.FindByEmailAsync(email?.Trim() ?? "").ConfigureAwait(false);
        if (user is null)
        {
            // Costs as much as a real check, so that the time does not tell which addresses have accounts.
            users.PasswordHasher.HashPassword(new StudioUser(), password ?? "");
            return new SignInRefused();
        }

        var fits = await users.CheckPasswordAsync(user, password ?? "").ConfigureAwait(false);
        if (await users.IsLockedOutAsync(user).ConfigureAwait(false)) return new SignInRefused();
        if (!fits)
        {
            await users.AccessFailedAsync(user).ConfigureAwait(false);
            return new SignInRefused();
        }

        await users.ResetAccessFailedCountAsync(user).ConfigureAwait(false);
        return user;
    }

    /// <summary>The person as an actor; the role in it holds for no workspace.</summary>
    public static Actor ActorOf(StudioUser user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return new Actor(user.DisplayName, user.Id, Role.Viewer);
    }
}
