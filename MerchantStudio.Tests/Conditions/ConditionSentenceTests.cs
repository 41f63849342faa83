using System.Globalization;
using MerchantStudio.Core.Conditions;
using Xunit;

namespace MerchantStudio.Tests.Conditions;

public sealed class ConditionSentenceTests
{
    private static readonly SentenceStyle English = new(CultureInfo.GetCultureInfo("en-GB"), "EUR", key => key == "rfm:at_risk" ? "At risk" : key);
    private static readonly SentenceStyle Chinese = new(CultureInfo.GetCultureInfo("zh-CN"), "CNY", key => key == "rfm:at_risk" ? "流失预警" : key);

    private static readonly Condition WinBack = new AllOf(
    [
        new EventCount("order", ConditionOperator.AtLeast, 3, 730),
        new Comparison("last_order_at", ConditionOperator.MoreThanDaysAgo, ["60"]),
        new AnyOf([new Comparison("intent_7", ConditionOperator.AtMost, ["0.05"]), new EventCount("view", ConditionOperator.AtMost, 0, 30)]),
        new Not(new Comparison("spent", ConditionOperator.Between, ["10", "1234.5"])),
    ]);

    [Fact]
    public void A_rule_reads_as_one_plain_sentence() => Assert.Equal(
        "Shoppers who placed a paid order 3 or more times in the last 730 days, last ordered more than 60 days ago, either are 5% or less likely to buy within 7 days or did not view a product in the last 30 days, "
        + "and did not spend €10 to €1,234.50 in all.", ConditionSentence.Audience(WinBack, English).Plain());

    [Fact]
    public void And_in_Chinese_as_a_Chinese_shopkeeper_would_say_it() => Assert.Equal(
        "人群：最近 730 天内下过已付款订单至少 3 次，且最近一单在 60 天以前，且（7 天内购买概率至多 5%，或最近 30 天内没有浏览商品），且累计消费不在 ¥10 至 ¥1,234.50之列。",
        ConditionSentence.Audience(WinBack, Chinese).Plain());

    [Fact]
    public void Values_are_strong_and_words_are_not()
    {
        var parts = ConditionSentence.Clause(new InSegment(["rfm:at_risk", "cluster:2"]), English);
        Assert.Equal([new SentencePart("are in the segment ", false), new SentencePart("At risk", true), new SentencePart(" or ", false), new SentencePart("cluster:2", true)], parts);
    }

    [Fact]
    public void A_word_from_the_data_never_changes_the_markup() => Assert.Equal(
        "mostly use **x** {0} or y", ConditionSentence.Clause(new Comparison("device", ConditionOperator.Is, ["**x** {0}", "y"]), English).Plain());

    [Fact]
    public void A_negated_group_is_said_line_by_line() => Assert.Equal(
        "did not view a product and are not in the segment At risk",
        ConditionSentence.Clause(new Not(new AnyOf([new EventCount("view", ConditionOperator.AtLeast, 1, null), new InSegment(["rfm:at_risk"])])), English).Plain());

    [Fact]
    public void Lines_about_the_order_stand_beside_lines_about_the_shopper()
    {
        var mixed = new AllOf([new InSegment(["rfm:at_risk"]), new Comparison("basket_total_not_on_sale", ConditionOperator.AtLeast, ["60"]),
            new AnyOf([new Comparison("order_channel", ConditionOperator.Is, ["web", "app"]), new BasketHolds(BasketPart.Category, ["Lighting"], 2)]),
            new Not(new Comparison("order_hour", ConditionOperator.Between, ["22", "5"])), new Comparison("order_weekday", ConditionOperator.Is, ["6", "7"]), new Comparison("first_order", ConditionOperator.Is, ["false"])]);
        Assert.Equal("are in the segment At risk, order for €60 or more without sale items, either order by web or app or have 2 pieces or more of Lighting in the basket, do not order between 22:00 and 05:59, "
            + "order on a Saturday or Sunday, and have ordered before", ConditionSentence.Clause(mixed, English).Plain());
        Assert.Equal("属于流失预警人群，且下单金额（不含促销商品）至少 ¥60，且（通过web或app下单，或购物车里Lighting类目的商品至少 2 件），且不在22:00 至 05:59下单，且在星期六或星期日下单，且以前下过单",
            ConditionSentence.Clause(mixed, Chinese).Plain());
    }

    [Fact]
    public void Every_attribute_and_event_has_its_words_in_both_languages()
    {
        foreach (var style in (SentenceStyle[])[English, Chinese])
        {
            foreach (var attribute in ConditionCatalog.Attributes)
            {
                var value = attribute.Kind switch { AttributeKind.Weekday => "1", AttributeKind.Hour => "18", AttributeKind.Flag => "true", AttributeKind.Moment => "30", AttributeKind.Score => "3", _ => "1" };
                var comparison = attribute.Kind switch { AttributeKind.Moment => ConditionOperator.WithinDays, AttributeKind.Choice or AttributeKind.Flag or AttributeKind.Weekday => ConditionOperator.Is, _ => ConditionOperator.AtLeast };
                foreach (var condition in (Condition[])[new Comparison(attribute.Key, comparison, [value]), new Comparison(attribute.Key, ConditionOperator.Known, [])])
                {
                    if (condition is Comparison { Operator: var asked } && !attribute.Operators.Contains(asked)) continue;
                    Assert.NotEqual(ConditionSentence.Clause(condition, style).Plain(), ConditionSentence.Clause(new Not(condition), style).Plain());
                }
            }

            foreach (var part in Enum.GetValues<BasketPart>())
            {
                var holds = new BasketHolds(part, ["Lighting", "Rugs"], 2);
                Assert.NotEqual(ConditionSentence.Clause(holds, style).Plain(), ConditionSentence.Clause(new Not(holds), style).Plain());
            }

            foreach (var type in ConditionCatalog.Events)
                Assert.NotEqual(ConditionSentence.Clause(new EventCount(type, ConditionOperator.AtLeast, 1, 7), style).Plain(), ConditionSentence.Clause(new EventCount(type, ConditionOperator.AtMost, 0, 7), style).Plain());
        }
    }
}
