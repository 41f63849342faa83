using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using MerchantStudio.Access;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using MerchantStudio.Tests.Worlds;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace MerchantStudio.Tests.Hosting;

/// <summary>The data folder of a studio that was stopped in good order: two shops with events, a published run of one of them, and keys that something was locked with.</summary>
public sealed class StoppedStudio : IAsyncLifetime
{
    internal static readonly WorkspaceId Tea = new("tea");
    internal static readonly WorkspaceId Cups = new("cups");

    public StudioPaths Paths { get; } = new(TemporaryStudio.NewFolder());

    internal string DatabaseRows { get; private set; } = "";

    internal string TeaRows { get; private set; } = "";

    internal string CupRows { get; private set; } = "";

    internal string LockedContact { get; private set; } = "";

    internal (string? Contact, string Hash) Contact { get; private set; }

    internal string KeyFile { get; private set; } = "";

    /// <summary>A model's hash, and its file inside the data folder.</summary>
    internal (string Hash, string File) Model { get; private set; }

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Paths.Root);
        foreach (var shop in (WorkspaceId[])[Tea, Cups])
        {
            var file = Path.Combine(Paths.Root, "events.csv");
            await File.WriteAllTextAsync(file, CommandJourneyTests.Events(shoppers: shop == Tea ? 250 : 200, days: 30), Now);
            var imported = await StudioProcess.RunAsync("import", "--data", Paths.Root, "--workspace", shop.Value, file);
            Assert.True(imported.Code == 0, imported.Error);
            File.Delete(file);
        }

        var published = await StudioProcess.RunAsync("pipeline", "--data", Paths.Root, "--workspace", "tea");
        Assert.True(published.Code == 0, published.Error);
        await using (var studio = await TemporaryStudio.OpenAsync(folder: Paths.Root))
        {
            var protector = studio.Get<IContactProtector>();
            LockedContact = protector.Protect("mei@example.test");
            protector.Hash("mei@example.test");
            await studio.Get<StudioDatabase>().SealAsync(Now);
        }

        Assert.True(File.Exists(Paths.AppDatabase + ".seal"));
        Contact = Read(Paths, LockedContact);
        Assert.Equal("mei@example.test", Contact.Contact);
        KeyFile = Assert.Single(Directory.GetFiles(Paths.Keys, "*.xml"));
        var model = Directory.GetFiles(Paths.Models, "model.bin", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First();
        Model = (Path.GetFileName(Path.GetDirectoryName(model))!, Path.GetRelativePath(Paths.Root, model));
        DatabaseRows = await DatabaseRowsAsync(Paths);
        await using var registry = Warehouses(Paths);
        TeaRows = await WarehouseRowsAsync(registry, Tea);
        CupRows = await WarehouseRowsAsync(registry, Cups);
        Assert.NotEqual(TeaRows, CupRows);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Paths.Root, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>The folder once more, to be damaged.</summary>
    internal FolderCopy Copy()
    {
        var copy = new FolderCopy(new StudioPaths(TemporaryStudio.NewFolder()));
        foreach (var file in Directory.EnumerateFiles(Paths.Root, "*", SearchOption.AllDirectories)) Restore(copy, Path.GetRelativePath(Paths.Root, file));
        return copy;
    }

    /// <summary>Puts one file back as it was.</summary>
    internal void Restore(FolderCopy copy, string name)
    {
        var target = Path.Combine(copy.Paths.Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        foreach (var log in (string[])["-wal", "-shm", ".wal"]) File.Delete(target + log);
        File.Copy(Path.Combine(Paths.Root, name), target, overwrite: true);
    }

    internal static WarehouseRegistry Warehouses(StudioPaths paths) => new(paths, Options.Create(new WarehouseOptions { MemoryLimit = "600MB" }), TimeProvider.System);

    /// <summary>How many rows each table has, and a check sum over all their values.</summary>
    internal static async Task<string> WarehouseRowsAsync(WarehouseRegistry registry, WorkspaceId shop)
    {
        var warehouse = await registry.OpenAsync(shop, Now);
        var tables = await warehouse.QueryAsync("select table_name from duckdb_tables() where not internal order by 1", row => row.Text(0)!, [], Now);
        var all = new StringBuilder();
        foreach (var table in tables)
            all.AppendLine(await warehouse.ScalarAsync<string>($"select concat_ws(' ', '{table}', count(*), coalesce(sum(hash(t)::hugeint), 0)) from {Sql.Identifier(table)} t", [], Now));
        return all.ToString();
    }

    /// <summary>A check sum over every value of every table.</summary>
    internal static async Task<string> DatabaseRowsAsync(StudioPaths paths)
    {
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = paths.AppDatabase, Pooling = false }.ToString());
        await connection.OpenAsync(Now);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var table in await ReadAsync(connection, "select name from sqlite_schema where type = 'table' order by name"))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(table));
            foreach (var row in await ReadAsync(connection, $"select * from {Sql.Identifier(table.Trim())}")) hash.AppendData(Encoding.UTF8.GetBytes(row));
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    /// <summary>What a contact's protector reads and how it hashes what it read.</summary>
    internal static (string? Contact, string Hash) Read(StudioPaths paths, string locked)
    {
        using var services = new ServiceCollection().AddLogging().AddSingleton(paths).AddContactProtection(paths).BuildServiceProvider();
        var protector = services.GetRequiredService<IContactProtector>();
        return (protector.Unprotect(locked), protector.Hash("mei@example.test"));
    }

    private static async Task<ImmutableArray<string>> ReadAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The names come from the database's own list.
        command.CommandText = sql;
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync(Now);
        var rows = ImmutableArray.CreateBuilder<string>();
        while (await reader.ReadAsync(Now))
            rows.Add(string.Join('\u001f', Enumerable.Range(0, reader.FieldCount).Select(at => reader.GetValue(at) is byte[] bytes ? Convert.ToHexString(bytes) : $"{reader.GetValue(at)}")) + "\n");
        return rows.ToImmutable();
    }
}

/// <summary>A data folder that goes with the test.</summary>
internal sealed record FolderCopy(StudioPaths Paths) : IDisposable
{
    public void Dispose() => Directory.Delete(Paths.Root, recursive: true);
}

/// <summary>app.db alone, opened as a start does.</summary>
internal sealed class OpenedDatabase : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public OpenedDatabase(StudioPaths paths) =>
        _services = new ServiceCollection().AddSingleton(paths).AddSingleton(TimeProvider.System).AddAppState().BuildServiceProvider();

    public Task<Outcome<Done>> OpenAsync(CancellationToken cancellationToken) => _services.GetRequiredService<StudioDatabase>().OpenAsync(cancellationToken);

    public Task SealAsync(CancellationToken cancellationToken) => _services.GetRequiredService<StudioDatabase>().SealAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        SqliteConnection.ClearAllPools();
    }
}
