using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Xunit;

namespace MerchantStudio.Tests.Live;

/// <summary>Events at a steady rate, whether or not earlier requests have been answered; times count from when a request was due.</summary>
public sealed class LiveLoadTests
{
    /// <remarks>How quickly is not judged here, because the tests beside this one have the same processors.</remarks>
    [Fact, Trait("Row", "L1")]
    public Task Two_thousand_events_a_second_in_batches_of_fifty_are_all_kept() => RunAsync(seconds: 5, perSecond: 2_000, batch: 50, mostMilliseconds: null);

    [Fact(Explicit = true), Trait("Size", "Full"), Trait("Row", "L1")]
    public Task Two_thousand_events_a_second_are_answered_within_150_milliseconds_for_five_minutes() => RunAsync(seconds: 300, perSecond: 2_000, batch: 50, mostMilliseconds: 150);

    [Fact(Explicit = true), Trait("Size", "Full"), Trait("Row", "L1")]
    public Task Five_hundred_and_fifty_single_events_a_second_are_answered_within_a_second_and_a_half_for_two_minutes() => RunAsync(seconds: 120, perSecond: 550, batch: 1, mostMilliseconds: 1_500);

    private static async Task RunAsync(int seconds, int perSecond, int batch, double? mostMilliseconds)
    {
        await using var server = await LiveServer.StartAsync();
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) { BaseAddress = server.Address };
        var warmth = Enumerable.Range(0, 20).Select(number => SendAsync(client, server.Key, "w" + number, batch)).ToArray();
        await Task.WhenAll(warmth);

        var times = new ConcurrentBag<double>();
        var refused = new ConcurrentBag<HttpStatusCode>();
        var requests = seconds * perSecond / batch;
        var every = TimeSpan.FromSeconds((double)batch / perSecond);
        var watch = Stopwatch.StartNew();
        var sent = new List<Task>(requests);
        for (var number = 0; number < requests; number++)
        {
            var due = every * number;
            if (due > watch.Elapsed) await Task.Delay(due - watch.Elapsed, LiveWorld.Now);
            var name = number.ToString(CultureInfo.InvariantCulture);
            sent.Add(Task.Run(
                async () =>
                {
                    var status = await SendAsync(client, server.Key, name, batch);
                    times.Add((watch.Elapsed - due).TotalMilliseconds);
                    if (status != HttpStatusCode.Accepted) refused.Add(status);
                },
                LiveWorld.Now));
        }

        await Task.WhenAll(sent);
        var took = watch.Elapsed;
        Assert.Empty(refused);
        await server.KillAsync();
        await using var world = await LiveWorld.OpenAsync(folder: server.Folder);
        await world.SendAsync(new { @event = "view", user_id = "last", message_id = "last" });
        await world.MoveAsync();
        var events = ((long)requests * batch) + (20 * batch);
        Assert.Equal((events, events), (await world.ScalarAsync<long>("select count(*) from events where message_id <> 'last'"), await world.ScalarAsync<long>("select count(distinct message_id) from events where message_id <> 'last'")));

        var ordered = times.Order().ToArray();
        var p95 = ordered[(int)(ordered.Length * 0.95)];
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{requests * batch / took.TotalSeconds:0} events/s in batches of {batch} for {took.TotalSeconds:0} s: p50 {ordered[ordered.Length / 2]:0.0} ms, p95 {p95:0.0} ms, p99 {ordered[(int)(ordered.Length * 0.99)]:0.0} ms, most {ordered[^1]:0.0} ms, none lost"));
        if (mostMilliseconds is { } most) Assert.True(p95 < most, $"p95 is {p95:0} ms.");
    }

    private static async Task<HttpStatusCode> SendAsync(HttpClient client, string key, string name, int batch)
    {
        var events = string.Join(',', Enumerable.Range(0, batch).Select(i =>
            $$"""{"event":"{{(i % 10 == 0 ? "add_to_cart" : "view")}}","anonymous_id":"a{{i}}","item_id":"item-{{i % 97}}","category":"Cups","price":12.5,"currency":"EUR","message_id":"{{name}}-{{i}}","properties":{ "path":"/p/{{i}}" } }"""));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/events/batch") { Content = new StringContent($"[{events}]", Encoding.UTF8, "application/json") };
        request.Headers.Add("X-API-Key", key);
        using var answer = await client.SendAsync(request, LiveWorld.Now);
        return answer.StatusCode;
    }
}
