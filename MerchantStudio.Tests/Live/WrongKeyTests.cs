using System.Net;
using System.Net.Http.Headers;
using System.Text;
using MerchantStudio.Endpoints;
using Xunit;

namespace MerchantStudio.Tests.Live;

/// <summary>Whoever guesses keys is told to wait; whoever has one is served, from wherever she sends.</summary>
public sealed class WrongKeyTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact, Trait("Row", "A12")]
    public async Task After_20_wrong_keys_in_a_minute_the_answer_is_429_and_a_right_key_is_taken_all_the_same()
    {
        await using var server = await LiveServer.StartAsync();
        using var client = new HttpClient { BaseAddress = server.Address };
        for (var sent = 0; sent < WrongKeys.MostAMinute; sent++)
        {
            using var refused = await SendAsync(client, $"msw_{sent:00}AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }

        foreach (var wrong in new[] { "msw_20AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "short", null })
        {
            using var held = await SendAsync(client, wrong);
            Assert.Equal(HttpStatusCode.TooManyRequests, held.StatusCode);
            Assert.InRange(held.Headers.RetryAfter?.Delta?.TotalSeconds ?? 0, 1, 60);
            Assert.Contains("live.too-many-wrong-keys", await held.Content.ReadAsStringAsync(Now), StringComparison.Ordinal);
        }

        using var inAddress = await client.PostAsync(new Uri($"/api/v1/events?key={server.Key}", UriKind.Relative), null, Now);
        Assert.Equal(HttpStatusCode.TooManyRequests, inAddress.StatusCode);
        using var right = await SendAsync(client, server.Key);
        Assert.Equal(HttpStatusCode.Accepted, right.StatusCode);
    }

    [Fact, Trait("Row", "A12")]
    public void Each_address_has_its_own_minute_and_one_network_of_the_newer_addresses_is_one()
    {
        var clock = new Clock();
        var wrong = new WrongKeys(clock);
        var (one, other) = (IPAddress.Parse("192.0.2.1"), IPAddress.Parse("192.0.2.2"));
        Fill(one);
        clock.Seconds += 20;
        Assert.Equal(40, wrong.Note(one));
        Assert.Equal(40, wrong.Note(IPAddress.Parse("::ffff:192.0.2.1")));
        Assert.Null(wrong.Note(other));
        clock.Seconds += 40;
        Fill(one);
        Assert.Equal(60, wrong.Note(one));

        Fill(IPAddress.Parse("2001:db8:1:2::1"));
        Assert.NotNull(wrong.Note(IPAddress.Parse("2001:db8:1:2:ffff::9")));
        Assert.Null(wrong.Note(IPAddress.Parse("2001:db8:1:3::1")));
        for (var sent = 0; sent < 50; sent++) Assert.Null(wrong.Note(null));

        void Fill(IPAddress address)
        {
            for (var sent = 0; sent < WrongKeys.MostAMinute; sent++) Assert.Null(wrong.Note(address));
        }
    }

    [Fact]
    public void Ever_new_addresses_take_no_more_than_a_fixed_room_and_old_ones_are_let_go()
    {
        var clock = new Clock();
        var wrong = new WrongKeys(clock);
        for (var sender = 0; sender < 70_000; sender++) wrong.Note(new IPAddress(BitConverter.GetBytes(sender)));
        Assert.InRange(wrong.Addresses, 1, 20_000);
        clock.Seconds += 61;
        for (var sender = 0; sender < 30_000; sender++) wrong.Note(new IPAddress(BitConverter.GetBytes(sender)));
        Assert.InRange(wrong.Addresses, 1, 20_000);
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/events") { Content = new StringContent("""{"event":"view","user_id":"u"}""", Encoding.UTF8, new MediaTypeHeaderValue("application/json")) };
        if (key is not null) request.Headers.Add("X-API-Key", key);
        return await client.SendAsync(request, Now);
    }

    private sealed class Clock : TimeProvider
    {
        public double Seconds { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => (long)(Seconds * TimeSpan.TicksPerSecond);
    }
}
