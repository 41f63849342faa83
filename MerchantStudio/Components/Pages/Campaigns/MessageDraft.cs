using MerchantStudio.Core.Campaigns.Messages;

namespace MerchantStudio.Components.Pages.Campaigns;

/// <summary>A message in one language while it is edited.</summary>
public sealed class MessageDraft
{
    public string? Subject { get; set; }
    public string? Body { get; set; }
    public string? ButtonText { get; set; }
    public string? ButtonLink { get; set; }

    public bool IsEmpty => string.IsNullOrWhiteSpace(Subject) && string.IsNullOrWhiteSpace(Body);

    public static MessageDraft Of(MessageText? text) => new() { Subject = text?.Subject, Body = text?.Body, ButtonText = text?.ButtonText, ButtonLink = text?.ButtonLink };

    /// <summary>Null when nothing was written.</summary>
    public MessageText? ToText() => IsEmpty ? null : new MessageText(Subject ?? "", Body ?? "", Or(ButtonText), Or(ButtonLink));

    private static string? Or(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
