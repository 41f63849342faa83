using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Xunit;

namespace MerchantStudio.Tests.Live;

/// <summary>kill -9 while events come: what was acknowledged is there afterwards, once, and nothing else is.</summary>
public sealed class LiveKillTests
{
    private const int Batch = 20;

    [Fact, Trait("Row", "C3")]
    public Task No_acknowledged_event_is_lost_or_doubled_by_two_kills() => RunAsync(seconds: 8, perSecond: 500, kills: 2, seed: 3);

    [Fact(Explicit = true), Trait("Size", "Full"), Trait("Row", "C3")]
    public Task No_acknowledged_event_is_lost_or_doubled_by_ten_kills_in_a_minute() => RunAsync(seconds: 60, perSecond: 1_000, kills: 10, seed: 4);

    private static async Task RunAsync(int seconds, int perSecond, int kills, int seed)
    {
        await using var server = await LiveServer.StartAsync();
        var acknowledged = new ConcurrentDictionary<string, bool>();
        var retries = 0;
        var duration = TimeSpan.FromSeconds(seconds);
        var watch = Stopwatch.StartNew();
        var killing = Task.Run(
            async () =>
            {
                var random = new Random(seed);
                for (var kill = 0; kill < kills; kill++)
                {
                    var at = duration * ((kill + 0.2 + (0.6 * random.NextDouble())) / kills);
                    if (at > watch.Elapsed) await Task.Delay(at - watch.Elapsed, LiveWorld.Now);
                    await server.KillAsync();
                    await server.RestartAsync();
                }
            },
            LiveWorld.Now);

        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        const int Senders = 4;
        var pause = TimeSpan.FromSeconds((double)Senders * Batch / perSecond);
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(async sender =>
        {
            var next = TimeSpan.Zero;
            for (var number = 0; watch.Elapsed < duration || !killing.IsCompleted; number++)
            {
                var ids = Enumerable.Range(0, Batch).Select(i => string.Create(CultureInfo.InvariantCulture, $"{sender}-{number}-{i}")).ToArray();
                while (!await SendAsync(client, server, ids))
                {
                    Interlocked.Increment(ref retries);
                    await Task.Delay(100, LiveWorld.Now);
                }

                foreach (var id in ids) acknowledged[id] = true;
                next += pause;
                if (next > watch.Elapsed) await Task.Delay(next - watch.Elapsed, LiveWorld.Now);
            }
        }));
        await killing;
        await server.KillAsync();

        await using var world = await LiveWorld.OpenAsync(folder: server.Folder);
        await world.SendAsync(new { @event = "view", user_id = "last", message_id = "last" });
        await world.MoveAsync();
        var held = await world.RowsAsync("select message_id from events where message_id <> 'last'");
        Assert.Equal(held.Count, held.Distinct().Count());
        Assert.Empty(acknowledged.Keys.Except(held));
        Assert.Empty(held.Except(acknowledged.Keys));
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{acknowledged.Count} events, {kills + 1} kills, {retries} batches sent again"));
    }

    /// <returns>Whether the server said that it has them.</returns>
    private static async Task<bool> SendAsync(HttpClient client, LiveServer server, string[] ids)
    {
        if (server.Address is not { } address) return false;
        var body = $"[{string.Join(',', ids.Select(id => $$"""{"event":"view","anonymous_id":"a{{id.Length}}","item_id":"cup","message_id":"{{id}}"}"""))}]";
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, "/api/v1/events/batch")) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-API-Key", server.Key);
        try
        {
            using var answer = await client.SendAsync(request, LiveWorld.Now);
            return answer.StatusCode == HttpStatusCode.Accepted;
        }
        catch (Exception cut) when (cut is HttpRequestException or TaskCanceledException && !LiveWorld.Now.IsCancellationRequested)
        {
            return false;
        }
    }
}
