using System.Text;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Tests.Worlds;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MerchantStudio.Tests.Access;

public sealed class ApiKeyTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact, Trait("Row", "A9")]
    public async Task A_key_is_recognised_until_it_is_revoked_and_its_secret_is_nowhere_in_the_data_folder()
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        var scope = await studio.WorkspaceAsync();
        var keys = studio.Get<ApiKeys>();
        var made = (await keys.CreateAsync(scope, " Online shop ", ApiKeyKind.WriteEvents, null, Now)).Value;
        Assert.Equal("Online shop", made.Key.Name);
        Assert.StartsWith(made.Key.Prefix, made.Secret, StringComparison.Ordinal);
        Assert.DoesNotContain(made.Secret, made.ToString(), StringComparison.Ordinal);
        Assert.Equal(scope.Workspace, (await keys.FindAsync(made.Secret, Now))!.Workspace);
        Assert.Null(await keys.FindAsync(made.Secret[..^1] + (made.Secret[^1] == 'A' ? 'B' : 'A'), Now));

        var secret = Encoding.UTF8.GetBytes(made.Secret);
        foreach (var file in Directory.GetFiles(studio.Paths.Root, "*", SearchOption.AllDirectories)) Assert.True((await ReadAsync(file)).AsSpan().IndexOf(secret) < 0, file);

        Assert.True((await keys.RevokeAsync(scope, made.Key.Id, Now)).Succeeded);
        Assert.Null(await keys.FindAsync(made.Secret, Now));
        Assert.NotNull((await keys.ListAsync(scope, Now)).Value.Single().RevokedAt);
        var audit = (await studio.Get<AuditTrail>().ReadAsync(scope, 10, Now)).Value;
        Assert.Contains(audit, entry => entry.Action == "key.created" && entry.Target == made.Key.Prefix);
        Assert.Contains(audit, entry => entry.Action == "key.revoked" && entry.Target == made.Key.Prefix);
    }

    [Fact, Trait("Row", "A9")]
    public async Task A_key_that_another_process_revoked_is_refused_within_five_seconds_and_one_that_has_run_out_at_once()
    {
        var clock = new SettableClock();
        await using var studio = await TemporaryStudio.OpenAsync(services => services.AddSingleton<TimeProvider>(clock));
        var scope = await studio.WorkspaceAsync();
        var keys = studio.Get<ApiKeys>();
        var lasting = (await keys.CreateAsync(scope, "Shop", ApiKeyKind.WriteEvents, null, Now)).Value;
        var brief = (await keys.CreateAsync(scope, "Test", ApiKeyKind.WriteEvents, TimeSpan.FromSeconds(2), Now)).Value;
        Assert.NotNull(await keys.FindAsync(lasting.Secret, Now));
        Assert.NotNull(await keys.FindAsync(brief.Secret, Now));

        var elsewhere = ActivatorUtilities.CreateInstance<ApiKeys>(studio.Services);
        await elsewhere.RevokeAsync(scope, lasting.Key.Id, Now);
        clock.Now += TimeSpan.FromSeconds(3);
        Assert.Null(await keys.FindAsync(brief.Secret, Now));
        Assert.Null(await elsewhere.FindAsync(brief.Secret, Now));
        clock.Now += TimeSpan.FromSeconds(2);
        Assert.Null(await keys.FindAsync(lasting.Secret, Now));
    }

    [Fact, Trait("Row", "A9")]
    public async Task Another_shops_key_cannot_be_revoked()
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        var keys = studio.Get<ApiKeys>();
        var made = (await keys.CreateAsync(await studio.WorkspaceAsync(), "Shop", ApiKeyKind.WriteEvents, null, Now)).Value;
        Assert.Equal("key.not-found", (await keys.RevokeAsync(await studio.WorkspaceAsync("coffee"), made.Key.Id, Now)).Problem!.Code);
        Assert.NotNull(await keys.FindAsync(made.Secret, Now));
    }

    [Theory]
    [InlineData(Role.Owner, true)]
    [InlineData(Role.Marketer, true)]
    [InlineData(Role.Analyst, false)]
    [InlineData(Role.Support, false)]
    [InlineData(Role.Viewer, false)]
    public async Task Owners_and_marketers_alone_make_see_and_revoke_keys(Role role, bool may)
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        var scope = await studio.WorkspaceAsync(role: role);
        var keys = studio.Get<ApiKeys>();
        Assert.Equal(may, (await keys.CreateAsync(scope, "Shop", ApiKeyKind.WriteEvents, null, Now)).Succeeded);
        Assert.Equal(may, (await keys.ListAsync(scope, Now)).Succeeded);
        Assert.Equal(may, keys.PreviewKey(scope).Succeeded);
        Assert.Equal(may ? "key.not-found" : "access.refused", (await keys.RevokeAsync(scope, Guid.NewGuid(), Now)).Problem!.Code);
    }

    private static async Task<byte[]> ReadAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var memory = new MemoryStream();
        await stream.CopyToAsync(memory, Now);
        return memory.ToArray();
    }

    private sealed class SettableClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 7, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
