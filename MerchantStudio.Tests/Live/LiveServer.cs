using System.Diagnostics;
using System.Text.RegularExpressions;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Tests.Hosting;
using MerchantStudio.Tests.Worlds;

namespace MerchantStudio.Tests.Live;

/// <summary>The real program on a folder with one shop and a key; can be killed and started again.</summary>
internal sealed partial class LiveServer : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(120);
    private Process? _process;

    private readonly string[] _options;
    private readonly bool _ownsDatabase;

    private LiveServer(string folder, string key, string otherKey, TemporaryPostgres? database, bool ownsDatabase, string[] options)
    {
        Database = database;
        _ownsDatabase = ownsDatabase;
        Folder = folder;
        Key = key;
        OtherKey = otherKey;
        _options = options;
    }

    public string Folder { get; }

    public string Key { get; }

    /// <summary>Of a second shop.</summary>
    public string OtherKey { get; }

    /// <summary>Null on SQLite.</summary>
    public TemporaryPostgres? Database { get; }

    public int ProcessId => _process!.Id;

    /// <summary>Where it listens now; null while it is down.</summary>
    public volatile Uri? Address;

    /// <param name="options">More words for the command line: "--Studio:Live:EventsPerSecond=20".</param>
    public static Task<LiveServer> StartAsync(params string[] options) => StartAsync(ApiKeyKind.WriteEvents, (_, _) => Task.CompletedTask, options);

    /// <param name="kind">What the keys are for.</param>
    /// <param name="prepare">Fills the first shop before the program starts.</param>
    public static Task<LiveServer> StartAsync(ApiKeyKind kind, Func<TemporaryStudio, WorkspaceScope, Task> prepare, params string[] options) => StartAsync(kind, prepare, AppStateOn.Sqlite, options);

    public static async Task<LiveServer> StartAsync(ApiKeyKind kind, Func<TemporaryStudio, WorkspaceScope, Task> prepare, AppStateOn on, params string[] options)
    {
        var folder = TemporaryStudio.NewFolder();
        var database = on == AppStateOn.Postgres ? await PostgresServer.DatabaseAsync() : null;
        string key, otherKey;
        await using (var studio = await TemporaryStudio.OpenAsync(folder: folder, database: database))
        {
            var scope = await studio.WorkspaceAsync();
            key = (await studio.Get<ApiKeys>().CreateAsync(scope, "load", kind, null, LiveWorld.Now)).Value.Secret;
            otherKey = (await studio.Get<ApiKeys>().CreateAsync(await studio.WorkspaceAsync("coffee"), "quiet", kind, null, LiveWorld.Now)).Value.Secret;
            await prepare(studio, scope);
        }

        var server = new LiveServer(folder, key, otherKey, database, ownsDatabase: true, database is null ? options : [.. options, $"--{database.Setting.Key}={database.Setting.Value}"]);
        await server.RestartAsync();
        return server;
    }

    /// <summary>Another program on the same database, with a folder of its own.</summary>
    public async Task<LiveServer> BesideAsync()
    {
        var folder = TemporaryStudio.NewFolder();
        Directory.CreateDirectory(folder);
        var server = new LiveServer(folder, Key, OtherKey, Database, ownsDatabase: false, _options);
        await server.RestartAsync();
        return server;
    }

    public async Task RestartAsync()
    {
        var listening = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        _process = StudioProcess.Start(["serve", "--data", Folder, "--urls", "http://127.0.0.1:0", "--Studio:Demo=false", .. _options]);
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is { } text && Listening().Match(text) is { Success: true } found) listening.TrySetResult(new Uri(found.Groups[1].Value));
        };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Address = await listening.Task.WaitAsync(StartLimit, LiveWorld.Now);
    }

    /// <summary>As <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        Address = null;
        _process!.Kill();
        await _process.WaitForExitAsync(LiveWorld.Now);
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        Directory.Delete(Folder, recursive: true);
        if (_ownsDatabase && Database is not null) await Database.DisposeAsync();
    }

    [GeneratedRegex(@"Now listening on: (http://127\.0\.0\.1:\d+)")]
    private static partial Regex Listening();
}
