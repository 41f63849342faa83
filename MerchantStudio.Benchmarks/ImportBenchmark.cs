using System.Globalization;
using System.Text;

namespace MerchantStudio.Benchmarks;

/// <summary>Rows a second from a generated event file on disk to committed rows in the warehouse.</summary>
internal static class ImportBenchmark
{
    private const int Rounds = 3;

    public static async Task RunAsync(int rows)
    {
        var path = Path.Combine(Path.GetTempPath(), $"studio-benchmark-{Environment.ProcessId}.csv");
        try
        {
            await WriteAsync(path, rows);
            var measurement = new Measurement();
            for (var round = 1; round <= Rounds; round++)
            {
                await using var studio = await BenchmarkStudio.OpenAsync("EUR", "Europe/Berlin");
                await measurement.TakeAsync(
                    Inv($"round {round}: recognise, hash, import"),
                    () => studio.ImportAsync(path),
                    (report, seconds) => Inv($"{report.Accepted:N0} accepted, {rows / seconds:N0} rows/s; import alone {rows / report.Seconds:N0} rows/s"));
            }

            measurement.Print(Inv($"Import of {rows:N0} events, {new FileInfo(path).Length / 1e6:0} MB"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Nine columns, Chinese text and quoted commas among them.</summary>
    private static async Task WriteAsync(string path, int rows)
    {
        var random = new Random(7);
        string[] types = ["view", "view", "view", "view", "add_to_cart", "purchase"];
        string[] categories = ["tea", "茶具", "\"cups, pots\"", "lamps"];
        await using var file = new StreamWriter(path, append: false, new UTF8Encoding(false), 1 << 20);
        await file.WriteAsync("user_id,event_type,item_id,timestamp,category,price,quantity,device,channel\n");
        var at = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        for (var row = 0; row < rows; row++)
        {
            at = at.AddSeconds(random.Next(3));
            await file.WriteAsync(string.Create(CultureInfo.InvariantCulture,
                $"u{random.Next(200_000)},{types[random.Next(types.Length)]},item-{random.Next(50_000)},{at:yyyy-MM-ddTHH:mm:ssZ},{categories[random.Next(categories.Length)]},{random.Next(100, 20_000) / 100m},{random.Next(1, 4)},mobile,search\n"));
        }
    }

    private static string Inv(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
