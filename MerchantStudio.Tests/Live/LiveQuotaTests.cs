using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Live;
using MerchantStudio.Core.Shop;
using Microsoft.Extensions.Options;
using Xunit;

namespace MerchantStudio.Tests.Live;

/// <summary>A key that sends more than its share is told when to come back, and costs the others next to nothing.</summary>
public sealed class LiveQuotaTests
{
    private static readonly KeyHolder Tea = new(new WorkspaceId("tea"), ApiKeyKind.WriteEvents, "msw_aaaaaa");
    private static readonly KeyHolder Coffee = new(new WorkspaceId("coffee"), ApiKeyKind.WriteEvents, "msw_aaaaaa");

    [Fact, Trait("Row", "A12")]
    public void What_is_overdrawn_grows_back_and_each_key_has_its_own_share()
    {
        var clock = new Clock();
        var quota = new LiveQuota(Options.Create(new LiveOptions { EventsPerSecond = 10 }), clock);
        Assert.Null(quota.Refusal(Tea));
        quota.Charge(Tea, 45, 100);
        Assert.Equal("live.over-quota: 10, 3", Told(quota.Refusal(Tea)));
        Assert.Null(quota.Refusal(Coffee));
        clock.Seconds += 2;
        Assert.Equal("live.over-quota: 10, 1", Told(quota.Refusal(Tea)));
        clock.Seconds += 0.6;
        Assert.Null(quota.Refusal(Tea));
        clock.Seconds += 1_000;
        quota.Charge(Tea, 0, 0);
        quota.Charge(Tea, 1, 18 * 1_024);
        Assert.Null(quota.Refusal(Tea));
        quota.Charge(Tea, 1, 10);
        Assert.NotNull(quota.Refusal(Tea));
    }

    /// <remarks>How long the quiet shop waits says nothing here, because the tests beside this one have the same processors.</remarks>
    [Fact, Trait("Row", "A12")]
    public Task A_noisy_key_at_20_times_its_share_is_held_back_and_a_quiet_one_is_served() => RunAsync(perSecond: 20, seconds: 4, mostRise: null);

    [Fact(Explicit = true), Trait("Size", "Full"), Trait("Row", "A12")]
    public Task A_noisy_key_at_20_times_its_share_slows_a_quiet_one_by_less_than_a_fifth() => RunAsync(perSecond: 20, seconds: 60, mostRise: 0.2);

    private static async Task RunAsync(int perSecond, int seconds, double? mostRise)
    {
        await using var server = await LiveServer.StartAsync($"--Studio:Live:EventsPerSecond={perSecond}");
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 32 }) { BaseAddress = server.Address };
        await QuietAsync(client, server.OtherKey, perSecond / 2, seconds: 2);
        var alone = await QuietAsync(client, server.OtherKey, perSecond / 2, seconds);
        var noise = PaceAsync(client, server.Key, perSecond * 20, seconds);
        var beside = await QuietAsync(client, server.OtherKey, perSecond / 2, seconds);
        var noisy = await noise;

        Assert.All(alone.Concat(beside), answer => Assert.Equal(HttpStatusCode.Accepted, answer.Status));
        var taken = noisy.Count(answer => answer.Status == HttpStatusCode.Accepted);
        var refused = noisy.Where(answer => answer.Status == HttpStatusCode.TooManyRequests).ToList();
        Assert.Equal(noisy.Count, taken + refused.Count);
        var took = noisy.Max(answer => answer.EndedAt).TotalSeconds;
        Assert.InRange(taken, perSecond * 2, (perSecond * (took + 2)) + 32);
        Assert.All(refused, answer => Assert.InRange(answer.RetryAfter ?? 0, 1, 10));

        var (before, with) = (P95(alone), P95(beside));
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"noisy: {noisy.Count / took:0} requests/s, {taken} taken, {refused.Count} answered 429; quiet p95 {before:0.00} ms alone, {with:0.00} ms beside it ({(with / before) - 1:+0 %;-0 %})"));
        if (mostRise is { } rise) Assert.True(with < before * (1 + rise), $"The quiet key's p95 rose from {before:0.00} to {with:0.00} ms.");
    }

    private static Task<IReadOnlyCollection<Sent>> QuietAsync(HttpClient client, string key, int perSecond, int seconds) => PaceAsync(client, key, perSecond, seconds);

    /// <summary>Requests at a steady rate, whether or not earlier ones have been answered.</summary>
    private static async Task<IReadOnlyCollection<Sent>> PaceAsync(HttpClient client, string key, int perSecond, int seconds)
    {
        var answers = new ConcurrentBag<Sent>();
        var watch = Stopwatch.StartNew();
        var sent = new List<Task>();
        for (var number = 0; number < perSecond * seconds; number++)
        {
            var due = TimeSpan.FromSeconds((double)number / perSecond);
            if (due > watch.Elapsed) await Task.Delay(due - watch.Elapsed, LiveWorld.Now);
            sent.Add(Task.Run(async () => answers.Add(await SendAsync(client, key, watch)), LiveWorld.Now));
        }

        await Task.WhenAll(sent);
        return answers;
    }

    private static async Task<Sent> SendAsync(HttpClient client, string key, Stopwatch watch)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/events") { Content = new StringContent("""{"event":"view","user_id":"u","item_id":"cup"}""", Encoding.UTF8, "application/json") };
        request.Headers.Add("X-API-Key", key);
        var begun = watch.Elapsed;
        using var answer = await client.SendAsync(request, LiveWorld.Now);
        return new Sent(answer.StatusCode, watch.Elapsed - begun, watch.Elapsed, (int?)answer.Headers.RetryAfter?.Delta?.TotalSeconds);
    }

    private static double P95(IReadOnlyCollection<Sent> answers) => answers.Select(answer => answer.Took.TotalMilliseconds).Order().ElementAt((int)(answers.Count * 0.95));

    private static string Told(Core.Outcomes.Problem? problem) => problem is LiveOverQuota over ? string.Create(CultureInfo.InvariantCulture, $"{over.Code}: {over.EventsPerSecond}, {over.RetrySeconds}") : "none";

    private sealed record Sent(HttpStatusCode Status, TimeSpan Took, TimeSpan EndedAt, int? RetryAfter);

    private sealed class Clock : TimeProvider
    {
        public double Seconds { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => (long)(Seconds * TimeSpan.TicksPerSecond);
    }
}
