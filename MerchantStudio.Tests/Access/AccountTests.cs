using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;
using MerchantStudio.Tests.Worlds;
using Microsoft.AspNetCore.Identity;
using Xunit;

namespace MerchantStudio.Tests.Access;

public sealed class AccountTests
{
    private const string Password = "three green kettles";
    private static readonly WorkspaceDraft Tea = new("Tea", "EUR", "Europe/Berlin");

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_code_of_the_console_makes_the_owner_once()
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        var accounts = studio.Get<Accounts>();
        var code = studio.Get<SetupCode>().Shown().ToLowerInvariant();

        Assert.IsType<SetupCodeWrong>((await accounts.SetUpAsync("0000-0000-00", Person("anna"), Tea, Now)).Problem);
        Assert.True((await accounts.SetUpAsync(code, Person("anna"), Tea, Now)).Succeeded);
        Assert.True(await accounts.HasOwnerAsync(Now));
        Assert.IsType<SetupCodeWrong>((await accounts.SetUpAsync(code, Person("eve"), Tea, Now)).Problem);
        Assert.IsType<AlreadySetUp>((await accounts.SetUpAsync(studio.Get<SetupCode>().Current(), Person("eve"), Tea, Now)).Problem);
    }

    [Theory]
    [InlineData("short", typeof(PasswordTooShort))]
    [InlineData("password1234", typeof(PasswordGuessable))]
    [InlineData("aaaaaaaaaaaaaaaa", typeof(PasswordGuessable))]
    public async Task A_password_that_is_guessed_first_is_refused(string password, Type problem)
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        var made = await studio.Get<Accounts>().SetUpAsync(studio.Get<SetupCode>().Current(), Person("anna") with { Password = password }, Tea, Now);
        Assert.IsType(problem, made.Problem);
        Assert.False(await studio.Get<Accounts>().HasOwnerAsync(Now));
    }

    [Fact, Trait("Row", "A5")]
    public async Task Five_wrong_passwords_lock_the_account_and_say_no_more_than_one_does()
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        await OwnerAsync(studio);
        var accounts = studio.Get<Accounts>();
        for (var i = 0; i < 5; i++) Assert.IsType<SignInRefused>((await accounts.SignInAsync("anna@example.test", "not the password", Now)).Problem);

        Assert.IsType<SignInRefused>((await accounts.SignInAsync("anna@example.test", Password, Now)).Problem);
        Assert.IsType<SignInRefused>((await accounts.SignInAsync("nobody@example.test", Password, Now)).Problem);
    }

    [Fact]
    public async Task An_invitation_makes_a_member_once_with_the_role_it_names()
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        var owner = await OwnerAsync(studio);
        var team = studio.Get<Team>();
        var token = (await team.InviteAsync(owner, Role.Support, Now)).Value;

        Assert.Equal("Tea", (await team.LookAtAsync(token, AccessLinkKind.Invitation, Now)).Value.Shop);
        var joined = (await team.JoinAsync(token, Person("sue"), Now)).Value;
        Assert.Equal(Role.Support, await studio.Get<WorkspaceDirectory>().RoleAsync(joined.Id, owner.Workspace, Now));
        Assert.IsType<LinkNotValid>((await team.JoinAsync(token, Person("eve"), Now)).Problem);
        Assert.IsType<LinkNotValid>((await team.LookAtAsync(token, AccessLinkKind.PasswordReset, Now)).Problem);
    }

    [Fact]
    public async Task Only_the_hash_of_a_link_is_kept()
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        var token = (await studio.Get<Team>().InviteAsync(await OwnerAsync(studio), Role.Viewer, Now)).Value;
        await using var db = await studio.DbAsync();
        Assert.DoesNotContain(token, db.AccessLinks.Single().TokenHash, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reset_link_sets_a_new_password_and_ends_the_sessions()
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        var owner = await OwnerAsync(studio);
        var member = await MemberAsync(studio, owner, "sue", Role.Analyst);
        var token = (await studio.Get<Team>().ResetLinkAsync(owner, member.Id, Now)).Value;
        var after = (await studio.Get<Team>().ResetAsync(token, "seven yellow lamps", Now)).Value;

        Assert.NotEqual(member.SecurityStamp, after.SecurityStamp);
        Assert.True((await studio.Get<Accounts>().SignInAsync("sue@example.test", "seven yellow lamps", Now)).Succeeded);
        Assert.IsType<LinkNotValid>((await studio.Get<Team>().ResetAsync(token, "eight yellow lamps", Now)).Problem);
    }

    [Fact]
    public async Task An_owner_cannot_open_a_strangers_shop_through_a_shared_colleague()
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        var owner = await OwnerAsync(studio);
        var sue = await MemberAsync(studio, owner, "sue", Role.Analyst);
        var coffee = await studio.WorkspaceAsync("coffee");
        await using (var db = await studio.DbAsync())
        {
            db.Memberships.Add(new Membership { UserId = sue.Id, WorkspaceId = coffee.Workspace, Role = Role.Owner });
            await db.SaveChangesAsync(Now);
        }

        Assert.IsType<ResetNotYours>((await studio.Get<Team>().ResetLinkAsync(owner, sue.Id, Now)).Problem);
    }

    [Fact]
    public async Task The_shop_keeps_an_owner()
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        var owner = await OwnerAsync(studio);
        var me = owner.Actor.UserId!.Value;
        Assert.IsType<LastOwner>((await studio.Get<Team>().ChangeRoleAsync(owner, me, Role.Viewer, Now)).Problem);
        Assert.IsType<LastOwner>((await studio.Get<Team>().RemoveAsync(owner, me, Now)).Problem);

        var sue = await MemberAsync(studio, owner, "sue", Role.Analyst);
        await studio.Get<Team>().ChangeRoleAsync(owner, sue.Id, Role.Owner, Now);
        Assert.True((await studio.Get<Team>().RemoveAsync(owner, me, Now)).Succeeded);
    }

    [Theory]
    [InlineData(Role.Viewer)]
    [InlineData(Role.Support)]
    [InlineData(Role.Marketer)]
    [InlineData(Role.Analyst)]
    public async Task Who_is_no_owner_manages_neither_team_nor_shop(Role role)
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        var owner = await OwnerAsync(studio);
        var scope = owner with { Actor = owner.Actor with { Role = role } };
        Problem?[] refusals =
        [
            (await studio.Get<Team>().MembersAsync(scope, Now)).Problem,
            (await studio.Get<Team>().InviteAsync(scope, Role.Owner, Now)).Problem,
            (await studio.Get<Team>().ChangeRoleAsync(scope, owner.Actor.UserId!.Value, Role.Owner, Now)).Problem,
            (await studio.Get<Team>().ResetLinkAsync(scope, owner.Actor.UserId!.Value, Now)).Problem,
            (await studio.Get<ShopSettings>().ChangeAsync(scope, new ShopChange("X", "EUR", "UTC", ["paid"], 0, null, null), Now)).Problem,
            (await studio.Get<WorkspaceRemoval>().RemoveAsync(scope, "Tea", Now)).Problem,
            (await studio.Get<DemoAccess>().SetOpenAsync(scope, true, Now)).Problem,
            (await studio.Get<AuditTrail>().ReadAsync(scope, 10, Now)).Problem,
        ];
        Assert.All(refusals, refusal => Assert.IsType<AccessRefused>(refusal));
    }

    [Fact]
    public async Task Changing_the_shop_is_recorded_with_before_and_after()
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        var owner = await OwnerAsync(studio);
        await studio.Get<ShopSettings>().ChangeAsync(owner, new ShopChange("Tea & more", "USD", "America/New_York", ["paid", "sent"], 100_00, 300, true), Now);

        var entry = (await studio.Get<AuditTrail>().ReadAsync(owner, 10, Now)).Value[0];
        Assert.Equal(("workspace.changed", "anna"), (entry.Action, entry.Actor));
        Assert.Contains("EUR", entry.Before, StringComparison.Ordinal);
        Assert.Contains("USD", entry.After, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deleted_shop_leaves_only_its_audit_trail()
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        var owner = await OwnerAsync(studio);
        Directory.CreateDirectory(studio.Paths.WorkspaceFolder(owner.Workspace));
        Assert.IsType<WorkspaceNameMistyped>((await studio.Get<WorkspaceRemoval>().RemoveAsync(owner, "tea", Now)).Problem);
        Assert.True((await studio.Get<WorkspaceRemoval>().RemoveAsync(owner, "Tea", Now)).Succeeded);

        await using var db = await studio.DbAsync();
        Assert.Empty(db.Workspaces);
        Assert.Empty(db.Memberships);
        Assert.False(Directory.Exists(studio.Paths.WorkspaceFolder(owner.Workspace)));
        Assert.Contains(db.Audit, entry => entry.Action == "workspace.deleted");
    }

    [Fact]
    public async Task The_demo_is_open_until_there_is_an_owner_and_then_as_she_says()
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        Assert.False(await studio.Get<DemoAccess>().IsOpenAsync(Now));
        await studio.Get<WorkspaceDirectory>().CreateAsync(new WorkspaceDraft("Demo", "EUR", "UTC", WorkspaceDirectory.Demo, IsDemo: true), Actor.Scheduler, Now);
        Assert.True(await studio.Get<DemoAccess>().IsOpenAsync(Now));
        var owner = await OwnerAsync(studio);
        Assert.False(await studio.Get<DemoAccess>().IsOpenAsync(Now));
        await studio.Get<DemoAccess>().SetOpenAsync(owner, true, Now);
        Assert.True(await studio.Get<DemoAccess>().IsOpenAsync(Now));
    }

    [Fact]
    public async Task Passwords_are_hashed_at_the_count_that_OWASP_asks_for()
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        Assert.True(studio.Get<Microsoft.Extensions.Options.IOptions<PasswordHasherOptions>>().Value.IterationCount >= 210_000);
    }

    private static PersonDraft Person(string name) => new(name, $"{name}@example.test", Password);

    private static async Task<WorkspaceScope> OwnerAsync(TemporaryStudio studio)
    {
        var owner = (await studio.Get<Accounts>().SetUpAsync(studio.Get<SetupCode>().Current(), Person("anna"), Tea, Now)).Value;
        return new WorkspaceScope(new WorkspaceId("tea"), new Actor("anna", owner.Id, Role.Owner));
    }

    private static async Task<StudioUser> MemberAsync(TemporaryStudio studio, WorkspaceScope owner, string name, Role role)
    {
        var token = (await studio.Get<Team>().InviteAsync(owner, role, Now)).Value;
        return (await studio.Get<Team>().JoinAsync(token, Person(name), Now)).Value;
    }
}
