using System.Collections.Concurrent;
using System.IO.Compression;
using MerchantStudio.Core.Demo.Generator;
using Microsoft.Data.Sqlite;
using Xunit;

namespace MerchantStudio.Tests.Demo;

public sealed class DemoGeneratorTests
{
    private static readonly ConcurrentDictionary<int, Lazy<DemoShop>> Shops = new();

    [Fact]
    public async Task Seed_1_gives_the_rows_that_are_committed()
    {
        var committed = await DemoFiles.ReadJsonAsync<DemoHashes>(SampleData.File(DemoFiles.Hashes), TestContext.Current.CancellationToken);
        var generated = DemoFiles.HashesOf(Shop(1));
        Assert.Equal(1, committed.Seed);
        Assert.Equal(committed.Tables, generated.Tables);
    }

    [Fact]
    public async Task The_database_and_the_compressed_files_hold_the_same_rows()
    {
        Assert.True(new FileInfo(SampleData.File(DemoFiles.Database)).Length < 8_000_000);
        foreach (var table in DemoTables.Of(Shop(1)))
        {
            var expected = table.ContentHash();
            Assert.Equal(expected, (table with { Rows = await ReadDatabaseAsync(table) }).ContentHash());
            Assert.Equal(table.CsvLines(), ReadLines(table.Name));
        }
    }

    [Fact]
    public void Another_seed_gives_another_shop() => Assert.NotEqual(DemoFiles.HashesOf(Shop(1)).Tables, DemoFiles.HashesOf(Shop(2)).Tables);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_seed_gives_a_shop_that_can_be_believed(int seed)
    {
        var shop = Shop(seed);
        Assert.Equal(DemoShop.ShopperCount, shop.Shoppers.Count);
        Assert.InRange(shop.Events.Count, 80_000, 125_000);
        Assert.InRange(shop.Reviews.Count, 3_000, 5_500);
        Assert.All(ShopperKinds.All, kind => Assert.InRange(shop.Shoppers.Count(truth => truth.Shopper.Kind == kind), 300, 1_800));
        var inside = shop.Events.Where(row => row.BadTime is null);
        Assert.All(inside, row => Assert.InRange(row.Second, DemoCalendar.Second(0, 0), DemoCalendar.Second(DemoCalendar.Days, 0)));
        Assert.All(shop.Reviews, review => Assert.InRange(review.Stars, 1, 5));
        Assert.All(shop.Reviews, review => Assert.False(review.Text.Contains('{', StringComparison.Ordinal), review.Text));
        Assert.InRange(shop.Reviews.Count(review => review.Chinese) / (double)shop.Reviews.Count, 0.15, 0.35);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_true_chances_add_up_to_the_orders_that_followed(int seed)
    {
        var shop = Shop(seed);
        foreach (var (days, chance) in ((int, Func<ShopperTruth, double>)[])[(1, truth => truth.Chance1), (7, truth => truth.Chance7), (30, truth => truth.Chance30)])
        {
            var expected = shop.Shoppers.Sum(chance);
            var spread = Math.Sqrt(shop.Shoppers.Sum(truth => chance(truth) * (1 - chance(truth))));
            var followed = shop.Shoppers.Count(truth => truth.BoughtAfter <= days);
            Assert.InRange(followed, expected - 3.5 * spread, expected + 3.5 * spread);
        }
    }

    [Fact]
    public void Bad_rows_are_as_many_as_the_truth_says()
    {
        var rows = Shop(1).Events;
        Assert.Equal(9, rows.Count(row => row.BadTime is not null));
        Assert.Equal(7, rows.Count(row => row.Price < 0));
        Assert.Equal(24, rows.Count(row => row.User is null));
        Assert.Equal(14, rows.Count(row => row.Type is "page_ping" or "scroll_depth"));
        Assert.Equal(BadRows.BotViews, rows.Count(row => row.User == BadRows.Bot));
    }

    [Fact]
    public void Contact_data_cannot_be_anybodys()
    {
        var customers = DemoTables.Of(Shop(1)).Single(table => table.Name == "customers");
        Assert.All(customers.Rows, row => Assert.EndsWith("@example.test", (string)row[2]!, StringComparison.Ordinal));
        Assert.All(customers.Rows, row => Assert.StartsWith("+00 000 ", (string)row[3]!, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(-30.0)]
    [InlineData(-0.7)]
    [InlineData(0.0)]
    [InlineData(0.3)]
    [InlineData(12.0)]
    public void Steady_exponential_and_logarithm_agree_with_the_library(double x)
    {
        Assert.Equal(1.0, SteadyMath.Exp(x) / Math.Exp(x), 12);
        Assert.Equal(x, SteadyMath.Log(Math.Exp(x)), 11);
    }

    private static DemoShop Shop(int seed) => Shops.GetOrAdd(seed, key => new(() => DemoShop.Generate(key, CancellationToken.None))).Value;

    private static async Task<List<object?[]>> ReadDatabaseAsync(DemoTable table)
    {
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = SampleData.File(DemoFiles.Database), Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT * FROM {table.Name} ORDER BY rowid";
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rows = new List<object?[]>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            var row = new object?[reader.FieldCount];
            for (var i = 0; i < row.Length; i++) row[i] = reader.IsDBNull(i) ? null : reader.GetValue(i);
            rows.Add(row);
        }
        return rows;
    }

    private static IEnumerable<string> ReadLines(string table)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(SampleData.File($"{table}.csv.gz")), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line) yield return line;
    }
}
