using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Messages;
using MerchantStudio.Core.Promotions;

namespace MerchantStudio.Core.Campaigns.Planning;

/// <summary>What a shop's usual campaigns begin with: the audience and the offer are those of the rule template with the same key.</summary>
/// <param name="Key">As of <see cref="RuleTemplate"/>.</param>
/// <param name="GoalDays">How long orders count.</param>
public sealed record CampaignTemplate(string Key, MessageTemplate Message, CampaignRhythm Rhythm, int GoalDays);

/// <summary>Six campaigns that most shops run, each with a message in both languages.</summary>
public static class CampaignTemplates
{
    /// <summary>Held back where nobody has planned otherwise.</summary>
    public const int UsualHoldout = 1_000;

    public static ImmutableArray<CampaignTemplate> All { get; } =
    [
        new("win-back", Text(
            "We have missed you, {{shopper.first_name|friend}}",
            "Hello {{shopper.first_name|there}},\n\nit has been a while. Come back and take {{offer}} on your next order with your own code {{code}}.\n\nIt holds until {{valid_until|further notice}}.\n\n{{shop.name}}",
            "{{shopper.first_name|您好}}，好久不见",
            "{{shopper.first_name|您好}}：\n\n许久未见，为您准备了专属优惠：{{offer}}。结账时输入优惠码 {{code}} 即可使用。\n\n有效期至 {{valid_until|另行通知}}。\n\n{{shop.name}}"), CampaignRhythm.Once, 14),
        new("welcome", Text(
            "Welcome to {{shop.name}}",
            "Hello {{shopper.first_name|there}},\n\nthank you for looking in. For your first order there is {{offer}} with the code {{code}}.\n\nIt holds until {{valid_until|further notice}}.\n\n{{shop.name}}",
            "欢迎来到{{shop.name}}",
            "{{shopper.first_name|您好}}：\n\n感谢光临。首单专享：{{offer}}，优惠码 {{code}}。\n\n有效期至 {{valid_until|另行通知}}。\n\n{{shop.name}}"), CampaignRhythm.OnEntering, 14),
        new("abandoned-cart", Text(
            "Your basket is waiting, {{shopper.first_name|friend}}",
            "Hello {{shopper.first_name|there}},\n\nyour basket is still here. Finish the order with {{offer}}: code {{code}}, until {{valid_until|further notice}}.\n\n{{shop.name}}",
            "{{shopper.first_name|您好}}，购物车还在等您",
            "{{shopper.first_name|您好}}：\n\n您的购物车还为您留着。现在下单可享：{{offer}}，优惠码 {{code}}，有效期至 {{valid_until|另行通知}}。\n\n{{shop.name}}"), CampaignRhythm.OnEntering, 7),
        new("replenishment", Text(
            "Time for more, {{shopper.first_name|friend}}?",
            "Hello {{shopper.first_name|there}},\n\nyour last order is probably running low. Order again with {{offer}}: code {{code}}, until {{valid_until|further notice}}.\n\n{{shop.name}}",
            "{{shopper.first_name|您好}}，该补货了吗？",
            "{{shopper.first_name|您好}}：\n\n上次买的可能快用完了。再次下单可享：{{offer}}，优惠码 {{code}}，有效期至 {{valid_until|另行通知}}。\n\n{{shop.name}}"), CampaignRhythm.OnEntering, 14),
        new("vip", Text(
            "Thank you, {{shopper.first_name|friend}}",
            "Hello {{shopper.first_name|there}},\n\nyou are one of our best customers, so this is for you: {{offer}} with the code {{code}}, until {{valid_until|further notice}}.\n\n{{shop.name}}",
            "感谢您，{{shopper.first_name|老朋友}}",
            "{{shopper.first_name|您好}}：\n\n您是我们最重要的顾客之一，特为您准备：{{offer}}，优惠码 {{code}}，有效期至 {{valid_until|另行通知}}。\n\n{{shop.name}}"), CampaignRhythm.Once, 14),
        new("post-review", Text(
            "Thank you for your review, {{shopper.first_name|friend}}",
            "Hello {{shopper.first_name|there}},\n\nyour words help others to choose. As a thank-you: {{offer}} with the code {{code}}, until {{valid_until|further notice}}.\n\n{{shop.name}}",
            "感谢您的评价，{{shopper.first_name|朋友}}",
            "{{shopper.first_name|您好}}：\n\n您的评价帮助了很多人。谢礼：{{offer}}，优惠码 {{code}}，有效期至 {{valid_until|另行通知}}。\n\n{{shop.name}}"), CampaignRhythm.OnEntering, 30),
    ];

    private static MessageTemplate Text(string subject, string body, string chineseSubject, string chineseBody) => new(new MessageText(subject, body), new MessageText(chineseSubject, chineseBody));
}
