using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Messages;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Campaigns.Delivery;

/// <summary>What to send, and how.</summary>
/// <param name="Occurrence">Which repetition or step of the campaign: a shopper gets each of them once. Empty for a campaign that happens once.</param>
/// <param name="Endpoint">For webhooks; null takes the shop's only one.</param>
/// <param name="NotBefore">Null for at once.</param>
public sealed record MessageOrder(Guid CampaignId, MessageChannel Channel, MessageTemplate Template, string Occurrence = "", Guid? Endpoint = null, DateTimeOffset? NotBefore = null);

/// <summary>One of those whom a campaign has chosen.</summary>
/// <param name="Values">Of the tokens: code, offer and so on. The first name and the shop's name are filled in where they are missing.</param>
/// <param name="Language">"en" or "zh-CN"; null for English.</param>
/// <param name="Zone">IANA zone where it is known; quiet hours are the store's otherwise.</param>
/// <param name="IsHoldout">Whether she is kept without a message to compare with.</param>
public sealed record Recipient(string ShopperId, ImmutableDictionary<string, string>? Values = null, string? Language = null, string? Zone = null, bool IsHoldout = false);

/// <summary>Codes by shopper for as many of these as may have one, given in the transaction of <paramref name="database"/>.</summary>
internal delegate Task<Dictionary<string, string>> CodeGiver(StudioDb database, IReadOnlyCollection<string> shoppers, CancellationToken cancellationToken);

/// <param name="Queued">Let through, <paramref name="Postponed"/> of them to the end of the quiet hours.</param>
/// <param name="Suppressed">How many each rule kept back.</param>
public sealed record QueueReport(int Queued, int Postponed, ImmutableSortedDictionary<DeliveryReason, int> Suppressed);

public sealed record MailNotSetUp() : Problem("messages.mail-not-set-up", "E-mails need a sender, a mail server and the address under which shoppers reach this studio. An owner fills them in under Settings, Messages.");

public sealed record EndpointNotSetUp() : Problem("messages.no-endpoint", "There is no working webhook to send this to. An owner adds one under Settings, Messages; with several, name the one to use.");

public sealed record OccurrenceInvalid(int Most) : Problem("messages.occurrence-invalid", "The name of a repetition or step may have up to {0} characters.", Most);
