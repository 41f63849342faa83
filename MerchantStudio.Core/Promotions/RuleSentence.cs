using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Shop;

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
        var cap = offer.CapMinor is { } most ? Money(most, style) : null;
        if (style.IsChinese)
        {
            return offer.Kind switch
            {
                OfferKind.Percent => $"立减 {Percent(offer, style)}（{Fold(offer)} 折）{(cap is null ? "" : $"，最多减 {cap}")}",
                OfferKind.Fixed => $"立减 {Money(offer.AmountMinor ?? 0, style)}",
                _ => "包邮",
            };
        }

        return offer.Kind switch
        {
            OfferKind.Percent => $"{Percent(offer, style)} off{(cap is null ? "" : $", at most {cap}")}",
            OfferKind.Fixed => $"{Money(offer.AmountMinor ?? 0, style)} off",
            _ => "free shipping",
        };
    }

    private static ImmutableArray<SentencePart> English(RuleDraft draft, SentenceStyle style)
    {
        var everybody = draft.Condition is AllOf { Parts.Length: 0 };
        var clause = ConditionSentence.Clause(draft.Condition, style);
        var text = everybody ? "**All shoppers** get **{0}**" : "Shoppers who {1} get **{0}**";
        if (draft.Offer.MinimumSpendMinor is > 0 and var minimum) text += $", on orders of **{Money(minimum, style)} or more**";
        text += draft.UsesPerCustomer == 1 ? ", **once each**" : $", **{draft.UsesPerCustomer.ToString("N0", style.Culture)} times each**";
        if (draft.StartsOn is { } first) text += $", from **{ConditionFigures.Day(first, style.Culture)}**";
        if (draft.EndsOn is { } last) text += $", until **{ConditionFigures.Day(last, style.Culture)}**";
        if (draft.TotalUses is { } uses) text += $", **{uses.ToString("N0", style.Culture)} uses** in all at most";
        if (draft.BudgetMinor is { } budget) text += $", until **{Money(budget, style)}** is given away";
        return SentenceText.Fill(text + ".", Plain(Offer(draft.Offer, style)), clause);
    }

    private static ImmutableArray<SentencePart> Chinese(RuleDraft draft, SentenceStyle style)
    {
        var text = draft.Condition is AllOf { Parts.Length: 0 } ? "向**全部顾客**发券：**{0}**" : "向{1}的顾客发券：**{0}**";
        if (draft.Offer.MinimumSpendMinor is > 0 and var minimum) text += $"，**满 {Money(minimum, style)}** 可用";
        text += $"，**每人限用 {draft.UsesPerCustomer.ToString("N0", style.Culture)} 次**";
        text += (draft.StartsOn, draft.EndsOn) switch
        {
            ({ } first, { } last) => $"，**{ConditionFigures.Day(first, style.Culture)}**至**{ConditionFigures.Day(last, style.Culture)}**有效",
            ({ } first, null) => $"，**{ConditionFigures.Day(first, style.Culture)}**起生效",
            (null, { } last) => $"，**{ConditionFigures.Day(last, style.Culture)}**前有效（含当日）",
            _ => "",
        };
        if (draft.TotalUses is { } uses) text += $"，**全部券合计最多 {uses.ToString("N0", style.Culture)} 次**";
        if (draft.BudgetMinor is { } budget) text += $"，**预算 {Money(budget, style)} 封顶**";
        return SentenceText.Fill(text + "。", Plain(Offer(draft.Offer, style)), ConditionSentence.Clause(draft.Condition, style));
    }

    private static ImmutableArray<SentencePart> Plain(string text) => [new SentencePart(text, false)];

    private static string Money(long minor, SentenceStyle style) => ConditionFigures.Money(new Money(minor, style.Currency).Amount, style.Currency, style.Culture);

    private static string Percent(Offer offer, SentenceStyle style) => ConditionFigures.Percent((offer.PercentBasisPoints ?? 0) / 10_000.0, style.Culture);

    /// <summary>Chinese shops name what is left to pay in tenths: 15 % off is 8.5.</summary>
    private static string Fold(Offer offer) => ((10_000 - (offer.PercentBasisPoints ?? 0)) / 1000m).ToString("0.##", CultureInfo.InvariantCulture);
}
