using System.Globalization;
using MerchantStudio.Access;
using MerchantStudio.Core.Learning.Registry;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using MerchantStudio.Tests.Browser;
using Xunit;

namespace MerchantStudio.Tests.Hosting;

/// <summary>One byte of a file is not what it was: the file is named with what to do, or nothing that it says has changed.</summary>
/// <remarks>Harmless is told from harmful by what can be read: every row of every table, the opened model, the contact that a key unlocks and its hash.</remarks>
[Trait("Row", "C18")]
public sealed class CorruptFileTests(StoppedStudio stopped) : IClassFixture<StoppedStudio>
{
    private const int Short = 8;
    private const int Full = 200;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public Task A_flipped_byte_of_the_application_s_database_is_named() => FlipDatabaseAsync(Short, keepsSeal: true);

    [Fact(Explicit = true), Trait("Size", "Full")]
    public Task Two_hundred_flipped_bytes_of_the_application_s_database_are_named() => FlipDatabaseAsync(Full, keepsSeal: true);

    [Fact]
    public Task A_flipped_byte_after_a_kill_is_named_where_it_breaks_the_file() => FlipDatabaseAsync(Short, keepsSeal: false);

    [Fact(Explicit = true), Trait("Size", "Full")]
    public Task Two_hundred_flipped_bytes_after_a_kill_are_named_where_they_break_the_file() => FlipDatabaseAsync(Full, keepsSeal: false);

    [Fact]
    public Task A_flipped_byte_of_a_shop_s_data_is_named_and_the_other_shop_works() => FlipWarehouseAsync(Short);

    [Fact(Explicit = true), Trait("Size", "Full")]
    public Task Two_hundred_flipped_bytes_of_a_shop_s_data_are_named_and_the_other_shop_works() => FlipWarehouseAsync(Full);

    [Fact]
    public Task A_flipped_byte_of_a_model_is_named() => FlipModelAsync(Short);

    [Fact(Explicit = true), Trait("Size", "Full")]
    public Task Two_hundred_flipped_bytes_of_a_model_are_named() => FlipModelAsync(Full);

    [Fact]
    public Task A_flipped_byte_of_a_key_is_named() => FlipKeysAsync(Short);

    [Fact(Explicit = true), Trait("Size", "Full")]
    public Task Two_hundred_flipped_bytes_of_each_key_are_named() => FlipKeysAsync(Full);

    [Fact]
    public async Task A_start_on_a_damaged_database_or_key_is_refused_in_one_sentence()
    {
        foreach (var name in (string[])["app.db", Path.Combine("keys", "contacts.key"), Path.GetRelativePath(stopped.Paths.Root, stopped.KeyFile)])
        {
            using var copy = stopped.Copy();
            var file = Path.Combine(copy.Paths.Root, name);
            await FlipAsync(file, new FileInfo(file).Length / 2);
            foreach (var words in (string[][])[["--data", copy.Paths.Root, "--urls", "http://127.0.0.1:0"], ["export", "--data", copy.Paths.Root, "--workspace", "tea", "--what", "scores"]])
            {
                var ending = await StudioProcess.RunAsync(words);
                Assert.Equal(1, ending.Code);
                Assert.Equal("", ending.Out);
                Assert.Contains(file, ending.Error, StringComparison.Ordinal);
                Assert.Contains("backup", ending.Error, StringComparison.Ordinal);
                Assert.DoesNotContain("   at ", ending.Error, StringComparison.Ordinal);
                Assert.Single(ending.Error.Trim().Split('\n'));
            }
        }
    }

    [Fact]
    public async Task A_server_with_one_damaged_shop_serves_the_other()
    {
        var copy = stopped.Copy();
        await FlipAsync(copy.Paths.Warehouse(StoppedStudio.Tea), 20);
        await using var server = await StudioServer.StartInAsync(copy.Paths.Root, Now, "--Studio:Demo=false");
        var damaged = await server.CommandAsync(Now, "pipeline", "--workspace", "tea");
        Assert.Equal(1, damaged.Code);
        Assert.Contains(copy.Paths.Warehouse(StoppedStudio.Tea), damaged.Error, StringComparison.Ordinal);
        var sound = await server.CommandAsync(Now, "pipeline", "--workspace", "cups");
        Assert.True(sound.Code == 0, sound.Error);
        Assert.Equal(1, (await server.CommandAsync(Now, "export", "--workspace", "tea", "--what", "scores")).Code);
        Assert.Equal(0, (await server.CommandAsync(Now, "export", "--workspace", "cups", "--what", "scores")).Code);
        using var client = new HttpClient();
        Assert.Equal("\"ready\"", await client.GetStringAsync(new Uri(server.Address, "/health/ready"), Now));
        Assert.DoesNotContain("   at ", server.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_is_put_back_from_a_backup_opens_again()
    {
        using var copy = stopped.Copy();
        var backup = await File.ReadAllBytesAsync(copy.Paths.AppDatabase, Now);

        // One more start and stop: what lies there now is newer than the backup.
        await using (var studio = await OpenAsync(copy.Paths)) await studio.SealAsync(Now);
        await FlipAsync(copy.Paths.AppDatabase, 9_000);
        await using (var studio = new OpenedDatabase(copy.Paths)) Assert.Equal("data.changed", (await studio.OpenAsync(Now)).Problem?.Code);
        await File.WriteAllBytesAsync(copy.Paths.AppDatabase, backup, Now);
        await using (await OpenAsync(copy.Paths)) Assert.Equal(stopped.DatabaseRows, await StoppedStudio.DatabaseRowsAsync(copy.Paths));
    }

    [Fact]
    public async Task Keys_of_an_earlier_version_without_check_sums_still_open()
    {
        using var copy = stopped.Copy();
        var key = Path.Combine(copy.Paths.Root, Path.GetRelativePath(stopped.Paths.Root, stopped.KeyFile));
        var text = await File.ReadAllTextAsync(key, Now);
        await File.WriteAllTextAsync(key, text[..text.LastIndexOf("\n<!--", StringComparison.Ordinal)], Now);
        var contacts = Path.Combine(copy.Paths.Keys, "contacts.key");
        await File.WriteAllBytesAsync(contacts, (await File.ReadAllBytesAsync(contacts, Now))[..32], Now);
        Assert.Null(KeyRing.Check(copy.Paths));
        Assert.Equal(stopped.Contact, StoppedStudio.Read(copy.Paths, stopped.LockedContact));
    }

    private async Task FlipDatabaseAsync(int flips, bool keepsSeal)
    {
        int named = 0, harmless = 0, unnoticed = 0;
        using var copy = stopped.Copy();
        if (!keepsSeal) File.Delete(copy.Paths.AppDatabase + ".seal");
        foreach (var offset in Offsets(copy.Paths.AppDatabase, flips))
        {
            await FlipAsync(copy.Paths.AppDatabase, offset);
            await using var studio = new OpenedDatabase(copy.Paths);
            var opened = await studio.OpenAsync(Now);
            if (opened.Problem is { } problem)
            {
                AssertNames(problem, copy.Paths.AppDatabase);
                named++;
            }
            else if (await StoppedStudio.DatabaseRowsAsync(copy.Paths) == stopped.DatabaseRows) harmless++;
            else if (keepsSeal) Assert.Fail($"The byte at {offset} changed what app.db says, and nobody noticed.");
            else unnoticed++;
            await studio.DisposeAsync();
            stopped.Restore(copy, "app.db");
            if (keepsSeal) stopped.Restore(copy, "app.db.seal");
        }

        Say($"app.db, {(keepsSeal ? "stopped in good order" : "killed")}: {flips} flips, {named} named, {harmless} harmless, {unnoticed} values changed unnoticed");
    }

    private async Task FlipWarehouseAsync(int flips)
    {
        int named = 0, harmless = 0;
        using var copy = stopped.Copy();
        var file = copy.Paths.Warehouse(StoppedStudio.Tea);
        foreach (var offset in Offsets(file, flips))
        {
            await FlipAsync(file, offset);
            await using var registry = StoppedStudio.Warehouses(copy.Paths);
            try
            {
                Assert.Equal(stopped.TeaRows, await StoppedStudio.WarehouseRowsAsync(registry, StoppedStudio.Tea));
                harmless++;
            }
            catch (WarehouseException damaged)
            {
                Assert.True(damaged.Problem is not null, $"Offset {offset}: {damaged}");
                AssertNames(damaged.Problem, file);
                named++;
            }

            Assert.Equal(stopped.CupRows, await StoppedStudio.WarehouseRowsAsync(registry, StoppedStudio.Cups));
            await registry.DisposeAsync();
            stopped.Restore(copy, Path.GetRelativePath(copy.Paths.Root, file));
        }

        Say($"events.duckdb ({new FileInfo(file).Length >> 10} KB): {flips} flips, {named} named, {harmless} harmless");
        Assert.NotEqual(0, named);
    }

    private async Task FlipModelAsync(int flips)
    {
        using var copy = stopped.Copy();
        var store = new ModelStore(copy.Paths);
        var (hash, name) = stopped.Model;
        var file = Path.Combine(copy.Paths.Root, name);
        foreach (var offset in Offsets(file, flips))
        {
            await FlipAsync(file, offset);
            AssertNames(IExplained.Of(await Assert.ThrowsAsync<ModelDamagedException>(() => store.OpenAsync(hash, Now)))!, file);
            stopped.Restore(copy, name);
        }

        await using var sound = await store.OpenAsync(hash, Now);
        Say($"model.bin ({sound.Length >> 10} KB): {flips} flips, {flips} named");
    }

    private async Task FlipKeysAsync(int flips)
    {
        using var copy = stopped.Copy();
        foreach (var name in (string[])[Path.Combine("keys", "contacts.key"), Path.GetRelativePath(stopped.Paths.Root, stopped.KeyFile)])
        {
            int named = 0, harmless = 0;
            var file = Path.Combine(copy.Paths.Root, name);
            foreach (var offset in Offsets(file, flips))
            {
                await FlipAsync(file, offset);
                if (KeyRing.Check(copy.Paths) is { } problem)
                {
                    AssertNames(problem, file);
                    named++;
                }
                else
                {
                    Assert.Equal(stopped.Contact, StoppedStudio.Read(copy.Paths, stopped.LockedContact));
                    harmless++;
                }

                stopped.Restore(copy, name);
            }

            Assert.Null(KeyRing.Check(copy.Paths));
            Say($"{(name.EndsWith(".key", StringComparison.Ordinal) ? "contacts.key" : "key-*.xml")}: {flips} flips, {named} named, {harmless} harmless");
        }
    }

    private static async Task<OpenedDatabase> OpenAsync(StudioPaths paths)
    {
        var studio = new OpenedDatabase(paths);
        Assert.Null((await studio.OpenAsync(Now)).Problem);
        return studio;
    }

    /// <summary>One in each of as many parts of the file; the same ones every time.</summary>
    private static List<long> Offsets(string file, int count)
    {
        var random = new Random(18);
        var length = new FileInfo(file).Length;
        return Enumerable.Range(0, count).Select(part => Math.Min(length - 1, (long)((part + random.NextDouble()) * length / count))).ToList();
    }

    private static async Task FlipAsync(string path, long offset)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        file.Position = offset;
        var old = file.ReadByte();
        file.Position = offset;
        file.WriteByte((byte)(old ^ 0x5A));
    }

    private static void AssertNames(Problem problem, string file)
    {
        Assert.Contains(file, problem.Message, StringComparison.Ordinal);
        Assert.True(problem.Message.Contains("backup", StringComparison.Ordinal) || problem.Message.Contains("Refresh", StringComparison.Ordinal), problem.Message);
    }

    private static void Say(string figures) => TestContext.Current.TestOutputHelper?.WriteLine(figures.ToString(CultureInfo.InvariantCulture));
}
