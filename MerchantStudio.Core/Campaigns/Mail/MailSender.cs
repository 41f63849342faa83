using System.Collections.Concurrent;
using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Delivery;
using MerchantStudio.Core.Campaigns.Messages;
using MerchantStudio.Core.Campaigns.Webhooks;
using Microsoft.Extensions.Options;
using MimeKit;

namespace MerchantStudio.Core.Campaigns.Mail;

/// <summary>Hands e-mails to the shop's mail server: one message a person, over a connection that is checked like a webhook's and used for several.</summary>
public sealed class MailSender(GuardedConnector connector, IContactProtector protector, IOptions<MessagingOptions> options)
{
    private readonly ConcurrentDictionary<string, ConcurrentBag<SmtpClient>> _idle = new(StringComparer.Ordinal);

    /// <param name="pool">Whose connections may be used again.</param>
    internal async Task<SendResult> SendAsync(string pool, MessagingSettings settings, Guid delivery, string to, RenderedMessage message, Uri? wayOut, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(options.Value.MailSeconds));
        var idle = _idle.GetOrAdd(pool, _ => []);
        var client = idle.TryTake(out var kept) && kept.IsConnected ? kept : null;
        if (client is null) kept?.Dispose();
        try
        {
            client ??= await ConnectAsync(settings, patience.Token).ConfigureAwait(false);
            using var mail = Compose(settings, delivery, to, message, wayOut);

            // The first server may take 8 bits; what lies behind it may not.
            mail.Prepare(EncodingConstraint.SevenBit);
            await client.SendAsync(mail, patience.Token).ConfigureAwait(false);
            idle.Add(client);
            client = null;
            return SendResult.Sent((int)SmtpStatusCode.Ok);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new SendResult(null, SendFault.TooSlow);
        }
        catch (Exception fault) when (Judge(fault) is not null)
        {
            return Judge(fault)!;
        }
        finally
        {
            client?.Dispose();
        }
    }

    /// <summary>Says good-bye on the connections that are kept open.</summary>
    internal async Task RestAsync(string pool)
    {
        if (!_idle.TryRemove(pool, out var idle)) return;
        foreach (var client in idle)
        {
            using var closing = client;
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            try
            {
                await client.DisconnectAsync(quit: true, patience.Token).ConfigureAwait(false);
            }
            catch (Exception gone) when (gone is IOException or SocketException or ProtocolException or CommandException or OperationCanceledException)
            {
                // The other side has left already.
            }
        }
    }

    internal static MimeMessage Compose(MessagingSettings settings, Guid delivery, string to, RenderedMessage message, Uri? wayOut)
    {
        var mail = new MimeMessage();
        mail.From.Add(new MailboxAddress(settings.SenderName, settings.SenderAddress));
        mail.To.Add(new MailboxAddress("", to));
        mail.Subject = message.Subject;
        mail.MessageId = $"{delivery:N}@{DomainOf(settings)}";
        if (wayOut is not null)
        {
            mail.Headers.Add(HeaderId.ListUnsubscribe, $"<{wayOut.AbsoluteUri}>");
            mail.Headers.Add("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
        }

        mail.Body = new MultipartAlternative(new TextPart("plain") { Text = message.Text }, new TextPart("html") { Text = message.Html });
        return mail;
    }

    private async Task<SmtpClient> ConnectAsync(MessagingSettings settings, CancellationToken cancellationToken)
    {
        var client = new SmtpClient { CheckCertificateRevocation = false, LocalDomain = DomainOf(settings), Timeout = options.Value.MailSeconds * 1000 };
        try
        {
            // Whoever runs the installation vouches for a mail server in her own network, and for nobody else's without encryption.
            if (settings.SmtpSecurity == MailSecurity.None && !options.Value.IsLocal(settings.SmtpHost, settings.SmtpPort)) throw new TargetForbiddenException();
            var socket = await connector.ConnectAsync(settings.SmtpHost, settings.SmtpPort, cancellationToken).ConfigureAwait(false);
            await client.ConnectAsync(socket, settings.SmtpHost, settings.SmtpPort, Security(settings.SmtpSecurity), cancellationToken).ConfigureAwait(false);
            if (settings.SmtpUser.Length > 0)
            {
                var password = settings.SmtpPasswordProtected is { } held ? protector.Unprotect(held) : null;
                await client.AuthenticateAsync(settings.SmtpUser, password ?? "", cancellationToken).ConfigureAwait(false);
            }

            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    private static SecureSocketOptions Security(MailSecurity security) => security switch
    {
        MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
        MailSecurity.None => SecureSocketOptions.None,
        _ => SecureSocketOptions.StartTls,
    };

    private static string DomainOf(MessagingSettings settings) => settings.SenderAddress[(settings.SenderAddress.LastIndexOf('@') + 1)..];

    /// <returns>Null for what is a bug.</returns>
    private static SendResult? Judge(Exception fault) => fault switch
    {
        SmtpCommandException { ErrorCode: SmtpErrorCode.RecipientNotAccepted, StatusCode: var status } when IsFinal(status) => new SendResult((int)status, SendFault.Recipient, DeliveryReason.Rejected),
        SmtpCommandException { StatusCode: var status } => new SendResult((int)status, SendFault.Answered, IsFinal(status) ? DeliveryReason.Rejected : DeliveryReason.None),
        TargetForbiddenException => new SendResult(null, SendFault.Forbidden, DeliveryReason.TargetForbidden),
        MailKit.Security.AuthenticationException => new SendResult(null, SendFault.SignIn),
        SslHandshakeException or System.Security.Authentication.AuthenticationException or NotSupportedException => new SendResult(null, SendFault.Certificate),
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } => new SendResult(null, SendFault.NameUnknown),
        IOException or SocketException or ProtocolException or ServiceNotConnectedException or ServiceNotAuthenticatedException => new SendResult(null, SendFault.NoAnswer),
        _ => null,
    };

    /// <summary>4xx is "later", 5xx is "never".</summary>
    private static bool IsFinal(SmtpStatusCode status) => (int)status >= 500;
}
