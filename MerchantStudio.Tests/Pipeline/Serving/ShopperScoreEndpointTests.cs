using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Shop;
using MerchantStudio.Tests.Access;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MerchantStudio.Tests.Pipeline.Serving;

/// <summary>What a shop's program meets when it asks for a shopper's score.</summary>
public sealed class ShopperScoreEndpointTests(WebStudio web) : IClassFixture<WebStudio>
{
    private static readonly WorkspaceScope Owner = new(new WorkspaceId(WebStudio.Own), new Actor("Owner", null, Role.Owner));

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_a_key_that_may_read_scores_opens_and_only_out_of_the_header()
    {
        using var client = web.NewClient();
        var (reads, sends) = (await KeyAsync(ApiKeyKind.ReadScores), await KeyAsync(ApiKeyKind.WriteEvents));
        Assert.StartsWith("msr_", reads, StringComparison.Ordinal);
        await IsProblemAsync(client, "u1", null, HttpStatusCode.Unauthorized, "scores.key-refused");
        await IsProblemAsync(client, "u1", sends, HttpStatusCode.Unauthorized, "scores.key-refused");
        await IsProblemAsync(client, $"u1/score?key={reads}", reads, HttpStatusCode.Unauthorized, "scores.key-refused");
        await IsProblemAsync(client, "u1", reads, HttpStatusCode.Conflict, "scores.not-ready");
        await IsProblemAsync(client, "u1/score?horizon=8", reads, HttpStatusCode.BadRequest, "pipeline.unknown-horizon");
        using var sent = new HttpRequestMessage(HttpMethod.Post, "/api/v1/events") { Content = JsonContent.Create(new { @event = "view", user_id = "u" }) };
        sent.Headers.Add("X-API-Key", reads);
        using var refused = await client.SendAsync(sent, Now);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    private async Task<string> KeyAsync(ApiKeyKind kind) => (await web.Services.GetRequiredService<ApiKeys>().CreateAsync(Owner, "test", kind, null, Now)).Value.Secret;

    private static async Task IsProblemAsync(HttpClient client, string shopper, string? key, HttpStatusCode status, string code)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/shoppers/" + (shopper.Contains('/', StringComparison.Ordinal) ? shopper : shopper + "/score"));
        if (key is not null) request.Headers.Add("X-API-Key", key);
        using var answer = await client.SendAsync(request, Now);
        Assert.Equal((status, "application/problem+json", "no-store"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, answer.Headers.CacheControl?.ToString()));
        Assert.Equal(code, (await answer.Content.ReadFromJsonAsync<JsonElement>(Now)).GetProperty("code").GetString());
    }
}
