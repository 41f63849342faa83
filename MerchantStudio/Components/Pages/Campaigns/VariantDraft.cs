using MerchantStudio.Core.Campaigns.Messages;
using MerchantStudio.Core.Campaigns.Planning;

namespace MerchantStudio.Components.Pages.Campaigns;

/// <summary>A message and its offer while they are edited: variant A, or another that is tried beside it.</summary>
public sealed class VariantDraft
{
    public MessageDraft English { get; private init; } = new();
    public MessageDraft Chinese { get; private init; } = new();

    /// <summary>Null for the offer of variant A, and for A without an offer.</summary>
    public Guid? RuleId { get; set; }
    public decimal? Weight { get; set; } = 1;

    public MessageTemplate? Message => English.IsEmpty && Chinese.IsEmpty ? null : new MessageTemplate(English.ToText(), Chinese.ToText());

    /// <summary>Parts of the treated; what cannot be one becomes 0, which is refused beside its field.</summary>
    public int Parts => Weight is { } parts && parts == decimal.Truncate(parts) ? (int)Math.Clamp(parts, 0, CampaignVariants.MostWeight + 1) : 0;

    public static VariantDraft Of(Guid? rule, MessageTemplate? message, int weight) =>
        new() { RuleId = rule, English = MessageDraft.Of(message?.English), Chinese = MessageDraft.Of(message?.Chinese), Weight = weight };

    /// <summary>As it is kept: what is the same as A's is left to A, so that it follows when A is changed.</summary>
    public CampaignVariant ToVariant(MessageTemplate? first, bool hasChannel) => new(RuleId, !hasChannel || Message == first ? null : Message, Parts);
}
