using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Promotions;
using MerchantStudio.Core.Promotions.Referrals;
using MerchantStudio.Core.Shop;
using MerchantStudio.Tests.Access;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MerchantStudio.Tests.Promotions.Redemptions;

/// <summary>What a shop's server meets when it validates, redeems and takes back.</summary>
public sealed class CouponEndpointTests(WebStudio web) : IClassFixture<WebStudio>
{
    private static readonly WorkspaceScope Owner = new(new WorkspaceId(WebStudio.Own), new Actor("Owner", null, Role.Owner));
    private static readonly WorkspaceScope Neighbour = new(new WorkspaceId(WebStudio.Foreign), new Actor("Owner", null, Role.Owner));

    [Fact]
    public async Task A_code_is_validated_redeemed_and_taken_back_over_the_network()
    {
        var (key, code) = (await KeyAsync(Owner), await CodeAsync(Owner));
        using var client = web.NewClient();
        var valid = await PostAsync(client, $"coupons/{code}/validate", key, CouponClient.Body("o1", "ann", 40m));
        Assert.Equal((HttpStatusCode.OK, true, 5.00m), (valid.Status, valid.Json.GetProperty("valid").GetBoolean(), valid.Json.GetProperty("discount").GetDecimal()));
        var redeemed = await PostAsync(client, $"coupons/{code}/redeem", key, CouponClient.Body("o1", "ann", 40m), "k1");
        Assert.Equal((HttpStatusCode.OK, code, "o1"), (redeemed.Status, redeemed.Json.GetProperty("coupon").GetString(), redeemed.Json.GetProperty("order_id").GetString()));
        var again = await PostAsync(client, $"coupons/{code}/redeem", key, CouponClient.Body("o1", "ann", 40m), "k1");
        Assert.Equal((HttpStatusCode.OK, redeemed.Body), (again.Status, again.Body));
        await IsProblemAsync(client, $"coupons/{code}/redeem", key, CouponClient.Body("o1", "ann", 41m), "k1", HttpStatusCode.UnprocessableEntity, "coupon.idempotency-key-taken");
        var id = redeemed.Json.GetProperty("redemption_id").GetGuid();
        await IsProblemAsync(client, $"redemptions/{id}/rollback", await KeyAsync(Neighbour), "", null, HttpStatusCode.NotFound, "coupon.redemption-unknown");
        var undone = await PostAsync(client, $"redemptions/{id}/rollback", key, "");
        var twice = await PostAsync(client, $"redemptions/{id}/rollback", key, "");
        Assert.Equal((HttpStatusCode.OK, undone.Body), (undone.Status, twice.Body));
        Assert.True(undone.Json.TryGetProperty("rolled_back_at", out _));
    }

    [Fact, Trait("Row", "H11")]
    public async Task What_cannot_be_read_is_refused_with_the_place()
    {
        var key = await KeyAsync(Owner);
        using var client = web.NewClient();
        foreach (var (body, code, place) in ((string, string, string)[])[
            ("{", "coupon.unreadable", "$"), ("""{"oder_id":"x"}""", "coupon.unreadable", "oder_id"), ("""{"cart":{"currency":"EUR","lines":[{"item_id":"a","quantity":1.5,"price":1}]}}""", "coupon.unreadable", "quantity"),
            ("""{"cart":{"currency":"EUR","lines":[{"item_id":"a","quantity":1,"price":1.005}]}}""", "coupon.unfit-amount", "lines[0].price"), ("""{"cart":{"currency":"EUR","lines":[{"item_id":"a","quantity":1,"price":1e400}]}}""", "coupon.unreadable", "price"),
            ("""{"cart":{"currency":"EUR","lines":[]}}""", "cart.empty", ""), ("""{"cart":{"currency":"EUR","lines":[{"item_id":"a","quantity":1,"price":-1}]}}""", "cart.unfit-price", "1"), ("""{"user_id":"a","user_id":"b"}""", "coupon.unreadable", "$"),
            (new string('[', 2_000), "coupon.unreadable", "$")])
        {
            var problem = await IsProblemAsync(client, "coupons/ANY/validate", key, body, null, HttpStatusCode.BadRequest, code);
            Assert.Contains(place, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }

        await IsProblemAsync(client, "coupons/ANY/redeem", key, CouponClient.Body("o", "ann", 1m), null, HttpStatusCode.BadRequest, "coupon.no-idempotency-key");
        await IsProblemAsync(client, "coupons/ANY/validate", key, new string(' ', 1_100_000), null, HttpStatusCode.RequestEntityTooLarge, "coupon.too-large");
    }

    [Fact]
    public async Task Offers_are_decided_over_the_network_and_bad_questions_are_refused_with_the_place()
    {
        var (key, code) = (await KeyAsync(Neighbour), await CodeAsync(Neighbour));
        using var client = web.NewClient();
        string Asking(string more) => CouponClient.Body("o", "ann", 40m).Replace("\"order_id\":\"o\",", more, StringComparison.Ordinal);
        var answer = await PostAsync(client, "decisions", key, Asking($"\"codes\":[\"{code}\",\"WRONG\"],"));
        var offer = Assert.Single(answer.Json.GetProperty("offers").EnumerateArray());
        Assert.Equal((HttpStatusCode.OK, code, 5.00m, 35.00m, "priority"), (answer.Status, offer.GetProperty("coupon").GetString(), offer.GetProperty("discount").GetDecimal(), answer.Json.GetProperty("to_pay").GetDecimal(), answer.Json.GetProperty("mode").GetString()));
        Assert.Equal("coupon_not_found", answer.Json.GetProperty("not_applied")[0].GetProperty("reason").GetString());
        Assert.Equal(7, answer.Json.GetProperty("decision_id").GetGuid().Version);
        var unseen = await PostAsync(client, "decisions", key, Asking("").Replace("ann", "never-seen", StringComparison.Ordinal));
        Assert.Equal((HttpStatusCode.OK, 40.00m), (unseen.Status, unseen.Json.GetProperty("to_pay").GetDecimal()));
        foreach (var (body, problem, place) in ((string, string, string)[])[
            (Asking("").Replace("EUR", "JPX", StringComparison.Ordinal), "cart.other-currency", "JPX"), (Asking("").Replace("40", "-40", StringComparison.Ordinal), "cart.unfit-price", "1"), ("""{"cart":{"currency":"EUR","lines":[]}}""", "cart.empty", ""),
            ("""{"user_id":"ann"}""", "coupon.unreadable", "$.cart"), (Asking("\"codez\":[],"), "coupon.unreadable", "codez"), (Asking("\"codes\":[null],"), "decision.too-many-codes", "20"),
            (Asking($"\"codes\":[{string.Join(',', Enumerable.Repeat("\"A\"", 21))}],"), "decision.too-many-codes", "20"), (Asking("").Replace("ann", new string('a', 201), StringComparison.Ordinal), "coupon.unfit-shopper", "200")])
        {
            Assert.Contains(place, (await IsProblemAsync(client, "decisions", key, body, null, HttpStatusCode.BadRequest, problem)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        }

        await IsProblemAsync(client, "decisions", await KeyAsync(Neighbour, ApiKeyKind.WriteEvents), Asking(""), null, HttpStatusCode.Unauthorized, "coupon.key-refused");
        for (var guess = 0; guess < 19; guess++) await PostAsync(client, "decisions", key, Asking($"\"codes\":[\"GUESS{guess}\"],"));
        await IsProblemAsync(client, "decisions", key, Asking(""), null, HttpStatusCode.TooManyRequests, "coupon.too-many-wrong-codes");
    }

    [Fact, Trait("Row", "A9")]
    public async Task Only_a_key_that_may_redeem_opens_and_only_out_of_the_header()
    {
        using var client = web.NewClient();
        var (key, sends) = (await KeyAsync(Owner), await KeyAsync(Owner, ApiKeyKind.WriteEvents));
        Assert.StartsWith("msc_", key, StringComparison.Ordinal);
        foreach (var wrong in (string?[])[null, sends, "msc_" + new string('x', 43)])
            await IsProblemAsync(client, "coupons/ANY/validate", wrong, CouponClient.Body("o", "ann", 1m), null, HttpStatusCode.Unauthorized, "coupon.key-refused");
        await IsProblemAsync(client, $"coupons/ANY/validate?key={key}", key, CouponClient.Body("o", "ann", 1m), null, HttpStatusCode.Unauthorized, "coupon.key-refused");
    }

    [Fact, Trait("Row", "R8")]
    public async Task Whoever_guesses_codes_is_not_answered_any_more_and_others_are()
    {
        var (key, other, code) = (await KeyAsync(Owner), await KeyAsync(Owner), await CodeAsync(Owner));
        using var client = web.NewClient();
        for (var guess = 0; guess < 20; guess++)
        {
            var answer = await PostAsync(client, $"coupons/GUESS{guess}/validate", key, CouponClient.Body("o", "ann", 40m));
            Assert.Equal("coupon_not_found", answer.Json.GetProperty("reason").GetString());
        }

        await IsProblemAsync(client, "coupons/GUESS/validate", key, CouponClient.Body("o", "ann", 40m), null, HttpStatusCode.TooManyRequests, "coupon.too-many-wrong-codes");

        // A right one neither: the difference would say that it is right.
        await IsProblemAsync(client, $"coupons/{code}/redeem", key, CouponClient.Body("o9", "ann", 40m), "k9", HttpStatusCode.TooManyRequests, "coupon.too-many-wrong-codes");
        Assert.True((await PostAsync(client, $"coupons/{code}/validate", other, CouponClient.Body("o9", "ann", 40m))).Json.GetProperty("valid").GetBoolean());
        var elsewhere = CouponClient.Body("o9", "ann", 40m).Replace("{\"order_id\"", "{\"customer_ip\":\"203.0.113.9\",\"order_id\"", StringComparison.Ordinal);
        Assert.True((await PostAsync(client, $"coupons/{code}/validate", key, elsewhere)).Json.GetProperty("valid").GetBoolean());
    }

    [Fact]
    public async Task A_customers_referral_code_is_asked_for_over_the_network_and_stays_the_same()
    {
        var (key, foreign) = (await KeyAsync(Owner), await KeyAsync(Neighbour));
        var rules = ((string[])["friend", "thanks"]).Select(name => TestRules.Live(Guid.NewGuid(), Owner.Workspace, name + Guid.NewGuid())).ToArray();
        await using (var database = await web.Services.GetRequiredService<IDbContextFactory<StudioDb>>().CreateDbContextAsync(LedgerWorld.Now))
        {
            database.CouponRules.AddRange(rules);
            await database.SaveChangesAsync(LedgerWorld.Now);
        }

        var programmes = web.Services.GetRequiredService<ReferralProgrammes>();
        var id = (await programmes.SaveAsync(Owner, null, 0, new ReferralDraft("Bring a friend", rules[0].Id, rules[1].Id, 3), LedgerWorld.Now)).Value;
        using var client = web.NewClient();
        await IsProblemAsync(client, $"referrals/{id}/codes", key, """{"user_id":"ann"}""", null, HttpStatusCode.Conflict, "referral.not-running");
        Assert.Null((await programmes.StartAsync(Owner, id, LedgerWorld.Now)).Problem);
        var given = await PostAsync(client, $"referrals/{id}/codes", key, """{"user_id":"ann"}""");
        var again = await PostAsync(client, $"referrals/{id}/codes", key, """{"user_id":"ann"}""");
        Assert.Equal((HttpStatusCode.OK, given.Body, "ann"), (given.Status, again.Body, given.Json.GetProperty("user_id").GetString()));
        await IsProblemAsync(client, $"referrals/{id}/codes", key, "{}", null, HttpStatusCode.BadRequest, "referral.no-customer");
        await IsProblemAsync(client, $"referrals/{id}/codes", foreign, """{"user_id":"ann"}""", null, HttpStatusCode.NotFound, "referral.gone");
        await IsProblemAsync(client, $"referrals/{id}/codes", null, """{"user_id":"ann"}""", null, HttpStatusCode.Unauthorized, "coupon.key-refused");
        var code = given.Json.GetProperty("code").GetString();
        var own = await PostAsync(client, $"coupons/{code}/validate", key, CouponClient.Body("o1", "ann", 40m));
        Assert.Equal("self_referral", own.Json.GetProperty("reason").GetString());
        var decided = await PostAsync(client, "decisions", key, CouponClient.Body("o", "ann", 40m).Replace("\"order_id\":\"o\",", $"\"codes\":[\"{code}\"],", StringComparison.Ordinal));
        Assert.Equal("self_referral", decided.Json.GetProperty("not_applied")[0].GetProperty("reason").GetString());
    }

    private async Task<string> KeyAsync(WorkspaceScope scope, ApiKeyKind kind = ApiKeyKind.RedeemCoupons) => (await web.Services.GetRequiredService<ApiKeys>().CreateAsync(scope, "test", kind, null, LedgerWorld.Now)).Value.Secret;

    private async Task<string> CodeAsync(WorkspaceScope scope)
    {
        var rule = TestRules.Live(Guid.NewGuid(), scope.Workspace, Guid.NewGuid().ToString());
        await using var database = await web.Services.GetRequiredService<IDbContextFactory<StudioDb>>().CreateDbContextAsync(LedgerWorld.Now);
        database.CouponRules.Add(rule);
        await database.SaveChangesAsync(LedgerWorld.Now);
        var batch = (await web.Services.GetRequiredService<CodeBatches>().CreateAsync(scope, rule.Id, new CodeBatchDraft("one", CodeBatchKind.Shared), LedgerWorld.Now)).Value;
        return await database.CouponCodes.Where(code => code.BatchId == batch.Id).Select(code => code.Code).SingleAsync(LedgerWorld.Now);
    }

    private static async Task<(HttpStatusCode Status, string Body, JsonElement Json)> PostAsync(HttpClient client, string path, string? key, string body, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/" + path) { Content = new StringContent(body, Encoding.UTF8, MediaTypeHeaderValue.Parse("application/json")) };
        if (key is not null) request.Headers.Add("X-API-Key", key);
        if (idempotencyKey is not null) request.Headers.Add("Idempotency-Key", idempotencyKey);
        using var answer = await client.SendAsync(request, LedgerWorld.Now);
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        var text = await answer.Content.ReadAsStringAsync(LedgerWorld.Now);
        return (answer.StatusCode, text, JsonSerializer.Deserialize<JsonElement>(text));
    }

    private static async Task<JsonElement> IsProblemAsync(HttpClient client, string path, string? key, string body, string? idempotencyKey, HttpStatusCode status, string code)
    {
        var answer = await PostAsync(client, path, key, body, idempotencyKey);
        Assert.Equal((status, code), (answer.Status, answer.Json.GetProperty("code").GetString()));
        return answer.Json;
    }
}
