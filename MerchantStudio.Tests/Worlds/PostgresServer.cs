using System.Diagnostics;
using System.Globalization;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Shop;
using Npgsql;
using Xunit;

namespace MerchantStudio.Tests.Worlds;

/// <summary>Which database holds the app state in a test.</summary>
public enum AppStateOn
{
    Sqlite,
    Postgres,
}

/// <summary>A PostgreSQL server of the test run's own, on a Unix socket in a temporary folder and with every commit synced. It starts when the first test asks for it and goes with the process,
/// however that ends; where PostgreSQL is not installed, those tests are skipped.</summary>
internal sealed class PostgresServer
{
    public const string Password = "only for tests; 'quoted'";
    private const string Template = "migrated";
    private static readonly Lazy<Task<PostgresServer?>> Shared = new(StartAsync);
    private static readonly string? Programs = FindPrograms();

    /// <summary>Waits until its input closes, which also happens when the process of the tests is killed.</summary>
    private const string Keep = """log="$0/log"; "$@" >"$log" 2>&1 & server=$!; read -r _; kill -QUIT $server; wait $server; rm -rf "$0" """;

    private readonly string _folder;
    private readonly Process _keeper;
    private readonly Lazy<Task> _template;
    private int _made;

    private PostgresServer(string folder, Process keeper)
    {
        _folder = folder;
        _keeper = keeper;
        _template = new Lazy<Task>(MakeTemplateAsync);
    }

    /// <summary>The server of this run; skips the test where there is none.</summary>
    public static async Task<PostgresServer> StartedAsync()
    {
        var started = await Shared.Value.WaitAsync(TestContext.Current.CancellationToken);
        Assert.SkipWhen(started is null, "No PostgreSQL: initdb is neither on the path nor under /usr/lib/postgresql (Debian: apt-get install postgresql-15).");
        return started!;
    }

    /// <summary>A database of the test's own; skips the test where there is no server.</summary>
    /// <param name="migrated">With all tables, or empty.</param>
    public static async Task<TemporaryPostgres> DatabaseAsync(bool migrated = true)
    {
        var server = await StartedAsync();
        var name = string.Create(CultureInfo.InvariantCulture, $"test{Interlocked.Increment(ref server._made)}");
        if (migrated) await server._template.Value;
        await server.RunAsync($"CREATE DATABASE {name} TEMPLATE {(migrated ? Template : "template0")}");
        return new TemporaryPostgres(server, name);
    }

    public string ConnectionString(string database) =>
        new NpgsqlConnectionStringBuilder { Host = _folder, Database = database, Username = "postgres", Password = Password, MaxPoolSize = 80, Timeout = 60, CommandTimeout = 60 }.ConnectionString;

    /// <summary>Carries out a statement in the database that is always there.</summary>
    public async Task RunAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString("postgres")) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private async Task MakeTemplateAsync()
    {
        await RunAsync($"CREATE DATABASE {Template} TEMPLATE template0");
        var paths = new StudioPaths(TemporaryStudio.NewFolder());
        var setting = new DatabaseSetting(new NpgsqlConnectionStringBuilder(ConnectionString(Template)) { Pooling = false }.ConnectionString);
        await using var database = new StudioDatabase(paths, new StudioContexts(paths, setting), setting);
        Assert.Null((await database.OpenAsync(CancellationToken.None)).Problem);
        Directory.Delete(paths.Root, recursive: true);
    }

    private static async Task<PostgresServer?> StartAsync()
    {
        if (Programs is null) return null;
        var folder = Path.Combine(Path.GetTempPath(), "ms-pg-" + Guid.NewGuid().ToString("N")[..8]);
        await FinishAsync(["mkdir", "-m", "700", folder]);
        await FinishAsync(["sh", "-c", $"""umask 077; printf '%s' "$1" > {folder}/password""", "sh", Password]);
        await FinishAsync([Path.Combine(Programs, "initdb"), "-D", Path.Combine(folder, "data"), "-U", "postgres", "--auth=scram-sha-256", $"--pwfile={folder}/password", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]);

        var keeper = Process.Start(Unprivileged(
            ["sh", "-c", Keep, folder, Path.Combine(Programs, "postgres"), "-D", Path.Combine(folder, "data"), "-k", folder,
                "-c", "listen_addresses=", "-c", "max_connections=400", "-c", "shared_buffers=64MB", "-c", "fsync=on"], redirectsInput: true))!;
        var server = new PostgresServer(folder, keeper);
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await server.RunAsync("SELECT 1");
                return server;
            }
            catch (NpgsqlException) when (!keeper.HasExited && Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(60))
            {
                await Task.Delay(50);
            }
        }
    }

    private static async Task FinishAsync(string[] command)
    {
        using var process = Process.Start(Unprivileged(command, redirectsInput: false))!;
        var said = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{command[0]} ended with {process.ExitCode}: {said}");
    }

    /// <summary>PostgreSQL does not run as root.</summary>
    private static ProcessStartInfo Unprivileged(IEnumerable<string> command, bool redirectsInput)
    {
        string[] all = Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--", .. command] : [.. command];
        return new ProcessStartInfo(all[0], all[1..]) { RedirectStandardInput = redirectsInput, RedirectStandardOutput = !redirectsInput, RedirectStandardError = !redirectsInput, WorkingDirectory = "/" };
    }

    private static string? FindPrograms()
    {
        if (OperatingSystem.IsWindows()) return null;
        var installed = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var version) ? version : 0).Select(folder => Path.Combine(folder, "bin"))
            : [];
        var named = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        return installed.Concat(named).FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")));
    }
}

/// <summary>A database on <see cref="PostgresServer"/> that goes with the test.</summary>
internal sealed class TemporaryPostgres(PostgresServer server, string name) : IAsyncDisposable
{
    public string Name => name;

    public string ConnectionString => server.ConnectionString(name);

    /// <summary>What a studio on this database is configured with.</summary>
    public KeyValuePair<string, string?> Setting => new("Studio:Database", ConnectionString);

    /// <summary>The first column of the first row.</summary>
    public async Task<object?> ValueAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync() => await server.RunAsync($"DROP DATABASE {name} WITH (FORCE)");
}
