using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;
using MerchantStudio.Tests.Worlds;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Xunit;

namespace MerchantStudio.Tests.AppState;

public sealed class PostgresDatabaseTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_several_processes_that_start_at_once_each_finds_the_tables_made_once()
    {
        await using var postgres = await PostgresServer.DatabaseAsync(migrated: false);
        var opened = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => OpenAsync(postgres.ConnectionString), Now)));
        Assert.All(opened, outcome => Assert.Null(outcome.Problem));
        Assert.Equal(1L, await postgres.ValueAsync("""SELECT count(*) FROM "__EFMigrationsHistory" """));
        Assert.Null((await OpenAsync(postgres.ConnectionString)).Problem);
        Assert.Equal(0L, await postgres.ValueAsync("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"));
    }

    [Fact]
    public async Task A_commit_is_synced_whatever_the_database_is_set_to()
    {
        await using var postgres = await PostgresServer.DatabaseAsync();
        await postgres.ValueAsync($"ALTER DATABASE {postgres.Name} SET synchronous_commit = off");
        Assert.Equal("off", await postgres.ValueAsync("SHOW synchronous_commit"));
        await using var db = Context(postgres.ConnectionString + ";Options=-c statement_timeout=9s");
        var settings = await db.Database.SqlQueryRaw<string>("SELECT unnest(ARRAY[current_setting('synchronous_commit'), current_setting('fsync'), current_setting('transaction_isolation'), current_setting('statement_timeout')])").ToListAsync(Now);
        Assert.Equal(["on", "on", "read committed", "9s"], settings);
    }

    [Fact]
    public async Task Texts_are_sorted_by_their_bytes_whatever_the_locale_of_the_database()
    {
        var server = await PostgresServer.StartedAsync();
        await server.RunAsync("CREATE DATABASE german TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'de-DE'");
        await using var postgres = new TemporaryPostgres(server, "german");
        Assert.Null((await OpenAsync(postgres.ConnectionString)).Problem);
        await using var db = Context(postgres.ConnectionString);
        string[] names = ["b", "B", "a", "Z", "ä", "_"];
        db.InstallationSettings.AddRange(names.Select(name => new InstallationSetting { Key = name, Value = "" }));
        await db.SaveChangesAsync(Now);
        Assert.Equal(names.Order(StringComparer.Ordinal), await db.InstallationSettings.OrderBy(setting => setting.Key).Select(setting => setting.Key).ToListAsync(Now));
    }

    [Fact]
    public async Task A_start_that_cannot_go_on_says_what_to_do_and_never_the_password()
    {
        await using var postgres = await PostgresServer.DatabaseAsync();
        var good = new NpgsqlConnectionStringBuilder(postgres.ConnectionString);
        await postgres.ValueAsync("""INSERT INTO "__EFMigrationsHistory" VALUES ('29990101000000_Later', '99.0.0')""");
        await ProblemAsync("data.newer", good.ConnectionString, "29990101000000_Later");
        await ProblemAsync("data.database-refused", With(builder => builder.Password = "secret-wrong"), good.Host!, postgres.Name, "postgres");
        await ProblemAsync("data.database-refused", With(builder => builder.Password = null), good.Host!);
        await ProblemAsync("data.database-not-found", With(builder => builder.Database = "nowhere"), "nowhere", "CREATE DATABASE");
        await ProblemAsync("data.database-unreachable", With(builder => builder.Host = Path.GetTempPath()), postgres.Name);
        await ProblemAsync("data.database-unreachable", With(builder => (builder.Host, builder.Port) = ("127.0.0.1", 1)), "127.0.0.1:1");
        await ProblemAsync("data.database-setting", "Host=localhost;Database=x;Password=secret;part", "Studio:Database");
        await ProblemAsync("data.database-setting", "postgres://studio:secret@localhost/x", "Studio:Database");
        await ProblemAsync("data.database-setting", "Host=localhost;Password=secret", "Studio:Database");

        string With(Action<NpgsqlConnectionStringBuilder> change)
        {
            var changed = new NpgsqlConnectionStringBuilder(good.ConnectionString);
            change(changed);
            return changed.ConnectionString;
        }
    }

    [Fact]
    public async Task A_user_who_may_make_no_tables_and_an_encoding_that_holds_not_every_name_are_refused()
    {
        var server = await PostgresServer.StartedAsync();
        await using var postgres = await PostgresServer.DatabaseAsync(migrated: false);
        await server.RunAsync("CREATE ROLE guest LOGIN PASSWORD 'secret'");
        var guest = new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Username = "guest", Password = "secret" };
        await ProblemAsync("data.database-rights", guest.ConnectionString, "guest", "OWNER TO");
        await server.RunAsync("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'");
        await using var latin = new TemporaryPostgres(server, "latin");
        await ProblemAsync("data.database-encoding", latin.ConnectionString, "LATIN1");
    }

    [Fact]
    public async Task A_data_folder_stays_with_its_database()
    {
        await using var postgres = await PostgresServer.DatabaseAsync();
        var folder = TemporaryStudio.NewFolder();
        Assert.Null((await OpenAsync(postgres.ConnectionString, folder)).Problem);
        Assert.DoesNotContain(PostgresServer.Password, await File.ReadAllTextAsync(Path.Combine(folder, "database.txt"), Now), StringComparison.Ordinal);
        var forgotten = await OpenAsync(null, folder);
        Assert.Equal("data.database-not-named", forgotten.Problem?.Code);
        Assert.Contains(postgres.Name, forgotten.Problem!.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(new StudioPaths(folder).AppDatabase));

        File.Delete(Path.Combine(folder, "database.txt"));
        Assert.Null((await OpenAsync(null, folder)).Problem);
        Assert.Equal("data.two-databases", (await OpenAsync(postgres.ConnectionString, folder)).Problem?.Code);
        Directory.Delete(folder, recursive: true);
    }

    [Fact, Trait("Row", "R9")]
    public async Task Of_two_processes_on_one_database_one_carries_jobs_out_and_the_other_takes_over_when_it_is_gone()
    {
        await using var postgres = await PostgresServer.DatabaseAsync();
        var first = new WorkTurn(new DatabaseSetting(postgres.ConnectionString));
        await using var second = new WorkTurn(new DatabaseSetting(postgres.ConnectionString));
        Assert.True(await first.TryTakeAsync(Now));
        Assert.True(await first.TryTakeAsync(Now));
        Assert.False(await second.TryTakeAsync(Now));
        var waiting = second.TakeAsync(Now);
        Assert.False(waiting.IsCompleted);
        await first.DisposeAsync();
        await waiting.WaitAsync(TimeSpan.FromSeconds(20), Now);
        await using var app = new WorkTurn(new DatabaseSetting(null));
        Assert.True(await app.TryTakeAsync(Now));
    }

    private static async Task ProblemAsync(string code, string setting, params string[] says)
    {
        var problem = (await OpenAsync(setting)).Problem;
        Assert.Equal(code, problem?.Code);
        Assert.All(says, part => Assert.Contains(part, problem!.Message, StringComparison.Ordinal));
        Assert.DoesNotContain(PostgresServer.Password, problem!.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", problem.Message, StringComparison.Ordinal);
    }

    private static async Task<Outcome<Done>> OpenAsync(string? setting, string? folder = null)
    {
        var paths = new StudioPaths(folder ?? TemporaryStudio.NewFolder());
        var read = new DatabaseSetting(setting);
        await using var database = new StudioDatabase(paths, new StudioContexts(paths, read), read);
        var opened = await database.OpenAsync(Now);
        if (folder is null) Directory.Delete(paths.Root, recursive: true);
        return opened;
    }

    private static StudioDb Context(string setting) => new StudioContexts(new StudioPaths(""), new DatabaseSetting(setting)).CreateDbContext();
}
