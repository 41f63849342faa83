using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Promotions;

namespace MerchantStudio.Core.Campaigns.Planning;

/// <summary>Reads a whole campaign back: who, what, how, when, compared with whom, and at what cost at most.</summary>
public static class CampaignSentence
{
    /// <param name="offer">Of the campaign's rule; null without one.</param>
    public static ImmutableArray<SentencePart> Of(CampaignDraft draft, Offer? offer, SentenceStyle style)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(style);
        return style.IsChinese ? Chinese(draft, offer, style) : English(draft, offer, style);
    }

    private static ImmutableArray<SentencePart> English(CampaignDraft draft, Offer? offer, SentenceStyle style)
    {
        var everybody = draft.Audience is AllOf { Parts.Length: 0 };
        var text = everybody ? "**All shoppers**" : "Shoppers who {1}";
        text += (offer, draft.Channel) switch
        {
            ({ }, { } channel) => $" are offered **{{0}}** {WayOf(channel)}",
            ({ }, null) => " get **{0}** as a code, without a message",
            (null, { } channel) => $" get a message {WayOf(channel)}",
            _ => " get **nothing yet**",
        };
        text += Tried(draft, style);
        text += ", " + EnglishWhen(draft.Timing, style.Culture);
        text += draft.HoldoutBasisPoints > 0 ? $"; **{Share(draft.HoldoutBasisPoints, style)}** of them are held back to compare with" : "; **nobody** is held back";
        text += $", and orders count for **{(draft.GoalDays == 1 ? "1 day" : $"{draft.GoalDays.ToString("N0", style.Culture)} days")}**";
        if (draft.BudgetMinor is { } budget) text += $", until **{Money(budget, style)}** is given away";
        return SentenceText.Fill(text + ".", Plain(offer, style), ConditionSentence.Clause(draft.Audience, style));
    }

    private static ImmutableArray<SentencePart> Chinese(CampaignDraft draft, Offer? offer, SentenceStyle style)
    {
        var text = ChineseWhen(draft.Timing, style.Culture);
        text += draft.Audience is AllOf { Parts.Length: 0 } ? "向**全部顾客**" : "向{1}的顾客";
        text += (offer, draft.Channel) switch
        {
            ({ }, { } channel) => $"{ChineseWay(channel)}发送优惠：**{{0}}**",
            ({ }, null) => "发放优惠码（不发消息）：**{0}**",
            (null, { } channel) => $"{ChineseWay(channel)}发送消息",
            _ => "**暂无内容**",
        };
        text += Tried(draft, style);
        text += draft.HoldoutBasisPoints > 0 ? $"；其中 **{Share(draft.HoldoutBasisPoints, style)}** 留作对照组" : "；**不设**对照组";
        text += $"，统计 **{draft.GoalDays.ToString("N0", style.Culture)} 天**内的订单";
        if (draft.BudgetMinor is { } budget) text += $"，**预算 {Money(budget, style)} 封顶**";
        return SentenceText.Fill(text + "。", Plain(offer, style), ConditionSentence.Clause(draft.Audience, style));
    }

    /// <summary>What is tried, and how those who are not held back are dealt out to it; empty for one message.</summary>
    private static string Tried(CampaignDraft draft, SentenceStyle style)
    {
        if (draft.Others.IsEmpty) return "";
        var (messages, offers) = (draft.Channel is not null && draft.Others.Any(other => other.Message is not null), draft.Others.Any(other => other.RuleId is not null && other.RuleId != draft.RuleId));
        var weights = draft.Others.Select(other => other.Weight).Prepend(draft.Weight).ToArray();
        var (count, sum) = ((draft.Others.Length + 1).ToString("N0", style.Culture), (double)Math.Max(1, weights.Sum()));
        var isEven = weights.Distinct().Count() == 1;
        var shares = weights.Select((weight, number) => $"{CampaignVariants.Letter(number)} {ConditionFigures.Percent(weight / sum, style.Culture)}");
        if (style.IsChinese)
        {
            var what = (messages, offers) switch { (true, true) => $"{count} 种消息和优惠", (false, true) => $"{count} 种优惠", _ => $"{count} 种消息" };
            return $"，对比**{what}**（{(isEven ? "平均分配" : string.Join("、", shares))}）";
        }

        var tried = (messages, offers) switch { (true, true) => $"{count} messages and offers", (false, true) => $"{count} offers", _ => $"{count} messages" };
        return $", **{tried}** tried against each other ({(isEven ? "in equal parts" : string.Join(", ", shares))})";
    }

    private static string WayOf(MessageChannel channel) => channel switch
    {
        MessageChannel.Email => "by **e-mail**",
        MessageChannel.Webhook => "through **your own program**",
        MessageChannel.OnSite => "**in your shop's pages**",
        _ => "through a **file** that you download",
    };

    private static string ChineseWay(MessageChannel channel) => channel switch
    {
        MessageChannel.Email => "用**邮件**",
        MessageChannel.Webhook => "通过**您的程序**",
        MessageChannel.OnSite => "在**店铺页面**上",
        _ => "以**下载文件**的方式",
    };

    private static string EnglishWhen(CampaignTiming timing, CultureInfo culture)
    {
        var at = timing.AtBestHour ? " **at the hour each of them visits most**" : timing.SendMinute is { } minute ? $" at **{Clock(minute, culture)}**" : "";
        var text = timing.Rhythm switch
        {
            CampaignRhythm.Daily => $"**every day**{at}",
            CampaignRhythm.Weekly => $"**every week**{at}",
            CampaignRhythm.OnEntering => $"**once each, on the day they come to fit**{at}",
            _ => timing.StartsOn is { } day ? $"once on **{ConditionFigures.Day(day, culture)}**{at}" : at.Length > 0 ? $"once after the launch{at}" : "**as soon as you launch**",
        };
        if (timing.Rhythm != CampaignRhythm.Once && timing.StartsOn is { } first) text += $", from **{ConditionFigures.Day(first, culture)}**";
        if (timing.EndsOn is { } last && (timing.Rhythm != CampaignRhythm.Once || last != timing.StartsOn)) text += $", until **{ConditionFigures.Day(last, culture)}**";
        return text;
    }

    private static string ChineseWhen(CampaignTiming timing, CultureInfo culture)
    {
        var at = timing.AtBestHour ? "**每位顾客最常来访的时段**" : timing.SendMinute is { } minute ? $" **{Clock(minute, culture)}** " : "";
        var days = (timing.StartsOn, timing.EndsOn) switch
        {
            ({ } first, { } last) when timing.Rhythm != CampaignRhythm.Once => $"**{ConditionFigures.Day(first, culture)}**至**{ConditionFigures.Day(last, culture)}**，",
            ({ } first, null) when timing.Rhythm != CampaignRhythm.Once => $"**{ConditionFigures.Day(first, culture)}**起，",
            (null, { } last) => $"**{ConditionFigures.Day(last, culture)}**前（含当日），",
            _ => "",
        };
        return days + timing.Rhythm switch
        {
            CampaignRhythm.Daily => $"**每天**{at}",
            CampaignRhythm.Weekly => $"**每周**{at}",
            CampaignRhythm.OnEntering => $"在顾客**符合条件当天**{at}（每人一次）",
            _ => timing.StartsOn is { } day ? $"**{ConditionFigures.Day(day, culture)}**{at}" : at.Length > 0 ? $"启动后在{at}" : "**启动后立即**",
        };
    }

    private static string Clock(int minute, CultureInfo culture) => new TimeOnly(minute / 60, minute % 60).ToString("HH:mm", culture);

    private static string Share(int basisPoints, SentenceStyle style) => ConditionFigures.Percent(basisPoints / 10_000.0, style.Culture);

    private static string Money(long minor, SentenceStyle style) => ConditionFigures.Money(new Shop.Money(minor, style.Currency).Amount, style.Currency, style.Culture);

    private static ImmutableArray<SentencePart> Plain(Offer? offer, SentenceStyle style) => [new SentencePart(offer is null ? "" : RuleSentence.Offer(offer, style), false)];
}
