using MerchantStudio.Core.Shop;

namespace MerchantStudio.Core.AppState;

public enum MessageChannel
{
    Email,
    Webhook,

    /// <summary>Shown in the shop's own pages when the shopper is there.</summary>
    OnSite,

    /// <summary>Written into a file for another program.</summary>
    Csv,
}

public enum DeliveryState
{
    Queued,

    /// <summary>Somebody works on it until its lease runs out.</summary>
    Sending,
    Sent,
    Failed,

    /// <summary>Never sent, by a rule.</summary>
    Suppressed,
}

/// <summary>Why a message was not sent. The first ones are rules, the others failures.</summary>
public enum DeliveryReason
{
    None,
    Holdout,
    AlreadySent,
    Unsubscribed,
    NoConsent,
    NoAddress,

    /// <summary>A token of the message has neither a value for this shopper nor a fallback.</summary>
    MissingValue,

    /// <summary>The week's limit of the channel.</summary>
    ChannelCap,

    /// <summary>The week's limit over all channels and campaigns.</summary>
    OverallCap,

    /// <summary>Sender or target was taken away or switched off since.</summary>
    NotSetUp,

    /// <summary>The target's name leads to an address that is not public.</summary>
    TargetForbidden,

    /// <summary>The other side refused it for good.</summary>
    Rejected,

    /// <summary>Tried for a day without success.</summary>
    GaveUp,

    /// <summary>The campaign had ended before it could be sent.</summary>
    CampaignEnded,
}

public enum MailSecurity
{
    StartTls,
    Tls,

    /// <summary>Only to a mail server that the installation's settings name as local.</summary>
    None,
}

/// <summary>One message to one shopper, sent or not.</summary>
public sealed class Delivery
{
    /// <summary>Stays the same over all tries: receivers tell a repeated one by it.</summary>
    public required Guid Id { get; init; }
    public required WorkspaceId WorkspaceId { get; init; }
    public required Guid CampaignId { get; init; }

    /// <summary>Which of a campaign's repetitions or steps; empty for a campaign that happens once.</summary>
    public required string Occurrence { get; init; }

    /// <summary>The <see cref="CampaignMessage"/>.</summary>
    public required Guid MessageId { get; init; }
    public required string ShopperId { get; init; }
    public required MessageChannel Channel { get; init; }
    public required DeliveryState State { get; set; }
    public DeliveryReason Reason { get; set; }

    /// <summary>Empty for what was let through, else the rule that kept it back at once: a shopper has one of each in a campaign.</summary>
    public string Slot { get; init; } = "";

    /// <summary>Mail server or endpoint, of which a slow one must not delay the others.</summary>
    public string Target { get; init; } = "";
    public Guid? EndpointId { get; init; }
    public int Attempts { get; set; }
    public DateTimeOffset? FirstAttemptAt { get; set; }
    public DateTimeOffset? NextAttemptAt { get; set; }
    public DateTimeOffset? LeaseUntil { get; set; }

    /// <summary>Who has taken it.</summary>
    public Guid? Lease { get; set; }

    /// <summary>Last answer: of HTTP or SMTP.</summary>
    public int? LastStatus { get; set; }

    /// <summary>What went wrong last; a key of our own words, never what the other side wrote.</summary>
    public string? LastFault { get; set; }
    public string? ContactProtected { get; init; }
    public string? ContactHash { get; init; }

    /// <summary>Language and values of the tokens as JSON, protected.</summary>
    public string? ValuesProtected { get; init; }

    /// <summary>IANA zone of the shopper where it is known.</summary>
    public string? Zone { get; init; }

    /// <summary>Whether the week's limit over all channels counts it.</summary>
    public bool CountsOverall { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? SentAt { get; set; }
}

/// <summary>What a campaign sent, as it was when it was queued.</summary>
public sealed class CampaignMessage
{
    public required Guid Id { get; init; }
    public required WorkspaceId WorkspaceId { get; init; }
    public required Guid CampaignId { get; init; }
    public required string TemplateJson { get; init; }

    /// <summary>SHA-256 of the template, so that the same one is kept once.</summary>
    public required string Hash { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>Who wants no more messages, from no campaign.</summary>
public sealed class ShopperOptOut
{
    public required Guid Id { get; init; }
    public required WorkspaceId WorkspaceId { get; init; }
    public required string ShopperId { get; init; }

    /// <summary>Keyed hash of the address, so that the same person under another id is left alone too.</summary>
    public string? ContactHash { get; init; }

    /// <summary>"link", "one-click" or who entered it.</summary>
    public required string Source { get; init; }
    public required DateTimeOffset At { get; init; }
}

/// <summary>Who a shop's messages come from, and how many anybody gets.</summary>
public sealed class MessagingSettings
{
    public required WorkspaceId WorkspaceId { get; init; }
    public string SenderName { get; set; } = "";
    public string SenderAddress { get; set; } = "";

    /// <summary>Where shoppers reach this studio, for unsubscribing: "https://studio.example".</summary>
    public string PublicAddress { get; set; } = "";
    public string SmtpHost { get; set; } = "";
    public int SmtpPort { get; set; } = 587;
    public MailSecurity SmtpSecurity { get; set; }
    public string SmtpUser { get; set; } = "";
    public string? SmtpPasswordProtected { get; set; }

    /// <summary>Most messages a shopper gets in seven days of the store; null for no limit, as below.</summary>
    public int? MostAWeek { get; set; } = 2;
    public int? MostEmails { get; set; }
    public int? MostWebhooks { get; set; }
    public int? MostOnSite { get; set; }
    public int? MostCsv { get; set; }

    /// <summary>Minutes of the day; both null for none.</summary>
    public int? QuietFromMinute { get; set; } = 21 * 60;
    public int? QuietToMinute { get; set; } = 8 * 60;

    /// <summary>Whether a shopper of whom no answer about e-mail is recorded may be written to.</summary>
    public bool WritesWithoutAnswer { get; set; }
}

/// <summary>A program of the merchant's that takes messages.</summary>
public sealed class WebhookEndpoint
{
    public required Guid Id { get; init; }
    public required WorkspaceId WorkspaceId { get; init; }
    public required string Name { get; set; }
    public required string Url { get; set; }
    public required string SecretProtected { get; set; }
    public required string CreatedBy { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? SecretChangedAt { get; set; }

    /// <summary>Since when every call has failed; null after a success.</summary>
    public DateTimeOffset? FailingSince { get; set; }
    public DateTimeOffset? DisabledAt { get; set; }
    public DateTimeOffset? RemovedAt { get; set; }
}
