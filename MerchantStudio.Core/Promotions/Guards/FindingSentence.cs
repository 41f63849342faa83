using System.Globalization;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Promotions.Replay;
using MerchantStudio.Core.Shop;

namespace MerchantStudio.Core.Promotions.Guards;

/// <summary>What a finding says, in a headline and a line below it; English or Chinese.</summary>
public sealed record FindingWords(string Headline, string Detail);

/// <summary>Words every finding.</summary>
public static class FindingSentence
{
    public static FindingWords Of(Finding finding, SentenceStyle style)
    {
        ArgumentNullException.ThrowIfNull(finding);
        ArgumentNullException.ThrowIfNull(style);
        var zh = style.IsChinese;
        return finding switch
        {
            CatalogueFinding { Key: CatalogueGuard.Free } free => Free(free, style, zh),
            CatalogueFinding below => Below(below, style, zh),
            PastOrdersFinding { Key: "free-order.replay" } free => free.Count == 0
                ? Words(zh ? "回放中没有订单变成零元单" : "No past order would have been free", zh ? $"共 {Count(free.Of, style)} 笔用券订单" : $"Of {Count(free.Of, style)} orders that would have used it")
                : Words(zh ? $"回放中有 {Count(free.Count, style)} 笔订单变成零元单" : $"{Orders(free.Count, style)} would have cost nothing", zh ? "请设置更高的最低消费，或降低优惠力度" : "Set a smallest order above the amount, or give less"),
            PastOrdersFinding below => Past(below, style, zh),
            FloorFinding floor => floor.Below == 0
                ? Words(zh ? $"没有订单低于 {Floor(floor, style)} 的毛利底线" : $"No order fell below the {Floor(floor, style)} margin floor", zh ? $"为此有 {Count(floor.Reduced, style)} 笔优惠被调低" : $"{Plural(floor.Reduced, "discount was", "discounts were", style)} reduced to keep it")
                : Words(zh ? $"{Count(floor.Below, style)} 笔订单低于 {Floor(floor, style)} 的毛利底线" : $"{Orders(floor.Below, style)} fell below the {Floor(floor, style)} margin floor", zh ? "叠加了其他优惠，或赠品成本过高" : "Other discounts or a gift came on top"),
            ClashFinding clash => Clash(clash, style, zh),
            RunOutFinding end => RunOut(end, style, zh),
            FairnessFinding fairness => Fairness(fairness, style, zh),
            NoReplayFinding { Outdated: true } => Words(zh ? "上次回放之后条款已修改" : "The terms were changed after the last replay", zh ? "再回放一次，才能检查历史订单、撞券和预算" : "Replay it again to check past orders, clashes and the budget"),
            NoReplayFinding => Words(zh ? "还没有回放过" : "It has not been replayed yet", zh ? "回放后才能检查历史订单、撞券和预算" : "A replay checks past orders, clashes and the budget"),
            _ => throw new InvalidOperationException($"No words for {finding.Key}."),
        };
    }

    /// <summary>What a dimension is called.</summary>
    public static string Dimension(string dimension, bool zh) => dimension switch
    {
        GroupReaches.Loyalty => zh ? "新老顾客" : "new and loyal customers",
        GroupReaches.Region => zh ? "地区" : "regions",
        GroupReaches.Device => zh ? "设备" : "devices",
        GroupReaches.Gender => zh ? "性别" : "genders",
        _ => zh ? "消费水平" : "what people usually pay",
    };

    /// <summary>What a group is called; other words from the data stay as they are.</summary>
    public static string Group(string dimension, string group, bool zh) => (dimension, group) switch
    {
        (GroupReaches.Loyalty, "new") => zh ? "新顾客（无订单）" : "new (no order yet)",
        (GroupReaches.Loyalty, "regular") => zh ? "下过 1–2 单的顾客" : "1 or 2 orders",
        (GroupReaches.Loyalty, "loyal") => zh ? "老顾客（3 单以上）" : "loyal (3 orders or more)",
        (GroupReaches.PricePaid, "lower") => zh ? "客单价较低的一半" : "the half that pays less an order",
        (GroupReaches.PricePaid, "higher") => zh ? "客单价较高的一半" : "the half that pays more an order",
        (GroupReaches.Device or GroupReaches.Gender, _) when zh => group.ToUpperInvariant() switch
        {
            "DESKTOP" => "电脑",
            "MOBILE" or "PHONE" => "手机",
            "TABLET" => "平板",
            "FEMALE" => "女性",
            "MALE" => "男性",
            _ => group,
        },
        _ => group,
    };

    private static FindingWords Free(CatalogueFinding free, SentenceStyle style, bool zh) => free.Count == 0
        ? Words(zh ? "没有商品会被免费拿走" : "No order can become free", zh ? $"逐一核对了 {Count(free.Items, style)} 件商品" : $"Every one of {Count(free.Items, style)} products was tried")
        : Words(zh ? $"{Count(free.Count, style)} 件商品单独下单会变成零元单" : $"{Plural(free.Count, "product", "products", style)} alone would make a free order", Example(free, style, zh));

    private static FindingWords Below(CatalogueFinding below, SentenceStyle style, bool zh) => below switch
    {
        { Items: 0 } => Words(zh ? "不知道商品成本，无法检查是否亏本" : "Costs are unknown, so nothing is known about selling below them", zh ? "在商品文件中加入成本列后即可检查" : "Import products with a cost column to have this checked"),
        { Count: 0 } => Words(zh ? "没有商品会低于成本价" : "No product would sell below its cost", zh ? $"核对了 {Count(below.Items, style)} 件有成本的商品" : $"Of {Plural(below.Items, "product", "products", style)} with a known cost"),
        _ => Words(zh ? $"{Count(below.Count, style)} 件商品可能低于成本价卖出" : $"{Plural(below.Count, "product", "products", style)} could sell below cost", Example(below, style, zh)),
    };

    private static string Example(CatalogueFinding found, SentenceStyle style, bool zh)
    {
        var item = found.Found[0];
        var with = item.With.IsEmpty ? "" : zh ? $"，同时使用{string.Join("、", item.With)}" : $", together with {string.Join(", ", item.With)}";
        var cost = item.CostMinor is { } known ? zh ? $"，成本 {Money(known, style)}" : $" and costs {Money(known, style)}" : "";
        return zh ? $"例如 {item.ItemId} {item.Pieces} 件：实付 {Money(item.PaidMinor, style)}{cost}{with}" : $"For example {item.Pieces} × {item.ItemId}: pays {Money(item.PaidMinor, style)}{cost}{with}";
    }

    private static FindingWords Past(PastOrdersFinding below, SentenceStyle style, bool zh) => below switch
    {
        { Of: 0, Weight: FindingWeight.Fine } => Words(zh ? "回放中没有亏本订单" : "No past order would have lost money", zh ? "没有历史订单会用到这条规则" : "None would have used it"),
        { Of: 0 } => Words(zh ? "历史订单的成本未知" : "The costs of past orders are unknown", zh ? "无法判断是否亏本" : "Whether any would have lost money cannot be said"),
        { Count: 0 } => Words(zh ? "回放中没有亏本订单" : "No past order would have lost money", zh ? $"共 {Count(below.Of, style)} 笔知道成本的用券订单" : $"Of {Count(below.Of, style)} with known costs that would have used it"),
        _ => Words(zh ? $"回放中有 {Count(below.Count, style)} 笔订单亏本" : $"{Orders(below.Count, style)} would have lost money", zh ? $"在 {Count(below.Of, style)} 笔知道成本的用券订单中" : $"Of {Count(below.Of, style)} with known costs that would have used it"),
    };

    private static FindingWords Clash(ClashFinding clash, SentenceStyle style, bool zh)
    {
        if (clash.Met is { } met)
        {
            var first = (met.ThisFirst >= met.OtherFirst && met.ThisFirst >= met.Both, met.OtherFirst >= met.Both) switch
            {
                (true, _) => zh ? "本规则优先" : "This rule went first",
                (_, true) => zh ? $"{clash.Name} 优先" : $"{clash.Name} went first",
                _ => zh ? "两张券叠加使用" : "Both applied together",
            };
            return Words(zh ? $"{Count(met.Carts, style)} 个购物车同时符合 {clash.Name}" : $"{Plural(met.Carts, "basket", "baskets", style)} also met {clash.Name}", first + (clash.SameAudience ? zh ? "；人群和日期相同" : "; same audience, same days" : ""));
        }

        return clash.SameAudience
            ? Words(zh ? $"{clash.Name} 在相同日期发给相同人群" : $"{clash.Name} goes to the same people on the same days", zh ? "请确认两张券是否都需要" : "Make sure that both are wanted")
            : Words(zh ? $"与 {clash.Name} 同属互斥组“{clash.ExclusiveGroup}”" : $"{clash.Name} is in the same exclusive group '{clash.ExclusiveGroup}'", zh ? "一个购物车只能用其中一张" : "Only one of them applies to a basket");
    }

    private static FindingWords RunOut(RunOutFinding end, SentenceStyle style, bool zh)
    {
        var span = end.Earliest is { } from && end.Latest is { } to ? zh ? $"90% 可能在{Day(from, style)}至{Day(to, style)}之间" : $"Likely between {Day(from, style)} and {Day(to, style)}"
            : end.Earliest is { } earliest ? zh ? $"最早 {Day(earliest, style)}" : $"{Day(earliest, style)} at the earliest" : zh ? "按回放的速度估算" : "At the pace of the replay";
        if (end.On is { } on) return Words(zh ? $"预算大约用到{Day(on, style)}" : $"The limits are used up about {Day(on, style)}", end.LastDay is { } last ? span + (zh ? $"；规则到{Day(last, style)}才结束" : $"; the rule ends {Day(last, style)}") : span);
        return Words(zh ? "预算足够用到结束" : "The limits last to the end", span);
    }

    private static FindingWords Fairness(FairnessFinding fairness, SentenceStyle style, bool zh)
    {
        var name = Dimension(fairness.Dimension, zh);
        var small = fairness.TooSmall == 0 ? "" : zh ? $"；{fairness.TooSmall} 个人群少于 {FairnessGuard.LeastShoppers} 人，未比较" : $"; {Plural(fairness.TooSmall, "group has", "groups have", style)} fewer than {FairnessGuard.LeastShoppers} people and {(fairness.TooSmall == 1 ? "is" : "are")} not compared";
        if (fairness.Reach is null && fairness.Depth is null)
            return Words(zh ? $"{name}：人数太少或无人符合，无法比较" : $"Between {name} there is too little to compare", zh ? $"每组至少需要 {FairnessGuard.LeastShoppers} 人{small}" : $"Each group needs {FairnessGuard.LeastShoppers} people or more{small}");
        var depth = fairness.Depth is { Ratio: < FairnessGuard.Fifths } deep && !(fairness.Reach?.Ratio < deep.Ratio);
        var gap = depth ? fairness.Depth! : fairness.Reach ?? fairness.Depth!;
        var (worst, best) = (Group(fairness.Dimension, gap.Worst, zh), Group(fairness.Dimension, gap.Best, zh));
        var what = depth || fairness.Reach is null
            ? zh ? $"平均优惠：{worst} {Share(gap.WorstShare, style)}，{best} {Share(gap.BestShare, style)}" : $"{worst} get {Share(gap.WorstShare, style)} off, {best} {Share(gap.BestShare, style)}"
            : zh ? $"覆盖率：{worst} {Share(gap.WorstShare, style)}，{best} {Share(gap.BestShare, style)}" : $"it reaches {Share(gap.WorstShare, style)} of {worst} and {Share(gap.BestShare, style)} of {best}";
        var ratio = zh ? $"比值 {Ratio(gap.Ratio, style)}（{Ratio(gap.Span.Low, style)}–{Ratio(gap.Span.High, style)}），界限 0.8" : $"Ratio {Ratio(gap.Ratio, style)} ({Ratio(gap.Span.Low, style)} to {Ratio(gap.Span.High, style)}); the line is 0.8";
        var use = fairness.Usage switch
        {
            DimensionUse.Direct => zh ? "；条件直接用到了它" : "; the condition asks for it",
            DimensionUse.ByProxy => zh ? "；条件用到了与之相关的属性" : "; the condition asks for something that goes along with it",
            _ => "",
        };
        if (fairness.Weight == FindingWeight.Fine && gap.Ratio < FairnessGuard.Fifths)
            return Words(zh ? $"{name}：有差别，但不算不公平" : $"The gap between {name} is not held against the rule", $"{Capital(what)}{(zh ? "。" : ". ")}{Reverse(fairness.Dimension, zh)}{small}");
        return fairness.Weight == FindingWeight.Fine
            ? Words(zh ? $"{name}：没有不利的差别" : $"No unfair gap between {name}", $"{Capital(what)}{(zh ? "。" : ". ")}{ratio}{small}")
            : Words(zh ? $"{name}之间有差别" : $"There is a gap between {name}", $"{Capital(what)}{(zh ? "。" : ". ")}{ratio}{use}{small}");
    }

    /// <summary>Why a wide gap is none that counts: those whom unequal treatment would wrong fare better.</summary>
    private static string Reverse(string dimension, bool zh) => dimension == GroupReaches.Loyalty
        ? zh ? "只有老顾客得到的比新顾客少才算不公平" : "Only regulars who get less than newcomers would be treated unfairly"
        : zh ? "只有客单价高的顾客得到的更少才算不公平" : "Only people who pay more and get less would be treated unfairly";

    private static FindingWords Words(string headline, string detail) => new(headline, detail);

    private static string Capital(string text) => char.ToUpper(text[0], CultureInfo.InvariantCulture) + text[1..];

    private static string Count(long count, SentenceStyle style) => count.ToString("N0", style.Culture);

    private static string Orders(long count, SentenceStyle style) => Plural(count, "past order", "past orders", style);

    private static string Plural(long count, string one, string many, SentenceStyle style) => $"{Count(count, style)} {(count == 1 ? one : many)}";

    private static string Money(long minor, SentenceStyle style) => ConditionFigures.Money(new Money(minor, style.Currency).Amount, style.Currency, style.Culture);

    private static string Day(DateOnly day, SentenceStyle style) => ConditionFigures.Day(day, style.Culture);

    private static string Floor(FloorFinding floor, SentenceStyle style) => ConditionFigures.Percent(floor.FloorBasisPoints / 10_000.0, style.Culture);

    private static string Share(double share, SentenceStyle style) => $"{(share * 100).ToString("0.0", style.Culture)}%";

    private static string Ratio(double ratio, SentenceStyle style) => ratio.ToString("0.00", style.Culture);
}
