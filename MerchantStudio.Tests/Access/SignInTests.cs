using System.Net;
using MerchantStudio.Access;
using MerchantStudio.Core.AppState;
using Xunit;

namespace MerchantStudio.Tests.Access;

/// <summary>What a browser is told, given and refused.</summary>
public sealed class SignInTests(WebStudio web) : IClassFixture<WebStudio>
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory, Trait("Row", "A8")]
    [InlineData("/sign-in")]
    [InlineData("/health/live")]
    [InlineData("/w/tea")]
    [InlineData("/no/such/page")]
    [InlineData("/favicon.svg")]
    public async Task Every_answer_forbids_framing_foreign_scripts_and_guessing_of_types(string path)
    {
        using var client = web.NewClient();
        using var answer = await client.GetAsync(path, Now);
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("same-origin", answer.Headers.GetValues("Referrer-Policy").Single());
        Assert.Empty(answer.Headers.Server);
    }

    [Fact]
    public async Task The_cookie_is_strict_unreadable_for_scripts_and_ends_with_the_browser()
    {
        using var client = web.NewClient();
        using var answer = await WebStudio.PostAsync(client, "/sign-in", "sign-in", ("Entry.Email", WebStudio.EmailOf(Role.Viewer)), ("Entry.Password", WebStudio.Password));
        var cookie = answer.Headers.GetValues("Set-Cookie").Single(value => value.StartsWith("studio=", StringComparison.Ordinal)).ToLowerInvariant();
        Assert.Contains("samesite=strict", cookie, StringComparison.Ordinal);
        Assert.Contains("httponly", cookie, StringComparison.Ordinal);
        Assert.DoesNotContain("expires", cookie, StringComparison.Ordinal);
        Assert.True((await client.GetAsync("/w/tea", Now)).Headers.CacheControl!.NoStore);
    }

    [Fact, Trait("Row", "A6")]
    public async Task Signing_out_kills_the_cookie_itself()
    {
        using var client = web.NewClient();
        using var answer = await WebStudio.PostAsync(client, "/sign-in", "sign-in", ("Entry.Email", WebStudio.EmailOf(Role.Support)), ("Entry.Password", WebStudio.Password));
        var stolen = answer.Headers.GetValues("Set-Cookie").Single(value => value.StartsWith("studio=", StringComparison.Ordinal)).Split(';')[0];
        Assert.Equal(HttpStatusCode.OK, await WithCookieAsync(stolen));

        using var page = await client.GetAsync("/no-shop", Now);
        using var left = await SignOutAsync(client);
        Assert.Equal(HttpStatusCode.Redirect, left.StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, await WithCookieAsync(stolen));
    }

    [Fact, Trait("Row", "A7")]
    public async Task A_form_without_its_token_or_from_another_site_is_refused()
    {
        using var client = await web.SignInAsync(Role.Viewer);
        foreach (var path in (string[])["/sign-out", "/start/demo", "/account/password", "/sign-in"])
        {
            using var bare = await client.PostAsync(path, new FormUrlEncodedContent([new("_handler", "sign-in")]), Now);
            Assert.Equal(HttpStatusCode.BadRequest, bare.StatusCode);
        }

        foreach (var (header, value) in ((string, string)[])[("Origin", "https://evil.test"), ("Sec-Fetch-Site", "cross-site"), ("Origin", "null")])
        {
            using var foreign = new HttpRequestMessage(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1");
            foreign.Headers.Add(header, value);
            using var answer = await client.SendAsync(foreign, Now);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Only_signed_in_people_get_a_live_connection()
    {
        using var nobody = web.NewClient();
        using var refused = await nobody.PostAsync("/_blazor/negotiate?negotiateVersion=1", null, Now);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        using var somebody = await web.SignInAsync(Role.Viewer);
        using var given = await somebody.PostAsync("/_blazor/negotiate?negotiateVersion=1", null, Now);
        Assert.Equal(HttpStatusCode.OK, given.StatusCode);
    }

    [Theory, Trait("Row", "A19")]
    [InlineData("/w/tea/segments", true)]
    [InlineData("/", true)]
    [InlineData("//evil.test", false)]
    [InlineData("/\\evil.test", false)]
    [InlineData("https://evil.test", false)]
    [InlineData("javascript:alert(1)", false)]
    [InlineData("/\t/evil.test", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Only_addresses_of_our_own_are_gone_back_to(string? address, bool isOurs) => Assert.Equal(isOurs, SignInDesk.IsLocal(address));

    [Fact, Trait("Row", "A19")]
    public async Task Another_host_name_is_not_answered()
    {
        using var client = web.NewClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/sign-in") { Headers = { Host = "evil.test" } };
        using var answer = await client.SendAsync(request, Now);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private static async Task<HttpResponseMessage> SignOutAsync(HttpClient client)
    {
        var html = await client.GetStringAsync("/no-shop", Now);
        var token = html.Split("__RequestVerificationToken\" value=\"")[1].Split('"')[0];
        using var form = new FormUrlEncodedContent([new("__RequestVerificationToken", token)]);
        return await client.PostAsync("/sign-out", form, Now);
    }

    private async Task<HttpStatusCode> WithCookieAsync(string cookie)
    {
        using var client = new HttpClient(new HttpClientHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = web.ClientOptions.BaseAddress };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/w/tea") { Headers = { { "Cookie", cookie } } };
        using var answer = await client.SendAsync(request, Now);
        return answer.StatusCode;
    }
}
