using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Mail;
using MerchantStudio.Core.Campaigns.Messages;
using MerchantStudio.Core.Campaigns.Setup;
using MerchantStudio.Core.Campaigns.Webhooks;
using Microsoft.Extensions.Options;

namespace MerchantStudio.Core.Campaigns.Delivery;

/// <summary>Writes one message for its shopper and hands it to its channel.</summary>
public sealed class DeliverySender(WebhookCaller webhooks, MailSender mail, OptOuts optOuts, IContactProtector protector, IOptions<MessagingOptions> options)
{
    private const int MostRemembered = 200;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly ConcurrentDictionary<Guid, ParsedTemplate> _parsed = new();

    internal async Task<SendResult> SendAsync(TakenBatch batch, AppState.Delivery delivery, CancellationToken cancellationToken)
    {
        if (MessageValues.Of(delivery.ValuesProtected, protector) is not { } values) return new SendResult(null, SendFault.Unreadable, DeliveryReason.NoAddress);
        var wayOut = optOuts.LinkFor(batch.Settings, delivery.Id);
        var message = MessageRenderer.Render(Parsed(batch, delivery.MessageId).In(values.Language), values.Values, wayOut);
        return delivery.Channel == MessageChannel.Email
            ? await MailAsync(batch, delivery, message, wayOut, cancellationToken).ConfigureAwait(false)
            : await PostAsync(batch, delivery, message, values, wayOut, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>No more mail for now: connections that were kept open are closed.</summary>
    internal Task RestAsync(string target) => mail.RestAsync(target);

    private async Task<SendResult> MailAsync(TakenBatch batch, AppState.Delivery delivery, RenderedMessage message, Uri? wayOut, CancellationToken cancellationToken)
    {
        if (!MessagingSetup.CanMail(batch.Settings) || wayOut is null) return new SendResult(null, SendFault.NotSetUp, DeliveryReason.NotSetUp);
        var to = delivery.ContactProtected is { } held ? Contacts.NormaliseEmail(protector.Unprotect(held)) : null;
        if (to is null) return new SendResult(null, SendFault.Unreadable, DeliveryReason.NoAddress);
        return await mail.SendAsync(delivery.Target, batch.Settings, delivery.Id, to, message, wayOut, cancellationToken).ConfigureAwait(false);
    }

    private async Task<SendResult> PostAsync(TakenBatch batch, AppState.Delivery delivery, RenderedMessage message, MessageValues values, Uri? wayOut, CancellationToken cancellationToken)
    {
        if (batch.Endpoint is not { } endpoint || !WebhookTarget.Check(endpoint.Url, options.Value).TryGet(out var target, out _)) return new SendResult(null, SendFault.NotSetUp, DeliveryReason.NotSetUp);
        if (protector.Unprotect(endpoint.SecretProtected) is not { } secret) return new SendResult(null, SendFault.Unreadable, DeliveryReason.NotSetUp);
        var body = JsonSerializer.SerializeToUtf8Bytes(new WebhookBody(
            delivery.Id, "message", delivery.CreatedAt, batch.Workspace.Id.Value, delivery.CampaignId, delivery.Occurrence, new WebhookShopper(delivery.ShopperId),
            new WebhookMessage(message.Language, message.Subject, message.Body, message.ButtonText, message.ButtonLink), values.Values, wayOut), Json);
        return await webhooks.PostAsync(target.Address, secret, delivery.Id, body, cancellationToken).ConfigureAwait(false);
    }

    private ParsedTemplate Parsed(TakenBatch batch, Guid message)
    {
        if (_parsed.Count > MostRemembered) _parsed.Clear();
        return _parsed.GetOrAdd(message, id => MessageTemplate.FromJson(batch.Messages[id]).Parse().Value);
    }

    private sealed record WebhookBody(
        Guid Id, string Type, DateTimeOffset CreatedAt, string Workspace, Guid CampaignId, string Occurrence, WebhookShopper Shopper, WebhookMessage Message, IReadOnlyDictionary<string, string> Values, Uri? UnsubscribeUrl);

    private sealed record WebhookShopper(string Id);

    private sealed record WebhookMessage(string Language, string Subject, string Text, string? ButtonText, string? ButtonLink);
}
