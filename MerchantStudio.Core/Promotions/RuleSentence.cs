using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;

namespace MerchantStudio.Core.Promotions;

/// <summary>Reads a whole rule back: who, what, and every limit.</summary>
public static class RuleSentence
{
    public static ImmutableArray<SentencePart> Of(RuleDraft draft, SentenceStyle style)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(style);
        return style.IsChinese ? Chinese(draft, style) : English(draft, style);
    }

    /// <summary>The offer alone: "15% off, at most €20".</summary>
    public static string Offer(Offer offer, SentenceStyle style)
    {
        ArgumentNullException.ThrowIfNull(offer);
        ArgumentNullException.ThrowIfNull(style);
        return new OfferSentence(style).Of(offer);
    }

    private static ImmutableArray<SentencePart> English(RuleDraft draft, SentenceStyle style)
    {
        var everybody = draft.Condition is AllOf { Parts.Length: 0 };
        var clause = ConditionSentence.Clause(draft.Condition, style);
        var text = everybody ? "**All shoppers** get **{0}**" : "Shoppers who {1} get **{0}**";
        if (draft.Method == RuleMethod.Automatic) text += " **without a code**";
        var words = new OfferSentence(style);
        text += words.Minimum(draft.Offer);
        text += draft.UsesPerCustomer == 1 ? ", **once each**" : $", **{draft.UsesPerCustomer.ToString("N0", style.Culture)} times each**";
        if (draft.StartsOn is { } first) text += first == draft.EndsOn ? $", on **{ConditionFigures.Day(first, style.Culture)}** only" : $", from **{ConditionFigures.Day(first, style.Culture)}**";
        if (draft.EndsOn is { } last && last != draft.StartsOn) text += $", until **{ConditionFigures.Day(last, style.Culture)}**";
        if (draft.TotalUses is { } uses) text += $", **{uses.ToString("N0", style.Culture)} uses** in all at most";
        if (draft.BudgetMinor is { } budget) text += $", until **{words.Money(budget)}** is given away";
        if (words.Limit(draft.DayUses, draft.DayBudgetMinor) is { Length: > 0 } day) text += $", **{day}** a day";
        if (draft.CustomerBudgetMinor is not null) text += $", **{words.Limit(null, draft.CustomerBudgetMinor)}** a customer";
        if (!draft.SegmentLimits.IsEmpty) text += ", **{2}**";
        if (draft.CombinesWith != OfferClasses.None) text += $", together with **{words.Combines(draft.CombinesWith)}**";
        if (draft.MarginFloorBasisPoints is { } floor) text += $", never below a margin of **{words.Share(floor)}**";
        return SentenceText.Fill(text + ".", Plain(Offer(draft.Offer, style)), clause, Plain(words.Segments(draft.SegmentLimits)));
    }

    private static ImmutableArray<SentencePart> Chinese(RuleDraft draft, SentenceStyle style)
    {
        var text = draft.Condition is AllOf { Parts.Length: 0 } ? "向**全部顾客**发券：**{0}**" : "向{1}的顾客发券：**{0}**";
        if (draft.Method == RuleMethod.Automatic) text = text.Replace("发券：**{0}**", "**自动优惠、无需券码**：**{0}**", StringComparison.Ordinal);
        var words = new OfferSentence(style);
        text += words.Minimum(draft.Offer);
        text += $"，**每人限用 {draft.UsesPerCustomer.ToString("N0", style.Culture)} 次**";
        text += (draft.StartsOn, draft.EndsOn) switch
        {
            ({ } first, { } last) when first == last => $"，仅**{ConditionFigures.Day(first, style.Culture)}**当天有效",
            ({ } first, { } last) => $"，**{ConditionFigures.Day(first, style.Culture)}**至**{ConditionFigures.Day(last, style.Culture)}**有效",
            ({ } first, null) => $"，**{ConditionFigures.Day(first, style.Culture)}**起生效",
            (null, { } last) => $"，**{ConditionFigures.Day(last, style.Culture)}**前有效（含当日）",
            _ => "",
        };
        if (draft.TotalUses is { } uses) text += $"，**全部券合计最多 {uses.ToString("N0", style.Culture)} 次**";
        if (draft.BudgetMinor is { } budget) text += $"，**预算 {words.Money(budget)} 封顶**";
        if (words.Limit(draft.DayUses, draft.DayBudgetMinor) is { Length: > 0 } day) text += $"，**每天{day}**";
        if (draft.CustomerBudgetMinor is not null) text += $"，**每人{words.Limit(null, draft.CustomerBudgetMinor)}**";
        if (!draft.SegmentLimits.IsEmpty) text += "，**{2}**";
        if (draft.CombinesWith != OfferClasses.None) text += $"，可与**{words.Combines(draft.CombinesWith)}**叠加";
        if (draft.MarginFloorBasisPoints is { } floor) text += $"，**毛利不低于 {words.Share(floor)}**";
        return SentenceText.Fill(text + "。", Plain(Offer(draft.Offer, style)), ConditionSentence.Clause(draft.Condition, style), Plain(words.Segments(draft.SegmentLimits)));
    }

    private static ImmutableArray<SentencePart> Plain(string text) => [new SentencePart(text, false)];
}
