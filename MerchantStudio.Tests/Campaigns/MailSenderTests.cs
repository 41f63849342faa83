using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Delivery;
using MerchantStudio.Core.Campaigns.Messages;
using MerchantStudio.Core.Campaigns.Setup;
using Xunit;

namespace MerchantStudio.Tests.Campaigns;

/// <summary>Against a mail server on this machine.</summary>
public sealed class MailSenderTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_e_mail_has_both_parts_a_way_out_and_an_id_that_stays()
    {
        await using var world = await MessagingWorld.OpenAsync();
        await world.CustomersAsync(("m", "Mei\r\nBcc: all@example.test Lin", "Mei@Example.test", true));
        await world.QueueAsync([new Recipient("m", Language: "zh-CN")], MessageChannel.Email);
        await world.SendAsync();

        var row = await world.RowAsync();
        Assert.Equal((DeliveryState.Sent, 250), (row.State, row.LastStatus));
        var kept = Assert.Single(world.Mail.Mails);
        Assert.Contains("<mei@example.test>", kept.To, StringComparison.Ordinal);
        var mail = kept.Read();
        Assert.Equal("Mei，送您礼物", mail.Subject);
        Assert.Equal("茶 Tea shop", mail.From.Mailboxes.Single().Name);
        Assert.Empty(mail.Bcc);
        Assert.Equal($"{row.Id:N}@tea.example", mail.MessageId);
        Assert.Equal("List-Unsubscribe=One-Click", mail.Headers["List-Unsubscribe-Post"]);
        Assert.StartsWith("<https://studio.example/u/", mail.Headers["List-Unsubscribe"], StringComparison.Ordinal);
        Assert.Contains("请使用 TEA。", mail.TextBody, StringComparison.Ordinal);
        Assert.Contains("退订", mail.HtmlBody, StringComparison.Ordinal);
        Assert.True(kept.Raw.All(letter => letter < 128));
    }

    [Fact]
    public async Task A_line_that_begins_with_a_dot_arrives_as_it_was_written()
    {
        await using var world = await MessagingWorld.OpenAsync();
        await world.QueueAsync(await world.ManyAsync(1), MessageChannel.Email);
        await world.SendAsync();
        Assert.Contains("\n.hidden dot", Assert.Single(world.Mail.Mails).Read().TextBody!.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_messages_share_connections_and_each_goes_to_one_person()
    {
        await using var world = await MessagingWorld.OpenAsync();
        await world.QueueAsync(await world.ManyAsync(24), MessageChannel.Email);
        await world.SendAsync();
        Assert.Equal(24, world.Mail.Mails.Select(mail => mail.To).Distinct().Count());
        Assert.InRange(world.Mail.Connections, 1, 8);
    }

    [Theory]
    [InlineData("RCPT", "450 4.2.1 mailbox busy", DeliveryState.Queued, DeliveryReason.None, 450)]
    [InlineData("RCPT", "550 5.1.1 no such user", DeliveryState.Failed, DeliveryReason.Rejected, 550)]
    [InlineData("MAIL", "451 4.3.0 later", DeliveryState.Queued, DeliveryReason.None, 451)]
    [InlineData(".", "554 5.7.1 spam", DeliveryState.Failed, DeliveryReason.Rejected, 554)]
    [InlineData(".", "452 4.3.1 full", DeliveryState.Queued, DeliveryReason.None, 452)]
    public async Task A_servers_later_is_tried_again_and_its_never_is_not(string at, string answer, DeliveryState state, DeliveryReason reason, int status)
    {
        await using var world = await MessagingWorld.OpenAsync();
        world.Mail.Answer = line => line.StartsWith(at, StringComparison.OrdinalIgnoreCase) ? answer : null;
        await world.QueueAsync(await world.ManyAsync(1), MessageChannel.Email);
        await world.SendAsync();
        var row = await world.RowAsync();
        Assert.Equal((state, reason, status), (row.State, row.Reason, row.LastStatus));
        Assert.DoesNotContain("mailbox", row.LastFault, StringComparison.Ordinal);
        if (state != DeliveryState.Queued) return;
        world.Mail.Answer = _ => null;
        world.Time.At = row.NextAttemptAt!.Value;
        await world.SendAsync();
        Assert.Equal(DeliveryState.Sent, (await world.RowAsync()).State);
        Assert.Equal($"{row.Id:N}@tea.example", Assert.Single(world.Mail.Mails).Read().MessageId);
    }

    [Fact]
    public async Task A_server_that_is_away_is_tried_again()
    {
        await using var world = await MessagingWorld.OpenAsync();
        world.Mail.Dispose();
        await world.QueueAsync(await world.ManyAsync(1), MessageChannel.Email);
        await world.SendAsync();
        Assert.Equal((DeliveryState.Queued, "no-answer"), ((await world.RowAsync()).State, (await world.RowAsync()).LastFault));
    }

    [Fact]
    public async Task A_test_mail_says_what_the_server_said()
    {
        await using var world = await MessagingWorld.OpenAsync();
        var setup = world.Studio.Get<MessagingSetup>();
        var text = new MessageText("Test", "It works.");
        Assert.Null((await setup.SendTestAsync(world.Scope, "me@shop.example", text, Now)).Problem);
        Assert.Equal("Test", Assert.Single(world.Mail.Mails).Read().Subject);
        world.Mail.Answer = line => line.StartsWith("RCPT", StringComparison.OrdinalIgnoreCase) ? "550 no" : null;
        Assert.Contains("550", (await setup.SendTestAsync(world.Scope, "me@shop.example", text, Now)).Problem!.Message, StringComparison.Ordinal);
        Assert.Equal("messages.address-invalid", (await setup.SendTestAsync(world.Scope, "me", text, Now)).Problem!.Code);
        Assert.Equal("access.refused", (await setup.SendTestAsync(world.As(Role.Marketer), "me@shop.example", text, Now)).Problem!.Code);
    }

    [Theory]
    [InlineData("10.0.0.1", 587, MailSecurity.StartTls, "messages.mail-host-refused")]
    [InlineData("localhost", 587, MailSecurity.StartTls, "messages.mail-host-refused")]
    [InlineData("smtp.shop.example", 22, MailSecurity.StartTls, "messages.mail-port-refused")]
    [InlineData("smtp.shop.example", 587, MailSecurity.None, "messages.mail-unencrypted")]
    [InlineData("smtp.shop.example", 465, MailSecurity.Tls, null)]
    public async Task A_mail_server_is_public_and_encrypted_unless_the_installation_says_otherwise(string host, int port, MailSecurity security, string? code)
    {
        await using var world = await MessagingWorld.OpenAsync();
        var setup = world.Studio.Get<MessagingSetup>();
        var settings = (await setup.LookAsync(world.Scope, Now)).Value.Settings;
        Assert.Equal(code, (await setup.ChangeAsync(world.Scope, settings with { SmtpHost = host, SmtpPort = port, SmtpSecurity = security }, Now)).Problem?.Code);
    }

    [Fact]
    public async Task A_password_does_not_follow_to_another_server()
    {
        await using var world = await MessagingWorld.OpenAsync(settings => settings with { SmtpUser = "me", Password = "secret" });
        var setup = world.Studio.Get<MessagingSetup>();
        var view = (await setup.LookAsync(world.Scope, Now)).Value;
        Assert.True(view.HasPassword);
        await setup.ChangeAsync(world.Scope, view.Settings with { MostAWeek = 3 }, Now);
        Assert.True((await setup.LookAsync(world.Scope, Now)).Value.HasPassword);
        await setup.ChangeAsync(world.Scope, view.Settings with { SmtpHost = "smtp.evil.example", SmtpPort = 587, SmtpSecurity = MailSecurity.StartTls }, Now);
        Assert.False((await setup.LookAsync(world.Scope, Now)).Value.HasPassword);
    }
}
