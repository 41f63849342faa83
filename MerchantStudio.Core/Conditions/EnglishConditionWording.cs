using System.Globalization;

namespace MerchantStudio.Core.Conditions;

internal sealed class EnglishConditionWording : ConditionWording
{
    public override string Everybody => "are anybody at all";

    public override string Nobody => "fit an empty choice (nobody does)";

    public override (string Before, string After) Audience => ("Shoppers who ", ".");

    public override string AllShoppers => "**All shoppers**, without any condition.";

    public override string Otherwise => "it is not so that they {0}";

    public override (string Does, string DoesNot) Interest => ("give **{0}** of their interest to **{1}**", "do not give **{0}** of their interest to **{1}**");

    public override (string Does, string DoesNot) Segment => ("are in the segment {0}", "are not in the segment {0}");

    public override (string Does, string DoesNot) Attribute(string key) => key switch
    {
        "orders" => ("placed **{0} paid orders**", "did not place **{0} paid orders**"),
        "spent" => ("spent **{0}** in all", "did not spend **{0}** in all"),
        "average_order" => ("spend **{0}** an order", "do not spend **{0}** an order"),
        "refunded" => ("had **{0}** refunded", "did not have **{0}** refunded"),
        "first_order_at" => ("first ordered **{0}**", "did not order for the first time **{0}**"),
        "last_order_at" => ("last ordered **{0}**", "did not last order **{0}**"),
        "first_seen" => ("were first seen **{0}**", "were not first seen **{0}**"),
        "last_seen" => ("were last seen **{0}**", "were not last seen **{0}**"),
        "open_cart_value" => ("have **{0}** in the basket", "do not have **{0}** in the basket"),
        "last_cart_at" => ("last used the basket **{0}**", "did not last use the basket **{0}**"),
        "sessions_30d" => ("made **{0} visits** in 30 days", "did not make **{0} visits** in 30 days"),
        "views_30d" => ("looked at **{0} products** in 30 days", "did not look at **{0} products** in 30 days"),
        "intent_1" => ("are **{0}** likely to buy **within 1 day**", "are not **{0}** likely to buy **within 1 day**"),
        "intent_7" => ("are **{0}** likely to buy **within 7 days**", "are not **{0}** likely to buy **within 7 days**"),
        "intent_30" => ("are **{0}** likely to buy **within 30 days**", "are not **{0}** likely to buy **within 30 days**"),
        "rfm_r" => ("have a recency score of **{0}**", "do not have a recency score of **{0}**"),
        "rfm_f" => ("have a frequency score of **{0}**", "do not have a frequency score of **{0}**"),
        "rfm_m" => ("have a spend score of **{0}**", "do not have a spend score of **{0}**"),
        "sentiment" => ("wrote reviews with a mean sentiment of **{0}**", "did not write reviews with a mean sentiment of **{0}**"),
        "device" => ("mostly use {0}", "do not mostly use {0}"),
        "region" => ("are in {0}", "are not in {0}"),
        "channel" => ("mostly come by {0}", "do not mostly come by {0}"),
        "basket_total" => ("order for **{0}**", "do not order for **{0}**"),
        "basket_total_not_on_sale" => ("order for **{0}** without sale items", "do not order for **{0}** without sale items"),
        "basket_pieces" => ("order **{0} pieces**", "do not order **{0} pieces**"),
        "basket_lowest_stock" => ("order something of which **{0}** are in stock", "do not order with a lowest stock of **{0}**"),
        "order_channel" => ("order by {0}", "do not order by {0}"),
        "order_weekday" => ("order on a {0}", "do not order on a {0}"),
        "order_hour" => ("order **{0}**", "do not order **{0}**"),
        "top_category" => ("like {0} best", "do not like {0} best"),
        _ => throw new ArgumentOutOfRangeException(nameof(key), key, "No English phrase."),
    };

    public override (string Does, string DoesNot) Known(string key) => ($"have **{Noun(key)}**", $"have **no {Noun(key)}**");

    public override (string Yes, string No) Flag(string key) => key switch
    {
        "has_email" => ("have an **e-mail address** on file", "have **no e-mail address** on file"),
        "first_order" => ("place their **first order**", "have **ordered before**"),
        "email_consent" => ("**agreed to e-mail**", "**declined e-mail**"),
        _ => throw new ArgumentOutOfRangeException(nameof(key), key, "No English phrase."),
    };

    public override (string Did, string DidNot) Event(string type) => type switch
    {
        "order" => ("placed a paid order", "did not place a paid order"),
        "view" => ("viewed a product", "did not view a product"),
        "search" => ("searched", "did not search"),
        "add_to_cart" => ("put something in the basket", "did not put anything in the basket"),
        "remove_from_cart" => ("took something out of the basket", "did not take anything out of the basket"),
        "favorite" => ("saved a favourite", "did not save a favourite"),
        "view_cart" => ("looked at the basket", "did not look at the basket"),
        "checkout" => ("began to check out", "did not begin to check out"),
        "purchase" => ("bought something", "did not buy anything"),
        "refund" => ("sent something back", "did not send anything back"),
        "coupon" => ("saw or used a coupon", "did not see or use a coupon"),
        "review" => ("wrote a review", "did not write a review"),
        "share" => ("shared a product", "did not share a product"),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "No English phrase."),
    };

    public override (string Does, string DoesNot) BasketHolds(BasketPart part) => part switch
    {
        BasketPart.Category => ("have **{0}** of {1} in the basket", "do not have **{0}** of {1} in the basket"),
        BasketPart.Brand => ("have **{0}** of the brand {1} in the basket", "do not have **{0}** of the brand {1} in the basket"),
        _ => ("have **{0}** of the item {1} in the basket", "do not have **{0}** of the item {1} in the basket"),
    };

    public override string Pieces(long pieces, CultureInfo culture) => pieces == 1 ? "1 piece" : $"{pieces.ToString("N0", culture)} pieces";

    public override string Hours(ConditionOperator comparison, IReadOnlyList<long> hours) => comparison switch
    {
        ConditionOperator.AtLeast => $"from {hours[0]:00}:00 on",
        ConditionOperator.AtMost => $"until {hours[0]:00}:59",
        _ => $"between {hours[0]:00}:00 and {hours[1]:00}:59",
    };

    public override string Range(ConditionOperator comparison, IReadOnlyList<string> values) => comparison switch
    {
        ConditionOperator.AtLeast => $"{values[0]} or more",
        ConditionOperator.AtMost => $"{values[0]} or less",
        ConditionOperator.Between => $"{values[0]} to {values[1]}",
        ConditionOperator.WithinDays => values[0] == "1" ? "in the last day" : $"in the last {values[0]} days",
        ConditionOperator.MoreThanDaysAgo => values[0] == "1" ? "more than 1 day ago" : $"more than {values[0]} days ago",
        ConditionOperator.Before => $"before {values[0]}",
        ConditionOperator.Since => $"on or after {values[0]}",
        _ => throw new ArgumentOutOfRangeException(nameof(comparison)),
    };

    public override string Times(ConditionOperator comparison, int times, bool negated) => (comparison, negated) switch
    {
        (ConditionOperator.AtLeast, false) => times == 1 ? "" : $" **{times} or more times**",
        (ConditionOperator.AtLeast, true) => times == 2 ? " **at most once**" : $" **fewer than {times} times**",
        (_, false) => times == 1 ? " **at most once**" : $" **at most {times} times**",
        _ => times == 1 ? " **more than once**" : $" **more than {times} times**",
    };

    public override string Window(int days) => days == 1 ? " **in the last day**" : $" **in the last {days} days**";

    public override string InCategory => " in **{0}**";

    public override string EventOrder(string deed, string category, string times, string window) => deed + category + times + window;

    public override string Joint(bool and, int index, int count, bool @short) => index switch
    {
        0 => "",
        _ when index < count - 1 => ", ",
        _ when and => count > 2 ? ", and " : " and ",
        _ => count > 2 && !@short ? ", or " : " or ",
    };

    public override (string Before, string After) Group(bool and, int depth) => and || depth > 1 ? ("(", ")") : ("either ", "");

    private static string Noun(string key) => key switch
    {
        "orders" => "order count",
        "spent" => "amount spent",
        "average_order" => "average order",
        "refunded" => "refund total",
        "first_order_at" => "first order",
        "last_order_at" => "last order",
        "first_seen" => "first visit",
        "last_seen" => "last visit",
        "open_cart_value" => "open basket with prices",
        "last_cart_at" => "basket",
        "sessions_30d" => "visit count",
        "views_30d" => "view count",
        "intent_1" => "prediction for 1 day",
        "intent_7" => "prediction for 7 days",
        "intent_30" => "prediction for 30 days",
        "rfm_r" => "recency score",
        "rfm_f" => "frequency score",
        "rfm_m" => "spend score",
        "sentiment" => "recent review",
        "device" => "known device",
        "region" => "known region",
        "channel" => "known channel",
        "top_category" => "favourite category",
        "has_email" => "customer record",
        "email_consent" => "answer about e-mail",
        _ => throw new ArgumentOutOfRangeException(nameof(key), key, "No English noun."),
    };
}
