using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Messages;
using MerchantStudio.Core.Campaigns.Planning;
using MerchantStudio.Core.Campaigns.Running;
using MerchantStudio.Core.Campaigns.Setup;
using MerchantStudio.Core.Campaigns.Webhooks;
using MerchantStudio.Core.Experiments;
using MerchantStudio.Core.Promotions;
using MerchantStudio.Core.Warehouse;
using MerchantStudio.Tests.Conditions;
using MerchantStudio.Tests.Live;
using MerchantStudio.Tests.Promotions.Redemptions;
using MerchantStudio.Tests.Worlds;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MerchantStudio.Tests.Campaigns;

/// <summary>kill -9 of the real program while it carries out a launched campaign: while it deals people out, while messages go out, and while codes are redeemed against the budget.</summary>
public sealed class CampaignKillTests
{
    private const long DiscountMinor = 500;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact(Explicit = true), Trait("Size", "Full")]
    public Task Ten_kills_amid_a_launch_for_ten_thousand_write_to_nobody_twice_and_lose_nobody() => RunAsync(people: 10_000, kills: 10, seed: 4);

    private static async Task RunAsync(int people, int kills, int seed)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = async (_, _) =>
        {
            await Task.Delay(2, Now);
            return 200;
        };
        var campaign = Guid.Empty;
        var fits = people / 10;
        await using var server = await LiveServer.StartAsync(ApiKeyKind.RedeemCoupons, async (studio, scope) => campaign = await FrozenAsync(studio, scope, receiver, people, fits * DiscountMinor), $"--Studio:Messaging:LocalTargets:0={receiver.Local}");
        var (random, watch) = (new Random(seed), Stopwatch.StartNew());
        var seen = new List<(int Waiting, int Open, int Sent)>();
        for (var kill = 0; kill < kills; kill++)
        {
            // Early ones meet the dealing out, later ones the sending.
            if (kill < (kills + 1) / 2) await Task.Delay(random.Next(20, 20 + (people / 12)), Now);
            else await UntilAsync(() => receiver.Calls.Count >= people * 0.8 * (kill - (kills / 2) + 1) / (kills + 1));
            await server.KillAsync();
            seen.Add(await LookAsync(server, campaign));
            await server.RestartAsync();
        }

        var (held, codes) = (ImmutableHashSet<string>.Empty, ImmutableDictionary<string, string>.Empty);
        await UntilAsync(() => receiver.Calls.Select(call => call.Delivery).Distinct().Count() >= people * 0.7);
        for (var quiet = 0; quiet < 10;)
        {
            var before = receiver.Calls.Count;
            await Task.Delay(100, Now);
            quiet = receiver.Calls.Count == before ? quiet + 1 : 0;
        }

        await server.KillAsync();
        (held, codes) = await CheckAsync(server, campaign, receiver, people);
        await RedeemAsync(server, campaign, codes, fits);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{people} people, {held.Count} held back, {codes.Count} told, {receiver.Calls.Count - codes.Count} told again under the same id, {kills} kills ({seen.Count(one => one.Waiting > 0)} while dealing out, {seen.Count(one => one is { Waiting: 0, Open: > 0 })} while queueing, {seen.Count(one => one is { Waiting: 0, Open: 0 } && one.Sent < codes.Count)} while sending), {watch.Elapsed.TotalSeconds:0.0} s"));
    }

    /// <summary>A campaign as it stands right behind the first transaction of its launch.</summary>
    private static async Task<Guid> FrozenAsync(TemporaryStudio studio, WorkspaceScope scope, WebhookReceiver receiver, int people, long budget)
    {
        var time = new CampaignWorld.BreakingTime(TimeProvider.System.GetUtcNow());
        await using var launching = await TemporaryStudio.OpenAsync(services => services.AddSingleton<TimeProvider>(time).PostConfigure<MessagingOptions>(options => options.LocalTargets = [receiver.Local]), studio.Paths.Root);
        var setup = launching.Get<MessagingSetup>();
        Assert.Null((await setup.ChangeAsync(scope, (await setup.LookAsync(scope, Now)).Value.Settings with { QuietFrom = null, QuietTo = null }, Now)).Problem);
        Assert.Null((await launching.Get<WebhookEndpoints>().AddAsync(scope, "Push", receiver.Url, Now)).Problem);
        var warehouse = await launching.Get<WarehouseRegistry>().OpenAsync(scope.Workspace, Now);
        await ProfileTables.WriteAsync(warehouse, time.At, [CampaignWorld.Buyer(0)], Now);
        await warehouse.QueryAsync($"insert into shopper_profile by name select p.* replace ('s' || (n.range + 1) as user_id) from shopper_profile p, range({people - 1}) n", _ => 0, [], Now);
        var rule = await launching.Get<CouponRules>().SaveAsync(scope, null, 0, new RuleDraft("Five off", CampaignWorld.Buyers, new Offer(OfferKind.Fixed, AmountMinor: DiscountMinor, MinimumSpendMinor: 2_000)), Now);
        var other = new CampaignVariant(null, new MessageTemplate(new MessageText("Second", "Yours: {{code}}."), null));
        var draft = CampaignWorld.Draft(rule.Value) with { Channel = MessageChannel.Webhook, BudgetMinor = budget, Others = [other] };
        var id = (await launching.Get<CampaignPlans>().SaveAsync(scope, null, 0, draft, Now)).Value;
        for (var looks = 0; ; looks++)
        {
            time.BreakAfter(looks);
            await Record.ExceptionAsync(() => launching.Get<CampaignLaunch>().LaunchAsync(scope, id, 0, Now));
            time.Mend();
            await using var db = await launching.DbAsync();
            var row = await db.Campaigns.AsNoTracking().SingleAsync(row => row.Id == id, Now);
            if (row.State == CampaignState.Draft) continue;
            Assert.Equal((people, null), (row.AudienceCount, row.PreparedAt));
            Assert.Equal(people, await db.CampaignMembers.CountAsync(member => member.CampaignId == id && member.Place == CampaignPlace.Waiting, Now));
            return id;
        }
    }

    /// <summary>What a kill left behind: nobody held back has anything, and no message is without its code.</summary>
    private static async Task<(int Waiting, int Open, int Sent)> LookAsync(LiveServer server, Guid campaign)
    {
        await using var studio = await TemporaryStudio.OpenAsync(folder: server.Folder);
        await using var db = await studio.DbAsync();
        var members = await db.CampaignMembers.AsNoTracking().Where(member => member.CampaignId == campaign).ToListAsync(Now);
        var messages = await db.Deliveries.AsNoTracking().Where(row => row.CampaignId == campaign).ToListAsync(Now);
        var codes = (await db.CouponCodes.Where(code => code.CampaignId == campaign).Select(code => code.ShopperId!).ToListAsync(Now)).ToHashSet();
        var treated = members.Where(member => member.Place == CampaignPlace.Treated).Select(member => member.ShopperId).ToHashSet();
        Assert.Subset(treated, codes);
        Assert.Equal(codes.Order(), messages.Where(row => row.Slot.Length == 0).Select(row => row.ShopperId).Order());
        return (members.Count(member => member.Place == CampaignPlace.Waiting), members.Count - messages.Count, messages.Count(row => row.State == DeliveryState.Sent));
    }

    private static async Task<(ImmutableHashSet<string> Held, ImmutableDictionary<string, string> Codes)> CheckAsync(LiveServer server, Guid campaign, WebhookReceiver receiver, int people)
    {
        await using var studio = await TemporaryStudio.OpenAsync(folder: server.Folder);
        await using var db = await studio.DbAsync();
        var experiment = SavedExperiment.SplitOf(await db.Experiments.AsNoTracking().SingleAsync(row => row.CampaignId == campaign, Now));
        var members = await db.CampaignMembers.AsNoTracking().Where(member => member.CampaignId == campaign).ToListAsync(Now);
        Assert.Equal(people, members.Count);
        Assert.All(members, member => Assert.Equal(experiment.ArmOf(member.ShopperId) is { Kind: AssignmentKind.Arm, Arm: var arm } ? (CampaignPlace.Treated, arm) : (CampaignPlace.Holdout, 0), (member.Place, member.Variant)));
        var held = members.Where(member => member.Place == CampaignPlace.Holdout).Select(member => member.ShopperId).ToImmutableHashSet();
        string[] treated = [.. members.Where(member => member.Place == CampaignPlace.Treated).Select(member => member.ShopperId).Order(StringComparer.Ordinal)];

        // One message each, sent, and one row that says why for each who was held back.
        var messages = await db.Deliveries.AsNoTracking().Where(row => row.CampaignId == campaign).ToListAsync(Now);
        Assert.Equal(people, messages.Count);
        Assert.Equal(treated, messages.Where(row => row.State == DeliveryState.Sent).Select(row => row.ShopperId).Order(StringComparer.Ordinal));
        Assert.Equal(held.Order(), messages.Where(row => row is { State: DeliveryState.Suppressed, Reason: DeliveryReason.Holdout }).Select(row => row.ShopperId).Order());
        var codes = await db.CouponCodes.AsNoTracking().Where(code => code.CampaignId == campaign).ToListAsync(Now);
        Assert.Equal(treated, codes.Select(code => code.ShopperId!).Order(StringComparer.Ordinal));

        // The other side was told of each under one id, with her own code and the message of her variant.
        var told = receiver.Calls.Select(call => (call.Delivery, Read(call.Body))).ToLookup(call => call.Item2.Shopper);
        Assert.Equal(treated, told.Select(shopper => shopper.Key).Order(StringComparer.Ordinal));
        Assert.All(told, shopper => Assert.Single(shopper.Select(call => call.Delivery).Distinct()));
        var variants = members.ToDictionary(member => member.ShopperId, member => member.Variant);
        Assert.All(codes, code => Assert.All(told[code.ShopperId!], call => Assert.Equal((code.Code, variants[code.ShopperId!] == 1 ? "Second" : "For you"), (call.Item2.Code, call.Item2.Subject))));
        return (held, codes.ToImmutableDictionary(code => code.ShopperId!, code => code.Code));
    }

    /// <summary>All codes at once against a budget for a few, with a kill in between.</summary>
    private static async Task RedeemAsync(LiveServer server, Guid campaign, ImmutableDictionary<string, string> codes, int fits)
    {
        await server.RestartAsync();
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 32 }) { Timeout = TimeSpan.FromSeconds(60) };
        var client = new CouponClient(http, server.Key);
        var killing = Task.Run(async () =>
        {
            await UntilAsync(() => client.History.Count(attempt => attempt.Status == HttpStatusCode.OK) >= fits / 2);
            await server.KillAsync();
            await server.RestartAsync();
        }, Now);
        await Parallel.ForEachAsync(codes, new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = Now }, async (code, _) =>
        {
            while ((await client.RedeemAsync(server.Address, code.Value, "key " + code.Key, "order " + code.Key, code.Key)).Status is not (HttpStatusCode.OK or HttpStatusCode.Conflict)) await Task.Delay(30, Now);
        });
        await killing;
        await server.KillAsync();
        await using var studio = await TemporaryStudio.OpenAsync(folder: server.Folder);
        await using var db = await studio.DbAsync();
        var counter = await db.RedemptionCounters.AsNoTracking().SingleAsync(counter => counter.Scope == CounterScope.Campaign, Now);
        Assert.Equal((fits, fits * DiscountMinor), (counter.Uses, counter.SpentMinor));
        Assert.Equal(fits * DiscountMinor, await db.Redemptions.Where(row => row.CampaignId == campaign).SumAsync(row => row.CostMinor, Now));
        Assert.Equal(fits, client.Redeemed().Count);
    }

    private static (string Shopper, string Code, string Subject) Read(string body)
    {
        using var read = JsonDocument.Parse(body);
        var root = read.RootElement;
        return (root.GetProperty("shopper").GetProperty("id").GetString()!, root.GetProperty("values").GetProperty("code").GetString()!, root.GetProperty("message").GetProperty("subject").GetString()!);
    }

    private static async Task UntilAsync(Func<bool> reached)
    {
        var watch = Stopwatch.StartNew();
        while (!reached() && watch.Elapsed < TimeSpan.FromSeconds(120)) await Task.Delay(10, Now);
    }
}
