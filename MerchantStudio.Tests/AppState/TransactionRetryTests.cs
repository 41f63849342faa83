using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Tests.Worlds;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Xunit;

namespace MerchantStudio.Tests.AppState;

public sealed class TransactionRetryTests
{
    private const string Key = "counter";

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    public static TheoryData<string> LostRaces => [.. Faults.Keys.Where(name => name.StartsWith("lost", StringComparison.Ordinal))];

    public static TheoryData<string> OtherFaults => [.. Faults.Keys.Where(name => !name.StartsWith("lost", StringComparison.Ordinal))];

    private static Dictionary<string, Func<Exception>> Faults { get; } = new()
    {
        ["lost: SQLite is busy"] = () => new SqliteException("database is locked", 5, 5),
        ["lost: SQLite's snapshot is old"] = () => new SqliteException("database is locked", 5, 517),
        ["lost: EF wrapped it"] = () => new DbUpdateException("", new SqliteException("database is locked", 5, 517)),
        ["lost: PostgreSQL could not serialise"] = () => Postgres("40001"),
        ["lost: PostgreSQL found a deadlock"] = () => new DbUpdateException("", Postgres("40P01")),
        ["lost: Npgsql takes it for transient"] = () => new InvalidOperationException("", new DbUpdateException("", Postgres("40001"))),
        ["a unique value of SQLite"] = () => new SqliteException("UNIQUE constraint failed", 19, 2067),
        ["a unique value of PostgreSQL"] = () => Postgres("23505"),
        ["a connection that broke, perhaps at the commit"] = () => new NpgsqlException("", new IOException("broken pipe")),
        ["a lock that was not free"] = () => Postgres("55P03"),
        ["a bug"] = () => new InvalidOperationException(),
    };

    [Theory, Trait("Row", "R10"), MemberData(nameof(LostRaces))]
    public async Task A_lost_race_is_run_again_on_a_new_context(string fault)
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        var attempts = 0;
        var done = await Contexts(studio).RunAsync(async (db, token) =>
        {
            Assert.Empty(db.ChangeTracker.Entries());
            await AddOneAsync(db, token);
            if (++attempts < TransactionRetry.MostAttempts) throw Faults[fault]();
            return Ok;
        }, Now);
        Assert.True(done.Succeeded);
        Assert.Equal((5, "1"), (attempts, await ValueAsync(studio)));
    }

    [Fact, Trait("Row", "R10")]
    public async Task After_five_lost_races_it_says_so_and_nothing_is_kept()
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        var attempts = 0;
        var lost = await Assert.ThrowsAsync<TransactionLostException>(() => Contexts(studio).RunAsync<Done>(async (db, token) =>
        {
            attempts++;
            await AddOneAsync(db, token);
            throw Postgres("40001");
        }, Now));
        Assert.Equal((5, null), (attempts, await ValueAsync(studio)));
        Assert.Equal("data.contended", IExplained.Of(lost)?.Code);
        Assert.Equal("40001", Assert.IsType<PostgresException>(lost.InnerException).SqlState);
    }

    [Theory, Trait("Row", "R10"), MemberData(nameof(OtherFaults))]
    public async Task Any_other_fault_is_met_once(string fault)
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        var attempts = 0;
        var thrown = await Record.ExceptionAsync(() => Contexts(studio).RunAsync<Done>(async (db, token) =>
        {
            attempts++;
            await AddOneAsync(db, token);
            throw Faults[fault]();
        }, Now));
        Assert.Equal(Faults[fault]().GetType(), thrown?.GetType());
        Assert.Equal((1, null), (attempts, await ValueAsync(studio)));
        Assert.Equal(fault.Contains("unique", StringComparison.Ordinal), DatabaseFault.IsUniqueViolation(thrown));
    }

    [Fact]
    public async Task An_answer_that_is_a_problem_takes_back_what_was_written()
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        var answer = await Contexts(studio).RunAsync<Done>(async (db, token) =>
        {
            await AddOneAsync(db, token);
            return new DatabaseContended();
        }, Now);
        Assert.Equal("data.contended", answer.Problem?.Code);
        Assert.Null(await ValueAsync(studio));
    }

    [Fact, Trait("Row", "R7")]
    public async Task Of_many_who_add_one_at_the_same_time_none_is_lost()
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var index = 0; index < 20; index++)
            {
                Assert.True((await Contexts(studio).RunAsync(async (db, token) =>
                {
                    await AddOneAsync(db, token);
                    return Ok;
                }, Now)).Succeeded);
            }
        }, Now)));
        Assert.Equal("160", await ValueAsync(studio));
    }

    [Fact, Trait("Row", "R10")]
    public async Task Of_two_who_have_read_the_same_on_PostgreSQL_the_second_reads_again()
    {
        await using var studio = await TemporaryStudio.OpenAsync(on: AppStateOn.Postgres);
        await SetAsync(studio, Key);
        using var bothHaveRead = new Barrier(2);
        var attempts = 0;
        await BothAsync(async (attempt, db, token) =>
        {
            Interlocked.Increment(ref attempts);
            await db.Database.ExecuteSqlRawAsync("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ", token);
            _ = await db.InstallationSettings.AsNoTracking().SingleAsync(setting => setting.Key == Key, token);
            if (attempt == 1) Assert.True(bothHaveRead.SignalAndWait(TimeSpan.FromSeconds(20), token));
            await AddOneAsync(db, token);
        }, studio);
        Assert.Equal((3, "2"), (attempts, await ValueAsync(studio)));
    }

    [Fact, Trait("Row", "R10")]
    public async Task Of_two_who_wait_for_each_other_on_PostgreSQL_one_steps_back_and_comes_again()
    {
        await using var studio = await TemporaryStudio.OpenAsync(on: AppStateOn.Postgres);
        await SetAsync(studio, Key);
        await SetAsync(studio, "other");
        using var bothHoldOne = new Barrier(2);
        var (turn, attempts) = (0, 0);
        await BothAsync(async (attempt, db, token) =>
        {
            Interlocked.Increment(ref attempts);
            string[] order = attempt > 1 || Interlocked.Increment(ref turn) == 1 ? [Key, "other"] : ["other", Key];
            await ChangeAsync(db, order[0], token);
            if (attempt == 1) Assert.True(bothHoldOne.SignalAndWait(TimeSpan.FromSeconds(20), token));
            await ChangeAsync(db, order[1], token);
        }, studio);
        Assert.Equal((3, "2"), (attempts, await ValueAsync(studio)));

        static Task<int> ChangeAsync(StudioDb db, string key, CancellationToken token) =>
            db.Database.ExecuteSqlAsync($"""UPDATE "InstallationSettings" SET "Value" = CAST(CAST("Value" AS integer) + 1 AS text) WHERE "Key" = {key}""", token);
    }

    private static Task BothAsync(Func<int, StudioDb, CancellationToken, Task> work, TemporaryStudio studio) => Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(
        async () =>
        {
            var attempt = 0;
            Assert.True((await Contexts(studio).RunAsync(
                async (db, token) =>
                {
                    await work(++attempt, db, token);
                    return Ok;
                },
                Now)).Succeeded);
        },
        Now)));

    private static async Task SetAsync(TemporaryStudio studio, string key)
    {
        await using var db = await studio.DbAsync();
        db.InstallationSettings.Add(new InstallationSetting { Key = key, Value = "0" });
        await db.SaveChangesAsync(Now);
    }

    private static Outcome<Done> Ok => new Done();

    private static IDbContextFactory<StudioDb> Contexts(TemporaryStudio studio) => studio.Get<IDbContextFactory<StudioDb>>();

    private static async Task AddOneAsync(StudioDb db, CancellationToken cancellationToken)
    {
        if (await db.InstallationSettings.SingleOrDefaultAsync(setting => setting.Key == Key, cancellationToken) is { } counter)
        {
            counter.Value = (int.Parse(counter.Value, System.Globalization.CultureInfo.InvariantCulture) + 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
        else
        {
            db.InstallationSettings.Add(new InstallationSetting { Key = Key, Value = "1" });
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    private static async Task<string?> ValueAsync(TemporaryStudio studio)
    {
        await using var db = await studio.DbAsync();
        return (await db.InstallationSettings.SingleOrDefaultAsync(setting => setting.Key == Key, Now))?.Value;
    }

    private static PostgresException Postgres(string state) => new("", "ERROR", "ERROR", state);
}
