using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Delivery;
using MerchantStudio.Core.Campaigns.Setup;
using MerchantStudio.Core.Campaigns.Webhooks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MerchantStudio.Tests.Campaigns;

public sealed class DeliveryWorkerTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact, Trait("Row", "A11")]
    public async Task A_webhook_gets_a_signed_message()
    {
        await using var world = await MessagingWorld.OpenAsync();
        await world.CustomersAsync(("m", "Mei Lin", "mei@example.test", null));
        await world.QueueAsync([new Recipient("m", ImmutableDictionary<string, string>.Empty.Add("code", "TEA-1"), "zh-CN")]);
        await world.SendAsync();

        var call = Assert.Single(world.Receiver.Calls);
        var row = await world.RowAsync();
        Assert.Equal((DeliveryState.Sent, 204, 1, MessagingWorld.Wednesday), (row.State, row.LastStatus, row.Attempts, row.SentAt));
        Assert.Equal(row.Id.ToString(), call.Delivery);
        Assert.True(WebhookSignature.Verify(world.Secret, call.Timestamp, call.Signature, Encoding.UTF8.GetBytes(call.Body), MessagingWorld.Wednesday.AddMinutes(4)));
        Assert.False(WebhookSignature.Verify(world.Secret, call.Timestamp, call.Signature, Encoding.UTF8.GetBytes(call.Body), MessagingWorld.Wednesday.AddMinutes(6)));
        var body = JsonDocument.Parse(call.Body).RootElement;
        Assert.Equal((call.Delivery, "message", "m", "tea"), (Text("id"), Text("type"), body.GetProperty("shopper").GetProperty("id").GetString(), Text("workspace")));
        Assert.Equal("Mei，送您礼物", body.GetProperty("message").GetProperty("subject").GetString());
        Assert.Equal("TEA-1", body.GetProperty("values").GetProperty("code").GetString());
        Assert.StartsWith("https://studio.example/u/", Text("unsubscribe_url"), StringComparison.Ordinal);
        Assert.DoesNotContain("mei@example.test", call.Body, StringComparison.Ordinal);

        string Text(string name) => body.GetProperty(name).GetString()!;
    }

    [Fact, Trait("Row", "A11")]
    public async Task A_message_that_is_refused_comes_again_under_the_same_id_with_a_new_signature()
    {
        await using var world = await MessagingWorld.OpenAsync();
        world.Receiver.Answer = (_, before) => Task.FromResult(before < 2 ? 503 : 200);
        await world.QueueAsync(await world.ManyAsync(1));
        for (var tries = 1; tries <= 3; tries++)
        {
            await world.SendAsync();
            await world.SendAsync();
            Assert.Equal(tries, world.Receiver.Calls.Count);
            world.Time.At += TimeSpan.FromMinutes(5);
        }

        var calls = world.Receiver.Calls.ToArray();
        Assert.Single(calls.Select(call => call.Delivery).Distinct());
        Assert.Single(calls.Select(call => call.Body).Distinct());
        Assert.Equal(3, calls.Select(call => call.Signature).Distinct().Count());
        Assert.All(calls, call => Assert.True(WebhookSignature.Verify(world.Secret, call.Timestamp, call.Signature, Encoding.UTF8.GetBytes(call.Body), DateTimeOffset.FromUnixTimeSeconds(long.Parse(call.Timestamp, null)))));
        Assert.Equal((DeliveryState.Sent, 3), ((await world.RowAsync()).State, (await world.RowAsync()).Attempts));
    }

    [Fact, Trait("Row", "A11")]
    public async Task After_a_day_without_success_it_gives_up_and_says_why()
    {
        await using var world = await MessagingWorld.OpenAsync(settings => settings with { QuietFrom = null, QuietTo = null });
        world.Receiver.Answer = (_, _) => Task.FromResult(500);
        await world.QueueAsync(await world.ManyAsync(1));
        await world.SendAsync();
        while ((await world.RowAsync()).NextAttemptAt is { } next)
        {
            Assert.True(next <= MessagingWorld.Wednesday + RetrySchedule.Longest);
            world.Time.At = next;
            await world.SendAsync();
        }

        var row = await world.RowAsync();
        Assert.Equal((DeliveryState.Failed, DeliveryReason.GaveUp, 500, "answered"), (row.State, row.Reason, row.LastStatus, row.LastFault));
        Assert.Equal(MessagingWorld.Wednesday + RetrySchedule.Longest, world.Time.At);
        Assert.InRange(row.Attempts, 6, 9);

        world.Receiver.Answer = (_, _) => Task.FromResult(200);
        Assert.Null((await world.Studio.Get<DeliveryLog>().TryAgainAsync(world.Scope, row.Id, Now)).Problem);
        await world.SendAsync();
        Assert.Equal(DeliveryState.Sent, (await world.RowAsync()).State);
        Assert.Single(world.Receiver.Calls.Select(call => call.Delivery).Distinct());
    }

    [Fact]
    public void Pauses_grow_fourfold_and_differ_from_message_to_message()
    {
        var (first, half) = (MessagingWorld.Wednesday, TimeSpan.FromSeconds(30));
        for (var attempt = 1; attempt <= 5; attempt++)
        {
            var pauses = Enumerable.Range(0, 50).Select(number => (RetrySchedule.Next(new Guid(number, 0, 0, new byte[8]), attempt, first, first, half)!.Value - first).TotalSeconds / (30 * Math.Pow(4, attempt - 1))).ToList();
            Assert.All(pauses, pause => Assert.InRange(pause, 0.8, 1.2));
            Assert.InRange(pauses.Max() - pauses.Min(), 0.2, 0.4);
        }

        Assert.Equal(first.AddDays(1), RetrySchedule.Next(Guid.Empty, 40, first, first.AddHours(23), half));
        Assert.Null(RetrySchedule.Next(Guid.Empty, 40, first, first.AddDays(1), half));
    }

    [Fact, Trait("Row", "A11")]
    public async Task A_slow_receiver_does_not_delay_the_others()
    {
        await using var world = await MessagingWorld.OpenAsync(configure: options => options.WebhookSeconds = 3);
        await using var slow = await WebhookReceiver.StartAsync();
        slow.Answer = async (_, _) =>
        {
            await Task.Delay(TimeSpan.FromSeconds(60), Now);
            return 200;
        };
        world.Studio.Get<Microsoft.Extensions.Options.IOptions<MessagingOptions>>().Value.LocalTargets = [slow.Local, world.Receiver.Local];
        var other = (await world.Studio.Get<WebhookEndpoints>().AddAsync(world.Scope, "Slow", slow.Url, Now)).Value.Id;
        var people = await world.ManyAsync(60);
        await QueueAsync(other, people[..4]);
        await QueueAsync(world.Endpoint, people);
        var watch = Stopwatch.StartNew();
        var worker = world.Studio.Get<DeliveryWorker>();
        await worker.StartDueAsync(Now);
        while (world.Receiver.Calls.Count < 60 && watch.Elapsed < TimeSpan.FromSeconds(30)) await Task.Delay(20, Now);
        var fast = watch.Elapsed;
        await worker.IdleAsync();
        Assert.True(fast < watch.Elapsed, $"The others had to wait {fast}.");
        Assert.Equal(60, world.Receiver.Calls.Count);
        Assert.All((await world.RowsAsync()).Where(row => row.EndpointId == other), row => Assert.Equal((DeliveryState.Queued, "too-slow"), (row.State, row.LastFault)));

        async Task QueueAsync(Guid endpoint, ImmutableArray<Recipient> to) =>
            Assert.Null((await world.Studio.Get<Messenger>().QueueAsync(world.Scope, new MessageOrder(Guid.NewGuid(), MessageChannel.Webhook, MessagingWorld.Template, Endpoint: endpoint), to, Now)).Problem);
    }

    [Fact, Trait("Row", "A11")]
    public async Task Two_workers_send_each_message_once()
    {
        await using var world = await MessagingWorld.OpenAsync();
        await world.QueueAsync(await world.ManyAsync(150));
        var workers = Enumerable.Range(0, 2).Select(_ => ActivatorUtilities.CreateInstance<DeliveryWorker>(world.Studio.Services)).ToList();
        await Task.WhenAll(workers.Select(worker => worker.StartDueAsync(Now)));
        await Task.WhenAll(workers.Select(worker => worker.IdleAsync()));
        Assert.Equal(150, world.Receiver.Calls.Count);
        Assert.Equal(150, world.Receiver.Calls.Select(call => call.Delivery).Distinct().Count());
        Assert.All(await world.RowsAsync(), row => Assert.Equal(DeliveryState.Sent, row.State));
    }

    [Fact, Trait("Row", "A11")]
    public async Task What_a_dead_worker_had_taken_is_sent_when_its_lease_has_ended_or_the_program_starts_anew()
    {
        await using var world = await MessagingWorld.OpenAsync();
        await world.QueueAsync(await world.ManyAsync(2));
        var queue = world.Studio.Get<DeliveryQueue>();
        var target = Assert.Single(await queue.DueTargetsAsync(Now));
        Assert.NotNull(await queue.TakeAsync(target, 1, Now));
        await world.SendAsync();
        Assert.Single(world.Receiver.Calls);
        world.Time.At += DeliveryQueue.LeaseTime + TimeSpan.FromSeconds(1);
        await world.SendAsync();
        Assert.Equal(2, world.Receiver.Calls.Select(call => call.Delivery).Distinct().Count());

        await world.QueueAsync([new Recipient("s0")], occurrence: "again");
        Assert.NotNull(await queue.TakeAsync(target, 1, Now));
        await queue.ReleaseAllAsync(Now);
        await world.SendAsync();
        Assert.Equal(3, world.Receiver.Calls.Count);
    }

    [Fact]
    public async Task An_end_that_is_written_late_does_not_undo_what_another_worker_has_done()
    {
        await using var world = await MessagingWorld.OpenAsync();
        await world.QueueAsync(await world.ManyAsync(1));
        var queue = world.Studio.Get<DeliveryQueue>();
        var late = (await queue.TakeAsync((await queue.DueTargetsAsync(Now))[0], 1, Now))!;
        world.Time.At += DeliveryQueue.LeaseTime + TimeSpan.FromSeconds(1);
        await world.SendAsync();
        await queue.WriteAsync(late, new Dictionary<Guid, SendResult> { [late.Deliveries[0].Id] = new(500, "answered") }, ImmutableDictionary<Guid, Verdict>.Empty, Now);
        Assert.Equal((DeliveryState.Sent, 1), ((await world.RowAsync()).State, (await world.RowAsync()).Attempts));
    }

    [Fact]
    public async Task An_endpoint_that_only_fails_for_three_days_is_switched_off_and_what_waits_for_it_fails()
    {
        await using var world = await MessagingWorld.OpenAsync();
        world.Receiver.Answer = (_, _) => Task.FromResult(500);
        var people = await world.ManyAsync(1);
        foreach (var day in Enumerable.Range(0, 4))
        {
            world.Time.At = MessagingWorld.Wednesday.AddDays(day).AddMinutes(day);
            await world.QueueAsync(people, campaign: Guid.NewGuid());
            await world.SendAsync();
        }

        var endpoints = world.Studio.Get<WebhookEndpoints>();
        Assert.NotNull(Assert.Single((await endpoints.ListAsync(world.Scope, Now)).Value).DisabledAt);
        Assert.Contains(await world.RowsAsync(), row => row is { State: DeliveryState.Failed, Reason: DeliveryReason.NotSetUp });
        Assert.Equal("messages.no-endpoint", (await world.Studio.Get<Messenger>().QueueAsync(world.Scope, new MessageOrder(Guid.NewGuid(), MessageChannel.Webhook, MessagingWorld.Template), people, Now)).Problem!.Code);
        Assert.Null((await endpoints.EnableAsync(world.Scope, world.Endpoint, Now)).Problem);
        Assert.Equal(1, (await world.QueueAsync(people, campaign: Guid.NewGuid())).Queued);
    }

    [Fact]
    public async Task A_new_secret_signs_from_the_next_message_on()
    {
        await using var world = await MessagingWorld.OpenAsync();
        var secret = (await world.Studio.Get<WebhookEndpoints>().RotateAsync(world.Scope, world.Endpoint, Now)).Value.Secret;
        Assert.Null((await world.Studio.Get<WebhookEndpoints>().TestAsync(world.Scope, world.Endpoint, Now)).Problem);
        var call = Assert.Single(world.Receiver.Calls);
        Assert.True(WebhookSignature.Verify(secret, call.Timestamp, call.Signature, Encoding.UTF8.GetBytes(call.Body), MessagingWorld.Wednesday));
        Assert.False(WebhookSignature.Verify(world.Secret, call.Timestamp, call.Signature, Encoding.UTF8.GetBytes(call.Body), MessagingWorld.Wednesday));
        world.Receiver.Answer = (_, _) => Task.FromResult(404);
        Assert.Equal("messages.test-failed", (await world.Studio.Get<WebhookEndpoints>().TestAsync(world.Scope, world.Endpoint, Now)).Problem!.Code);
    }

    [Fact, Trait("Row", "A16")]
    public async Task Secrets_and_addresses_cannot_be_read_in_the_data_folder()
    {
        await using var world = await MessagingWorld.OpenAsync(settings => settings with { SmtpUser = "postman", Password = "canary-pass-7731" });
        await world.CustomersAsync(("m", "Canaria Mei", "canary@example.test", true));
        await world.QueueAsync([new Recipient("m", ImmutableDictionary<string, string>.Empty.Add("code", "CANARY-CODE"))], MessageChannel.Email);
        await world.QueueAsync([new Recipient("m")], campaign: Guid.NewGuid());
        await using (var db = await world.Studio.DbAsync()) await db.Database.ExecuteSqlRawAsync("PRAGMA wal_checkpoint(FULL);", Now);
        foreach (var file in Directory.EnumerateFiles(world.Studio.Paths.Root, "app.db*"))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            var text = await reader.ReadToEndAsync(Now);
            foreach (var canary in (string[])["canary-pass-7731", "canary@example.test", "Canaria", "CANARY-CODE", world.Secret, world.Secret[5..]]) Assert.DoesNotContain(canary, text, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task A_message_in_the_shops_pages_waits_for_its_shopper_and_is_shown_as_text()
    {
        await using var world = await MessagingWorld.OpenAsync();
        await world.QueueAsync(await world.ManyAsync(1), MessageChannel.OnSite);
        await world.SendAsync();
        Assert.Equal(DeliveryState.Queued, (await world.RowAsync()).State);
        var slot = world.Studio.Get<OnSiteMessages>();
        Assert.Null((await slot.NextAsync(world.Scope, new Core.Shop.ShopperId("s1"), Now)).Value);
        var shown = (await slot.NextAsync(world.Scope, new Core.Shop.ShopperId("s0"), Now)).Value!;
        Assert.Equal(("A gift, Mei", "https://shop.example/?c=TEA"), (shown.Subject, shown.ButtonLink));
        Assert.Equal((DeliveryState.Sent, MessagingWorld.Wednesday), ((await world.RowAsync()).State, (await world.RowAsync()).SentAt));
        Assert.Equal(shown, (await slot.NextAsync(world.Scope, new Core.Shop.ShopperId("s0"), Now)).Value);
        world.Time.At += TimeSpan.FromDays(8);
        Assert.Null((await slot.NextAsync(world.Scope, new Core.Shop.ShopperId("s0"), Now)).Value);
    }

    [Fact]
    public async Task A_file_holds_those_whom_no_rule_keeps_back_and_writing_it_is_sending()
    {
        await using var world = await MessagingWorld.OpenAsync();
        await world.CustomersAsync(("a", "=Mei", "a@example.test", true), ("b", "Bo", "b@example.test", false), ("c", "Cy", "c@example.test", true));
        await world.QueueAsync([new Recipient("a"), new Recipient("b"), new Recipient("c")], MessageChannel.Csv);
        await world.Studio.Get<OptOuts>().AddAsync(world.Scope, new Core.Shop.ShopperId("c"), Now);
        for (var turn = 0; turn < 2; turn++)
        {
            using var file = new MemoryStream();
            Assert.Equal(1, (await world.Studio.Get<MessageFiles>().WriteAsync(world.Scope, MessagingWorld.Campaign, "", [.. MessageFiles.Columns], Core.Exports.ExportFormat.Csv, file, Now)).Value);
            var text = Encoding.UTF8.GetString(file.ToArray());
            Assert.Contains("a@example.test", text, StringComparison.Ordinal);
            Assert.DoesNotContain("b@example.test", text, StringComparison.Ordinal);
            Assert.DoesNotContain("c@example.test", text, StringComparison.Ordinal);
        }

        Assert.Equal([DeliveryState.Sent, DeliveryState.Suppressed, DeliveryState.Suppressed], (await world.RowsAsync()).Select(row => row.State));
    }
}
