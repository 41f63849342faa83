using System.Net;
using MerchantStudio.Tests.Browser;
using Xunit;

namespace MerchantStudio.Tests.Access;

/// <summary>What a request says about where it came from counts only when a proxy that the owner named says it.</summary>
[Trait("Row", "A12")]
public sealed class ForwardedHeaderTests
{
    private const int TriesAMinute = 20;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, true)]
    [InlineData("10.0.0.9", true)]
    [InlineData("127.0.0.1", false)]
    public async Task An_address_made_up_by_the_sender_does_not_escape_the_limit(string? trusted, bool isLimited)
    {
        await using var server = await StartAsync(trusted);
        using var client = new HttpClient { BaseAddress = server.Address };
        var last = HttpStatusCode.OK;
        for (var number = 0; number <= TriesAMinute; number++) last = await PostAsync(client, ("X-Forwarded-For", $"203.0.113.{number}"));
        Assert.Equal(isLimited ? HttpStatusCode.TooManyRequests : HttpStatusCode.BadRequest, last);
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Forbidden)]
    [InlineData("127.0.0.1", HttpStatusCode.BadRequest)]
    public async Task A_host_made_up_by_the_sender_does_not_make_another_site_the_own_one(string? trusted, HttpStatusCode expected)
    {
        await using var server = await StartAsync(trusted);
        using var client = new HttpClient { BaseAddress = server.Address };
        Assert.Equal(expected, await PostAsync(client, ("X-Forwarded-Host", "localhost"), ("Origin", "https://localhost")));
    }

    private static Task<StudioServer> StartAsync(string? trusted) =>
        StudioServer.StartAsync(Now, ["--Studio:Demo=false", .. trusted is null ? Array.Empty<string>() : [$"--Studio:TrustedProxies:0={trusted}"]]);

    /// <summary>A form without its token: refused as such, unless something else is at fault before.</summary>
    private static async Task<HttpStatusCode> PostAsync(HttpClient client, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sign-in") { Content = new FormUrlEncodedContent([new("_handler", "sign-in")]) };
        foreach (var (name, value) in headers.Append(("X-Forwarded-Proto", "https"))) request.Headers.Add(name, value);
        using var answer = await client.SendAsync(request, Now);
        return answer.StatusCode;
    }
}
