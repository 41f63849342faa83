using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Live;
using MerchantStudio.Core.Shop;
using MerchantStudio.Tests.Access;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MerchantStudio.Tests.Live;

/// <summary>What a program or a browser meets when it sends events.</summary>
public sealed class LiveEndpointTests(WebStudio web) : IClassFixture<WebStudio>
{
    private const string One = "/api/v1/events";
    private const string Many = "/api/v1/events/batch";
    private static readonly WorkspaceScope Owner = new(new WorkspaceId(WebStudio.Own), new Actor("Owner", null, Role.Owner));

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_event_is_taken_with_a_key_in_the_header_or_at_the_bodys_beginning()
    {
        using var client = web.NewClient();
        var key = await KeyAsync();
        using var inHeader = await SendAsync(client, One, """{"event":"view","user_id":"u","message_id":"h1"}""", key);
        Assert.Equal(HttpStatusCode.Accepted, inHeader.StatusCode);
        var answer = await inHeader.Content.ReadFromJsonAsync<JsonElement>(Now);
        Assert.Equal((1, "accepted", "h1"), (answer.GetProperty("accepted").GetInt32(), answer.GetProperty("results")[0].GetProperty("status").GetString(), answer.GetProperty("results")[0].GetProperty("message_id").GetString()));
        using var inBody = await SendAsync(client, Many, $$"""{"key":"{{key}}","batch":[{"event":"view","user_id":"u","message_id":"h1"},{"event":"dance","user_id":"u"}]}""", null, type: "text/plain");
        Assert.Equal(HttpStatusCode.Accepted, inBody.StatusCode);
        var batch = await inBody.Content.ReadFromJsonAsync<JsonElement>(Now);
        Assert.Equal((0, 1, 1), (batch.GetProperty("accepted").GetInt32(), batch.GetProperty("duplicates").GetInt32(), batch.GetProperty("rejected").GetInt32()));
        Assert.Equal("unknown_event", batch.GetProperty("results")[1].GetProperty("reason").GetString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("msw_")]
    [InlineData("msw_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Without_a_valid_key_nothing_is_taken(string? key)
    {
        using var client = web.NewClient();
        using var answer = await SendAsync(client, One, """{"event":"view","user_id":"u"}""", key);
        await IsProblemAsync(answer, HttpStatusCode.Unauthorized, "live.key-refused");
    }

    [Fact, Trait("Row", "A7")]
    public async Task A_key_in_the_address_is_refused_even_beside_a_good_one()
    {
        using var client = web.NewClient();
        var key = await KeyAsync();
        using var alone = await SendAsync(client, $"{Many}?key={key}", """[{"event":"view","user_id":"u"}]""", null);
        await IsProblemAsync(alone, HttpStatusCode.Unauthorized, "live.key-refused");
        using var beside = await SendAsync(client, $"{Many}?key={key}", """[{"event":"view","user_id":"u"}]""", key);
        await IsProblemAsync(beside, HttpStatusCode.Unauthorized, "live.key-refused");
        using var late = await SendAsync(client, Many, $$"""{"batch":[{"event":"view","user_id":"u"}],"key":"{{key}}"}""", null);
        await IsProblemAsync(late, HttpStatusCode.Unauthorized, "live.key-refused");
    }

    [Theory]
    [InlineData("")]
    [InlineData("[")]
    [InlineData("{")]
    [InlineData("{\"key\":7}")]
    [InlineData("{\"key\":\"\\ud800\"}")]
    [InlineData("{\"key\":\"msw_")]
    [InlineData("nonsense")]
    public async Task A_body_without_a_key_lets_nobody_in(string body)
    {
        using var client = web.NewClient();
        using var answer = await SendAsync(client, Many, body, null);
        await IsProblemAsync(answer, HttpStatusCode.Unauthorized, "live.key-refused");
    }

    [Fact, Trait("Row", "A9")]
    public async Task A_key_in_the_body_is_not_kept_with_the_event()
    {
        using var client = web.NewClient();
        var key = await KeyAsync();
        using var answer = await SendAsync(client, One, $$"""{"key":"{{key}}","event":"view","user_id":"u","message_id":"k1","colour":"red"}""", null);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        await web.Services.GetRequiredService<LiveIntake>().MoveAsync(Owner.Workspace, Now);
        var warehouse = await web.Services.GetRequiredService<Core.Warehouse.WarehouseRegistry>().OpenAsync(Owner.Workspace, Now);
        Assert.Equal("{\"colour\":\"red\"}", await warehouse.ScalarAsync<string>("select properties from events where message_id = 'k1'", [], Now));
    }

    [Fact, Trait("Row", "A7")]
    public async Task A_signed_in_persons_cookie_is_no_key()
    {
        using var client = await web.SignInAsync(Role.Owner);
        using var answer = await SendAsync(client, One, """{"event":"view","user_id":"u"}""", null);
        await IsProblemAsync(answer, HttpStatusCode.Unauthorized, "live.key-refused");
    }

    [Fact]
    public async Task A_single_event_at_fault_is_a_problem_with_its_reason()
    {
        using var client = web.NewClient();
        using var answer = await SendAsync(client, One, """{"event":"view"}""", await KeyAsync());
        var problem = await IsProblemAsync(answer, HttpStatusCode.BadRequest, "live.event-refused");
        Assert.Equal("no_shopper", problem.GetProperty("reason").GetString());
    }

    [Fact, Trait("Row", "H11")]
    public async Task Too_much_at_once_is_refused()
    {
        using var client = web.NewClient();
        var key = await KeyAsync();
        using var large = await SendAsync(client, Many, new string(' ', 1_048_577), key);
        await IsProblemAsync(large, HttpStatusCode.RequestEntityTooLarge, "live.too-large");
        using var chunked = new HttpRequestMessage(HttpMethod.Post, Many) { Content = new StreamContent(new MemoryStream(new byte[2_000_000])) };
        chunked.Headers.Add("X-API-Key", key);
        chunked.Headers.TransferEncodingChunked = true;
        using var stream = await client.SendAsync(chunked, Now);
        await IsProblemAsync(stream, HttpStatusCode.RequestEntityTooLarge, "live.too-large");
        using var many = await SendAsync(client, Many, "[" + string.Join(',', Enumerable.Repeat("{}", 501)) + "]", key);
        await IsProblemAsync(many, HttpStatusCode.RequestEntityTooLarge, "live.too-many-events");
        using var broken = await SendAsync(client, Many, "[{", key);
        await IsProblemAsync(broken, HttpStatusCode.BadRequest, "live.not-json");
    }

    [Fact]
    public async Task A_browser_may_send_from_the_shops_own_pages_alone()
    {
        using var client = web.NewClient();
        var key = await KeyAsync();
        Assert.True((await web.Services.GetRequiredService<LiveShops>().ChangeAsync(Owner, ["https://Shop.example/"], asksConsent: true, Now)).Succeeded);
        using var own = await SendAsync(client, Many, """[{"event":"view","user_id":"u"}]""", key, "https://shop.example");
        Assert.Equal(HttpStatusCode.Accepted, own.StatusCode);
        Assert.Equal(["https://shop.example"], own.Headers.GetValues("Access-Control-Allow-Origin"));
        using var foreign = await SendAsync(client, Many, """[{"event":"view","user_id":"u"}]""", key, "https://evil.example");
        await IsProblemAsync(foreign, HttpStatusCode.Forbidden, "live.origin-refused");
        Assert.False(foreign.Headers.Contains("Access-Control-Allow-Origin"));

        await PreflightAsync(client, "https://shop.example", allowed: true);
        await PreflightAsync(client, "https://evil.example", allowed: false);
        Assert.Equal("live.origin-invalid", (await web.Services.GetRequiredService<LiveShops>().ChangeAsync(Owner, ["https://shop.example/path"], true, Now)).Problem!.Code);
    }

    [Fact]
    public async Task The_snippet_is_small_first_party_and_knows_whether_to_ask()
    {
        using var client = web.NewClient();
        var shops = web.Services.GetRequiredService<LiveShops>();
        await shops.ChangeAsync(Owner, [], asksConsent: true, Now);
        using var answer = await client.GetAsync($"/s/{WebStudio.Own}.js", Now);
        var script = await answer.Content.ReadAsStringAsync(Now);
        Assert.Equal("text/javascript", answer.Content.Headers.ContentType!.MediaType);
        Assert.True(Encoding.UTF8.GetByteCount(script) < 5_000, $"The snippet has {Encoding.UTF8.GetByteCount(script)} bytes.");
        Assert.Contains("asks = true", script, StringComparison.Ordinal);
        Assert.DoesNotContain("//cdn", script, StringComparison.Ordinal);
        Assert.DoesNotMatch("https?://", script);
        await shops.ChangeAsync(Owner, [], asksConsent: false, Now);
        Assert.Contains("asks = false", await client.GetStringAsync($"/s/{WebStudio.Own}.js", Now), StringComparison.Ordinal);
        using var none = await client.GetAsync("/s/nobody.js", Now);
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    private async Task<string> KeyAsync() => (await web.Services.GetRequiredService<ApiKeys>().CreateAsync(Owner, "test", ApiKeyKind.WriteEvents, null, Now)).Value.Secret;

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, string address, string body, string? key, string? origin = null, string type = "application/json")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new StringContent(body, Encoding.UTF8, type) };
        if (key is not null) request.Headers.Add("X-API-Key", key);
        if (origin is not null) request.Headers.Add("Origin", origin);
        return await client.SendAsync(request, Now);
    }

    private static async Task PreflightAsync(HttpClient client, string origin, bool allowed)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, Many);
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        using var answer = await client.SendAsync(request, Now);
        Assert.Equal(allowed, answer.Headers.Contains("Access-Control-Allow-Origin"));
    }

    private static async Task<JsonElement> IsProblemAsync(HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Now);
        Assert.Equal(code, problem.GetProperty("code").GetString());
        return problem;
    }
}
