using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Shop;

namespace MerchantStudio.Core.Promotions;

/// <summary>What an offer gives, with every limit of its own, in one phrase: "15% off, at most €20".</summary>
internal sealed class OfferSentence(SentenceStyle style)
{
    private bool Zh => style.IsChinese;

    public string Of(Offer offer)
    {
        var text = offer.Kind switch
        {
            OfferKind.Percent => Zh ? $"{Scope(offer)}{Percent(offer.PercentBasisPoints ?? 0)}" : $"{Percent(offer.PercentBasisPoints ?? 0)}{Scope(offer)}",
            OfferKind.Fixed => Zh ? $"{Scope(offer)}立减 {Money(offer.AmountMinor ?? 0)}" : $"{Money(offer.AmountMinor ?? 0)} off{Scope(offer)}",
            OfferKind.FreeShipping => (Zh ? "包邮" : "free shipping") + (offer.Include is { IsEmpty: false } ? Zh ? $"（购买{Names(offer.Include)}）" : $" with {Names(offer.Include)}" : ""),
            OfferKind.BuyGet => BuyGet(offer),
            OfferKind.Gift => Zh ? $"赠品：{offer.Gift?.Name}" : $"{offer.Gift?.Name} as a gift",
            _ => Tiers(offer),
        };
        if (offer.Exclude is { IsEmpty: false } left) text += Zh ? $"，{Names(left)}除外" : $", not on {Names(left)}";
        if (offer.SaleItemsExcluded) text += Zh ? "，促销商品除外" : ", not on sale items";
        if (offer.CapMinor is { } cap && offer.Kind is not (OfferKind.Fixed or OfferKind.Gift)) text += Zh ? $"，最多减 {Money(cap)}" : $", at most {Money(cap)}";
        if (offer.Base == DiscountBase.Original && offer.Kind is not (OfferKind.FreeShipping or OfferKind.Gift)) text += Zh ? "，按原价计算" : ", of the prices before other discounts";
        return text;
    }

    /// <summary>Empty without a minimum.</summary>
    public string Minimum(Offer offer)
    {
        if (offer.MinimumSpendMinor is not { } minimum || minimum <= 0) return "";
        var eligible = offer.MinimumOn == MinimumMeasure.EligibleItems;
        return Zh ? $"，{(eligible ? "参与商品" : "")}**满 {Money(minimum)}** 可用" : eligible ? $", on orders with **{Money(minimum)} or more** of these items" : $", on orders of **{Money(minimum)} or more**";
    }

    public string Combines(OfferClasses classes)
    {
        if (classes == OfferClasses.None) return Zh ? "不与其他优惠叠加" : "nothing else";
        if (classes == OfferClasses.All) return Zh ? "所有优惠" : "all other offers";
        var names = new List<string>();
        if (classes.HasFlag(OfferClasses.Item)) names.Add(Zh ? "商品优惠" : "item offers");
        if (classes.HasFlag(OfferClasses.Order)) names.Add(Zh ? "整单优惠" : "order offers");
        if (classes.HasFlag(OfferClasses.Shipping)) names.Add(Zh ? "包邮" : "free shipping");
        return string.Join(Zh ? "、" : " and ", names);
    }

    public string Method(RuleMethod method) => method == RuleMethod.Automatic ? Zh ? "自动优惠" : "automatic" : Zh ? "凭券码" : "by code";

    /// <summary>"at most 20 uses and €300"; empty where nothing is limited.</summary>
    public string Limit(int? uses, long? minor)
    {
        var parts = new List<string>(2);
        if (uses is { } count) parts.Add(Zh ? $"{count.ToString("N0", style.Culture)} 次" : count == 1 ? "1 use" : $"{count.ToString("N0", style.Culture)} uses");
        if (minor is { } money) parts.Add(Money(money));
        return parts.Count == 0 ? "" : Zh ? $"最多 {string.Join("且 ", parts)}" : $"at most {string.Join(" and ", parts)}";
    }

    public string Segments(ImmutableArray<SegmentLimit> limits) => string.Join(Zh ? "，" : ", ", limits.Select(limit => Zh
        ? $"“{style.SegmentName(limit.Segment)}”合计{Limit(limit.Uses, limit.BudgetMinor)}" : $"{Limit(limit.Uses, limit.BudgetMinor)} among {style.SegmentName(limit.Segment)}"));

    public string Money(long minor) => ConditionFigures.Money(new Money(minor, style.Currency).Amount, style.Currency, style.Culture);

    public string Share(int basisPoints) => ConditionFigures.Percent(basisPoints / 10_000.0, style.Culture);

    private string Percent(int basisPoints) => Zh ? $"立减 {Share(basisPoints)}（{Fold(basisPoints)} 折）" : $"{Share(basisPoints)} off";

    private string Scope(Offer offer) => offer.Target switch
    {
        OfferTarget.CheapestItem => Zh ? $"{Among(offer)}最低价一件" : $" the cheapest item{Among(offer)}",
        OfferTarget.DearestItem => Zh ? $"{Among(offer)}最高价一件" : $" the dearest item{Among(offer)}",
        OfferTarget.Items when offer.Include is { } chosen => Zh ? $"{Names(chosen)}" : $" {Names(chosen)}",
        _ => "",
    };

    private string Among(Offer offer) => offer.Include is not { IsEmpty: false } chosen ? "" : Zh ? $"{Names(chosen)}中" : $" of {Names(chosen)}";

    private string BuyGet(Offer offer)
    {
        if (offer.BuyGet is not { } terms) return "";
        var free = terms.PercentBasisPoints == 10_000;
        var turns = terms.MostTurns is { } most ? Zh ? $"，每单最多 {most} 次" : most == 1 ? ", once an order" : $", at most {most} times an order" : "";
        var bought = offer.Include is { IsEmpty: false } ? Names(offer.Include) : "";
        if (Zh)
        {
            var got = terms.GetFrom is { IsEmpty: false } elsewhere ? Names(elsewhere) : "最低价商品";
            return $"{bought}买 {terms.Buy} {(free ? $"送 {terms.Get}（{got}）" : $"件，另 {terms.Get} 件{got}{Percent(terms.PercentBasisPoints)}")}{turns}";
        }

        var pieces = terms.Get == 1 ? "1 item" : $"{terms.Get} items";
        var from = terms.GetFrom is { IsEmpty: false } other ? $" of {Names(other)}" : "";
        return $"{pieces}{from} {(free ? "free" : $"at {Share(terms.PercentBasisPoints)} off")} with every {terms.Buy} bought{(bought.Length == 0 ? "" : $" of {bought}")}, the cheapest first{turns}";
    }

    private string Tiers(Offer offer)
    {
        var tiers = (offer.Tiers.IsDefault ? [] : offer.Tiers).Select(tier => (From: Money(tier.FromMinor), Off: tier.AmountMinor is { } amount ? Zh ? $"减 {Money(amount)}" : $"{Money(amount)} off" : Zh ? $"减 {Share(tier.PercentBasisPoints ?? 0)}" : $"{Share(tier.PercentBasisPoints ?? 0)} off"));
        return Zh ? $"{Scope(offer)}{string.Join("、", tiers.Select(tier => $"满 {tier.From} {tier.Off}"))}" : $"{string.Join(", ", tiers.Select(tier => $"{tier.Off} from {tier.From}"))}{(offer.Target == OfferTarget.Order ? "" : $", on{Scope(offer)}")}";
    }

    private string Names(ItemChoice choice)
    {
        ImmutableArray<string> names =
        [
            .. Or(choice.Categories),
            .. Or(choice.Brands).Select(name => Zh ? $"{name}品牌" : $"the brand {name}"),
            .. Or(choice.Items).Select(name => Zh ? $"商品 {name}" : $"the item {name}"),
        ];
        return names.Length <= 1 ? string.Concat(names) : Zh ? string.Join("、", names) : $"{string.Join(", ", names[..^1])} or {names[^1]}";
    }

    private static ImmutableArray<string> Or(ImmutableArray<string> names) => names.IsDefault ? [] : names;

    /// <summary>Chinese shops name what is left to pay in tenths: 15 % off is 8.5.</summary>
    private static string Fold(int basisPoints) => ((10_000 - basisPoints) / 1000m).ToString("0.##", CultureInfo.InvariantCulture);
}
