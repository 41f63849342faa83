using System.Globalization;

namespace MerchantStudio.Core.Conditions;

internal sealed class ChineseConditionWording : ConditionWording
{
    public override string Everybody => "不限";

    public override string Nobody => "条件为空（无人符合）";

    public override (string Before, string After) Audience => ("人群：", "。");

    public override string AllShoppers => "**全部顾客**，不设条件。";

    public override string Otherwise => "并非{0}";

    public override (string Does, string DoesNot) Interest => ("对**{1}**类目的兴趣占比**{0}**", "对**{1}**类目的兴趣占比不在**{0}**之列");

    public override (string Does, string DoesNot) Segment => ("属于{0}人群", "不属于{0}人群");

    public override (string Does, string DoesNot) Attribute(string key) => key switch
    {
        "orders" => ("已付款订单**{0} 笔**", "已付款订单不是**{0} 笔**"),
        "spent" => ("累计消费**{0}**", "累计消费不在**{0}**之列"),
        "average_order" => ("客单价**{0}**", "客单价不在**{0}**之列"),
        "refunded" => ("退款总额**{0}**", "退款总额不在**{0}**之列"),
        "first_order_at" => ("首单在**{0}**", "首单不在**{0}**"),
        "last_order_at" => ("最近一单在**{0}**", "最近一单不在**{0}**"),
        "first_seen" => ("首次到店在**{0}**", "首次到店不在**{0}**"),
        "last_seen" => ("最近到店在**{0}**", "最近到店不在**{0}**"),
        "open_cart_value" => ("购物车金额**{0}**", "购物车金额不在**{0}**之列"),
        "last_cart_at" => ("最近加购在**{0}**", "最近加购不在**{0}**"),
        "sessions_30d" => ("30 天内到访**{0} 次**", "30 天内到访次数不在**{0} 次**之列"),
        "views_30d" => ("30 天内浏览商品**{0} 件次**", "30 天内浏览次数不在**{0} 件次**之列"),
        "intent_1" => ("**1 天内**购买概率**{0}**", "**1 天内**购买概率不在**{0}**之列"),
        "intent_7" => ("**7 天内**购买概率**{0}**", "**7 天内**购买概率不在**{0}**之列"),
        "intent_30" => ("**30 天内**购买概率**{0}**", "**30 天内**购买概率不在**{0}**之列"),
        "rfm_r" => ("最近购买得分**{0}**", "最近购买得分不在**{0}**之列"),
        "rfm_f" => ("购买频次得分**{0}**", "购买频次得分不在**{0}**之列"),
        "rfm_m" => ("消费金额得分**{0}**", "消费金额得分不在**{0}**之列"),
        "sentiment" => ("本人评价的情感均值**{0}**", "本人评价的情感均值不在**{0}**之列"),
        "device" => ("常用设备为{0}", "常用设备不是{0}"),
        "region" => ("地区为{0}", "地区不是{0}"),
        "channel" => ("主要来自{0}", "主要来源不是{0}"),
        "basket_total" => ("下单金额**{0}**", "下单金额不在**{0}**之列"),
        "basket_total_not_on_sale" => ("下单金额（不含促销商品）**{0}**", "下单金额（不含促销商品）不在**{0}**之列"),
        "basket_pieces" => ("下单件数**{0} 件**", "下单件数不在**{0} 件**之列"),
        "basket_lowest_stock" => ("所购商品最低库存**{0} 件**", "所购商品最低库存不在**{0} 件**之列"),
        "order_channel" => ("通过{0}下单", "不通过{0}下单"),
        "order_weekday" => ("在{0}下单", "不在{0}下单"),
        "order_hour" => ("在**{0}**下单", "不在**{0}**下单"),
        "top_category" => ("最感兴趣的类目是{0}", "最感兴趣的类目不是{0}"),
        _ => throw new ArgumentOutOfRangeException(nameof(key), key, "No Chinese phrase."),
    };

    public override (string Does, string DoesNot) Known(string key) => ($"**有{Noun(key)}**", $"**没有{Noun(key)}**");

    public override (string Yes, string No) Flag(string key) => key switch
    {
        "has_email" => ("**留有邮箱**", "**未留邮箱**"),
        "first_order" => ("**首次下单**", "**以前下过单**"),
        "email_consent" => ("**同意接收邮件**", "**谢绝邮件**"),
        _ => throw new ArgumentOutOfRangeException(nameof(key), key, "No Chinese phrase."),
    };

    public override (string Did, string DidNot) Event(string type) => type switch
    {
        "order" => ("下过已付款订单", "没有已付款订单"),
        "view" => ("浏览过商品", "没有浏览商品"),
        "search" => ("搜索过", "没有搜索"),
        "add_to_cart" => ("加购过", "没有加购"),
        "remove_from_cart" => ("移除过加购商品", "没有移除加购商品"),
        "favorite" => ("收藏过商品", "没有收藏商品"),
        "view_cart" => ("查看过购物车", "没有查看购物车"),
        "checkout" => ("进入过结算", "没有进入结算"),
        "purchase" => ("购买过商品", "没有购买商品"),
        "refund" => ("退过货", "没有退货"),
        "coupon" => ("看到或使用过优惠券", "没有看到或使用优惠券"),
        "review" => ("写过评价", "没有写评价"),
        "share" => ("分享过商品", "没有分享商品"),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "No Chinese phrase."),
    };

    public override (string Does, string DoesNot) BasketHolds(BasketPart part) => part switch
    {
        BasketPart.Category => ("购物车里{1}类目的商品**{0}**", "购物车里{1}类目的商品不够**{0}**"),
        BasketPart.Brand => ("购物车里{1}品牌的商品**{0}**", "购物车里{1}品牌的商品不够**{0}**"),
        _ => ("购物车里的商品{1}**{0}**", "购物车里的商品{1}不够**{0}**"),
    };

    public override string Pieces(long pieces, CultureInfo culture) => $"{pieces.ToString("N0", culture)} 件";

    public override string Hours(ConditionOperator comparison, IReadOnlyList<long> hours) => comparison switch
    {
        ConditionOperator.AtLeast => $"{hours[0]:00}:00 以后",
        ConditionOperator.AtMost => $"{hours[0]:00}:59 以前",
        _ => $"{hours[0]:00}:00 至 {hours[1]:00}:59",
    };

    public override string Range(ConditionOperator comparison, IReadOnlyList<string> values) => comparison switch
    {
        ConditionOperator.AtLeast => $"至少 {values[0]}",
        ConditionOperator.AtMost => $"至多 {values[0]}",
        ConditionOperator.Between => $" {values[0]} 至 {values[1]}",
        ConditionOperator.WithinDays => $"最近 {values[0]} 天内",
        ConditionOperator.MoreThanDaysAgo => $" {values[0]} 天以前",
        ConditionOperator.Before => $"{values[0]}之前",
        ConditionOperator.Since => $"{values[0]}及以后",
        _ => throw new ArgumentOutOfRangeException(nameof(comparison)),
    };

    public override string Times(ConditionOperator comparison, int times, bool negated) => (comparison, negated) switch
    {
        (ConditionOperator.AtLeast, false) => times == 1 ? "" : $"**至少 {times} 次**",
        (ConditionOperator.AtLeast, true) => $"**不足 {times} 次**",
        (_, false) => $"**至多 {times} 次**",
        _ => $"**超过 {times} 次**",
    };

    public override string Window(int days) => $"**最近 {days} 天**内";

    public override string InCategory => "在**{0}**类目";

    public override string EventOrder(string deed, string category, string times, string window) => window + category + deed + times;

    public override string Joint(bool and, int index, int count, bool @short) => index == 0 ? "" : @short ? (and ? "和" : "或") : and ? "，且" : "，或";

    public override (string Before, string After) Group(bool and, int depth) => ("（", "）");

    private static string Noun(string key) => key switch
    {
        "orders" => "订单数记录",
        "spent" => "消费金额记录",
        "average_order" => "客单价记录",
        "refunded" => "退款记录",
        "first_order_at" => "首单",
        "last_order_at" => "订单",
        "first_seen" => "首次到店记录",
        "last_seen" => "到店记录",
        "open_cart_value" => "未结算的购物车",
        "last_cart_at" => "加购记录",
        "sessions_30d" => "到访记录",
        "views_30d" => "浏览记录",
        "intent_1" => " 1 天预测",
        "intent_7" => " 7 天预测",
        "intent_30" => " 30 天预测",
        "rfm_r" => "最近购买得分",
        "rfm_f" => "购买频次得分",
        "rfm_m" => "消费金额得分",
        "sentiment" => "近期评价",
        "device" => "设备信息",
        "region" => "地区信息",
        "channel" => "来源信息",
        "top_category" => "偏好类目",
        "has_email" => "顾客档案",
        "email_consent" => "邮件意愿记录",
        _ => throw new ArgumentOutOfRangeException(nameof(key), key, "No Chinese noun."),
    };
}
