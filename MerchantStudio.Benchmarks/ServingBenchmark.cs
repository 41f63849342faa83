using System.Diagnostics;
using System.Globalization;
using MerchantStudio.Benchmarks.Whole;
using MerchantStudio.Core.Pipeline;
using MerchantStudio.Core.Pipeline.Serving;
using MerchantStudio.Core.Shop;

namespace MerchantStudio.Benchmarks;

/// <summary>How long a shop's program waits for one shopper's score, and how long an event takes to come into it.</summary>
internal static class ServingBenchmark
{
    private const int Asks = 500_000;

    public static async Task RunAsync(int rows)
    {
        await using var studio = await BenchmarkStudio.OpenAsync("EUR", "UTC");
        var (events, more) = (new GeneratedEvents(Path.GetTempFileName() + ".csv", rows), Path.GetTempFileName() + ".csv");
        try
        {
            await events.WriteAsync();
            var measurement = new Measurement();
            await measurement.TakeAsync("import", () => studio.ImportAsync(events.Path), (report, _) => Inv($"{report.Accepted:N0} rows"));
            await measurement.TakeAsync("pipeline, 7 days", () => studio.RunPipelineAsync(new PipelineJobInput(HorizonDays: 7, OverrideReason: "benchmark")), (report, _) => report.IntentOf(7)?.Published ?? "not offered");
            var warehouse = await studio.OpenWarehouseAsync();
            var users = await warehouse.QueryAsync("select user_id from user_features order by hash(user_id)", row => new ShopperId(row.Text(0)!), [], CancellationToken.None);
            var live = studio.Get<LiveScores>();
            await measurement.TakeAsync("first question: models and features into memory", async () => await live.FindAsync(studio.Scope, users[0], CancellationToken.None), (_, _) => Inv($"{users.Length:N0} shoppers"));
            var times = new long[Asks];
            await measurement.TakeAsync("questions", async () => times = await AskAsync(live, studio, users), (_, seconds) => Inv($"{Asks / seconds:N0} a second; p50 {At(0.5):0.0} µs, p99 {At(0.99):0.0} µs, p99.9 {At(0.999):0.0} µs, longest {At(1):0} µs"));
            await File.WriteAllTextAsync(more, "user_id,timestamp,event_type,item_id\n" + string.Concat(users.Take(100).Select(user => Inv($"{user.Value},{GeneratedEvents.End:yyyy-MM-ddTHH:mm:ssZ},add_to_cart,item-1\n"))));
            await studio.ImportAsync(more);
            await measurement.TakeAsync(
                "upkeep after 100 rows, with the snapshot's refresh",
                async () =>
                {
                    await studio.RunAsync("upkeep", new object());
                    return (await live.FindAsync(studio.Scope, users[0], CancellationToken.None)).Value.IsLive;
                },
                (isLive, _) => isLive ? "scores are live" : "scores are not live");
            measurement.Print(Inv($"Serving scores of {rows:N0} events"));

            double At(double share) => times[(int)Math.Min(times.Length - 1, share * times.Length)] * 1e6 / Stopwatch.Frequency;
        }
        finally
        {
            File.Delete(events.Path);
            File.Delete(more);
        }
    }

    /// <returns>Ascending, in ticks of the stopwatch.</returns>
    private static async Task<long[]> AskAsync(LiveScores live, BenchmarkStudio studio, IReadOnlyList<ShopperId> users)
    {
        var times = new long[Asks];
        for (var i = 0; i < Asks; i++)
        {
            var started = Stopwatch.GetTimestamp();
            _ = await live.FindAsync(studio.Scope, users[i % users.Count], CancellationToken.None);
            times[i] = Stopwatch.GetTimestamp() - started;
        }

        Array.Sort(times);
        return times;
    }

    private static string Inv(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
