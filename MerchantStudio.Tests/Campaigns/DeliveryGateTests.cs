using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Delivery;
using MerchantStudio.Core.Campaigns.Messages;
using MerchantStudio.Core.Shop;
using Xunit;

namespace MerchantStudio.Tests.Campaigns;

/// <summary>The one place that every message passes.</summary>
public sealed class DeliveryGateTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_suppression_is_written_down_with_its_rule()
    {
        await using var world = await MessagingWorld.OpenAsync(settings => settings with { MostEmails = 1 });
        await world.CustomersAsync(
            ("ok", "Mei", "mei@example.test", true), ("no", null, "no@example.test", false), ("unasked", null, "un@example.test", null), ("bare", null, null, true),
            ("left", null, "left@example.test", true), ("twin", null, "left@example.test", true), ("capped", null, "c@example.test", true), ("kept", null, "k@example.test", true));
        await world.QueueAsync([new Recipient("capped")], MessageChannel.Email, Guid.NewGuid());
        await world.Studio.Get<OptOuts>().AddAsync(world.Scope, new ShopperId("left"), Now);

        var report = await world.QueueAsync([.. new[] { "ok", "no", "unasked", "bare", "left", "capped", "stranger" }.Select(id => new Recipient(id)), new Recipient("kept", IsHoldout: true)], MessageChannel.Email);
        Assert.Equal((1, 0), (report.Queued, report.Postponed));
        var reasons = (await world.RowsAsync()).Where(row => row.CampaignId == MessagingWorld.Campaign).ToDictionary(row => row.ShopperId, row => (row.State, row.Reason));
        Assert.Equal((DeliveryState.Queued, DeliveryReason.None), reasons["ok"]);
        Assert.Equal(
            new Dictionary<string, DeliveryReason>
            {
                ["no"] = DeliveryReason.NoConsent,
                ["unasked"] = DeliveryReason.NoConsent,
                ["bare"] = DeliveryReason.NoAddress,
                ["left"] = DeliveryReason.Unsubscribed,
                ["capped"] = DeliveryReason.ChannelCap,
                ["stranger"] = DeliveryReason.NoConsent,
                ["kept"] = DeliveryReason.Holdout,
            },
            reasons.Where(row => row.Key != "ok").ToDictionary(row => row.Key, row => row.Value.Reason));
        Assert.All(reasons.Where(row => row.Key != "ok"), row => Assert.Equal(DeliveryState.Suppressed, row.Value.State));

        var counts = (await world.Studio.Get<DeliveryLog>().CountAsync(world.Scope, MessagingWorld.Campaign, Now)).Value;
        Assert.Equal(3, Assert.Single(counts, count => count.Reason == DeliveryReason.NoConsent).Count);
        Assert.Equal(3, report.Suppressed[DeliveryReason.NoConsent]);
    }

    [Fact]
    public async Task Queueing_again_sends_nobody_a_second_one_and_explains_it_once()
    {
        await using var world = await MessagingWorld.OpenAsync();
        var people = await world.ManyAsync(3);
        Assert.Equal(3, (await world.QueueAsync(people)).Queued);
        for (var turn = 0; turn < 2; turn++) Assert.Equal(3, (await world.QueueAsync(people)).Suppressed[DeliveryReason.AlreadySent]);
        Assert.Equal(6, (await world.RowsAsync()).Count);
        Assert.Equal(3, (await world.QueueAsync(people, occurrence: "second")).Queued);
    }

    [Fact]
    public async Task Who_left_under_one_id_gets_nothing_under_another_with_the_same_address()
    {
        await using var world = await MessagingWorld.OpenAsync();
        await world.CustomersAsync(("one", null, "same@example.test", true), ("two", null, "same@example.test", true));
        await world.QueueAsync([new Recipient("one")], MessageChannel.Email);
        await world.SendAsync();
        var link = world.Mail.Mails.Single().Read().Headers["List-Unsubscribe"]!.Trim('<', '>').Split('/')[^1];
        Assert.True(await world.Studio.Get<OptOuts>().LeaveAsync(link, OptOuts.ByLink, Now));
        Assert.Equal(1, (await world.QueueAsync([new Recipient("two")], MessageChannel.Email, Guid.NewGuid())).Suppressed[DeliveryReason.Unsubscribed]);
    }

    [Fact]
    public async Task Who_leaves_while_her_message_waits_does_not_get_it()
    {
        await using var world = await MessagingWorld.OpenAsync();
        await world.QueueAsync(await world.ManyAsync(2));
        await world.Studio.Get<OptOuts>().AddAsync(world.Scope, new ShopperId("s0"), Now);
        await world.SendAsync();
        var rows = await world.RowsAsync();
        Assert.Equal((DeliveryState.Suppressed, DeliveryReason.Unsubscribed), (rows[0].State, rows[0].Reason));
        Assert.Equal(DeliveryState.Sent, rows[1].State);
        Assert.Single(world.Receiver.Calls);
    }

    [Fact]
    public async Task A_limit_holds_over_all_campaigns_that_queue_at_once()
    {
        await using var world = await MessagingWorld.OpenAsync(settings => settings with { MostAWeek = 2 });
        var people = await world.ManyAsync(40);
        var reports = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => world.QueueAsync(people, campaign: Guid.NewGuid()), Now)));
        Assert.Equal(80, reports.Sum(report => report.Queued));
        Assert.All((await world.RowsAsync()).Where(row => row.State == DeliveryState.Queued).CountBy(row => row.ShopperId), count => Assert.Equal(2, count.Value));
        Assert.Equal(160, reports.Sum(report => report.Suppressed.GetValueOrDefault(DeliveryReason.OverallCap)));
    }

    [Fact]
    public async Task A_week_is_seven_days_of_the_store_and_a_failed_message_does_not_count()
    {
        await using var world = await MessagingWorld.OpenAsync(settings => settings with { MostAWeek = 1 });
        var people = await world.ManyAsync(1);
        world.Time.At = new DateTimeOffset(2026, 11, 18, 16, 30, 0, TimeSpan.Zero);
        await world.QueueAsync(people);
        await world.SendAsync();
        Assert.Equal(DeliveryReason.OverallCap, await ReasonAfter(TimeSpan.FromDays(6)));
        // Sent on Wednesday afternoon; Wednesday morning a week later is another week, though fewer than 168 hours have passed.
        Assert.Equal(DeliveryReason.None, await ReasonAfter(TimeSpan.FromDays(6.7)));

        async Task<DeliveryReason> ReasonAfter(TimeSpan later)
        {
            world.Time.At = new DateTimeOffset(2026, 11, 18, 16, 30, 0, TimeSpan.Zero) + later;
            var report = await world.QueueAsync(people, campaign: Guid.NewGuid());
            return report.Suppressed.Keys.DefaultIfEmpty(DeliveryReason.None).Single();
        }
    }

    [Fact]
    public async Task A_message_that_failed_for_good_does_not_count()
    {
        await using var world = await MessagingWorld.OpenAsync(settings => settings with { MostAWeek = 1 });
        var people = await world.ManyAsync(1);
        world.Receiver.Answer = (_, _) => Task.FromResult(410);
        await world.QueueAsync(people);
        await world.SendAsync();
        Assert.Equal(1, (await world.QueueAsync(people, campaign: Guid.NewGuid())).Queued);
    }

    [Fact]
    public async Task Quiet_hours_postpone_to_their_end_where_the_shopper_is()
    {
        await using var world = await MessagingWorld.OpenAsync();
        await world.ManyAsync(2);
        world.Time.At = new DateTimeOffset(2026, 11, 18, 21, 30, 0, TimeSpan.Zero);   // 22:30 in Berlin, 16:30 in New York
        var report = await world.QueueAsync([new Recipient("s0"), new Recipient("s1", Zone: "America/New_York")]);
        Assert.Equal((2, 1), (report.Queued, report.Postponed));
        await world.SendAsync();
        Assert.Equal("s1", (await world.RowsAsync()).Single(row => row.State == DeliveryState.Sent).ShopperId);
        Assert.Equal(new DateTimeOffset(2026, 11, 19, 7, 0, 0, TimeSpan.Zero), (await world.RowsAsync())[0].NextAttemptAt);
        world.Time.At = new DateTimeOffset(2026, 11, 19, 7, 0, 0, TimeSpan.Zero);
        await world.SendAsync();
        Assert.All(await world.RowsAsync(), row => Assert.Equal(DeliveryState.Sent, row.State));
    }

    [Fact]
    public async Task A_message_that_comes_due_at_night_waits_for_the_morning_without_counting_as_a_try()
    {
        await using var world = await MessagingWorld.OpenAsync();
        await world.QueueAsync(await world.ManyAsync(1));
        world.Time.At = new DateTimeOffset(2026, 11, 18, 23, 0, 0, TimeSpan.Zero);
        await world.SendAsync();
        var row = await world.RowAsync();
        Assert.Equal((DeliveryState.Queued, 0, new DateTimeOffset(2026, 11, 19, 7, 0, 0, TimeSpan.Zero)), (row.State, row.Attempts, row.NextAttemptAt));
        Assert.Empty(world.Receiver.Calls);
    }

    [Theory]
    [InlineData("2026-11-18T20:59:00+01:00", null)]
    [InlineData("2026-11-18T21:00:00+01:00", "2026-11-19T08:00:00+01:00")]
    [InlineData("2026-11-18T07:59:59+01:00", "2026-11-18T08:00:00+01:00")]
    [InlineData("2026-11-18T08:00:00+01:00", null)]
    [InlineData("2026-10-24T23:00:00+02:00", "2026-10-25T08:00:00+01:00")]
    [InlineData("2026-03-28T23:00:00+01:00", "2026-03-29T08:00:00+02:00")]
    public void The_end_of_a_night_is_a_time_on_the_wall(string at, string? end) =>
        Assert.Equal(end is null ? null : DateTimeOffset.Parse(end, null), QuietHours.EndAfter(new MessagingSettings { WorkspaceId = new WorkspaceId("a") }, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"), DateTimeOffset.Parse(at, null)));

    [Theory]
    [InlineData("2026-03-29T00:30:00Z", "2026-03-29T01:00:00Z")]   // the hour is leapt over
    [InlineData("2026-10-24T23:30:00Z", "2026-10-25T01:30:00Z")]   // the hour comes twice
    public void A_night_that_ends_while_the_clock_is_changed_does_not_end_too_early(string at, string expected)
    {
        var settings = new MessagingSettings { WorkspaceId = new WorkspaceId("a"), QuietFromMinute = 60, QuietToMinute = 150 };
        var end = QuietHours.EndAfter(settings, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"), DateTimeOffset.Parse(at, CultureInfo.InvariantCulture));
        Assert.Equal(DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture), end);
    }

    [Fact]
    public async Task A_message_with_a_hole_in_it_is_kept_back()
    {
        await using var world = await MessagingWorld.OpenAsync();
        await world.ManyAsync(2);
        var order = new MessageOrder(MessagingWorld.Campaign, MessageChannel.Webhook, new MessageTemplate(new MessageText("Hi", "Your code: {{code}}"), null));
        var report = (await world.Studio.Get<Messenger>().QueueAsync(world.Scope, order, [new Recipient("s0"), new Recipient("s1", ImmutableDictionary<string, string>.Empty.Add("code", "A"))], Now)).Value;
        Assert.Equal((1, 1), (report.Queued, report.Suppressed[DeliveryReason.MissingValue]));
    }

    [Fact]
    public async Task Roles_bind_messages_as_everything_else()
    {
        await using var world = await MessagingWorld.OpenAsync();
        var order = new MessageOrder(MessagingWorld.Campaign, MessageChannel.Webhook, MessagingWorld.Template);
        foreach (var role in Enum.GetValues<Role>())
        {
            Assert.Equal(role is Role.Owner or Role.Marketer, (await world.Studio.Get<Messenger>().QueueAsync(world.As(role), order, [], Now)).Succeeded);
            Assert.Equal(role is not Role.Viewer, (await world.Studio.Get<DeliveryLog>().ListAsync(world.As(role), new DeliveryQuestion(), Now)).Succeeded);
            Assert.Equal(role is Role.Owner, (await world.Studio.Get<Core.Campaigns.Setup.WebhookEndpoints>().AddAsync(world.As(role), "x", "https://shop.example/", Now)).Succeeded);
            Assert.Equal(role is Role.Owner, (await world.Studio.Get<Core.Campaigns.Setup.WebhookEndpoints>().RotateAsync(world.As(role), world.Endpoint, Now)).Succeeded);
        }
    }

    [Fact]
    public async Task A_preview_says_the_name_only_to_those_who_may_read_it()
    {
        await using var world = await MessagingWorld.OpenAsync();
        await world.CustomersAsync(("m", "Mei Lin", "m@example.test", true), ("c", "王小明", null, null));
        Assert.Equal("A gift, Mei", await SubjectAsync(Role.Marketer, "m", "en"));
        Assert.Equal("王小明，送您礼物", await SubjectAsync(Role.Owner, "c", "zh-CN"));
        Assert.Equal("A gift, you", await SubjectAsync(Role.Owner, "nobody", null));

        async Task<string> SubjectAsync(Role role, string shopper, string? language) =>
            (await world.Studio.Get<Messenger>().PreviewAsync(world.As(role), MessagingWorld.Template, shopper, language, ImmutableDictionary<string, string>.Empty, Now)).Value.Subject;
    }
}
