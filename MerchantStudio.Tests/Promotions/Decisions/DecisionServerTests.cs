using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Experiments;
using MerchantStudio.Core.Warehouse;
using MerchantStudio.Tests.Conditions;
using MerchantStudio.Tests.Live;
using MerchantStudio.Tests.Promotions.Redemptions;
using Xunit;
using static MerchantStudio.Tests.Promotions.Redemptions.LedgerWorld;

namespace MerchantStudio.Tests.Promotions.Decisions;

/// <summary>The real program, asked for decisions at a steady rate, over a restart.</summary>
public sealed class DecisionServerTests
{
    private const int PerSecond = 500;
    private const int Shoppers = 1_000;
    private static readonly MediaTypeHeaderValue Json = MediaTypeHeaderValue.Parse("application/json");

    [Fact, Trait("Row", "L2")]
    public async Task Every_shopper_is_answered_and_told_the_same_after_a_restart()
    {
        await using var server = await StartAsync();
        using var http = NewClient(server.Key);
        var before = new Dictionary<int, string>();
        await AskAsync(server, http, seconds: 1, (shopper, answer) => Same(before, shopper, answer));
        await server.KillAsync();
        await server.RestartAsync();
        await AskAsync(server, http, seconds: 1, (shopper, answer) => Same(before, shopper, answer));
        Assert.InRange(before.Count, Shoppers / 4, Shoppers);
    }

    [Fact(Explicit = true), Trait("Size", "Full"), Trait("Row", "L2")]
    public async Task Five_hundred_decisions_a_second_are_answered_within_twenty_milliseconds_and_stay_the_same_over_a_restart()
    {
        await using var server = await StartAsync();
        using var http = NewClient(server.Key);
        var before = new Dictionary<int, string>();
        await AskAsync(server, http, seconds: 10, (_, _) => { });
        var times = await AskAsync(server, http, seconds: 120, (shopper, answer) => Same(before, shopper, answer));
        Array.Sort(times);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{times.Length} decisions, p50 {times[times.Length / 2]:0.00} ms, p99 {times[times.Length * 99 / 100]:0.00} ms, max {times[^1]:0.0} ms"));
        await server.KillAsync();
        await server.RestartAsync();
        await AskAsync(server, http, seconds: 5, (_, _) => { });
        await AskAsync(server, http, seconds: 10, (shopper, answer) => Same(before, shopper, answer));
        Assert.True(times[times.Length / 2] < 5, $"p50 {times[times.Length / 2]} ms");
        Assert.True(times[times.Length * 99 / 100] < 20, $"p99 {times[times.Length * 99 / 100]} ms");
    }

    private static Task<LiveServer> StartAsync() => LiveServer.StartAsync(ApiKeyKind.RedeemCoupons, async (studio, scope) =>
    {
        await ProfileTables.WriteAsync(await studio.Get<WarehouseRegistry>().OpenAsync(scope.Workspace, Now), PromotionWorld.Now, [.. Enumerable.Range(0, Shoppers).Select(number => new ShopperFacts
        {
            UserId = ShopperOf(number), Orders = number % 9, Spent = number % 9 * 40m, LastSeen = PromotionWorld.Now, RfmGroup = number % 9 > 4 ? "loyal" : "at_risk", PaidOrders = [PromotionWorld.Now.AddDays(-(number % 60))],
        })], Now);
        for (var number = 0; number < 10; number++)
        {
            var id = (await studio.Get<ExperimentStore>().CreateAsync(scope, new ExperimentDraft($"Experiment {number}", ["offer", "other"], [4_000, 4_000], 1_000, ExperimentGoal.Orders, 14, 100, false, null), Now)).Value;
            await studio.Get<ExperimentStore>().StartAsync(scope, id, Now);
        }

        await using var database = await studio.DbAsync();
        for (var number = 0; number < 20; number++)
        {
            var rule = TestRules.Live(Guid.NewGuid(), scope.Workspace, $"Rule {number}");
            (rule.Method, rule.Priority, rule.CombinesWith, rule.OfferJson) = (RuleMethod.Automatic, number, number % 8, TestRules.Off(100 + number));
            rule.ConditionJson = ConditionJson.Write(number % 3 == 0 ? new Comparison("orders", ConditionOperator.AtLeast, [(number % 9).ToString(CultureInfo.InvariantCulture)])
                : number % 3 == 1 ? new InSegment(["rfm:loyal"]) : new Comparison("basket_total", ConditionOperator.AtLeast, ["20"]));
            database.CouponRules.Add(rule);

            // The campaign of one offer has money for all who ask, that of another none any more, and a third has no bound.
            if (number > 2) continue;
            var campaign = new Campaign
            {
                Id = Guid.NewGuid(),
                WorkspaceId = scope.Workspace,
                Name = $"Campaign {number}",
                AudienceJson = ConditionJson.Write(Condition.Everybody),
                RuleId = rule.Id,
                Currency = "EUR",
                BudgetMinor = number switch { 0 => 10_000_000, 1 => 5_000, _ => null },
                State = CampaignState.Running,
                CreatedBy = "Nora",
                CreatedAt = Start,
            };
            database.Campaigns.Add(campaign);
            database.RedemptionCounters.Add(new RedemptionCounter { WorkspaceId = scope.Workspace, Scope = CounterScope.Campaign, Key = campaign.Id.ToString("D"), Uses = 10, SpentMinor = 5_000 });
        }

        await database.SaveChangesAsync(Now);
    }, "--Studio:Decisions:PatienceMilliseconds=20000");

    /// <returns>Milliseconds of each answer, reckoned from when it was due: a server that stalls is not asked less.</returns>
    private static async Task<double[]> AskAsync(LiveServer server, HttpClient http, int seconds, Action<int, string> told)
    {
        var times = new double[PerSecond * seconds];
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, times.Length).Select(async number =>
        {
            var due = TimeSpan.FromSeconds((double)number / PerSecond);
            if (due - Stopwatch.GetElapsedTime(began) is { Ticks: > 0 } wait) await Task.Delay(wait, Now);
            var started = Stopwatch.GetTimestamp();
            var shopper = number * 7 % Shoppers;
            using var content = new StringContent(Body(ShopperOf(shopper)), Encoding.UTF8, Json);
            using var answer = await http.PostAsync(new Uri(server.Address!, "/api/v1/decisions"), content, Now);
            var body = await answer.Content.ReadAsStringAsync(Now);
            times[number] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            Assert.True(answer.StatusCode == HttpStatusCode.OK, body);
            told(shopper, body);
        }));
        return times;
    }

    /// <summary>Offers and arms of a shopper never change.</summary>
    private static void Same(Dictionary<int, string> before, int shopper, string answer)
    {
        using var read = JsonDocument.Parse(answer);
        Assert.True(read.RootElement.GetProperty("complete").GetBoolean());
        Assert.Equal(10, read.RootElement.GetProperty("experiments").GetArrayLength());
        Assert.Contains("campaign_limit_reached", answer, StringComparison.OrdinalIgnoreCase);
        var told = read.RootElement.GetProperty("offers").GetRawText() + read.RootElement.GetProperty("experiments").GetRawText();
        lock (before)
        {
            if (!before.TryAdd(shopper, told)) Assert.Equal(before[shopper], told);
        }
    }

    private static string ShopperOf(int number) => CouponClient.Numbered("shopper-", number);

    private static string Body(string shopper) => """{"user_id":"WHO","cart":{"currency":"EUR","shipping":4.9,"lines":[{"item_id":"cup","category":"kitchen","quantity":2,"price":15.00},{"item_id":"spoon","quantity":1,"price":10.00}]}}""".Replace("WHO", shopper, StringComparison.Ordinal);

    private static HttpClient NewClient(string key)
    {
        var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 32 }) { Timeout = TimeSpan.FromSeconds(60) };
        client.DefaultRequestHeaders.Add("X-API-Key", key);
        return client;
    }
}
