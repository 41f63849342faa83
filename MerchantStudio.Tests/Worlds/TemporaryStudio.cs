using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Shop;
using MerchantStudio.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MerchantStudio.Tests.Worlds;

/// <summary>The whole core on a data folder of its own, removed afterwards.</summary>
internal sealed class TemporaryStudio : IAsyncDisposable
{
    private static readonly Lazy<Task<string>> Migrated = new(MigrateAsync);
    private readonly bool _keepsFolder;
    private readonly TemporaryPostgres? _postgres;

    private TemporaryStudio(ServiceProvider services, StudioPaths paths, bool keepsFolder, TemporaryPostgres? postgres)
    {
        _postgres = postgres;
        Services = services;
        Paths = paths;
        _keepsFolder = keepsFolder;
    }

    public ServiceProvider Services { get; }

    public StudioPaths Paths { get; }

    /// <param name="folder">An existing data folder, left in place afterwards; null for a new one.</param>
    /// <param name="on">On PostgreSQL the studio has a database of its own, and the test is skipped where there is no server.</param>
    /// <param name="database">An existing one there, left in place afterwards; null for a new one.</param>
    public static async Task<TemporaryStudio> OpenAsync(Action<IServiceCollection>? configure = null, string? folder = null, AppStateOn on = AppStateOn.Sqlite, TemporaryPostgres? database = null)
    {
        var postgres = on == AppStateOn.Postgres ? await PostgresServer.DatabaseAsync() : null;
        var named = database ?? postgres;
        var paths = new StudioPaths(folder ?? NewFolder());
        if (named is null && !File.Exists(paths.AppDatabase)) await BeginAsync(paths);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(named is null ? [] : [named.Setting]).Build());
        configure?.Invoke(services);
        services.AddStudioCore(paths);
        var studio = new TemporaryStudio(services.BuildServiceProvider(), paths, folder is not null, postgres);
        var opened = await studio.Services.GetRequiredService<StudioDatabase>().OpenAsync(TestContext.Current.CancellationToken);
        Assert.Null(opened.Problem);
        return studio;
    }

    /// <summary>Every file begins as a copy of one whose tables are made: making them takes longer than most tests.</summary>
    internal static async Task BeginAsync(StudioPaths paths)
    {
        Directory.CreateDirectory(paths.Root);
        File.Copy(await Migrated.Value, paths.AppDatabase);
        File.Copy(DatabaseSeal.PathOf(await Migrated.Value), DatabaseSeal.PathOf(paths.AppDatabase));
    }

    private static async Task<string> MigrateAsync()
    {
        var paths = new StudioPaths(NewFolder());
        var setting = new DatabaseSetting(null);
        await using var database = new StudioDatabase(paths, new StudioContexts(paths, setting), setting);
        Assert.Null((await database.OpenAsync(CancellationToken.None)).Problem);
        await database.SealAsync(CancellationToken.None);
        return paths.AppDatabase;
    }

    public static string NewFolder() => Path.Combine(Path.GetTempPath(), "merchant-studio-tests", Guid.NewGuid().ToString("N"));

    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    public Task<StudioDb> DbAsync() => Get<IDbContextFactory<StudioDb>>().CreateDbContextAsync(TestContext.Current.CancellationToken);

    /// <summary>A new workspace and somebody who acts in it.</summary>
    public async Task<WorkspaceScope> WorkspaceAsync(string id = "tea", Role role = Role.Owner)
    {
        var draft = new WorkspaceDraft("Tea shop", "EUR", "Europe/Berlin", new WorkspaceId(id));
        var made = await Get<WorkspaceDirectory>().CreateAsync(draft, Actor.CommandLine, TestContext.Current.CancellationToken);
        return new WorkspaceScope(made.Value.Id, new Actor("Mei", null, role));
    }

    public async ValueTask DisposeAsync()
    {
        await Services.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        if (_postgres is not null) await _postgres.DisposeAsync();
        if (!_keepsFolder && Directory.Exists(Paths.Root)) Directory.Delete(Paths.Root, recursive: true);
    }
}
