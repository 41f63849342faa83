using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using MerchantStudio.Components.Pages.Settings;
using MerchantStudio.Core.Campaigns.Delivery;
using MerchantStudio.Core.Live;
using MerchantStudio.Core.Promotions.Redemptions;
using MerchantStudio.Endpoints;
using MerchantStudio.Localization;
using MerchantStudio.Tests.Architecture;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace MerchantStudio.Tests.Pages.Settings;

public sealed class ApiCallsTests
{
    /// <summary>What each call answers.</summary>
    private static readonly Dictionary<string, Type> Answers = new(StringComparer.Ordinal)
    {
        ["validate"] = Nested(typeof(CouponEndpoints), "ValidateAnswer"),
        ["redeem"] = Nested(typeof(CouponEndpoints), "RedeemAnswer"),
        ["rollback"] = Nested(typeof(CouponEndpoints), "RedeemAnswer"),
        ["decide"] = Nested(typeof(DecisionEndpoints), "DecisionAnswer"),
        ["referral"] = Nested(typeof(ReferralEndpoints), "ReferralAnswer"),
        ["assignment"] = Nested(typeof(ExperimentEndpoints), "AssignmentAnswer"),
        ["score"] = Nested(typeof(ShopperScoreEndpoints), "ScoreAnswer"),
        ["message"] = typeof(OnSiteMessage),
        ["event"] = typeof(LiveAnswer),
        ["batch"] = typeof(LiveAnswer),
    };

    private static readonly JsonSerializerOptions Strict = new(ApiProblem.Json) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("EUR")]
    [InlineData("JPY")]
    [InlineData("KWD")]
    public async Task The_endpoints_own_readers_take_every_example(string currency)
    {
        foreach (var call in ApiCalls.In(currency))
        {
            switch (call.Name)
            {
                case "validate" or "redeem":
                    Assert.True((await ReadAsync<CouponBody>(call.Body!)).ToUse("SPRING10").Succeeded);
                    break;
                case "decide":
                    Assert.True(CartBody.Read((await ReadAsync<DecisionEndpoints.DecisionBody>(call.Body!)).Cart).Succeeded);
                    break;
                case "referral":
                    Assert.NotNull((await ReadAsync<ReferralEndpoints.ReferralBody>(call.Body!)).UserId);
                    break;
                case "event" or "batch":
                    Assert.NotNull(JsonNode.Parse(call.Body!));
                    break;
                default:
                    Assert.Null(call.Body);
                    break;
            }
        }
    }

    [Fact]
    public void Every_example_of_an_answer_has_the_fields_that_the_program_writes_and_no_others() => Assert.All(ApiCalls.In("EUR"), call =>
    {
        var type = Answers[call.Name];
        var written = JsonSerializer.Serialize(JsonSerializer.Deserialize(call.Answer, type, Strict), type, ApiProblem.Json);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(written), JsonNode.Parse(call.Answer)), $"{call.Name}: {written}");
    });

    [Fact]
    public void The_example_of_an_error_is_the_one_of_a_refused_code()
    {
        var problem = new CouponRefused(RefusalReason.MinimumNotMet);
        var shown = JsonNode.Parse(ApiCalls.Refusal)!;
        Assert.Equal((problem.Code, $"urn:merchantstudio:problem:{problem.Code}", "minimum_not_met"), ((string)shown["code"]!, (string)shown["type"]!, (string)shown["reason"]!));
    }

    [Fact]
    public void A_request_names_the_studio_the_key_and_an_idempotency_key_where_one_is_needed()
    {
        var calls = ApiCalls.In("EUR").ToDictionary(call => call.Name, StringComparer.Ordinal);
        Assert.StartsWith("curl \"https://studio.example/api/v1/coupons/SPRING10/redeem\" \\\n  -H \"X-API-Key: msc_1\" \\\n  -H \"Idempotency-Key: ", calls["redeem"].Curl("https://studio.example/", "msc_1"), StringComparison.Ordinal);
        Assert.StartsWith("curl -X POST \"https://studio.example/api/v1/redemptions/", calls["rollback"].Curl("https://studio.example/", "msc_1"), StringComparison.Ordinal);
        Assert.DoesNotContain("-X POST", calls["score"].Curl("https://studio.example/", "msr_1"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("zh-CN")]
    public void Every_reason_state_group_and_call_has_its_words(string language)
    {
        var former = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
        try
        {
            var words = new Texts();
            var reasons = ApiWords.Reasons(words);
            Assert.Equal(Enum.GetValues<RefusalReason>().Length, reasons.Select(reason => reason.Means).Distinct().Count());
            Assert.All(reasons, reason => Assert.DoesNotContain("reason-", reason.Means, StringComparison.Ordinal));
            Assert.All(ApiWords.States(words), state => Assert.False(state.Means.StartsWith("Api.", StringComparison.Ordinal) || state.Then.StartsWith("Api.", StringComparison.Ordinal), $"{state.Code}"));
            Assert.All(ApiCalls.In("EUR"), call => Assert.All((string[])[$"Api.call-{call.Name}", $"Api.group-{call.Group}", $"Api.about-{call.Group}", $"Keys.kind-{call.Key}"], key => Assert.NotNull(Texts.Find(key))));
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = former;
        }
    }

    [Fact]
    public void The_webhook_samples_are_those_of_the_document_that_are_run()
    {
        var document = File.ReadAllText(Repository.Path("docs", "webhooks.md")).ReplaceLineEndings("\n");
        Assert.All((string[])[WebhookSamples.CSharp, WebhookSamples.Python, WebhookSamples.Node], sample => Assert.Contains(sample.ReplaceLineEndings("\n") + "\n```", document, StringComparison.Ordinal));
    }

    private static Type Nested(Type owner, string name) => owner.GetNestedType(name, BindingFlags.NonPublic) ?? throw new InvalidOperationException($"{owner.Name} has no {name}.");

    private static async Task<TBody> ReadAsync<TBody>(string body) where TBody : class
    {
        var context = new DefaultHttpContext();
        using var sent = new MemoryStream(Encoding.UTF8.GetBytes(body));
        context.Request.Body = sent;
        var read = await StrictBody.ReadAsync<TBody>(context, Now);
        Assert.True(read.Succeeded, read.Problem?.Message);
        return read.Value;
    }
}
