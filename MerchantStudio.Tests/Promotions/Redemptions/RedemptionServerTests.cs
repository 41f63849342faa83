using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Promotions.Redemptions;
using MerchantStudio.Tests.Live;
using MerchantStudio.Tests.Worlds;
using Microsoft.EntityFrameworkCore;
using Xunit;
using static MerchantStudio.Tests.Promotions.Redemptions.LedgerWorld;

namespace MerchantStudio.Tests.Promotions.Redemptions;

/// <summary>The real program, redeemed from by many at once, killed, and held against what its callers were told.</summary>
public sealed class RedemptionServerTests
{
    private const int Connections = 64;
    private const long DiscountMinor = 500;

    [Theory, Trait("Row", "R1")]
    [InlineData(AppStateOn.Sqlite)]
    [InlineData(AppStateOn.Postgres)]
    public Task Of_six_hundred_requests_at_once_exactly_fifty_redeem_a_coupon_of_fifty_uses(AppStateOn on) => OverRedeemAsync(on, requests: 600, uses: 50, runs: 1);

    [Theory(Explicit = true), Trait("Size", "Full"), Trait("Row", "R1")]
    [InlineData(AppStateOn.Sqlite)]
    [InlineData(AppStateOn.Postgres)]
    public Task Of_ten_thousand_requests_at_once_exactly_five_hundred_redeem_a_coupon_of_five_hundred_uses_twenty_times(AppStateOn on) => OverRedeemAsync(on, requests: 10_000, uses: 500, runs: 20);

    [Fact, Trait("Row", "R2")]
    public Task Two_kills_lose_no_redemption_and_double_none() => KillAsync(AppStateOn.Sqlite, uses: 60, requests: 240, kills: 2, seed: 5);

    [Theory(Explicit = true), Trait("Size", "Full"), Trait("Row", "R2")]
    [InlineData(AppStateOn.Sqlite)]
    [InlineData(AppStateOn.Postgres)]
    public Task Fifty_kills_lose_no_redemption_and_double_none(AppStateOn on) => KillAsync(on, uses: 500, requests: 10_000, kills: 50, seed: 6);

    /// <summary>Two programs on one database: neither knows what the other gave out but from the database.</summary>
    [Fact, Trait("Row", "R9")]
    public async Task Two_programs_on_one_database_give_out_no_more_than_there_is()
    {
        const int Uses = 50;
        await using var server = await StartAsync(AppStateOn.Postgres, Uses);
        await using var beside = await server.BesideAsync();
        using var http = NewClient();
        var client = new CouponClient(http, server.Key);
        await ParallelAsync(400, number => client.RedeemAsync((number % 2 == 0 ? server : beside).Address, "SPRING", CouponClient.Numbered("k", number / 2), CouponClient.Numbered("o", number / 2)));
        Assert.Equal(Uses, client.Redeemed().Count);
        await server.KillAsync();
        await CheckAsync(server, client, Uses);
    }

    [Fact(Explicit = true), Trait("Size", "Full"), Trait("Row", "L3")]
    public async Task Two_hundred_redemptions_a_second_are_answered_within_two_hundred_milliseconds()
    {
        const int PerSecond = 200;
        const int Seconds = 60;
        await using var server = await StartAsync(AppStateOn.Sqlite, uses: null);
        using var http = NewClient();
        var client = new CouponClient(http, server.Key);
        for (var warm = 0; warm < 100; warm++) await client.RedeemAsync(server.Address, "SPRING", $"warm{warm}", $"warm{warm}");
        var watch = Stopwatch.StartNew();
        var times = new double[PerSecond * Seconds];
        await Task.WhenAll(Enumerable.Range(0, times.Length).Select(async number =>
        {
            await Task.Delay(TimeSpan.FromSeconds((double)number / PerSecond), Now);
            var started = Stopwatch.GetTimestamp();
            var attempt = await client.RedeemAsync(server.Address, "SPRING", $"k{number}", $"o{number}");
            times[number] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            Assert.Equal(HttpStatusCode.OK, attempt.Status);
        }));
        Array.Sort(times);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{times.Length / watch.Elapsed.TotalSeconds:0} redemptions/s, p50 {times[times.Length / 2]:0.0} ms, p99 {times[times.Length * 99 / 100]:0.0} ms, max {times[^1]:0.0} ms"));
        Assert.True(times[times.Length * 99 / 100] < 200, $"p99 {times[times.Length * 99 / 100]} ms");
        await server.KillAsync();
        await CheckAsync(server, client, times.Length + 100);
    }

    /// <summary>Thirty-two callers who redeem and take back without a pause: none is told of a database that is busy.</summary>
    [Fact(Explicit = true), Trait("Size", "Full"), Trait("Row", "R7")]
    public async Task Thirty_two_writers_for_a_minute_are_all_answered_within_half_a_second()
    {
        const int Writers = 32;
        await using var server = await StartAsync(AppStateOn.Sqlite, uses: null);
        using var http = NewClient();
        var client = new CouponClient(http, server.Key);
        for (var warm = 0; warm < 100; warm++) await client.RedeemAsync(server.Address, "SPRING", $"warm{warm}", $"warm{warm}");
        client.History.Clear();
        var times = new ConcurrentQueue<double>();
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(async writer =>
        {
            for (var step = 0; watch.Elapsed < TimeSpan.FromMinutes(1); step++)
            {
                var started = Stopwatch.GetTimestamp();
                var attempt = await client.RedeemAsync(server.Address, "SPRING", $"k{writer}-{step}", $"o{writer}-{step}");
                times.Enqueue(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                Assert.Equal(HttpStatusCode.OK, attempt.Status);
                if (step % 4 != 3) continue;
                started = Stopwatch.GetTimestamp();
                Assert.Equal(HttpStatusCode.OK, await client.RollBackAsync(server.Address!, CouponClient.IdOf(attempt.Body)));
                times.Enqueue(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }
        }));
        double[] sorted = [.. times.Order()];
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{sorted.Length} writes in {watch.Elapsed.TotalSeconds:0} s, p50 {sorted[sorted.Length / 2]:0.0} ms, p99 {sorted[sorted.Length * 99 / 100]:0.0} ms, max {sorted[^1]:0.0} ms"));
        Assert.True(sorted[sorted.Length * 99 / 100] < 500, $"p99 {sorted[sorted.Length * 99 / 100]} ms");
    }

    private static async Task OverRedeemAsync(AppStateOn on, int requests, int uses, int runs)
    {
        for (var run = 0; run < runs; run++)
        {
            await using var server = await StartAsync(on, uses);
            using var http = NewClient();
            var client = new CouponClient(http, server.Key);
            var watch = Stopwatch.StartNew();
            await ParallelAsync(requests, number => client.RedeemAsync(server.Address, "SPRING", CouponClient.Numbered("k", number), CouponClient.Numbered("o", number)));
            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"run {run + 1}: {requests} requests in {watch.Elapsed.TotalSeconds:0.0} s"));
            Assert.Equal(uses, client.History.Count(attempt => attempt.Status == HttpStatusCode.OK));
            var refused = client.History.Where(attempt => attempt.Status == HttpStatusCode.Conflict).ToList();
            Assert.Equal(requests - uses, refused.Count);
            Assert.Equal("rule_limit_reached", Assert.Single(refused.Select(attempt => CouponClient.ReasonOf(attempt.Body)).Distinct()));
            await server.KillAsync();
            await CheckAsync(server, client, uses);
        }
    }

    private static async Task KillAsync(AppStateOn on, int uses, int requests, int kills, int seed)
    {
        await using var server = await StartAsync(on, uses);
        using var http = NewClient();
        var client = new CouponClient(http, server.Key);
        var killing = Task.Run(async () =>
        {
            var random = new Random(seed);
            for (var kill = 0; kill < kills; kill++)
            {
                await Task.Delay(random.Next(50, 2_000), Now);
                await server.KillAsync();
                await server.RestartAsync();
            }
        }, Now);
        await ParallelAsync(requests, async number =>
        {
            // Asked until there is an answer, under the same key, as a shop's server does; and spread over all the kills.
            while (killing.Status != TaskStatus.RanToCompletion && number > requests / 2 && client.History.Count(attempt => attempt.Status is not null) > requests / 2) await Task.Delay(50, Now);
            while ((await client.RedeemAsync(server.Address, "SPRING", CouponClient.Numbered("k", number), CouponClient.Numbered("o", number))).Status is not (HttpStatusCode.OK or HttpStatusCode.Conflict)) await Task.Delay(30, Now);
        });
        await killing;

        // Every key once more: whoever was told yes is told the same again.
        await ParallelAsync(requests, number => client.RedeemAsync(server.Address, "SPRING", CouponClient.Numbered("k", number), CouponClient.Numbered("o", number)));
        await server.KillAsync();
        Assert.Equal(uses, client.Redeemed().Count);
        await CheckAsync(server, client, uses);
        TestContext.Current.TestOutputHelper?.WriteLine($"{client.History.Count} attempts, {client.History.Count(attempt => attempt.Status is null)} without an answer, {kills + 1} kills");
    }

    /// <summary>What callers were told and what stands in the ledger are the same, and the counters are its sums.</summary>
    private static async Task CheckAsync(LiveServer server, CouponClient client, int uses)
    {
        await using var studio = await TemporaryStudio.OpenAsync(folder: server.Folder, database: server.Database);
        await using var database = await studio.DbAsync();
        var rows = await database.Redemptions.AsNoTracking().ToListAsync(Now);
        var redeemed = client.Redeemed();
        Assert.Equal(uses, rows.Count);
        Assert.Equal(rows.Select(row => (row.IdempotencyKey, row.Id)).OrderBy(row => row.IdempotencyKey, StringComparer.Ordinal), redeemed.Select(told => (told.Key, CouponClient.IdOf(told.Value))).OrderBy(told => told.Key, StringComparer.Ordinal));
        Assert.Distinct(rows.Select(row => row.OrderId));
        Assert.All(rows, row => Assert.Equal(DiscountMinor, row.DiscountMinor));
        var counter = await database.RedemptionCounters.SingleAsync(counter => counter.Scope == CounterScope.Rule, Now);
        Assert.Equal((uses, uses * DiscountMinor), (counter.Uses, counter.SpentMinor));
        var places = rows.SelectMany(row => RedemptionLedger.CountersOf(row)).GroupBy(place => place).ToDictionary(group => group.Key, group => group.Count());
        Assert.All(await database.RedemptionCounters.ToListAsync(Now), found => Assert.Equal(places.GetValueOrDefault(new CounterPlace(found.Scope, found.Key)), found.Uses));
    }

    private static Task<LiveServer> StartAsync(AppStateOn on, int? uses) => LiveServer.StartAsync(ApiKeyKind.RedeemCoupons, (studio, scope) => TestRules.AddAsync(studio, scope, "SPRING", rule =>
    {
        rule.UsesPerCustomer = 1_000_000;
        rule.TotalUses = uses;
        rule.BudgetMinor = uses * DiscountMinor;
    }), on);

    private static HttpClient NewClient() => new(new SocketsHttpHandler { MaxConnectionsPerServer = Connections }) { Timeout = TimeSpan.FromSeconds(60) };

    private static Task ParallelAsync(int count, Func<int, Task> work) =>
        Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = Connections, CancellationToken = Now }, async (number, _) => await work(number));
}
