using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Shop;
using MerchantStudio.Tests.Worlds;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace MerchantStudio.Tests.AppState;

public sealed class StudioDatabaseTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_column_holds_a_type_that_SQLite_cannot_order()
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        await using var db = await studio.DbAsync();
        var stored = from entity in db.Model.GetEntityTypes()
                     from property in entity.GetProperties()
                     let type = property.GetValueConverter()?.ProviderClrType ?? property.ClrType
                     let bare = Nullable.GetUnderlyingType(type) ?? type
                     where bare == typeof(decimal) || bare == typeof(double) || bare == typeof(float) || bare == typeof(DateTimeOffset) || bare == typeof(DateTime)
                     select $"{entity.ClrType.Name}.{property.Name}";
        Assert.Empty(stored);
    }

    [Fact]
    public async Task A_commit_is_synced_and_foreign_keys_hold()
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        await using var db = await studio.DbAsync();
        await db.Database.OpenConnectionAsync(Now);
        Assert.Equal(["wal", "2", "1", "5000"], await PragmasAsync(db, "journal_mode", "synchronous", "foreign_keys", "busy_timeout"));
    }

    [Fact, Trait("Row", "C4")]
    public async Task A_lock_row_that_a_killed_migration_left_behind_is_removed()
    {
        var paths = new StudioPaths(TemporaryStudio.NewFolder());
        paths.CreateFolders();
        await RunAsync(paths, """CREATE TABLE "__EFMigrationsLock" ("Id" INTEGER NOT NULL PRIMARY KEY, "Timestamp" TEXT NOT NULL); INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-01-01');""");
        await using (await TemporaryStudio.OpenAsync(folder: paths.Root).WaitAsync(TimeSpan.FromSeconds(30), Now))
        {
        }

        Directory.Delete(paths.Root, recursive: true);
    }

    [Fact]
    public async Task Data_of_a_newer_version_is_refused_by_name()
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        await RunAsync(studio.Paths, """INSERT INTO "__EFMigrationsHistory" VALUES ('29990101000000_Later', '99.0.0');""");
        var opened = await studio.Get<StudioDatabase>().OpenAsync(Now);
        Assert.Equal("data.newer", opened.Problem?.Code);
        Assert.Contains("29990101000000_Later", opened.Problem!.Message, StringComparison.Ordinal);
    }

    [Theory, Trait("Row", "C18")]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(100)]
    [InlineData(4096)]
    [InlineData(4100)]
    [InlineData(20_481)]
    [InlineData(40_960)]
    [InlineData(65_537)]
    public async Task A_flipped_byte_is_named_or_harmless(int offset)
    {
        var folder = TemporaryStudio.NewFolder();
        await using (await TemporaryStudio.OpenAsync(folder: folder))
        {
        }

        var file = new StudioPaths(folder).AppDatabase;
        var bytes = await File.ReadAllBytesAsync(file, Now);
        bytes[offset] ^= 0x5A;
        await File.WriteAllBytesAsync(file, bytes, Now);
        await using var services = await TryOpenAsync(folder);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Only_one_process_works_in_a_data_folder()
    {
        var paths = new StudioPaths(TemporaryStudio.NewFolder());
        using (var first = DataFolderLock.Take(paths).Value)
        {
            first.Announce("http://localhost:5080");
            var second = DataFolderLock.Take(paths);
            Assert.Equal("data.in-use", second.Problem?.Code);
            Assert.Contains("http://localhost:5080", second.Problem!.Message, StringComparison.Ordinal);
            Assert.Contains(Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture), second.Problem.Message, StringComparison.Ordinal);
        }

        DataFolderLock.Take(paths).Value.Dispose();
        Directory.Delete(paths.Root, recursive: true);
    }

    /// <summary>Either it opens, or the problem names the file.</summary>
    private static async Task<IAsyncDisposable> TryOpenAsync(string folder)
    {
        var paths = new StudioPaths(folder);
        var setting = new DatabaseSetting(null);
        var contexts = new StudioContexts(paths, setting);
        var opened = await new StudioDatabase(paths, contexts, setting).OpenAsync(Now);
        if (opened.Problem is { } problem) Assert.Contains(paths.AppDatabase, problem.Message, StringComparison.Ordinal);
        SqliteConnection.ClearAllPools();
        return contexts.CreateDbContext();
    }

    private static async Task<string[]> PragmasAsync(StudioDb db, params string[] names)
    {
        var values = new List<string>();
        foreach (var name in names)
        {
            await using var command = db.Database.GetDbConnection().CreateCommand();
            command.CommandText = $"PRAGMA {name};";
            values.Add(Convert.ToString(await command.ExecuteScalarAsync(Now), System.Globalization.CultureInfo.InvariantCulture)!);
        }

        return [.. values];
    }

    private static async Task RunAsync(StudioPaths paths, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={paths.AppDatabase}");
        await connection.OpenAsync(Now);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(Now);
    }
}
