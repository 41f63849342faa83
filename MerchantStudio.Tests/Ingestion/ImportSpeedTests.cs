using System.Diagnostics;
using System.Globalization;
using System.Text;
using MerchantStudio.Core.Ingestion;
using Xunit;

namespace MerchantStudio.Tests.Ingestion;

public sealed class ImportSpeedTests
{
    [Fact(Explicit = true)]
    [Trait("Size", "Full")]
    public async Task Two_million_events_come_in_at_half_a_million_rows_a_second()
    {
        const int Rows = 2_000_000;
        await using var world = await ImportWorld.OpenAsync();
        Directory.CreateDirectory(world.Studio.Paths.Root);
        var path = Path.Combine(world.Studio.Paths.Root, "events.csv");
        await WriteAsync(path, rows: 1_000);
        Assert.True((await world.ImportFileAsync(path, new ImportChoices())).Succeeded);   // as a studio that serves has its database open

        await WriteAsync(path, Rows);
        var watch = Stopwatch.StartNew();
        var report = (await world.ImportFileAsync(path, new ImportChoices())).Value;
        var rate = Rows / watch.Elapsed.TotalSeconds;
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed.TotalSeconds:0.00} s with hashing and recognition, {rate:0} rows/s; {Rows / report.Seconds:0} rows/s of the import itself"));
        Assert.Equal(Rows, report.Accepted);
        Assert.True(rate >= 500_000, $"{rate:0} rows a second");
    }

    private static async Task WriteAsync(string path, int rows)
    {
        var random = new Random(7);
        string[] types = ["view", "view", "view", "view", "add_to_cart", "purchase"];
        await using var file = new StreamWriter(path, append: false, new UTF8Encoding(false), 1 << 20);
        await file.WriteAsync("user_id,event_type,item_id,timestamp,category,price,quantity,device,channel\n");
        var at = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        for (var row = 0; row < rows; row++)
        {
            at = at.AddSeconds(random.Next(3));
            await file.WriteAsync(string.Create(CultureInfo.InvariantCulture,
                $"u{random.Next(200_000)},{types[random.Next(types.Length)]},item-{random.Next(50_000)},{at:yyyy-MM-ddTHH:mm:ssZ},cat{random.Next(40)},{random.Next(100, 20_000) / 100m},{random.Next(1, 4)},mobile,search\n"));
        }
    }
}
