namespace MerchantStudio.Core.Campaigns.Webhooks;

/// <summary>What whoever runs the installation allows messages to do. Bound from "Studio:Messaging".</summary>
public sealed class MessagingOptions
{
    /// <summary>Addresses in the machine's own network that messages may be sent to, each as host and port: "127.0.0.1:9000", "mail.lan:25". Without it only public ones.</summary>
    public IReadOnlyList<string> LocalTargets { get; set; } = [];

    /// <summary>Seconds that a receiver may take for its answer.</summary>
    public int WebhookSeconds { get; set; } = 10;

    /// <summary>Seconds that a mail server may take for a message.</summary>
    public int MailSeconds { get; set; } = 30;

    /// <summary>Messages on their way to one receiver at a time.</summary>
    public int ParallelPerTarget { get; set; } = 4;

    /// <summary>Seconds before the second try; each further pause is four times as long.</summary>
    public double FirstPauseSeconds { get; set; } = 30;

    /// <summary>Days that the log keeps a message after it was sent, failed or was kept back; 60 at least, so that the week's limits and attribution see what they need.</summary>
    public int KeepDays { get; set; } = 400;

    internal bool IsLocal(string host, int port) => LocalTargets.Contains($"{host}:{port}", StringComparer.OrdinalIgnoreCase);
}
