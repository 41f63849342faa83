using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Delivery;
using MerchantStudio.Core.Campaigns.Setup;
using MerchantStudio.Core.Campaigns.Webhooks;
using MerchantStudio.Core.Shop;
using MerchantStudio.Tests.Live;
using MerchantStudio.Tests.Worlds;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MerchantStudio.Tests.Campaigns;

/// <summary>kill -9 while messages go out: none is lost, and one that comes twice comes under the same id.</summary>
public sealed class DeliveryKillTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact, Trait("Row", "A11")]
    public Task No_queued_message_is_lost_by_two_kills() => RunAsync(count: 300, kills: 2);

    [Fact(Explicit = true), Trait("Size", "Full"), Trait("Row", "A11")]
    public Task No_queued_message_of_ten_thousand_is_lost_by_ten_kills() => RunAsync(count: 10_000, kills: 10);

    private static async Task RunAsync(int count, int kills)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = async (_, _) =>
        {
            await Task.Delay(5, Now);
            return 200;
        };
        await using var server = await LiveServer.StartAsync($"--Studio:Messaging:LocalTargets:0={receiver.Local}");
        await server.KillAsync();
        var expected = await QueueAsync(server.Folder, receiver, count);
        var watch = Stopwatch.StartNew();
        for (var kill = 1; kill <= kills; kill++)
        {
            await server.RestartAsync();
            await UntilAsync(receiver, count * kill / (kills + 1));
            await server.KillAsync();
        }

        await server.RestartAsync();
        var last = TimeSpan.FromSeconds(60 + (count / 20));
        while (Ids(receiver).Count < count && watch.Elapsed < last) await Task.Delay(50, Now);
        Assert.Equal(expected, Ids(receiver));
        await Task.Delay(TimeSpan.FromSeconds(1), Now);
        await server.KillAsync();

        await using var studio = await TemporaryStudio.OpenAsync(folder: server.Folder);
        await using var db = await studio.DbAsync();
        Assert.Equal(count, await db.Deliveries.CountAsync(row => row.State == DeliveryState.Sent, Now));
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} messages, {kills} kills, {receiver.Calls.Count - count} sent again, {watch.Elapsed.TotalSeconds:0.0} s"));
    }

    private static async Task<ImmutableSortedSet<string>> QueueAsync(string folder, WebhookReceiver receiver, int count)
    {
        await using var studio = await TemporaryStudio.OpenAsync(services => services.PostConfigure<MessagingOptions>(options => options.LocalTargets = [receiver.Local]), folder);
        var scope = new WorkspaceScope(new WorkspaceId("tea"), Actor.CommandLine);
        var setup = studio.Get<MessagingSetup>();
        var settings = (await setup.LookAsync(scope, Now)).Value.Settings;
        Assert.Null((await setup.ChangeAsync(scope, settings with { QuietFrom = null, QuietTo = null }, Now)).Problem);
        Assert.Null((await studio.Get<WebhookEndpoints>().AddAsync(scope, "Push", receiver.Url, Now)).Problem);
        var people = Enumerable.Range(0, count).Select(number => new Recipient($"s{number}")).ToList();
        var report = await studio.Get<Messenger>().QueueAsync(scope, new MessageOrder(Guid.NewGuid(), MessageChannel.Webhook, MessagingWorld.Template), people, Now);
        Assert.Equal(count, report.Value.Queued);
        await using var db = await studio.DbAsync();
        return (await db.Deliveries.Select(row => row.Id).ToListAsync(Now)).Select(id => id.ToString()).ToImmutableSortedSet(StringComparer.Ordinal);
    }

    private static async Task UntilAsync(WebhookReceiver receiver, int calls)
    {
        var watch = Stopwatch.StartNew();
        while (Ids(receiver).Count < calls && watch.Elapsed < TimeSpan.FromSeconds(60)) await Task.Delay(10, Now);
    }

    private static ImmutableSortedSet<string> Ids(WebhookReceiver receiver) => receiver.Calls.Select(call => call.Delivery).ToImmutableSortedSet(StringComparer.Ordinal);
}
