using System.Text.RegularExpressions;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Shop;
using MerchantStudio.Tests.Worlds;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MerchantStudio.Tests.Access;

/// <summary>The web application in this process, with two shops: one in which somebody has each role, and one that is none of theirs.</summary>
public partial class WebStudio : WebApplicationFactory<Program>, IAsyncLifetime
{
    public const string Own = "tea";
    public const string Foreign = "coffee";

    /// <summary>Name of the foreign shop, which must never be seen.</summary>
    public const string Secret = "Quetzal Canary Roasters";
    public const string Password = "three green kettles";
    private readonly string _folder;
    private readonly bool _keepsFolder;

    public WebStudio()
        : this(null)
    {
    }

    /// <param name="folder">An existing data folder, left in place afterwards; null for a new one. Not public: a fixture has one public constructor.</param>
    protected WebStudio(string? folder)
    {
        _folder = folder ?? TemporaryStudio.NewFolder();
        _keepsFolder = folder is not null;
    }

    /// <summary>Settings beside the usual ones.</summary>
    protected virtual IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>();

    public async ValueTask InitializeAsync()
    {
        UseKestrel(0);
        StartServer();
        var now = TestContext.Current.CancellationToken;
        var team = Services.GetRequiredService<Team>();
        var owner = (await Services.GetRequiredService<Accounts>().SetUpAsync(
            Services.GetRequiredService<SetupCode>().Current(), new PersonDraft("Owner", EmailOf(Role.Owner), Password), new WorkspaceDraft("Tea", "EUR", "UTC", new WorkspaceId(Own)), now)).Value;
        await Services.GetRequiredService<WorkspaceDirectory>().CreateAsync(new WorkspaceDraft(Secret, "EUR", "UTC", new WorkspaceId(Foreign)), Actor.CommandLine, now);
        var scope = new WorkspaceScope(new WorkspaceId(Own), new Actor("Owner", owner.Id, Role.Owner));
        foreach (var role in Enum.GetValues<Role>().Where(role => role != Role.Owner))
        {
            var token = (await team.InviteAsync(scope, role, now)).Value;
            await team.JoinAsync(token, new PersonDraft(role.ToString(), EmailOf(role), Password), now);
        }
    }

    public static string EmailOf(Role role) => $"{role}@example.test".ToLowerInvariant();

    /// <summary>A browser without a cookie that does not follow redirects.</summary>
    public HttpClient NewClient() => new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = ClientOptions.BaseAddress };

    public async Task<HttpClient> SignInAsync(Role role)
    {
        var client = NewClient();
        using var answer = await PostAsync(client, "/sign-in", "sign-in", ("Entry.Email", EmailOf(role)), ("Entry.Password", Password));
        Assert.True(answer.Headers.Location is not null, $"Signing in answered {answer.StatusCode}.");
        return client;
    }

    /// <summary>Fills a form of a page in and sends it, as a browser would.</summary>
    public static async Task<HttpResponseMessage> PostAsync(HttpClient client, string page, string form, params (string Name, string Value)[] fields)
    {
        var now = TestContext.Current.CancellationToken;
        var html = await client.GetStringAsync(page, now);
        var token = Token().Match(html).Groups[1].Value;
        using var content = new FormUrlEncodedContent([new("__RequestVerificationToken", token), new("_handler", form), .. fields.Select(field => new KeyValuePair<string, string>(field.Name, field.Value))]);
        return await client.PostAsync(page, content, now);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Production");
        builder.UseSetting("Studio:DataFolder", _folder);
        builder.UseSetting("Studio:Demo", "false");
        builder.UseSetting("Logging:LogLevel:Default", "Warning");
        foreach (var (key, value) in Settings) builder.UseSetting(key, value);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await FolderLetGoAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        if (!_keepsFolder && Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>The program goes on after its server has stopped: it seals its database, and then lets go of the folder.</summary>
    private async Task FolderLetGoAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var taken = DataFolderLock.Take(new StudioPaths(_folder));
            if (taken.TryGet(out var folder, out _))
            {
                folder.Dispose();
                return;
            }

            await Task.Delay(20, limit.Token);
        }
    }

    [GeneratedRegex("__RequestVerificationToken\" value=\"([^\"]+)")]
    private static partial Regex Token();
}
