using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Webhooks;
using Microsoft.Extensions.Options;
using Xunit;

namespace MerchantStudio.Tests.Campaigns;

/// <summary>No webhook reaches the machine's own network: a listener there must see nobody.</summary>
public sealed class WebhookTargetTests
{
    /// <summary>{0} is the port of a listener on the loopback addresses.</summary>
    public static TheoryData<string> Addresses =>
    [
        "", "shop.example/hook", "https://", "https:///x", "http://shop.example/", "http://shop.example:443/", "http://shop.example:8443/", "ftp://shop.example/", "file:///etc/passwd", "gopher://127.0.0.1:{0}/_x", "dict://127.0.0.1:{0}/", "ldap://127.0.0.1:{0}/",
        "javascript:alert(1)", "data:text/plain,x", "https://localhost/", "https://localhost:{0}/", "https://LOCALHOST/", "https://localhost./", "https://a.localhost/", "https://shop.example./",
        "https://127.0.0.1/", "https://127.0.0.1:{0}/", "https://127.1:{0}/", "https://127.0.1:{0}/", "https://0:{0}/", "https://0.0.0.0:{0}/", "https://2130706433:{0}/", "https://017700000001:{0}/", "https://0x7f000001:{0}/",
        "https://0x7f.0.0.1:{0}/", "https://0177.0.0.1:{0}/", "https://0177.0x0.0.01:{0}/", "https://127.0.0.1.:{0}/", "https://[::1]:{0}/", "https://[::]:{0}/", "https://[::ffff:127.0.0.1]:{0}/", "https://[::ffff:7f00:1]:{0}/",
        "https://[0:0:0:0:0:0:0:1]:{0}/", "https://[64:ff9b::7f00:1]:{0}/", "https://[fe80::1%25lo]:{0}/", "https://[fd00::1]/", "https://[2002:7f00:1::]/", "https://169.254.169.254/latest/meta-data", "https://2852039166/", "https://100.64.0.1/",
        "https://10.0.0.1/", "https://192.168.1.1/", "https://8.8.8.8/", "https://user@shop.example/", "https://user:pass@shop.example/", "https://shop.example@127.0.0.1:{0}/", "https://@shop.example/", "https://shop.example\\@127.0.0.1:{0}/",
        "https://127.0.0.1:{0}\\.shop.example/", "https://shop.example:22/", "https://shop.example:25/", "https://shop.example:80/", "https://shop.example:6379/", "https://shop.example:0/", "https://shop.example:{0}/", "https://intranet/", "https://printer.local/",
        "https://metadata.google.internal/", "https://router.lan/", "https://x.home.arpa/", "https://１２７.０.０.１:{0}/", "https://127。0。0。1:{0}/", "https://ⓛocalhost:{0}/", "https://shop.example/ x", "https://shop.example/\r\nHost: x", "https://shop\u00AD.example/", "https://shop.example/#x",
        "https://1.2.3.4.5/", "https://shop.0x7f/", "https://-a.example/", "https://a..example/", "https://*.example/", "http://127.0.0.1:{0}/",
    ];

    /// <summary>Where a harmless name may lead.</summary>
    public static TheoryData<string> Inner =>
    [
        "127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.1.2.3", "100.64.0.1", "100.127.255.255", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.168.0.1", "192.0.0.1", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.19.255.255",
        "198.51.100.1", "203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "::1", "::", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::10.0.0.1", "64:ff9b::169.254.169.254", "64:ff9b:1::1",
        "fe80::1", "fec0::1", "fc00::1", "fd00::1", "ff02::1", "2002:7f00:1::1", "2001::1", "2001:db8::1", "3fff::1", "100::1", "5f00::1", "2606:4700::5efe:7f00:1",
    ];

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory, Trait("Row", "A10")]
    [MemberData(nameof(Addresses))]
    public async Task An_address_that_is_not_plainly_public_is_refused_and_never_connected_to(string pattern)
    {
        using var inner = new Listener();
        var text = pattern.Replace("{0}", inner.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        Assert.False(WebhookTarget.Check(text, new MessagingOptions()).Succeeded);

        // Even if it had been let through: whatever name it has leads to the listener.
        using var caller = NewCaller(new MessagingOptions(), IPAddress.Loopback);
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https") Assert.False((await caller.PostAsync(address, "s", Guid.Empty, [], Now)).IsSent);
        Assert.Equal(0, inner.Connects);
    }

    [Theory, Trait("Row", "A10")]
    [MemberData(nameof(Inner))]
    public async Task A_name_that_leads_to_an_inner_address_is_not_connected_to(string address)
    {
        using var inner = new Listener();
        foreach (var answer in (IPAddress[][])[[IPAddress.Parse(address)], [IPAddress.Parse("93.184.215.14"), IPAddress.Parse(address)]])
        {
            var connector = NewConnector(new MessagingOptions(), answer);
            await Assert.ThrowsAsync<TargetForbiddenException>(() => connector.ConnectAsync("harmless.example", inner.Port, Now));
        }

        Assert.Equal(0, inner.Connects);
    }

    [Theory]
    [InlineData("93.184.215.14")]
    [InlineData("100.128.0.1")]
    [InlineData("172.32.0.1")]
    [InlineData("192.0.1.1")]
    [InlineData("2606:4700::1111")]
    [InlineData("::ffff:93.184.215.14")]
    [InlineData("64:ff9b::5db8:d70e")]
    public void Public_addresses_are_told_from_inner_ones(string address) => Assert.True(PublicAddresses.Contain(IPAddress.Parse(address)));

    [Fact, Trait("Row", "A10")]
    public async Task A_name_that_changes_between_two_look_ups_gains_nothing()
    {
        using var inner = new Listener();
        var asked = 0;
        // Public (of a range that nobody has) when it is looked at, inner when it is looked up again.
        var connector = new GuardedConnector(Options.Create(new MessagingOptions()))
        {
            Resolve = (_, _) => Task.FromResult<IPAddress[]>([Interlocked.Increment(ref asked) == 1 ? IPAddress.Parse("2d00::1") : IPAddress.Loopback]),
        };
        using var caller = new WebhookCaller(connector, Options.Create(new MessagingOptions { WebhookSeconds = 1 }), TimeProvider.System);
        var results = new List<DeliveryReason>();
        for (var turn = 0; turn < 3; turn++) results.Add((await caller.PostAsync(new Uri($"https://rebind.example:{inner.Port}/"), "s", Guid.Empty, [], Now)).Final);
        Assert.Equal([DeliveryReason.None, DeliveryReason.TargetForbidden, DeliveryReason.TargetForbidden], results);
        Assert.Equal((3, 0), (asked, inner.Connects));
    }

    [Theory, Trait("Row", "A10")]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_is_not_followed(int status)
    {
        using var inner = new Listener();
        using var outer = new Listener($"HTTP/1.1 {status} Moved\r\nLocation: http://127.0.0.1:{inner.Port}/\r\nContent-Length: 0\r\n\r\n");
        using var caller = NewCaller(new MessagingOptions { LocalTargets = [$"127.0.0.1:{outer.Port}", $"127.0.0.1:{inner.Port}"] });
        var result = await caller.PostAsync(new Uri($"http://127.0.0.1:{outer.Port}/"), "s", Guid.Empty, "{}"u8.ToArray(), Now);
        Assert.Equal((status, "redirect", DeliveryReason.None), (result.Status, result.Fault, result.Final));
        Assert.Equal((1, 0), (outer.Connects, inner.Connects));
    }

    [Fact]
    public async Task A_local_address_takes_messages_only_where_the_installation_names_it_with_its_port()
    {
        using var receiver = new Listener("HTTP/1.1 204 No Content\r\n\r\n");
        var named = new MessagingOptions { LocalTargets = [$"127.0.0.1:{receiver.Port}"] };
        var target = WebhookTarget.Check($"http://127.0.0.1:{receiver.Port}/hook", named).Value;
        using var caller = NewCaller(named);
        Assert.True((await caller.PostAsync(target.Address, "s", Guid.Empty, "{}"u8.ToArray(), Now)).IsSent);
        Assert.Equal(1, receiver.Connects);
        Assert.False(WebhookTarget.Check($"http://127.0.0.1:{receiver.Port + 1}/", named).Succeeded);
        Assert.False(WebhookTarget.Check($"http://localhost:{receiver.Port}/", named).Succeeded);
    }

    [Theory]
    [InlineData("https://shop.example/hooks?x=1")]
    [InlineData("https://shop.example:8443/")]
    [InlineData(" https://hooks.shop-7.co.uk/a/b ")]
    [InlineData("https://茶.example/钩子")]
    [InlineData("https://xn--zcr.example/")]
    public void A_named_host_on_https_is_taken(string text) => Assert.True(WebhookTarget.Check(text, new MessagingOptions()).Succeeded);

    [Fact, Trait("Row", "A11")]
    public void A_signature_holds_for_five_minutes_and_for_this_body_alone()
    {
        var at = DateTimeOffset.FromUnixTimeSeconds(1_790_000_000);
        var signature = WebhookSignature.Sign("mswh_secret", 1_790_000_000, "{\"a\":1}"u8);
        Assert.Equal("v1=", signature[..3]);
        Assert.True(Verify(at.AddMinutes(5)));
        Assert.True(Verify(at.AddMinutes(-5)));
        Assert.False(Verify(at.AddMinutes(5).AddSeconds(1)));
        Assert.False(WebhookSignature.Verify("mswh_other", "1790000000", signature, "{\"a\":1}"u8, at));
        Assert.False(WebhookSignature.Verify("mswh_secret", "1790000001", signature, "{\"a\":1}"u8, at));
        Assert.False(WebhookSignature.Verify("mswh_secret", "1790000000", signature, "{\"a\":2}"u8, at));
        Assert.False(WebhookSignature.Verify("mswh_secret", null, null, [], at));

        bool Verify(DateTimeOffset now) => WebhookSignature.Verify("mswh_secret", "1790000000", signature, "{\"a\":1}"u8, now);
    }

    private static GuardedConnector NewConnector(MessagingOptions options, params IPAddress[] answer) => new(Options.Create(options)) { Resolve = (_, _) => Task.FromResult(answer) };

    private static WebhookCaller NewCaller(MessagingOptions options, params IPAddress[] answer)
    {
        options.WebhookSeconds = 2;
        return new WebhookCaller(NewConnector(options, answer), Options.Create(options), TimeProvider.System);
    }

    /// <summary>Counts who connects, on every loopback address, and answers each with the same bytes.</summary>
    private sealed class Listener : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.IPv6Any, 0);
        private readonly byte[] _answer;
        private int _connects;

        public Listener(string answer = "")
        {
            _answer = Encoding.ASCII.GetBytes(answer);
            _listener.Server.DualMode = true;
            _listener.Start();
            _ = ListenAsync();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public int Connects => Volatile.Read(ref _connects);

        public void Dispose() => _listener.Dispose();

        private async Task ListenAsync()
        {
            try
            {
                while (true)
                {
                    using var client = await _listener.AcceptSocketAsync();
                    Interlocked.Increment(ref _connects);
                    await client.ReceiveAsync(new byte[4096]);
                    await client.SendAsync(_answer);
                    client.Shutdown(SocketShutdown.Send);
                }
            }
            catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        }
    }
}
